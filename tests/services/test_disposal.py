"""An erased contact leaves nothing of the person in any table, and a log that still proves itself (practice 16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from contact.domain.access import Role
from contact.domain.errors import Forbidden, MoveNotAllowed
from contact.domain.events import Event
from contact.domain.queueing import LeaseKind
from contact.domain.retention import opt_outs_before
from contact.jobs.erase_contact import erase_contact
from contact.jobs.registry import Tools, equip
from contact.services import control_room, conversations, destroyed_keys, disposal, integrity
from contact.services.disposal import DisposalReason, HoldReason
from contact.services.letting_go import CloseReason
from contact.store import audit, models, payment_cases, text_numbers
from tests.support.cases import NOW, Cases, Person
from tests.support.clients import make_settings
from tests.support.database import MigratedDatabase

LATER = dt.datetime(2060, 1, 1, tzinfo=dt.UTC)
WORDS = ("Quillfeather", "periwinkle bicycle", "01632 960417", "+441632960417", "quill@example.org", "heliotrope")


@pytest.fixture
def cases(fresh_database: MigratedDatabase) -> Iterator[Cases]:
    """A database of its own: every table of it is read."""
    made = Cases(fresh_database)
    yield made
    made.dispose()


@pytest.fixture
def supervisor(cases: Cases) -> Person:
    """Who may decide."""
    return cases.agent(Role.SUPERVISOR)


def closed(cases: Cases, person: Person) -> UUID:
    """A report with words in it wherever words can stand, answered and closed."""
    contact_id = cases.report(
        {
            "incidentDescription": "They took my periwinkle bicycle",
            "reporterName": {"given": "Ottoline", "surname": "Quillfeather"},
            "contactPreference": {"how": "email", "value": "quill@example.org", "when": "", "safe_word": "heliotrope"},
        }
    ).contact_id
    cases.claim(person, contact_id, kind=LeaseKind.LIVE)
    with cases.acting(person.actor) as session:
        conversations.reply(
            session, contact_id=contact_id, agent_id=person.id, body="Is the periwinkle bicycle yours?", now=NOW
        )
        conversations.note(
            session, contact_id=contact_id, agent_id=person.id, body="Quillfeather rang: 01632 960417", now=NOW
        )
        conversations.keep_draft(
            session, contact_id=contact_id, agent_id=person.id, body="Dear Ottoline Quillfeather", now=NOW
        )
        control_room.close(
            session, agent=person.actor, contact_id=contact_id, reason=CloseReason.NO_POLICE_ACTION, now=NOW
        )
    return contact_id


def decide(
    cases: Cases,
    contact_id: UUID,
    by: Person,
    *,
    now: dt.datetime = LATER,
    reason: DisposalReason = DisposalReason.RETENTION_OVER,
) -> None:
    """A person decides that it goes."""
    with cases.system.begin() as session:
        disposal.dispose(session, contact_id=contact_id, reason=reason, decided_by_id=by.id, now=now)


def erase(cases: Cases, contact_id: UUID, by: Person, home: Path) -> int:
    """The worker's part."""
    with cases.system.begin() as session:
        return disposal.erase(
            session,
            contact_id=contact_id,
            reason=DisposalReason.RETENTION_OVER,
            decided_by_id=by.id,
            home=home,
            now=LATER,
        )


def tables_that_say(database: MigratedDatabase, words: tuple[str, ...]) -> dict[str, set[str]]:
    """Every table of the database with the words that stand in it, seen from behind the policies."""
    found: dict[str, set[str]] = {}
    with psycopg.connect(database.superuser_url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in names:
            rows = connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(name))).fetchall()
            text = "\n".join(row[0] for row in rows)
            said = {word for word in words if word in text}
            if said:
                found[name] = said
    return found


def test_nothing_of_the_person_is_left_and_the_log_is_whole(
    cases: Cases, supervisor: Person, fresh_database: MigratedDatabase, tmp_path: Path
) -> None:
    contact_id, other = closed(cases, supervisor), closed(cases, supervisor)
    before = tables_that_say(fresh_database, WORDS)
    assert {"submissions", "messages", "reporters", "contacts", "reply_drafts", "mails"} <= set(before)
    assert "drafts" not in before, "a draft that was sent keeps no second copy of the words"
    for each in (other, contact_id):
        decide(cases, each, supervisor)
        assert erase(cases, each, supervisor, tmp_path) > 8
    assert tables_that_say(fresh_database, WORDS) == {}
    still = set(tables_that_say(fresh_database, (str(contact_id),)))
    assert still == {"events", "procrastinate_jobs"}, "ids alone may stay, in the log and in the job's own row"
    assert destroyed_keys.read(tmp_path) == {contact_id, other}
    with cases.system() as session:
        assert [each.name for each in audit.list_for_contact(session, contact_id=contact_id)][-1] == Event.ERASED
        verdict = integrity.verify(session, key=b"k" * 32, signed=())
    assert verdict.faults == ()
    assert cases.event(contact_id, Event.ERASED)["decided_by_id"] == str(supervisor.id)


def test_a_case_of_the_books_outlives_the_contact_with_none_of_its_words(
    cases: Cases, supervisor: Person, fresh_database: MigratedDatabase, tmp_path: Path
) -> None:
    contact_id = closed(cases, supervisor)
    with cases.system.begin() as session:
        case_id = payment_cases.open_case(
            session, kind="other_way_back", subject=str(contact_id), force_id=cases.north, payment_id=None,
            pence=126_00, now=NOW, contact_id=contact_id, reference=cases.contact(contact_id).reference,
        )  # fmt: skip
        assert case_id is not None
        payment_cases.lock_case(session, case_id=case_id).note = "Paid by BACS"
    decide(cases, contact_id, supervisor)
    erase(cases, contact_id, supervisor, tmp_path)
    with cases.system() as session:
        kept = session.get_one(models.PaymentException, case_id)
        assert (kept.contact_id, kept.amount_pence, kept.note) == (None, 126_00, "Paid by BACS")
    assert tables_that_say(fresh_database, WORDS) == {}


def test_the_reporter_finds_nothing_from_the_decision_on(cases: Cases, supervisor: Person) -> None:
    contact_id = closed(cases, supervisor)
    reference = cases.contact(contact_id).reference
    found = "SELECT count(*) FROM contact_for_reference(%s)"
    with cases.web() as session:
        assert session.connection().exec_driver_sql(found, (reference,)).scalar() == 1
    decide(cases, contact_id, supervisor)
    with cases.web() as session:
        assert session.connection().exec_driver_sql(found, (reference,)).scalar() == 0


def test_the_job_runs_twice_without_being_felt_twice(
    cases: Cases, supervisor: Person, fresh_database: MigratedDatabase, tmp_path: Path
) -> None:
    contact_id = closed(cases, supervisor)
    decide(cases, contact_id, supervisor)
    settings = make_settings(fresh_database, tmp_path)
    equip(Tools(settings=settings, sessions=cases.system, mail=None, worker="test"))  # type: ignore[arg-type]
    for _ in range(2):
        erase_contact(str(contact_id), "retention_over", str(supervisor.id))
    assert cases.events(contact_id).count(Event.ERASED) == 1
    assert cases.rows(models.QueueEntry, contact_id) == []


def test_a_hold_keeps_it_also_after_the_decision(cases: Cases, supervisor: Person, tmp_path: Path) -> None:
    contact_id = closed(cases, supervisor)
    with cases.system.begin() as session:
        disposal.hold(session, contact_id=contact_id, reason=HoldReason.COURT, now=LATER)
    with pytest.raises(MoveNotAllowed, match="held_from_disposal"):
        decide(cases, contact_id, supervisor)
    with cases.system.begin() as session:
        disposal.hold(session, contact_id=contact_id, reason=None, now=LATER)
    decide(cases, contact_id, supervisor)
    with cases.system.begin() as session:
        disposal.hold(session, contact_id=contact_id, reason=HoldReason.COMPLAINT, now=LATER)
    assert erase(cases, contact_id, supervisor, tmp_path) == 0
    assert cases.contact(contact_id).hold_reason == HoldReason.COMPLAINT
    assert destroyed_keys.read(tmp_path) == frozenset()
    assert cases.event(contact_id, Event.HELD_FROM_DISPOSAL) == {"held": True, "reason": "complaint"}


def test_what_was_opened_again_meanwhile_stays(cases: Cases, supervisor: Person, tmp_path: Path) -> None:
    contact_id = closed(cases, supervisor)
    decide(cases, contact_id, supervisor)
    with cases.acting(cases.citizen(contact_id)) as session:
        conversations.receive(session, contact_id=contact_id, body="He is back", now=NOW)
    assert erase(cases, contact_id, supervisor, tmp_path) == 0
    assert cases.contact(contact_id).disposed_at is None
    assert destroyed_keys.read(tmp_path) == frozenset()


def test_what_is_open_or_not_due_stays(cases: Cases, supervisor: Person) -> None:
    waiting, contact_id = cases.report().contact_id, closed(cases, supervisor)
    with pytest.raises(MoveNotAllowed, match="waiting"):
        decide(cases, waiting, supervisor)
    with pytest.raises(MoveNotAllowed, match="review_not_due"):
        decide(cases, contact_id, supervisor, now=NOW)
    decide(cases, contact_id, supervisor, now=NOW, reason=DisposalReason.ERASURE_GRANTED)
    with pytest.raises(MoveNotAllowed, match="disposed"):
        decide(cases, contact_id, supervisor)


@pytest.mark.parametrize("role", [Role.CALL_HANDLER, Role.LICENSING_OFFICER])
def test_only_who_answers_for_the_force_decides(cases: Cases, supervisor: Person, role: Role) -> None:
    contact_id = closed(cases, supervisor)
    with pytest.raises(Forbidden):
        decide(cases, contact_id, cases.agent(role))
    with pytest.raises(Forbidden):
        decide(cases, contact_id, cases.agent(Role.SUPERVISOR, force=cases.south))


def test_an_erased_contact_is_in_nobody_s_stream(cases: Cases, supervisor: Person, tmp_path: Path) -> None:
    contact_id = closed(cases, supervisor)
    decide(cases, contact_id, supervisor)
    erase(cases, contact_id, supervisor, tmp_path)
    with cases.acting(supervisor.actor) as session:
        told = [each for each in audit.live(session, force_id=cases.north, after=0) if each.contact_id == contact_id]
    assert told
    assert all(each.named == frozenset() for each in told)


def _stops(cases: Cases) -> list[str]:
    with cases.system() as session:
        return sorted(each.force_id for each in session.query(models.OptOut))


def test_a_stop_goes_with_the_last_contact_of_its_number(cases: Cases, supervisor: Person, tmp_path: Path) -> None:
    first, second = closed(cases, supervisor), closed(cases, supervisor)
    with cases.system.begin() as session:
        for contact_id in (first, second):
            session.query(models.Reporter).filter_by(contact_id=contact_id).update({"phone_e164": "+447700900417"})
        text_numbers.opt_out(session, force_id=cases.north, number="+447700900417", now=NOW)
        text_numbers.opt_out(session, force_id=cases.south, number="+447700900417", now=NOW)
    decide(cases, first, supervisor)
    erase(cases, first, supervisor, tmp_path)
    assert _stops(cases) == sorted([cases.north, cases.south]), "the other contact has the number still"
    decide(cases, second, supervisor)
    erase(cases, second, supervisor, tmp_path)
    assert _stops(cases) == [cases.south], "what was said to another force stays"


def test_a_stop_of_a_number_that_nobody_has_goes_after_its_time(cases: Cases) -> None:
    with cases.system.begin() as session:
        text_numbers.opt_out(session, force_id=cases.north, number="+447700900418", now=NOW)
        before = opt_outs_before(NOW)
        assert text_numbers.expire_opt_outs(session, before=before) == 0
        later = opt_outs_before(NOW + dt.timedelta(days=2000))
        assert text_numbers.expire_opt_outs(session, before=later) == 1
