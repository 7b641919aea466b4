"""A conversation from its first word: stored, screened, given to the bot or to people, and silent after a hand-over."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from contact.domain.access import Actor, ActorKind, Role
from contact.domain.bot_turn import BotTurn, HandOver, read_turn
from contact.domain.errors import MoveNotAllowed
from contact.domain.queueing import LeaseKind
from contact.domain.taxonomy import Channel
from contact.services import bot_turns, chat, control_room, handing_over
from contact.services.chat import Begun
from contact.store import contacts, conversations, heartbeats, triage
from contact.store.identifiers import new_id
from tests.support.cases import KEYS, NOW, Cases

SOON = NOW + dt.timedelta(seconds=5)


def answer(**changed: Any) -> BotTurn:  # noqa: ANN401 - whatever a chatbot may answer
    """What a chatbot might say to a stolen bicycle."""
    triage_ = {
        "category": "theft", "category_confidence": 0.9, "grade": "standard", "grade_confidence": 0.9,
        "advise_999": False, "flags": [], "confidence": 0.9, "reasons": ["model"], "version": "m-1",
        "data_version": "d-1", **changed.pop("triage", {}),
    }  # fmt: skip
    turn = {
        "version": 1, "say": ["Where was it taken?"], "asks": "where", "hand_over": None, "form": "theft",
        "answer": None, "triage": triage_, "summary": ["Bicycle taken", "Not said where"],
        "facts": [{"kind": "time", "value": "yesterday", "words": "last night", "start": 10, "end": 20}],
    }  # fmt: skip
    return read_turn({**turn, **changed})


class Talk:
    """One conversation with the tools to drive it."""

    def __init__(self, cases: Cases, first: str, *, bot: bool = True, channel: Channel = Channel.CHAT) -> None:
        self.cases = cases
        with cases.system.begin() as session:
            if bot:
                heartbeats.beat(session, process="chatbot", kind="chatbot", now=NOW)
            else:
                session.execute(sa.text("DELETE FROM heartbeats WHERE kind = 'chatbot'"))
        self.id = new_id()
        self.begun = self.begin(first, channel=channel)

    def begin(self, body: str, *, channel: Channel = Channel.CHAT) -> Begun:
        by_text = channel is Channel.SMS  # which only the worker takes in
        with (self.cases.system if by_text else self.cases.web).begin() as session:
            return chat.begin(
                session, contact_id=self.id, force_id=self.cases.north, body=body, language="en", keys=KEYS, now=NOW,
                channel=channel, phone="+447700900321" if by_text else None,
            )  # fmt: skip

    def say(self, body: str, *, now: dt.datetime = SOON, once_key: str | None = None) -> chat.Received:
        with self.cases.web(info={"actor": Actor(kind=ActorKind.CITIZEN, contact_id=self.id)}) as session:
            said = chat.say(session, contact_id=self.id, body=body, now=now, once_key=once_key)
            session.commit()
            return said

    def begin_turn(self, now: dt.datetime = SOON) -> bot_turns.Turn | None:
        with self.cases.system.begin() as session:
            return bot_turns.begin(session, contact_id=self.id, now=now)

    def end_turn(self, turn: bot_turns.Turn | None, given: BotTurn, now: dt.datetime = SOON) -> str:
        assert turn is not None
        with self.cases.system.begin() as session:
            return bot_turns.end(session, turn=turn, answer=given, took_ms=60, now=now)

    def thread(self) -> list[tuple[str, str]]:
        with self.cases.web(info={"actor": Actor(kind=ActorKind.CITIZEN, contact_id=self.id)}) as session:
            return [(line.who, line.body) for line in chat.thread(session, contact_id=self.id)]

    def state(self) -> tuple[str, str, str]:
        with self.cases.system.begin() as session:
            row = session.execute(
                sa.text(
                    "SELECT c.state, q.state, c.grade FROM contacts c JOIN queue_entries q ON q.contact_id = c.id"
                    " WHERE c.id = :id"
                ),
                {"id": self.id},
            ).one()
            return (row[0], row[1], row[2])

    def jobs(self) -> int:
        with self.cases.system.begin() as session:
            query = (
                "SELECT count(*) FROM procrastinate_jobs"
                " WHERE task_name = 'take_bot_turn' AND args->>'contact_id' = :id"
            )
            return session.scalar(sa.text(query), {"id": str(self.id)}) or 0


def test_the_first_message_makes_one_contact_that_is_with_the_bot(cases: Cases) -> None:
    talk = Talk(cases, "someone took my bike last night")
    assert talk.begun.with_bot
    assert talk.begin("someone took my bike last night").again
    assert talk.state()[:2] == ("with_bot", "with_bot")
    assert talk.thread() == [("me", "someone took my bike last night")]
    assert talk.jobs() == 1


def test_a_turn_says_and_proposes_and_the_first_reading_takes_the_place_of_the_guess(cases: Cases) -> None:
    talk = Talk(cases, "someone took my bike last night")
    assert talk.end_turn(talk.begin_turn(), answer()) == "answered"
    assert talk.thread()[-1] == ("bot", "Where was it taken?")
    with cases.system.begin() as session:
        latest = triage.list_proposals(session, contact_id=talk.id)[-1]
        assert (latest.category, latest.summary) == ("theft", "Bicycle taken\nNot said where")
        assert [fact.words for fact in conversations.list_facts(session, contact_id=talk.id)] == ["last night"]
    assert talk.begin_turn() is None, "nothing more was said"


def test_one_turn_answers_everything_said_so_far_and_never_two_at_once(cases: Cases) -> None:
    talk = Talk(cases, "hello")
    for number in range(50):
        talk.say(f"and it was my old bike number {number}")
    turn = talk.begin_turn()
    assert turn is not None
    assert turn.text.splitlines() == ["hello", *(f"and it was my old bike number {number}" for number in range(50))]
    assert talk.begin_turn() is None
    talk.say("and one more")
    assert talk.end_turn(turn, answer()) == "answered"
    following = talk.begin_turn()
    assert following is not None
    assert following.text == "and one more"
    assert sum(who == "me" for who, _ in talk.thread()) == 52


def test_scenario_12_an_answer_that_comes_after_the_agent_claimed_is_nowhere(cases: Cases) -> None:
    talk = Talk(cases, "someone took my bike")
    turn = talk.begin_turn()
    agent = cases.agent(Role.CALL_HANDLER)
    with cases.web(info={"actor": agent.actor}) as session:
        control_room.claim(session, agent=agent.actor, contact_id=talk.id, kind=LeaseKind.LIVE, now=SOON)
        session.commit()
    assert talk.end_turn(turn, answer()) == "dropped"
    assert "bot" not in [who for who, _ in talk.thread()]
    talk.say("are you there")
    assert talk.begin_turn() is None


def test_scenario_14_danger_goes_to_people_at_once_and_gets_the_fixed_words_without_any_bot(cases: Cases) -> None:
    for first in ("he has a knife and he is here", "dw i mewn perygl"):
        talk = Talk(cases, first)
        assert talk.state() == ("waiting", "waiting", "emergency")
        assert any(who == "system" and "999" in body for who, body in talk.thread())
        assert talk.jobs() == 0
    later = Talk(cases, "hello")
    later.say("he has a knife and he is here")
    assert later.state() == ("waiting", "waiting", "emergency")
    assert later.begin_turn() is None


def test_without_a_bot_every_conversation_goes_to_a_person_and_says_so(cases: Cases) -> None:
    talk = Talk(cases, "someone took my bike", bot=False)
    assert talk.state()[:2] == ("waiting", "waiting")
    assert "automated helper cannot answer" in talk.thread()[-1][1]


@pytest.mark.parametrize("away", ["from the start", "when asked"])
def test_while_the_chatbot_is_away_a_sensitive_matter_is_known_for_one_by_its_words(cases: Cases, away: str) -> None:
    """Practice 4: no waiting time is told, no file gets a preview, though no model has read a word."""
    words = "my partner controls who I see and takes my phone, it has gone on for a year"
    talk = Talk(cases, words, bot=away == "when asked")
    if away == "when asked":
        turn = talk.begin_turn()
        assert turn is not None
        with cases.system.begin() as session:
            bot_turns.fail(session, turn=turn, code="time_out", took_ms=8000, now=SOON)
    with cases.system() as session:
        contact = contacts.get(session, contact_id=talk.id)
        assert (contact.category, contact.sensitive, contact.state) == ("domestic_abuse", True, "waiting")
        assert contact.grade == "standard", "danger words alone grade it"
        assert triage.list_proposals(session, contact_id=talk.id)[-1].confidence <= 0.3
    assert "We aim to answer" not in talk.thread()[-1][1]


def test_scenario_13_a_chatbot_that_fails_hands_over_once(cases: Cases) -> None:
    talk = Talk(cases, "someone took my bike")
    turn = talk.begin_turn()
    assert turn is not None
    for _ in range(2):
        with cases.system.begin() as session:
            bot_turns.fail(session, turn=turn, code="out-of-time", took_ms=8000, now=SOON)
    assert talk.state()[:2] == ("waiting", "waiting")
    assert [who for who, _ in talk.thread()] == ["me", "bot"]


@pytest.mark.parametrize(
    ("given", "state", "why"),
    [
        ({"hand_over": "asked_for_person", "say": []}, "waiting", HandOver.ASKED_FOR_PERSON),
        ({"triage": {"category": "domestic_abuse"}}, "waiting", HandOver.SENSITIVE),
        ({"triage": {"grade": "emergency", "advise_999": True}}, "waiting", HandOver.EMERGENCY),
        ({"triage": {"grade": "priority"}}, "waiting", HandOver.URGENT),
        ({}, "with_bot", None),
    ],
)
def test_what_hands_a_conversation_over(cases: Cases, given: dict[str, Any], state: str, why: HandOver | None) -> None:
    talk = Talk(cases, "something happened")
    talk.end_turn(talk.begin_turn(), answer(**given))
    assert talk.state()[0] == state
    with cases.system.begin() as session:
        found = conversations.find(session, contact_id=talk.id)
        assert found is not None
        assert found.handed_over_why == (why.value if why else None)


@pytest.mark.parametrize("bot", [True, False])
def test_what_the_screen_hears_makes_a_conversation_sensitive_from_its_first_message(cases: Cases, bot: bool) -> None:
    """No file of it gets a preview, no copy is mailed, and nobody is told a waiting time (practice 4 and 6)."""
    talk = Talk(cases, "he is raping me now", bot=bot)
    with cases.system() as session:
        assert contacts.get(session, contact_id=talk.id).sensitive
    calm = Talk(cases, "someone took my bike", bot=bot)
    with cases.system() as session:
        assert not contacts.get(session, contact_id=calm.id).sensitive


def test_what_is_said_later_makes_it_sensitive_too(cases: Cases) -> None:
    talk = Talk(cases, "someone took my bike")
    talk.say("it was my husband, he hits me and said he will kill me")
    with cases.system() as session:
        assert contacts.get(session, contact_id=talk.id).sensitive


def test_no_ordinary_question_is_asked_where_the_platform_alone_finds_it_sensitive(cases: Cases) -> None:
    talk = Talk(cases, "something happened")
    talk.end_turn(talk.begin_turn(), answer(triage={"category": "domestic_abuse"}, say=["Where was it taken?"]))
    said = " ".join(words for who, words in talk.thread() if who == "bot")
    assert "Where was it taken?" not in said
    assert "A person will carry on from here." in said
    assert "We aim to answer" not in said


def test_rules_are_raised_and_never_lowered(cases: Cases) -> None:
    """Taxonomy: danger words stay what they are whatever follows, and a later turn only ever raises."""
    heard = Talk(cases, "i am being followed home i am scared")
    assert heard.state()[2] == "emergency"
    assert heard.begin_turn() is None, "no model is asked about it"
    heard.say("sorry it was nothing, just a question about parking")
    assert heard.state()[2] == "emergency"
    talk = Talk(cases, "someone took my bike")
    grades = []
    for grade in ("standard", "enquiry", "priority"):
        assert talk.end_turn(talk.begin_turn(), answer(triage={"grade": grade})) in ("answered", "handed_over")
        grades.append(talk.state()[2])
        talk.say(f"and more of it, {grade}")
    assert grades == ["standard", "standard", "priority"]


def test_silence_and_an_answer_that_is_owed_go_to_people(cases: Cases) -> None:
    silent, owed = Talk(cases, "hello"), Talk(cases, "hello there")
    silent.end_turn(silent.begin_turn(), answer())
    with cases.system.begin() as session:
        bot_turns.hand_over_overdue(session, now=NOW + dt.timedelta(seconds=20), limit=1000)
    assert owed.state()[0] == "waiting"
    assert silent.state()[0] == "with_bot"
    with cases.system.begin() as session:
        bot_turns.hand_over_overdue(session, now=NOW + dt.timedelta(minutes=11), limit=1000)
    assert silent.state()[0] == "waiting"
    assert silent.thread()[-1][0] == "bot", "nothing automatic is said into a silence"
    assert silent.thread()[-1][1] == "Where was it taken?"


def test_an_agent_may_ask_the_bot_back_and_silence_it_again(cases: Cases) -> None:
    talk = Talk(cases, "someone took my bike")
    agent = cases.agent(Role.CALL_HANDLER)
    with cases.web(info={"actor": agent.actor}) as session:
        control_room.claim(session, agent=agent.actor, contact_id=talk.id, kind=LeaseKind.LIVE, now=SOON)
        handing_over.ask_back(session, contact_id=talk.id, agent_id=agent.id, now=SOON)
        session.commit()
    assert talk.state()[:2] == ("with_bot", "held")
    talk.say("what should i do")
    assert talk.end_turn(talk.begin_turn(), answer()) == "answered"
    with cases.web(info={"actor": agent.actor}) as session:
        control_room.claim(session, agent=agent.actor, contact_id=talk.id, kind=LeaseKind.LIVE, now=SOON)
        session.commit()
    assert talk.state()[:2] == ("with_agent", "held")
    talk.say("hello?")
    assert talk.begin_turn() is None


def test_no_bot_is_asked_back_into_a_sensitive_matter(cases: Cases) -> None:
    talk = Talk(cases, "something happened")
    talk.end_turn(talk.begin_turn(), answer(triage={"category": "sexual_offence"}))
    agent = cases.agent(Role.CALL_HANDLER)
    with cases.web(info={"actor": agent.actor}) as session:
        control_room.claim(session, agent=agent.actor, contact_id=talk.id, kind=LeaseKind.LIVE, now=SOON)
        with pytest.raises(MoveNotAllowed):
            handing_over.ask_back(session, contact_id=talk.id, agent_id=agent.id, now=SOON)


def test_who_talks_is_told_to_the_citizen(cases: Cases) -> None:
    talk = Talk(cases, "someone took my bike")
    with cases.web(info={"actor": Actor(kind=ActorKind.CITIZEN, contact_id=talk.id)}) as session:
        assert chat.who_talks(contacts.get(session, contact_id=talk.id).state) == "bot"


def test_what_goes_on_from_a_restricted_contact_is_restricted_and_with_people(cases: Cases) -> None:
    """Practice 8: kept to named people, and no machine asks about it."""
    old = Talk(cases, "an officer followed me home")
    cases.change(old.id, restricted=True, state="closed", closed_at=NOW - dt.timedelta(days=29))
    with cases.acting(Actor(kind=ActorKind.CITIZEN, contact_id=old.id)) as session:
        begun = chat.begin_anew(session, contact_id=old.id, body="it goes on", keys=KEYS, now=NOW, once="k1")
    contact, entry = cases.contact(begun.contact_id), cases.entry(begun.contact_id)
    assert (contact.restricted, entry.restricted, contact.state) == (True, True, "waiting")
    assert not begun.with_bot
