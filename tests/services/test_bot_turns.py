"""What a turn of the bot may never do: talk into an emergency, overrule a person, keep somebody waiting unheard."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa

from contact.domain.access import Role
from contact.domain.bot_turn import HandOver
from contact.domain.errors import NotYours
from contact.domain.queueing import LeaseKind
from contact.domain.reading import read
from contact.domain.taxonomy import Category, Channel, Grade
from contact.services import bot_turns, control_room, decisions, handing_over, incoming
from contact.services import conversations as agents
from contact.services.arrival import LOW_CONFIDENCE
from contact.services.letting_go import CloseReason
from contact.store import applications, conversations, triage
from tests.services.test_chat import SOON, Talk, answer
from tests.support.cases import NOW, Cases

DANGER = {"grade": "emergency", "advise_999": True}


def asked_back(cases: Cases) -> Talk:
    """A conversation that a person has decided about and let the bot go on with."""
    talk = Talk(cases, "someone took my bike")
    agent = cases.agent(Role.CALL_HANDLER)
    with cases.web(info={"actor": agent.actor}) as session:
        control_room.claim(session, agent=agent.actor, contact_id=talk.id, kind=LeaseKind.LIVE, now=SOON)
        decisions.decide(
            session, contact_id=talk.id, agent_id=agent.id, now=SOON,
            choice=decisions.Choice(Category.PROPERTY_LOST_FOUND, Grade.ENQUIRY, None, (), "not theirs"),
        )  # fmt: skip
        handing_over.ask_back(session, contact_id=talk.id, agent_id=agent.id, now=SOON)
        session.commit()
    return talk


def test_into_an_emergency_the_bot_says_nothing_of_its_own(cases: Cases) -> None:
    talk = Talk(cases, "something happened")
    given = answer(triage=DANGER, say=["There is no need to call 999.", "Where was it taken?"], form="theft")
    assert talk.end_turn(talk.begin_turn(), given) == "handed_over"
    assert not any("no need" in body or "Where was" in body for _, body in talk.thread())
    assert [who for who, _ in talk.thread()] == ["me", "system", "bot"], "fixed advice, then that a person goes on"
    with cases.system.begin() as session:
        found = conversations.find(session, contact_id=talk.id)
        assert found is not None
        assert (found.handed_over_why, found.offered_form) == (HandOver.EMERGENCY.value, None)


def test_what_a_person_decided_stays_and_danger_is_told_all_the_same(cases: Cases) -> None:
    talk = asked_back(cases)
    talk.say("there is something else")
    assert talk.end_turn(talk.begin_turn(), answer()) == "answered"
    contact = cases.contact(talk.id)
    assert (contact.category, contact.grade) == ("property_lost_found", "enquiry")
    talk.say("my heart feels odd")
    assert talk.end_turn(talk.begin_turn(), answer(triage=DANGER)) == "handed_over"
    contact = cases.contact(talk.id)
    assert (contact.category, contact.grade) == ("property_lost_found", "enquiry")
    assert any(who == "system" and "999" in body for who, body in talk.thread())
    assert talk.state()[:2] == ("with_agent", "held"), "whoever holds it goes on"


def test_who_writes_on_and_on_is_not_kept_from_a_person_by_a_bot_that_is_away(cases: Cases) -> None:
    talk = Talk(cases, "hello")
    for seconds in range(4, 32, 4):
        talk.say("is anybody there", now=NOW + dt.timedelta(seconds=seconds), once_key=f"again-{seconds}")
    with cases.system.begin() as session:
        bot_turns.hand_over_overdue(session, now=NOW + dt.timedelta(seconds=30), limit=1000)
    assert talk.state()[:2] == ("waiting", "waiting")


def test_what_was_answered_while_it_was_found_overdue_is_not_handed_over(
    cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list was read a moment before the answer was kept: nobody is told twice, and the bot goes on."""
    talk = Talk(cases, "someone took my bike")
    assert talk.end_turn(talk.begin_turn(), answer()) == "answered"
    before = talk.thread()
    monkeypatch.setattr(conversations, "list_overdue", lambda *_, **__: [(talk.id, True)])
    with cases.system.begin() as session:
        assert bot_turns.hand_over_overdue(session, now=NOW + dt.timedelta(seconds=30)) == 0
    assert (talk.thread(), talk.state()[0]) == (before, "with_bot")


def test_the_bot_is_told_whether_the_force_takes_certificates_online(cases: Cases) -> None:
    """What it says about renewing depends on it (practice 24)."""
    talk = Talk(cases, "how do I renew my shotgun certificate")
    for approved_on in (None, NOW.date()):
        with cases.system() as session:  # rolled back: others read the same force
            settings = applications.settings_of(session, force_id=cases.north)
            settings.approval_date = approved_on
            if approved_on:
                settings.approval_instrument = settings.approval_reference = settings.approved_by = "of the test"
            session.add(settings)
            session.flush()
            turn = bot_turns.begin(session, contact_id=talk.id, now=SOON)
            assert turn is not None
            assert turn.metadata["firearms_online"] is (approved_on is not None)


def test_a_conversation_that_a_person_closed_opens_again_without_the_bot(cases: Cases) -> None:
    talk = Talk(cases, "someone took my bike")
    turn = talk.begin_turn()
    with cases.system.begin() as session:
        session.execute(
            sa.text(
                "UPDATE contacts SET state = 'closed', closed_at = :now, closed_reason = 'answered' WHERE id = :id"
            ),
            {"id": talk.id, "now": SOON},
        )
        session.execute(sa.text("UPDATE queue_entries SET state = 'closed' WHERE contact_id = :id"), {"id": talk.id})
    assert talk.end_turn(turn, answer()) == "dropped"
    talk.say("hello again")
    assert talk.state()[:2] == ("waiting", "waiting")
    assert talk.begin_turn() is None
    assert "bot" not in [who for who, _ in talk.thread()]


def test_after_twelve_turns_a_person_goes_on(cases: Cases) -> None:
    talk = Talk(cases, "someone took my bike")
    for number in range(bot_turns.MOST_TURNS):
        assert talk.end_turn(talk.begin_turn(), answer()) == "answered"
        talk.say(f"and another thing, number {number}")
    assert talk.begin_turn() is None
    assert talk.state()[:2] == ("waiting", "waiting")
    assert _why(cases, talk) == HandOver.TOO_LONG.value
    assert talk.thread()[-1][0] == "bot"
    assert "A person will carry on" in talk.thread()[-1][1]


def _why(cases: Cases, talk: Talk) -> str | None:
    with cases.system.begin() as session:
        found = conversations.find(session, contact_id=talk.id)
        assert found is not None
        return found.handed_over_why


ASKED_SAFELY = {
    "say": ["Thank you for telling us.", "How is it safe for us to reach you, and when?"], "asks": "safe_contact",
    "hand_over": "sensitive", "form": None, "triage": {"category": "domestic_abuse", "flags": ["domestic_abuse"]},
}  # fmt: skip


def _facts(cases: Cases, talk: Talk) -> list[tuple[str, str]]:
    with cases.system.begin() as session:
        return [(each.kind, each.words) for each in conversations.list_facts(session, contact_id=talk.id)]


def test_the_answer_to_the_safe_contact_question_is_kept_after_the_bot_fell_silent(cases: Cases) -> None:
    """Practice 13: it is asked in the same breath as a person goes on, and answered when no bot listens any more."""
    talk = Talk(cases, "it is about my husband")
    assert talk.end_turn(talk.begin_turn(), answer(**ASKED_SAFELY)) == "handed_over"
    talk.say("email me at work")
    talk.say("the children are asleep")
    facts = [fact for fact in _facts(cases, talk) if fact[0] == "safe_contact"]
    assert facts == [("safe_contact", "email me at work")], "only what answers the question"
    assert "no_safe_contact" not in cases.contact(talk.id).flags


def test_do_not_contact_me_is_an_answer(cases: Cases) -> None:
    talk = Talk(cases, "it is about my husband")
    talk.end_turn(talk.begin_turn(), answer(**ASKED_SAFELY))
    talk.say("Please don\u2019t contact me")
    assert ("safe_contact", "Please don\u2019t contact me") in _facts(cases, talk)
    assert "no_safe_contact" in cases.contact(talk.id).flags
    with cases.system.begin() as session:
        flags = session.scalar(sa.text("SELECT flags FROM queue_entries WHERE contact_id = :id"), {"id": talk.id})
    assert "no_safe_contact" in (flags or [])


def test_after_half_an_hour_or_a_persons_own_question_it_is_no_answer(cases: Cases) -> None:
    """Somebody else may hold the phone by then; or the person answers the handler (practice 4)."""
    late = Talk(cases, "it is about my husband")
    late.end_turn(late.begin_turn(), answer(**ASKED_SAFELY))
    late.say("who is this", now=SOON + dt.timedelta(minutes=31))
    asked = Talk(cases, "it is about my husband")
    asked.end_turn(asked.begin_turn(), answer(**ASKED_SAFELY))
    agent = cases.agent(Role.CALL_HANDLER)
    cases.claim(agent, asked.id, now=SOON)
    with cases.acting(agent.actor) as session:
        agents.reply(session, contact_id=asked.id, agent_id=agent.id, body="Are you hurt?", now=SOON)
    asked.say("no")
    for talk in (late, asked):
        assert not [fact for fact in _facts(cases, talk) if fact[0] == "safe_contact"]


@pytest.mark.parametrize("channel", [Channel.CHAT, Channel.SMS])
def test_scenario_10_a_closed_conversation_comes_back_to_the_queue_and_never_to_who_went_home(
    cases: Cases, channel: Channel
) -> None:
    """Scenario 10 by chat and text: its former agent is off shift, and neither they nor the bot have it."""
    talk, later = Talk(cases, "someone took my bike", channel=channel), SOON + dt.timedelta(days=3)
    agent = cases.agent(Role.CALL_HANDLER)
    with cases.web(info={"actor": agent.actor}) as session:
        control_room.claim(session, agent=agent.actor, contact_id=talk.id, kind=LeaseKind.LIVE, now=SOON)
        control_room.close(session, agent=agent.actor, contact_id=talk.id, reason=CloseReason.ANSWERED, now=SOON)
        session.commit()
    with cases.system.begin() as session:
        incoming.receive(session, contact_id=talk.id, body="it was found broken", now=later, channel=channel.value)
    contact, entry = cases.contact(talk.id), cases.entry(talk.id)
    assert (contact.state, contact.holder_id, contact.closed_at) == ("waiting", None, None)
    assert (entry.state, entry.holder_id, entry.unread) == ("waiting", None, True)
    assert talk.begin_turn(later) is None, "the bot asks nothing"
    with cases.web(info={"actor": agent.actor}) as session, pytest.raises(NotYours):
        agents.reply(session, contact_id=talk.id, agent_id=agent.id, body="still mine?", now=later)


def test_by_text_a_form_is_offered_by_one_word_once_and_never_in_a_sensitive_matter(cases: Cases) -> None:
    """What was said stands behind the link that WEB brings, never in a text (practice 4)."""
    talk = Talk(cases, "someone took my bike", channel=Channel.SMS)
    talk.end_turn(talk.begin_turn(), answer())
    assert talk.thread()[-1] == (
        "bot",
        "Where was it taken?\nTo go on with an online form, with what you told us filled in, text WEB.",
    )
    with cases.system.begin() as session:
        incoming.receive(session, contact_id=talk.id, body="from the station", now=SOON, channel=Channel.SMS.value)
    talk.end_turn(talk.begin_turn(), answer(say=["When was it?"]))
    assert talk.thread()[-1] == ("bot", "When was it?")
    by_chat = Talk(cases, "someone took my bike")
    by_chat.end_turn(by_chat.begin_turn(), answer())
    assert by_chat.thread()[-1] == ("bot", "Where was it taken?")
    hurt = Talk(cases, "something happened", channel=Channel.SMS)
    hurt.end_turn(hurt.begin_turn(), answer(triage={"category": "domestic_abuse"}, hand_over="sensitive"))
    assert not any("WEB" in body for _, body in hurt.thread())


def test_what_the_bot_spoke_to_as_sensitive_stays_so_whatever_the_words_weigh(
    cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        bot_turns,
        "read",
        lambda text, model: replace(read(text, model), category=Category.GENERAL_ENQUIRY, flags=()),
    )
    talk = Talk(cases, "something happened", channel=Channel.SMS)
    talk.end_turn(talk.begin_turn(), answer(triage={"category": "domestic_abuse"}, hand_over="sensitive"))
    assert cases.contact(talk.id).sensitive
    assert not any("WEB" in body for _, body in talk.thread())
    child = Talk(cases, "i am 12, my bike is gone")
    child.end_turn(child.begin_turn(), answer(hand_over="sensitive"))
    assert not cases.contact(child.id).sensitive, "a child is asked nothing; the matter is none of those"


def test_by_text_no_form_is_promised_that_is_not_there_or_begins_empty(cases: Cases) -> None:
    """An urgent matter goes to a person and no form is left on offer; an application begins empty (practice 24)."""
    urgent = Talk(cases, "someone took my bike", channel=Channel.SMS)
    urgent.end_turn(urgent.begin_turn(), answer(triage={"grade": "priority"}))
    assert urgent.state()[2] == "priority"
    licence = Talk(cases, "how do I renew my shotgun certificate", channel=Channel.SMS)
    licence.end_turn(
        licence.begin_turn(),
        answer(triage={"category": "firearms_licensing", "grade": "enquiry"}, form="firearms-certificate"),
    )
    for talk in (urgent, licence):
        assert tuple(who for who, _ in talk.thread())[:2] == ("me", "bot")
        assert not any("WEB" in body for _, body in talk.thread())


def test_who_was_asked_back_hears_a_detail_as_a_reply_and_no_matter_of_its_own(cases: Cases) -> None:
    """The conversation had its first message long before: its matter is not read anew from a few words."""
    for ends in (True, False):
        talk = Talk(cases, "someone took my bike")
        talk.end_turn(talk.begin_turn(), answer())
        agent = cases.agent(Role.CALL_HANDLER)
        with cases.web(info={"actor": agent.actor}) as session:
            control_room.claim(session, agent=agent.actor, contact_id=talk.id, kind=LeaseKind.LIVE, now=SOON)
            handing_over.ask_back(session, contact_id=talk.id, agent_id=agent.id, now=SOON)
            session.commit()
        talk.say("a fraud, a scam email, a dog, a crash, a brick through the window, a drunk neighbour")
        turn = talk.begin_turn()
        assert turn is not None
        assert turn.metadata["first"], "it says again that it is no person"
        if ends:
            talk.end_turn(turn, answer(triage={"category_confidence": 0.3, "confidence": 0.3}))
        else:
            with cases.system.begin() as session:
                bot_turns.fail(session, turn=turn, code="resting", took_ms=9, now=SOON)
        contact = cases.contact(talk.id)
        assert (contact.category, contact.grade) == ("theft", "standard")


def test_in_welsh_the_handler_is_told_that_the_category_is_a_guess(cases: Cases) -> None:
    talk = Talk(cases, "mae rhywun wedi dwyn fy meic")
    turn = talk.begin_turn()
    assert turn is not None
    in_welsh = replace(turn, metadata={**turn.metadata, "language": "cy"})
    talk.end_turn(in_welsh, answer())
    with cases.system.begin() as session:
        proposal = triage.list_proposals(session, contact_id=talk.id)[-1]
        assert proposal.confidence < LOW_CONFIDENCE
        assert {"code": "learnt_in_english", "source": "model"} in proposal.reasons


def test_files_that_come_answer_no_question_and_danger_takes_the_form_away(cases: Cases) -> None:
    talk = Talk(cases, "someone took my bike")
    talk.end_turn(talk.begin_turn(), answer())
    with cases.web(info={"actor": cases.citizen(talk.id)}) as session:
        incoming.receive(session, contact_id=talk.id, body="I have added photos or files.", now=SOON, by_itself=True)
        session.commit()
    assert talk.begin_turn() is None, "nobody asked for files: the question still stands"
    talk.say("from the violet shed")
    turn = talk.begin_turn()
    assert turn is not None
    assert turn.text == "from the violet shed"
    with cases.system.begin() as session:
        found = conversations.find(session, contact_id=talk.id)
        assert found is not None
        assert found.offered_form == "theft"
    talk.say("he is here now with a knife", now=SOON)
    with cases.system.begin() as session:
        found = conversations.find(session, contact_id=talk.id)
        assert found is not None
        assert (found.bot, found.offered_form) == (False, None)
