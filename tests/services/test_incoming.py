"""What the citizen adds reaches people: the screen never lowers, closed contacts reopen, nobody absent gets them."""

from __future__ import annotations

import datetime as dt

import pytest

from contact.domain.errors import ContactClosedTooLong, MessageUnread, OnlineAccessStopped
from contact.domain.queueing import LeaseKind
from contact.services import control_room, conversations, records
from contact.services.letting_go import CloseReason, SnoozeReason
from contact.store import models
from tests.support.cases import NOW, Cases, Person

LATER = NOW + dt.timedelta(minutes=1)
DANGER = "He is here now and he has a knife, he is going to kill me"


def _closed(cases: Cases) -> tuple[Person, models.Contact]:
    agent, report = cases.agent(), cases.report()
    cases.claim(agent, report.contact_id)
    with cases.acting(agent.actor) as session:
        conversations.reply(session, contact_id=report.contact_id, agent_id=agent.id, body="Done", now=LATER)
        control_room.close(
            session, agent=agent.actor, contact_id=report.contact_id, reason=CloseReason.ANSWERED, now=LATER
        )
    return agent, cases.contact(report.contact_id)


def test_danger_goes_to_the_top_and_advises_999(cases: Cases) -> None:
    """Scenario 14."""
    report = cases.report()
    with cases.acting(cases.citizen(report.contact_id)) as session:
        received = conversations.receive(session, contact_id=report.contact_id, body=DANGER, now=LATER)
    assert received.advise_999
    contact, entry = cases.contact(report.contact_id), cases.entry(report.contact_id)
    assert (contact.grade, entry.grade, entry.band) == ("emergency", "emergency", 0)
    assert (entry.due_at, entry.looked_at, entry.unread) == (LATER, None, True)
    assert "screened" in cases.events(report.contact_id)


def test_a_message_is_not_closed_away_unseen(cases: Cases) -> None:
    """It came while the handler's page still showed the old thread: closing and snoozing wait until it was read."""
    agent, report = cases.agent(), cases.report()
    cases.claim(agent, report.contact_id)
    with cases.acting(cases.citizen(report.contact_id)) as session:
        conversations.receive(session, contact_id=report.contact_id, body="One more thing", now=LATER)

    def close() -> None:
        with cases.acting(agent.actor) as session:
            control_room.close(
                session, agent=agent.actor, contact_id=report.contact_id, reason=CloseReason.ANSWERED, now=LATER
            )

    with pytest.raises(MessageUnread):
        close()
    with pytest.raises(MessageUnread), cases.acting(agent.actor) as session:
        control_room.snooze(
            session,
            agent=agent.actor,
            contact_id=report.contact_id,
            until=LATER + dt.timedelta(hours=1),
            reason=SnoozeReason.CALL_BACK_ARRANGED,
            now=LATER,
        )
    assert cases.entry(report.contact_id).state == "held"
    with cases.acting(agent.actor) as session:
        conversations.look(session, contact_id=report.contact_id, now=LATER)
    close()
    assert cases.entry(report.contact_id).state == "closed"


def test_calm_words_never_lower(cases: Cases) -> None:
    report = cases.emergency()
    with cases.acting(cases.citizen(report.contact_id)) as session:
        conversations.receive(session, contact_id=report.contact_id, body="Thank you very much", now=LATER)
    assert (cases.contact(report.contact_id).grade, cases.entry(report.contact_id).band) == ("emergency", 0)


def test_scenario_17_a_message_sent_twice_is_one(cases: Cases) -> None:
    """Scenario 17."""
    report = cases.report()
    for again in (False, True):
        with cases.acting(cases.citizen(report.contact_id)) as session:
            got = conversations.receive(session, contact_id=report.contact_id, body="One", now=LATER, once_key="r:1")
        assert got.again is again
    assert len(cases.rows(models.Message, report.contact_id)) == 1


def test_a_closed_contact_reopens_into_the_queue_not_to_the_absent_agent(cases: Cases) -> None:
    """Scenarios 10 and 25: to the queue, and the clocks begin again."""
    _agent, closed = _closed(cases)
    at = LATER + dt.timedelta(days=3)
    with cases.acting(cases.citizen(closed.id)) as session:
        received = conversations.receive(session, contact_id=closed.id, body="He broke his bail", now=at)
    assert received.reopened
    contact, entry = cases.contact(closed.id), cases.entry(closed.id)
    assert (contact.state, contact.holder_id, contact.closed_at) == ("waiting", None, None)
    assert (entry.state, entry.holder_id, entry.looked_at, entry.answered_at) == ("waiting", None, None, None)
    assert entry.look_by >= at
    assert entry.answer_by > at


def test_after_28_days_it_does_not(cases: Cases) -> None:
    """Engineering 28."""
    _agent, closed = _closed(cases)
    late = LATER + dt.timedelta(days=28, seconds=1)
    with pytest.raises(ContactClosedTooLong), cases.acting(cases.citizen(closed.id)) as session:
        conversations.receive(session, contact_id=closed.id, body="Hello again", now=late)
    assert cases.contact(closed.id).state == "closed"


def test_stopped_access_takes_no_message(cases: Cases) -> None:
    report = cases.report()
    cases.change(report.contact_id, online_access_stopped_at=NOW)
    with pytest.raises(OnlineAccessStopped), cases.acting(cases.citizen(report.contact_id)) as session:
        conversations.receive(session, contact_id=report.contact_id, body="Hello", now=LATER)


@pytest.mark.parametrize(("kind", "state"), [(LeaseKind.LIVE, "held"), (LeaseKind.PAGE, "waiting")])
def test_danger_while_held(cases: Cases, kind: LeaseKind, state: str) -> None:
    """Engineering 10: a live page keeps it; a page without JavaScript cannot hold an emergency."""
    agent, report = cases.agent(), cases.report()
    cases.claim(agent, report.contact_id, kind=kind)
    with cases.acting(cases.citizen(report.contact_id)) as session:
        conversations.receive(session, contact_id=report.contact_id, body=DANGER, now=LATER)
    entry = cases.entry(report.contact_id)
    assert (entry.state, entry.band) == (state, 0)
    assert (cases.contact(report.contact_id).holder_id is None) is (state == "waiting")


def test_the_first_unanswered_clock_runs_on(cases: Cases) -> None:
    report = cases.report()
    before = cases.entry(report.contact_id)
    with cases.acting(cases.citizen(report.contact_id)) as session:
        conversations.receive(session, contact_id=report.contact_id, body="One thing more", now=LATER)
    after = cases.entry(report.contact_id)
    assert (after.look_by, after.answer_by) == (before.look_by, before.answer_by)


def test_a_message_after_the_answer_begins_a_clock(cases: Cases) -> None:
    agent, report = cases.agent(), cases.report()
    cases.claim(agent, report.contact_id)
    with cases.acting(agent.actor) as session:
        conversations.reply(session, contact_id=report.contact_id, agent_id=agent.id, body="Done", now=LATER)
    at = LATER + dt.timedelta(minutes=1)
    with cases.acting(cases.citizen(report.contact_id)) as session:
        conversations.receive(session, contact_id=report.contact_id, body="And this?", now=at)
    entry = cases.entry(report.contact_id)
    assert (entry.answered_at, entry.state) == (None, "held")
    assert entry.answer_by > at
    with cases.acting(agent.actor) as session:
        assert "unread" in [owed.value for owed in records.owed_before_close(session, contact_id=report.contact_id)]
