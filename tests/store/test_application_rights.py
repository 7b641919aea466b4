"""What an applicant's session may change of an application in the database itself, whatever the code above it asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import psycopg.errors
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from contact.domain.access import Actor, Role
from contact.domain.licensing.application_states import ApplicationState
from contact.domain.licensing.visits import Slot
from contact.services import incoming
from contact.services.licensing import visits
from contact.store import models
from tests.support.cases import NOW, Cases
from tests.support.database import MigratedDatabase
from tests.support.licensing import Applied, apply

SLOT = Slot(NOW + dt.timedelta(days=3), NOW + dt.timedelta(days=3, hours=2))


@pytest.fixture
def cases(database: MigratedDatabase) -> Iterator[Cases]:
    made = Cases(database)
    yield made
    made.dispose()


@pytest.fixture
def applied(cases: Cases) -> Applied:
    return apply(cases)


def _refused(cases: Cases, actor: Actor, sql: str, **values: object) -> bool:
    with cases.acting(actor) as session:
        try:
            session.execute(sa.text(sql), values)
        except ProgrammingError as error:
            session.rollback()
            return isinstance(error.orig, psycopg.errors.InsufficientPrivilege)
        session.rollback()
        return False


@pytest.mark.parametrize(
    "change",
    [
        "declared_at = declared_at - interval '60 days'",
        "in_time = NOT in_time",
        "next_due = next_due + 30",
        "kind = 'grant'",
        "licence = 'coterminous'",
        "force_id = force_id || ''",
        "officer_id = NULL, group_size = 3",
        "certificate_number = 'SG-9999'",
        "collect_at = 'submission'",
        "number_rises = true",
        "state = 'granted'",
        "state = 'withdrawn'",
        "state = 'visit_booked'",
        "state = 'validated', state_since = now()",
        "state_since = now()",
        "payment = 'paid'",
        "payment = 'owed_back'",
        "payment = 'due'",
        "fee_pence = 1",
        "fee_key = 'received:2026-01-01'",
        "waiting_for = 'gp', waiting_since = now()",
    ],
)
def test_an_applicant_changes_nothing_that_was_declared_or_that_officers_write(
    cases: Cases, applied: Applied, change: str
) -> None:
    sql = f"UPDATE applications SET {change} WHERE contact_id = :id"
    if change.startswith("force_id"):
        sql = "UPDATE applications SET force_id = :south WHERE contact_id = :id"
    assert _refused(cases, applied.applicant, sql, id=applied.contact_id, south=cases.south)


def test_an_applicant_reads_nothing_for_the_team(cases: Cases, applied: Applied) -> None:
    assert _refused(
        cases, applied.applicant, "UPDATE applications SET unread = false WHERE contact_id = :id", id=applied.contact_id
    )


def test_a_second_application_is_not_slipped_below_a_contact_that_stood_before(cases: Cases) -> None:
    report = cases.report()
    sql = (
        "INSERT INTO applications (contact_id, force_id, kind, licence, nation, state, state_since, declared_at,"
        " collect_at, payment, unread) VALUES (:id, :force, 'grant', 'shotgun', 'england-and-wales', 'submitted',"
        " now(), now() - interval '90 days', 'decision', 'not_due', true)"
    )
    assert _refused(cases, cases.citizen(report.contact_id), sql, id=report.contact_id, force=cases.north)


def test_an_applicant_writes_and_chooses_a_time_that_was_offered(cases: Cases, applied: Applied) -> None:
    _offer(cases, applied)
    with cases.acting(applied.applicant) as session:
        incoming.receive(session, contact_id=applied.contact_id, body="Which road do you come by?", now=NOW)
    with cases.acting(applied.applicant) as session:
        visits.choose(session, contact_id=applied.contact_id, starts_at=SLOT.starts_at, now=NOW)
    with cases.system() as session:
        row = session.get_one(models.Application, applied.contact_id)
        assert (row.state, row.unread, row.waiting_for) == (ApplicationState.VISIT_BOOKED, True, None)


def test_an_applicant_may_find_that_no_time_suits(cases: Cases, applied: Applied) -> None:
    _offer(cases, applied)
    with cases.acting(applied.applicant) as session:
        visits.ask_for_others(session, contact_id=applied.contact_id, now=NOW)
    assert [each.state for each in cases.rows(models.Visit, applied.contact_id)] == ["none_suits"]


@pytest.mark.parametrize(
    "change",
    [
        "state = 'booked', starts_at = now(), ends_at = now() + interval '1 hour'",
        "state = 'visited', starts_at = now(), ends_at = now() + interval '1 hour'",
        "state = 'cancelled'",
        "slots = '[]'",
        "reminded_at = now()",
    ],
)
def test_an_applicant_makes_no_time_of_their_own(cases: Cases, applied: Applied, change: str) -> None:
    _offer(cases, applied)
    sql = f"UPDATE visits SET {change} WHERE contact_id = :id"
    assert _refused(cases, applied.applicant, sql, id=applied.contact_id)


@pytest.mark.parametrize(
    "change",
    [
        "starts_at = now(), ends_at = now() + interval '1 hour'",
        "state = 'visited'",
        "state = 'missed'",
        "state = 'none_suits'",
        "reminded_at = now()",
        "slots = '[]'",
        "state = 'cancelled', starts_at = starts_at + interval '1 day', ends_at = ends_at + interval '1 day'",
    ],
)
def test_of_a_booked_visit_an_applicant_takes_what_was_offered_or_calls_it_off(
    cases: Cases, applied: Applied, change: str
) -> None:
    _offer(cases, applied)
    with cases.acting(applied.applicant) as session:
        visits.choose(session, contact_id=applied.contact_id, starts_at=SLOT.starts_at, now=NOW)
    sql = f"UPDATE visits SET {change} WHERE contact_id = :id"
    assert _refused(cases, applied.applicant, sql, id=applied.contact_id)
    sql = "UPDATE applications SET state = 'checks' WHERE contact_id = :id"
    assert _refused(cases, applied.applicant, sql, id=applied.contact_id), "while the visit stands"


def _offer(cases: Cases, applied: Applied) -> None:
    officer = cases.agent(Role.LICENSING_OFFICER)
    with cases.system.begin() as session:
        session.get_one(models.Application, applied.contact_id).state = ApplicationState.CHECKS.value
    with cases.acting(officer.actor) as session:
        visits.offer(
            session, contact_id=applied.contact_id, agent_id=officer.id, slots=[SLOT], words="Choose a time.", now=NOW
        )
