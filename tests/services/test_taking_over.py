"""Taking over from the bot and giving back: silent at once, and the citizen told only that a person is there."""

from __future__ import annotations

import datetime as dt

import pytest

from contact.domain.errors import MoveNotAllowed
from contact.domain.queueing import LeaseKind
from contact.domain.taxonomy import Channel
from contact.services import control_room, conversations, handing_over
from contact.services.letting_go import CloseReason
from contact.store import conversations as talks
from contact.store import models
from tests.services.test_chat import SOON, Talk, answer
from tests.support.cases import NOW, Cases, Person


def _bot(cases: Cases, talk: Talk) -> bool:
    with cases.system.begin() as session:
        found = talks.find(session, contact_id=talk.id)
        assert found is not None
        return found.bot


def _ask_back(cases: Cases, agent: Person, talk: Talk) -> None:
    with cases.acting(agent.actor) as session:
        handing_over.ask_back(session, contact_id=talk.id, agent_id=agent.id, now=SOON)


def _reply(cases: Cases, agent: Person, talk: Talk, body: str, once_key: str | None = None) -> conversations.Said:
    with cases.acting(agent.actor) as session:
        return conversations.reply(
            session, contact_id=talk.id, agent_id=agent.id, body=body, now=SOON, once_key=once_key
        )


def test_scenario_12_claiming_silences_the_bot_and_the_citizen_learns_that_a_person_is_there(cases: Cases) -> None:
    talk, agent = Talk(cases, "someone took my bike"), cases.agent()
    turn = talk.begin_turn()
    cases.claim(agent, talk.id, now=SOON)
    assert not _bot(cases, talk)
    assert cases.event(talk.id, "handed_over") == {"why": "taken_over", "by": "agent"}
    assert talk.end_turn(turn, answer()) == "dropped"
    assert talk.thread() == [("me", "someone took my bike"), ("system", "A person has joined.")]
    assert "Okafor" not in str(talk.thread())


def test_claim_next_passes_over_what_the_bot_talks_in(cases: Cases) -> None:
    talk, agent, report = Talk(cases, "someone took my bike"), cases.agent(), cases.report(now=NOW)
    with cases.acting(agent.actor) as session:
        claimed = control_room.claim_next(session, agent=agent.actor, kind=LeaseKind.LIVE, now=SOON)
    assert claimed.contact_id == report.contact_id
    assert talk.state()[:2] == ("with_bot", "with_bot")


def test_taken_from_the_queue_nothing_automatic_is_said(cases: Cases) -> None:
    """Practice 4: a person goes on, in their own words."""
    talk, agent = Talk(cases, "he has a knife and he is here"), cases.agent()
    before = talk.thread()
    cases.claim(agent, talk.id, now=SOON)
    assert talk.thread() == before


def test_a_text_is_not_sent_only_to_say_that_a_person_is_there(cases: Cases) -> None:
    talk, agent = Talk(cases, "someone took my bike", channel=Channel.SMS), cases.agent()
    cases.claim(agent, talk.id, now=SOON)
    assert [who for who, _ in talk.thread()] == ["me"]
    assert not _bot(cases, talk)


def test_a_reply_goes_into_the_chat_once_and_silences_a_bot_that_was_asked_back(cases: Cases) -> None:
    talk, agent = Talk(cases, "someone took my bike"), cases.agent()
    cases.claim(agent, talk.id, now=SOON)
    _ask_back(cases, agent, talk)
    turn_due = talk.say("what now")
    assert turn_due.message_id
    turn = talk.begin_turn()
    said = _reply(cases, agent, talk, "Leave it, I go on.", "k1")
    assert (said.channel, said.delivery_state, said.mailed) == ("chat", "sent", False)
    assert _reply(cases, agent, talk, "Leave it, I go on.", "k1").again
    assert not _bot(cases, talk)
    assert talk.state()[:2] == ("with_agent", "held")
    assert talk.end_turn(turn, answer()) == "dropped"
    assert [body for who, body in talk.thread() if who == "person"] == ["Leave it, I go on."]
    assert cases.event(talk.id, "replied")["channel"] == "chat"


@pytest.mark.parametrize("to_close", [True, False])
def test_what_was_asked_back_can_be_closed_and_comes_back_when_its_holder_goes_silent(
    cases: Cases, to_close: bool
) -> None:
    talk, agent = Talk(cases, "someone took my bike"), cases.agent()
    cases.claim(agent, talk.id, now=SOON)
    with cases.acting(agent.actor) as session:
        conversations.look(session, contact_id=talk.id, now=SOON)
    _ask_back(cases, agent, talk)
    assert _bot(cases, talk)
    before = talk.thread()
    with cases.acting(agent.actor) as session:
        if to_close:
            control_room.close(session, agent=agent.actor, contact_id=talk.id, reason=CloseReason.ANSWERED, now=SOON)
        else:
            control_room.end_lease_of(session, contact_id=talk.id, now=SOON + dt.timedelta(hours=1))
    assert talk.state()[:2] == (("closed", "closed") if to_close else ("waiting", "waiting"))
    assert not _bot(cases, talk)
    assert talk.thread() == before, "nobody joined"


def test_the_bot_is_refused_in_an_urgent_matter(cases: Cases) -> None:
    talk, agent = Talk(cases, "he has a knife and he is here"), cases.agent()
    cases.claim(agent, talk.id, now=SOON)
    with pytest.raises(MoveNotAllowed):
        _ask_back(cases, agent, talk)


def test_scenario_23_a_note_never_reaches_the_chat_or_a_text(cases: Cases) -> None:
    for channel in (Channel.CHAT, Channel.SMS):
        talk, agent = Talk(cases, "someone took my bike", channel=channel), cases.agent()
        cases.claim(agent, talk.id, now=SOON)
        with cases.acting(agent.actor) as session:
            conversations.note(session, contact_id=talk.id, agent_id=agent.id, body="Known liar", now=SOON)
        _reply(cases, agent, talk, "Where was it?")
        assert "Known liar" not in str(talk.thread())
        assert "Known liar" not in str([text.body for text in cases.rows(models.Text, talk.id)])
        note = next(line for line in cases.rows(models.Message, talk.id) if line.kind == "note")
        assert note.delivery_state == "stored"
