"""What citizens and agents may do with a file in the database itself, whatever the code above it asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg.errors
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from contact.domain.access import Actor, Role
from contact.domain.evidence import Sealing
from contact.services import evidence_viewing
from tests.support.cases import NOW, Cases
from tests.support.database import MigratedDatabase
from tests.support.evidence import Files, picture

_INSERT = (
    "INSERT INTO evidence (id, contact_id, question_id, position, name, received_size, state, scan, original,"
    " sensitive, wrapped_key, created_at) VALUES (gen_random_uuid(), :contact, 'later', 9, 'a.jpg', 0, :state, :scan,"
    " 'kept', false, 'x', now())"
)


@pytest.fixture
def cases(database: MigratedDatabase) -> Iterator[Cases]:
    """Two forces of its own, and what a test needs to begin."""
    made = Cases(database)
    yield made
    made.dispose()


@dataclass
class Sealed:
    """A report with one file that was sealed, and who stands around it."""

    cases: Cases
    contact_id: UUID
    citizen: Actor
    agent: Actor

    def refused(self, actor: Actor, sql: str, **values: object) -> bool:
        """Whether the database refuses it as not allowed, or finds no row for it."""
        with self.cases.acting(actor) as session:
            try:
                touched = session.execute(sa.text(sql), values).rowcount  # type: ignore[attr-defined]
            except ProgrammingError as error:
                session.rollback()
                return isinstance(error.orig, psycopg.errors.InsufficientPrivilege)
            session.rollback()
            return bool(touched == 0)


@pytest.fixture
def sealed(cases: Cases, tmp_path: Path) -> Sealed:
    """A file of a report, examined and sealed."""
    files = Files.below(cases, tmp_path / "evidence")
    draft_id = files.draft()
    upload = files.send(draft_id, picture())
    contact_id = files.submit(draft_id).contact_id
    files.examine(upload.id)
    agent = cases.agent(Role.SUPERVISOR)
    with cases.acting(agent.actor) as session:
        evidence_viewing.mark_indecent(
            session, evidence_id=upload.id, actor=agent.actor, reason=Sealing.INTIMATE, now=NOW
        )
    return Sealed(cases, contact_id, cases.citizen(contact_id), agent.actor)


@pytest.mark.parametrize(
    "change",
    [
        "sealed_reason = NULL",
        "marked_safe_at = now()",
        "preview_key = 'x', preview_size = 1",
        "state = 'receiving', received_size = 0",
        "state = 'refused', refused = 'damaged'",
        "scan = 'clean'",
    ],
)
def test_who_sent_a_file_cannot_change_what_became_of_it(sealed: Sealed, change: str) -> None:
    assert sealed.refused(sealed.citizen, f"UPDATE evidence SET {change}")


@pytest.mark.parametrize(
    "change",
    ["sealed_reason = NULL", "contact_id = :other", "state = 'received'", "received_size = 1", "original = 'stripped'"],
)
def test_an_agent_marks_and_changes_nothing_else(sealed: Sealed, change: str) -> None:
    values = {"other": sealed.cases.report().contact_id} if ":other" in change else {}
    assert sealed.refused(sealed.agent, f"UPDATE evidence SET {change}", **values)


@pytest.mark.parametrize(("state", "scan"), [("ready", "clean"), ("receiving", "clean"), ("received", "pending")])
def test_no_file_begins_as_examined(sealed: Sealed, state: str, scan: str) -> None:
    about = {"contact": sealed.contact_id, "scan": scan, "state": state}
    assert sealed.refused(sealed.citizen, _INSERT, **about)
    assert not sealed.refused(sealed.citizen, _INSERT, **about | {"state": "receiving", "scan": "pending"})


def test_nobody_unseals_not_even_the_worker(sealed: Sealed) -> None:
    with sealed.cases.system() as session, pytest.raises(ProgrammingError, match="stays sealed"):
        session.execute(sa.text("UPDATE evidence SET sealed_reason = NULL WHERE sealed_reason IS NOT NULL"))
