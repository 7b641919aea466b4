"""A person decides beside the proposal: reasons, series, clocks, logs, crimes and what is owed before closing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from contact.domain.access import Role
from contact.domain.errors import Forbidden, NotFound, NotYours, ReasonNeeded, ReleaseNeedsLogNumber
from contact.domain.queueing import LeaseKind
from contact.domain.recording import MalformedNumber, NotRecorded, Owed, TimeNotPossible
from contact.domain.taxonomy import Category, Flag, Grade, Response
from contact.services import control_room, decisions, records, restriction
from contact.services.decisions import Choice, moved_clock
from contact.services.letting_go import ReleaseReason
from contact.store import contacts, models
from tests.support.cases import NOW, Cases, Person

LATER = NOW + dt.timedelta(minutes=1)


def _decide(cases: Cases, agent: Person, report: object, choice: Choice, at: dt.datetime = LATER) -> None:
    with cases.acting(agent.actor) as session:
        decisions.decide(session, contact_id=report.contact_id, agent_id=agent.id, choice=choice, now=at)  # type: ignore[attr-defined]


def test_agreeing_needs_no_reason_and_differing_does(cases: Cases) -> None:
    agent, report = cases.agent(), cases.report()
    cases.claim(agent, report.contact_id)
    stands = cases.contact(report.contact_id)
    flags = tuple(Flag(flag) for flag in stands.flags)
    _decide(cases, agent, report, Choice(Category(stands.category), Grade(stands.grade), None, flags))
    assert cases.event(report.contact_id, "decided")["agrees"] is True
    worse = Choice(Category.ROBBERY, Grade.PRIORITY, Response.DEPLOY, (*flags, Flag.WEAPON))
    with pytest.raises(ReasonNeeded):
        _decide(cases, agent, report, worse)
    _decide(cases, agent, report, replace(worse, reason="Knife shown on CCTV"))
    rows = sorted(cases.rows(models.Decision, report.contact_id), key=lambda row: row.at)
    assert [(row.category, row.grade) for row in rows] == [(stands.category, stands.grade), ("robbery", "priority")]
    assert len(cases.rows(models.Proposal, report.contact_id)) == 1
    entry = cases.entry(report.contact_id)
    assert (entry.category, entry.grade, "weapon" in entry.flags) == ("robbery", "priority", True)
    assert cases.event(report.contact_id, "decided")["regraded"] is True


def test_a_double_click_adds_one_decision(cases: Cases) -> None:
    agent, report = cases.agent(), cases.report()
    cases.claim(agent, report.contact_id)
    for second in (0, 1):
        choice = Choice(Category.ROBBERY, Grade.PRIORITY, None, (), "Force was used")
        _decide(cases, agent, report, choice, LATER + dt.timedelta(seconds=second))
    assert len(cases.rows(models.Decision, report.contact_id)) == 1


def test_only_the_holder_decides(cases: Cases) -> None:
    agent, other, report = cases.agent(), cases.agent(), cases.report()
    cases.claim(agent, report.contact_id)
    with pytest.raises(NotYours):
        _decide(cases, other, report, Choice(Category.THEFT, Grade.STANDARD, None, (), "Mine"))


@pytest.mark.parametrize(
    ("stands", "anew", "done", "raised", "expected"),
    [
        (60, 15, None, True, 15),  # graver: sooner
        (10, 15, None, True, 10),  # graver never gives more time
        (60, 120, None, False, 120),  # lighter: from the beginning
        (-5, 120, None, False, -5),  # breached stays breached
        (-5, 15, None, True, -5),
        (60, 15, 3, True, 60),  # met stays met
    ],
)
def test_clocks_after_a_new_grade(stands: int, anew: int, done: int | None, raised: bool, expected: int) -> None:
    """Scenario 25: a past breach is never rewritten."""

    def at(minutes: int) -> dt.datetime:
        return NOW + dt.timedelta(minutes=minutes)

    done_at = None if done is None else at(done)
    assert moved_clock(at(stands), at(anew), done_at=done_at, raised=raised, now=NOW) == at(expected)


def test_raising_to_an_emergency_without_javascript_gives_it_to_the_queue(cases: Cases) -> None:
    agent, report = cases.agent(), cases.report()
    cases.claim(agent, report.contact_id, kind=LeaseKind.PAGE)
    _decide(cases, agent, report, Choice(Category.ASSAULT, Grade.EMERGENCY, Response.DEPLOY_NOW, (), "He is back"))
    entry = cases.entry(report.contact_id)
    assert (entry.state, entry.band, cases.contact(report.contact_id).holder_id) == ("waiting", 0, None)


def test_an_urgent_contact_is_let_go_only_when_somebody_was_told(cases: Cases) -> None:
    """Practice 3; a log typed to the minute covers a report of that very minute."""
    received = NOW + dt.timedelta(seconds=40)
    agent, report = cases.agent(), cases.emergency(now=received)
    cases.claim(agent, report.contact_id, now=received)
    soon = received + dt.timedelta(seconds=10)
    with pytest.raises(ReleaseNeedsLogNumber), cases.acting(agent.actor) as session:
        control_room.release(
            session, agent=agent.actor, contact_id=report.contact_id, reason=ReleaseReason.SHIFT_ENDS, now=soon
        )
    with cases.acting(agent.actor) as session:
        assert Owed.INCIDENT_LOG in records.owed_before_close(session, contact_id=report.contact_id)
        for _ in range(2):
            records.log_incident(
                session,
                contact_id=report.contact_id,
                agent_id=agent.id,
                number=" 0412 of 21 nov ",
                logged_at=NOW.replace(second=0, microsecond=0),
                told_who="Insp. Grace Lee, control",
                now=soon,
            )
    assert [log.number for log in cases.rows(models.IncidentLog, report.contact_id)] == ["0412 OF 21 NOV"]
    with cases.acting(agent.actor) as session:
        control_room.release(
            session, agent=agent.actor, contact_id=report.contact_id, reason=ReleaseReason.SHIFT_ENDS, now=soon
        )
    assert cases.entry(report.contact_id).state == "waiting"


@pytest.mark.parametrize("number", ["", "   ", "no digits", "1;DROP TABLE", "<b>1</b>", "1" * 50])
def test_a_log_number_that_is_none(cases: Cases, number: str) -> None:
    agent, report = cases.agent(), cases.report()
    with pytest.raises(MalformedNumber), cases.acting(agent.actor) as session:
        records.log_incident(
            session,
            contact_id=report.contact_id,
            agent_id=agent.id,
            number=number,
            logged_at=NOW,
            told_who="A",
            now=LATER,
        )


@pytest.mark.parametrize(("hours", "reason"), [(1, "future"), (-30, "too_early")])
def test_a_log_time_that_cannot_be(cases: Cases, hours: int, reason: str) -> None:
    agent, report = cases.agent(), cases.report()
    at = NOW + dt.timedelta(hours=hours)
    with pytest.raises(TimeNotPossible) as wrong, cases.acting(agent.actor) as session:
        records.log_incident(
            session,
            contact_id=report.contact_id,
            agent_id=agent.id,
            number="1234",
            logged_at=at,
            told_who="A",
            now=LATER,
        )
    assert wrong.value.reason == reason


@pytest.mark.parametrize("told", ["", "  ", "\u200b", "\u202e\u2066", "\u00a0\u2028"])
def test_a_name_that_nobody_can_see_names_nobody(cases: Cases, told: str) -> None:
    """An emergency is not let go because somebody typed a zero-width space (practice 3)."""
    agent, urgent = cases.agent(), cases.emergency()
    cases.claim(agent, urgent.contact_id)
    with pytest.raises(ReasonNeeded), cases.acting(agent.actor) as session:
        records.log_incident(
            session,
            contact_id=urgent.contact_id,
            agent_id=agent.id,
            number="0412 of 21 NOV",
            logged_at=LATER,
            told_who=told,
            now=LATER,
        )
    assert cases.rows(models.IncidentLog, urgent.contact_id) == []


def test_a_crime_number_comes_from_the_records_system(cases: Cases) -> None:
    """Practice 18: the 24 hours run from receipt to the time recorded there; one or many; none has a named decider."""
    agent, report = cases.agent(), cases.report()
    late = NOW + dt.timedelta(hours=25)
    with cases.acting(agent.actor) as session:
        records.record_crime(
            session, contact_id=report.contact_id, agent_id=agent.id, number="42/12345/26", recorded_at=late, now=late
        )
        records.record_crime(
            session, contact_id=report.contact_id, agent_id=agent.id, number="42/12346/26", recorded_at=late, now=late
        )
        records.decide_not_to_record(
            session,
            contact_id=report.contact_id,
            agent_id=agent.id,
            reason=NotRecorded.RECORDED_ALREADY,
            decided_by="Crime registrar R. Shah",
            now=late,
        )
        owed = records.owed_before_close(session, contact_id=report.contact_id)
    assert cases.event(report.contact_id, "crime_recorded")["late"] is True
    assert cases.event(report.contact_id, "crime_not_recorded")["reason"] == "recorded_already"
    assert len(cases.rows(models.Crime, report.contact_id)) == 3
    assert Owed.CRIME not in owed
    assert Owed.WRITTEN_CONFIRMATION in owed
    with pytest.raises(MalformedNumber), cases.acting(agent.actor) as session:
        records.record_crime(
            session, contact_id=report.contact_id, agent_id=agent.id, number="hello", recorded_at=late, now=late
        )


def test_a_supervisor_keeps_a_contact_to_named_people(cases: Cases) -> None:
    """Practice 8: others of the same force, of every role, find nothing; the event is in the log."""
    supervisor, named, report = cases.agent(Role.SUPERVISOR), cases.agent(), cases.report()
    handler = cases.agent()
    why = restriction.Why.INVOLVES_STAFF
    with pytest.raises(Forbidden), cases.acting(handler.actor) as session:
        restriction.restrict(
            session, contact_id=report.contact_id, actor=handler.actor, why=why, names=[handler.id], now=LATER
        )
    with cases.acting(supervisor.actor) as session:
        restriction.restrict(
            session, contact_id=report.contact_id, actor=supervisor.actor, why=why, names=[named.id], now=LATER
        )
    for person, sees in ((supervisor, True), (named, True), (handler, False), (cases.agent(Role.SUPERVISOR), False)):
        with cases.acting(person.actor) as session:
            if sees:
                assert contacts.get(session, contact_id=report.contact_id).restricted
            else:
                with pytest.raises(NotFound):
                    contacts.get(session, contact_id=report.contact_id)
    assert cases.entry(report.contact_id).restricted
    assert {"access_granted", "restricted"} <= set(cases.events(report.contact_id))


def test_a_matter_that_is_found_to_be_sensitive_is_treated_so_from_then_on(cases: Cases) -> None:
    """Practice 4, 5: no bot, no acknowledgement, nothing shown to whoever holds the phone; no decision ends that."""
    agent, report = cases.agent(), cases.report()
    assert not cases.contact(report.contact_id).sensitive
    cases.claim(agent, report.contact_id)
    _decide(cases, agent, report, Choice(Category.DOMESTIC_ABUSE, Grade.PRIORITY, None, (), "It was her husband"))
    assert cases.contact(report.contact_id).sensitive
    _decide(cases, agent, report, Choice(Category.THEFT, Grade.STANDARD, None, (), "A theft after all"))
    assert cases.contact(report.contact_id).sensitive
