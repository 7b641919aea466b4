"""Replies go the way the person chose, once; notes never leave; drafts outlive the lease; "read" is said truthfully."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from contact.domain.access import Role
from contact.domain.errors import LeaseLost, NotFound, NotYours, ReasonNeeded, UnsafeToReply
from contact.services import conversations
from contact.store import models, reply_drafts
from tests.support.cases import NOW, Cases

LATER = NOW + dt.timedelta(minutes=1)


def _safe(how: str, value: str = "") -> dict[str, Any]:
    return {"safeContact": {"how": how, "value": value, "when": "", "safe_word": ""}}


def test_a_reply_is_stored_answered_and_told_by_mail_where_email_is_safe(cases: Cases) -> None:
    agent, report = cases.agent(), cases.report()
    cases.change(report.contact_id, safe_contact={"how": "email", "value": "sam@example.org"})
    cases.claim(agent, report.contact_id)
    before = len(cases.rows(models.Mail, report.contact_id))
    with cases.acting(agent.actor) as session:
        said = conversations.reply(
            session, contact_id=report.contact_id, agent_id=agent.id, body="We have your report.", now=LATER
        )
    assert said.mailed
    mails = cases.rows(models.Mail, report.contact_id)[before:]
    assert [(mail.template, mail.recipient) for mail in mails] == [("message_waiting", "sam@example.org")]
    assert "report" not in str(mails[0].context).replace(str(report.contact_id), "")
    entry = cases.entry(report.contact_id)
    assert entry.answered_at == LATER
    assert entry.looked_at is not None
    assert {"replied", "answered", "looked"} <= set(cases.events(report.contact_id))


@pytest.mark.parametrize("safe", [{"how": "online"}, {"how": "phone", "value": "+447700900123"}, {"how": "none"}])
def test_other_ways_send_nothing_by_themselves(cases: Cases, safe: dict[str, str]) -> None:
    agent, report = cases.agent(), cases.report()
    cases.change(report.contact_id, safe_contact=safe)
    cases.claim(agent, report.contact_id)
    before = len(cases.rows(models.Mail, report.contact_id))
    with cases.acting(agent.actor) as session:
        said = conversations.reply(session, contact_id=report.contact_id, agent_id=agent.id, body="Hello", now=LATER)
    assert not said.mailed
    assert len(cases.rows(models.Mail, report.contact_id)) == before


def test_a_sensitive_contact_sends_nothing_automatic(cases: Cases) -> None:
    agent, report = cases.agent(), cases.report()
    cases.change(report.contact_id, safe_contact={"how": "email", "value": "sam@example.org"}, sensitive=True)
    cases.claim(agent, report.contact_id)
    with cases.acting(agent.actor) as session:
        said = conversations.reply(session, contact_id=report.contact_id, agent_id=agent.id, body="Hello", now=LATER)
    assert not said.mailed


def test_a_reply_sent_a_hundred_times_is_one(cases: Cases) -> None:
    agent, report = cases.agent(), cases.report()
    cases.claim(agent, report.contact_id)
    for _ in range(100):
        with cases.acting(agent.actor) as session:
            conversations.reply(
                session,
                contact_id=report.contact_id,
                agent_id=agent.id,
                body="Hello",
                now=LATER,
                once_key=f"{agent.id}:k",
            )
    assert len([m for m in cases.rows(models.Message, report.contact_id) if m.kind == "outbound"]) == 1
    assert cases.events(report.contact_id).count("replied") == 1


def test_scenario_8_only_the_holder_replies_and_is_told_who_has_it(cases: Cases) -> None:
    """Scenario 8: the loser cannot post as owner."""
    holder, other, report = cases.agent(name="Amina Patel"), cases.agent(), cases.report()
    cases.claim(holder, report.contact_id)
    with pytest.raises(NotYours) as refused, cases.acting(other.actor) as session:
        conversations.reply(session, contact_id=report.contact_id, agent_id=other.id, body="Hello", now=LATER)
    assert refused.value.holder_name == "Amina Patel"


def test_a_lost_lease_refuses_the_reply_and_keeps_the_draft(cases: Cases) -> None:
    agent, report = cases.agent(), cases.report()
    cases.claim(agent, report.contact_id)
    late = NOW + dt.timedelta(minutes=10)
    with pytest.raises(LeaseLost), cases.acting(agent.actor) as session:
        conversations.reply(session, contact_id=report.contact_id, agent_id=agent.id, body="Hello", now=late)
    with cases.acting(agent.actor) as session:
        conversations.keep_draft(session, contact_id=report.contact_id, agent_id=agent.id, body="Hello", now=late)
    with cases.acting(agent.actor) as session:
        assert reply_drafts.find_body(session, agent_id=agent.id, contact_id=report.contact_id) == "Hello"
    other = cases.agent()
    with cases.acting(other.actor) as session:
        assert reply_drafts.find_body(session, agent_id=agent.id, contact_id=report.contact_id) == ""


def test_stopped_online_access_refuses_the_reply(cases: Cases) -> None:
    agent, report = cases.agent(), cases.report()
    cases.claim(agent, report.contact_id)
    cases.change(report.contact_id, online_access_stopped_at=NOW)
    with pytest.raises(UnsafeToReply), cases.acting(agent.actor) as session:
        conversations.reply(session, contact_id=report.contact_id, agent_id=agent.id, body="Hello", now=LATER)


def test_scenario_23_a_note_never_reaches_the_citizen(cases: Cases) -> None:
    """Scenario 23, by the service and by the database's own policy; the next message still finds its place."""
    agent, report = cases.agent(), cases.report()
    with cases.acting(agent.actor) as session:
        conversations.note(session, contact_id=report.contact_id, agent_id=agent.id, body="Known address", now=LATER)
    with cases.acting(cases.citizen(report.contact_id)) as session:
        assert conversations.citizen_thread(session, contact_id=report.contact_id) == []
        assert session.query(models.Message).filter_by(contact_id=report.contact_id).all() == []
    with cases.acting(cases.citizen(report.contact_id)) as session:
        conversations.receive(session, contact_id=report.contact_id, body="Thank you", now=LATER)
    with cases.acting(agent.actor) as session:
        thread = conversations.list_thread(session, contact_id=report.contact_id)
    assert [(line.kind, line.position) for line in thread] == [("note", 1), ("inbound", 2)]
    with cases.acting(cases.citizen(report.contact_id)) as session:
        shown = conversations.citizen_thread(session, contact_id=report.contact_id)
        assert [line.body for line in shown] == ["Thank you"]


def test_a_person_has_read_it_only_when_one_said_so(cases: Cases) -> None:
    """Practice 2: opening the page does not make it read; the act of reading does."""
    agent, report = cases.agent(), cases.report()
    with cases.acting(cases.citizen(report.contact_id)) as session:
        conversations.receive(session, contact_id=report.contact_id, body="One thing more", now=NOW)
    with cases.acting(cases.citizen(report.contact_id)) as session:
        assert conversations.citizen_thread(session, contact_id=report.contact_id)[0].read_at is None
    with cases.acting(agent.actor) as session:
        conversations.look(session, contact_id=report.contact_id, now=LATER)
    with cases.acting(cases.citizen(report.contact_id)) as session:
        assert conversations.citizen_thread(session, contact_id=report.contact_id)[0].read_at == LATER
    entry = cases.entry(report.contact_id)
    assert (entry.looked_at, entry.due_at, entry.unread) == (LATER, entry.answer_by, False)


def test_empty_words_and_control_characters(cases: Cases) -> None:
    agent, report = cases.agent(), cases.report()
    with pytest.raises(ReasonNeeded), cases.acting(agent.actor) as session:
        conversations.note(session, contact_id=report.contact_id, agent_id=agent.id, body=" \x00\x07 ", now=LATER)
    with cases.acting(agent.actor) as session:
        conversations.note(session, contact_id=report.contact_id, agent_id=agent.id, body="a\x00b\r\nĉ 👩‍👧", now=LATER)
    assert [m.body for m in cases.rows(models.Message, report.contact_id)] == ["ab\nĉ 👩‍👧"]


@pytest.mark.parametrize("role", list(Role))
def test_scenario_22_another_force_finds_nothing(cases: Cases, role: Role) -> None:
    """Scenario 22: for every role of another force there is no such contact."""
    stranger, report = cases.agent(role, force=cases.south), cases.report()
    with cases.acting(stranger.actor) as session, pytest.raises(NotFound):
        conversations.note(session, contact_id=report.contact_id, agent_id=stranger.id, body="Hello", now=LATER)
    with cases.acting(stranger.actor) as session:
        assert conversations.list_thread(session, contact_id=report.contact_id) == []


def test_a_one_time_key_counts_within_its_contact(cases: Cases) -> None:
    agent, reports = cases.agent(), [cases.report(), cases.report()]
    for report in reports:
        cases.claim(agent, report.contact_id)
        for _ in range(2):
            with cases.acting(agent.actor) as session:
                conversations.reply(
                    session, contact_id=report.contact_id, agent_id=agent.id, body="Hello", now=LATER, once_key="one"
                )
    for report in reports:
        with cases.acting(agent.actor) as session:
            thread = conversations.list_thread(session, contact_id=report.contact_id)
        assert [said.body for said in thread if said.kind == "outbound"] == ["Hello"]


def test_scenario_17_everybody_speaks_at_once_and_nothing_is_lost_or_doubled(cases: Cases) -> None:
    """Scenario 17 at its worst: one reply pressed on eight connections, while notes and the citizen's words come in."""
    agent, report = cases.agent(), cases.report()
    cases.claim(agent, report.contact_id)

    def reply(number: int) -> None:
        with cases.acting(agent.actor) as session:
            conversations.reply(
                session, contact_id=report.contact_id, agent_id=agent.id, body="Once", now=LATER, once_key="only"
            )

    def note(number: int) -> None:
        with cases.acting(agent.actor) as session:
            conversations.note(
                session, contact_id=report.contact_id, agent_id=agent.id, body=f"Note {number}", now=LATER
            )

    def write(number: int) -> None:
        with cases.acting(cases.citizen(report.contact_id)) as session:
            conversations.receive(session, contact_id=report.contact_id, body=f"Word {number}", now=LATER)

    with ThreadPoolExecutor(4) as pool:
        work = [pool.submit(act, number) for number in range(8) for act in (reply, note, write)]
        for each in work:
            each.result()
    said = sorted(cases.rows(models.Message, report.contact_id), key=lambda message: message.position)
    assert [message.position for message in said] == list(range(1, 18))
    assert [message.body for message in said].count("Once") == 1
