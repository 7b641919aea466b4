"""Informants by accident (practice 17): who told us reaches the intelligence unit and nobody else, by any door."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.orm import Session

from contact.domain.access import Actor, ActorKind, Role
from contact.domain.errors import Forbidden, NotFound
from contact.services import (
    alarms,
    briefing,
    contact_view,
    conversations,
    copies,
    evidence_links,
    integrity,
    search,
    sources,
)
from contact.services.intake import Receipt
from contact.store import disposal, models, triage
from contact.store import sources as store
from tests.support.cases import KEYS, NOW, Cases, Person
from tests.support.database import MigratedDatabase

WHO: dict[str, Any] = {
    "reporterName": {"given": "Wren", "surname": "Calloway"},
    "contactPreference": {"how": "phone", "value": "+447700900811", "when": "after ten at night", "safe_word": ""},
    "infoSource": ["work"],
}
WORDS = ("Wren", "Calloway", "447700900811", "after ten at night")
OTHERS = [role for role in Role if role is not Role.INTELLIGENCE_OFFICER]


@pytest.fixture
def officer(cases: Cases) -> Person:
    """Who may know."""
    return cases.agent(Role.INTELLIGENCE_OFFICER, name="Robin Hale")


def told(cases: Cases, given: dict[str, Any] | None = None, *, force: str | None = None) -> Receipt:
    """A report of something a person knows, with a name and a telephone."""
    answers: dict[str, Any] = {"infoAbout": "drugs", "anonymous": "no", "under18": "no", **WHO, **(given or {})}
    return cases.report(answers, form_id="information", force=force)


def test_the_matter_holds_nothing_of_the_source(cases: Cases) -> None:
    contact_id = told(cases).contact_id
    contact = cases.contact(contact_id)
    assert contact.source_apart
    assert contact.safe_contact == {"how": "phone"}
    assert cases.rows(models.Reporter, contact_id) == []
    (submission,) = cases.rows(models.Submission, contact_id)
    assert not any(word in str(submission.answers) for word in (*WORDS, "infoSource"))
    (source,) = cases.rows(models.Source, contact_id)
    assert (source.given_name, source.surname, source.phone_e164) == ("Wren", "Calloway", "+447700900811")
    assert not any(word in str((source.source_digests, source.subject_digests)) for word in WORDS)


@pytest.mark.parametrize("role", OTHERS)
def test_no_other_role_reads_it(cases: Cases, role: Role) -> None:
    contact_id, agent = told(cases).contact_id, cases.agent(role)
    with cases.acting(agent.actor) as session:
        assert session.query(models.Source).count() == 0
        assert store.repeated(session, contact_id=contact_id) == 0
        with pytest.raises((Forbidden, NotFound)):
            sources.read(session, contact_id=contact_id)


def test_the_officer_reads_it(cases: Cases, officer: Person) -> None:
    contact_id = told(cases).contact_id
    with cases.acting(officer.actor) as session:
        found = sources.read(session, contact_id=contact_id)
        assert (found.source.surname, found.again, found.known) == ("Calloway", 0, True)
        assert ("How do you know?", "Through my work") in found.answers


def test_an_officer_of_another_force_reads_nothing(cases: Cases) -> None:
    contact_id, stranger = told(cases).contact_id, cases.agent(Role.INTELLIGENCE_OFFICER, force=cases.south)
    with cases.acting(stranger.actor) as session:
        assert session.query(models.Source).filter_by(contact_id=contact_id).count() == 0
        with pytest.raises(NotFound):
            sources.read(session, contact_id=contact_id)


def test_an_officer_also_of_the_receiving_force_reads_only_what_that_force_owns(cases: Cases) -> None:
    """Handling contacts of one force and sources of another opens no source of the first."""
    contact_id = told(cases).contact_id
    roles = {cases.north: frozenset({Role.SUPERVISOR}), cases.south: frozenset({Role.INTELLIGENCE_OFFICER})}
    both = Actor(ActorKind.AGENT, cases.agent(Role.SUPERVISOR).id, roles)
    with cases.acting(both) as session:
        assert store.find(session, contact_id=contact_id) is None
        with pytest.raises(Forbidden):
            sources.read(session, contact_id=contact_id)


def test_a_citizen_cannot_read_it_back_but_gets_their_own_copy(cases: Cases) -> None:
    contact_id = told(cases).contact_id
    with cases.acting(cases.citizen(contact_id)) as session:
        assert session.query(models.Source).count() == 0
    with cases.system() as session:
        draft_id = session.query(models.Draft).filter_by(contact_id=contact_id).one().id
    with cases.acting(Actor(ActorKind.CITIZEN, contact_id=contact_id, draft_id=draft_id)) as session:
        copy = copies.own_copy(session, contact_id=contact_id, language="en")
    values = [row.value for section in copy.sections for row in section.rows]
    assert "Wren Calloway" in values
    assert "Through my work" in values


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("typed", ["Calloway", "Wren Calloway", "07700 900811"])
def test_no_search_finds_a_source(cases: Cases, role: Role, typed: str) -> None:
    """Not even the officer's: a search is a list of references, and its kinds are in the log."""
    contact_id, agent = told(cases).contact_id, cases.agent(role)
    with cases.acting(agent.actor) as session:
        assert contact_id not in [each.contact_id for each in search.find(session, typed=typed, now=NOW).found]


@pytest.mark.parametrize("role", list(Role))
def test_other_reports_of_the_person_do_not_count_it(cases: Cases, role: Role) -> None:
    """What was told in confidence is in no count of an open report with the same address."""
    safe = {"how": "email", "value": f"{secrets.token_hex(4)}@example.org", "when": "", "safe_word": ""}
    told(cases, {"contactPreference": safe})
    open_report = cases.report({"contactPreference": safe})
    with cases.acting(cases.agent(role).actor) as session:
        assert triage.seen_before(session, contact_id=open_report.contact_id) == []


def test_what_handlers_see(cases: Cases) -> None:
    contact_id, handler = told(cases).contact_id, cases.agent()
    with cases.acting(handler.actor) as session:
        view = contact_view.load(session, contact_id=contact_id, agent_id=handler.id, now=NOW)
        said = dict(briefing.lines(view))
        shown = str([*said.values(), *(row for sent in view.sent for row in sent.sections), view.thread])
    assert not any(word in shown for word in (*WORDS, "Through my work", "How do you know"))
    assert "kept apart" in said["Who reports"]
    assert "intelligence unit" in said["Safe contact"]
    assert all(label not in sent.unanswered for sent in view.sent for label in ("What is your name?",))


def test_only_the_officer_replies_or_asks_for_files(cases: Cases, officer: Person) -> None:
    contact_id, handler = told(cases).contact_id, cases.agent()
    cases.claim(handler, contact_id)
    with cases.acting(handler.actor) as session:
        with pytest.raises(Forbidden):
            conversations.reply(session, contact_id=contact_id, agent_id=handler.id, body="Who else?", now=NOW)
        with pytest.raises(Forbidden):
            evidence_links.make_upload_link(session, contact_id=contact_id, actor=handler.actor, now=NOW)
        session.rollback()
    other = told(cases, {"contactPreference": {**WHO["contactPreference"], "value": "+447700900812"}}).contact_id
    cases.claim(officer, other)
    with cases.acting(officer.actor) as session:
        sent = conversations.reply(session, contact_id=other, agent_id=officer.id, body="Are you safe?", now=NOW)
    assert not sent.mailed


def _open(cases: Cases, session: Session) -> list[models.Alarm]:
    """Those of the test's own forces: alarms of no force are seen by everybody, and other tests leave some behind."""
    return [each for each in alarms.list_open(session) if each.force_id in (cases.north, cases.south)]


def _alarms(cases: Cases, person: Person) -> list[str]:
    with cases.acting(person.actor) as session:
        return [alarm.kind for alarm in _open(cases, session)]


def _raised(cases: Cases, person: Person) -> list[str]:
    with cases.acting(person.actor) as session:
        found = session.query(models.Event).filter_by(name="alarm_raised", force_id=cases.north)
        return [event.data["kind"] for event in found]


def test_a_second_report_on_the_same_subject_warns_the_unit_alone(cases: Cases, officer: Person) -> None:
    told(cases)
    assert _alarms(cases, officer) == []
    again = told(cases, {"incidentDescription": "They moved it on Saturday."})
    assert _alarms(cases, officer) == ["source_repeated"]
    assert _raised(cases, officer) == ["source_repeated"]
    for role in OTHERS:
        person = cases.agent(role)
        assert "source_repeated" not in _alarms(cases, person) + _raised(cases, person)
    with cases.acting(officer.actor) as session:
        assert sources.read(session, contact_id=again.contact_id).again == 1
        (alarm,) = _open(cases, session)
        alarms.accept(session, alarm_id=alarm.id, name=officer.name, now=NOW)
    assert not {"alarm_raised", "alarm_accepted"} & set(cases.events(again.contact_id))


def test_another_subject_or_another_force_is_no_repeat(cases: Cases, officer: Person) -> None:
    told(cases)
    elsewhere = {"incidentLocation": {"postcode": "CT1 2XX", "address": "2 Mill Lane", "description": ""}}
    strangers: dict[str, Any] = {"peopleInvolved": [], "vehicles": []}
    told(cases, {"infoAbout": "money", **elsewhere, **strangers})
    told(cases, force=cases.south)
    assert _alarms(cases, officer) == []


def test_the_same_vehicle_is_the_same_subject(cases: Cases, officer: Person) -> None:
    car = {"make": "", "model": "", "colour": "", "description": ""}
    elsewhere = {"incidentLocation": {"postcode": "CT1 2XX", "address": "2 Mill Lane", "description": ""}}
    told(cases, {"peopleInvolved": [], "vehicles": [{"registration": "AB12 CDE", **car}]})
    told(
        cases,
        {"infoAbout": "money", **elsewhere, "peopleInvolved": [], "vehicles": [{"registration": "ab12cde", **car}]},
    )
    assert _alarms(cases, officer) == ["source_repeated"]


def test_an_anonymous_report_has_no_source_to_know_again(cases: Cases, officer: Person) -> None:
    first = told(cases, {"anonymous": "yes"})
    told(cases, {"anonymous": "yes"})
    assert _alarms(cases, officer) == []
    with cases.acting(officer.actor) as session:
        found = sources.read(session, contact_id=first.contact_id)
    assert not found.known
    assert found.source.source_digests == []


def test_a_report_to_another_form_has_its_reporter_as_ever(cases: Cases, officer: Person) -> None:
    contact_id = cases.report().contact_id
    assert cases.rows(models.Source, contact_id) == []
    assert len(cases.rows(models.Reporter, contact_id)) == 1
    with cases.acting(officer.actor) as session, pytest.raises(Forbidden):
        sources.read(session, contact_id=contact_id)


@pytest.fixture
def own_cases(fresh_database: MigratedDatabase) -> Iterator[Cases]:
    """A database of its own: every table of it is read."""
    made = Cases(fresh_database)
    yield made
    made.dispose()


def test_disposal_leaves_nothing_of_the_source(own_cases: Cases, fresh_database: MigratedDatabase) -> None:
    contact_id = told(own_cases).contact_id
    assert _anywhere(fresh_database, WORDS) == {"sources"}
    with own_cases.system.begin() as session:
        disposal.delete(session, contact_id=contact_id)
    assert _anywhere(fresh_database, WORDS) == set()
    with own_cases.system() as session:
        assert integrity.verify(session, key=KEYS.audit_key, signed=[]).faults == ()
    assert own_cases.rows(models.Source, contact_id) == []


def _anywhere(database: MigratedDatabase, words: tuple[str, ...]) -> set[str]:
    """The tables where any of the words stands, events included."""
    found = set()
    with psycopg.connect(database.superuser_url) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        ).fetchall()
        for (table,) in tables:
            query = sql.SQL("SELECT count(*) FROM {} t WHERE t::text LIKE ANY(%s)").format(sql.Identifier(table))
            row = connection.execute(query, ([f"%{word}%" for word in words],)).fetchone()
            if row and row[0]:
                found.add(table)
    return found


def test_ids_only_in_the_log(cases: Cases) -> None:
    """Practice 16."""
    contact_id: UUID = told(cases).contact_id
    assert not any(word in str(cases.event(contact_id, name)) for name in cases.events(contact_id) for word in WORDS)
