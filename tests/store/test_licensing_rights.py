"""What a licensing officer's session may write in the database itself: rows that are of one force in all they name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import psycopg.errors
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from contact.domain.access import Role
from contact.store import agents
from contact.store.identifiers import new_id
from tests.support.cases import NOW, Cases, Person
from tests.support.database import MigratedDatabase
from tests.support.licensing import apply
from tests.support.register import holder

JOIN = """INSERT INTO application_certificates (contact_id, certificate_id, force_id, linked_at)
          VALUES (:contact, :certificate, :force, :now)"""
OPEN = """INSERT INTO payment_exceptions (id, kind, subject, force_id, contact_id, amount_pence, raised_at)
          VALUES (:id, 'other_way_back', :subject, :force, :contact, 12600, :now)"""


@pytest.fixture
def cases(database: MigratedDatabase) -> Iterator[Cases]:
    made = Cases(database)
    yield made
    made.dispose()


@pytest.fixture
def officer(cases: Cases) -> Person:
    """A licensing officer of the north and the south, who sees the applications and certificates of both."""
    made, held = cases.agent(Role.LICENSING_OFFICER), frozenset({Role.LICENSING_OFFICER})
    with cases.system.begin() as session:
        agents.set_roles(session, agent_id=made.id, force_id=cases.south, roles=held)
    return replace(made, actor=replace(made.actor, force_roles={cases.north: held, cases.south: held}))


def _writes(cases: Cases, person: Person, sql: str, *, contact: UUID, certificate: UUID | None = None) -> bool:
    """Whether the database lets this person write the row as one of the north."""
    values = {
        "id": new_id(),
        "subject": new_id().hex,
        "contact": contact,
        "certificate": certificate,
        "force": cases.north,
        "now": NOW,
    }
    with cases.acting(person.actor) as session:
        try:
            session.execute(sa.text(sql), values)
        except ProgrammingError as error:
            session.rollback()
            if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
                raise
            return False
        session.rollback()
        return True


def test_a_certificate_is_joined_to_an_application_of_its_own_force(cases: Cases, officer: Person) -> None:
    ours, ours_held = apply(cases).contact_id, holder(cases, number="SG-901").id
    theirs = apply(cases, force=cases.south).contact_id
    theirs_held = holder(cases, force=cases.south, number="SG-902").id
    assert _writes(cases, officer, JOIN, contact=ours, certificate=ours_held)
    assert not _writes(cases, officer, JOIN, contact=ours, certificate=theirs_held)
    assert not _writes(cases, officer, JOIN, contact=theirs, certificate=ours_held)


def test_a_case_for_finance_stands_with_the_force_of_its_application(cases: Cases, officer: Person) -> None:
    assert _writes(cases, officer, OPEN, contact=apply(cases).contact_id)
    assert not _writes(cases, officer, OPEN, contact=apply(cases, force=cases.south).contact_id)
    assert not _writes(cases, officer, OPEN, contact=cases.report().contact_id)
