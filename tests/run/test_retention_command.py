"""`contact retention`: a person on the command line decides, by the same rules, and is told why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from contact.cli import main, surroundings
from contact.cli.retention import HOLDS, REASONS
from contact.domain.access import Role
from contact.domain.events import Event
from contact.services.disposal import DisposalReason, HoldReason
from contact.store import agents
from tests.support.cases import Cases, Person
from tests.support.clients import make_settings
from tests.support.database import MigratedDatabase


@pytest.fixture
def cases(fresh_database: MigratedDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cases]:
    """The commands work on this test's database."""
    monkeypatch.setattr(surroundings, "settings", lambda: make_settings(fresh_database, tmp_path))
    made = Cases(fresh_database)
    yield made
    made.dispose()


def contact_retention(*words: str) -> Result:
    """Type it."""
    return CliRunner().invoke(main, ["retention", *words])


def due_report(cases: Cases) -> tuple[UUID, str]:
    """A closed report whose review was due long ago."""
    receipt = cases.report()
    cases.change(receipt.contact_id, state="closed", review_due=dt.date(2020, 1, 1))
    return receipt.contact_id, receipt.reference


def email_of(cases: Cases, person: Person) -> str:
    with cases.system() as session:
        return agents.get(session, agent_id=person.id).email


def test_the_words_of_the_options_are_those_of_the_rules() -> None:
    assert set(HOLDS) == set(HoldReason)
    assert set(REASONS) == set(DisposalReason)


def test_what_is_due_is_listed_held_freed_and_erased(cases: Cases) -> None:
    contact_id, reference = due_report(cases)
    cases.report()
    boss = email_of(cases, cases.agent(Role.SUPERVISOR))
    assert contact_retention("due").output.split()[0] == reference
    assert contact_retention("hold", reference.lower(), "--reason", "court").output == "Held.\n"
    assert contact_retention("due").output == ""
    refused = contact_retention("dispose", reference, "--reason", "retention_over", "--by", boss)
    assert (refused.exit_code, refused.output) == (1, "Nothing was changed: it is held from disposal.\n")
    assert contact_retention("free", reference).exit_code == 0
    assert contact_retention("dispose", reference, "--reason", "retention_over", "--by", boss).exit_code == 0
    assert cases.contact(contact_id).disposed_at is not None
    assert cases.events(contact_id).count(Event.HELD_FROM_DISPOSAL) == 2
    with cases.system() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT args FROM procrastinate_jobs WHERE task_name = 'erase_contact'"
        )
        assert [row.args["contact_id"] for row in rows] == [str(contact_id)]


@pytest.mark.parametrize(
    ("reference", "email", "why"),
    [
        ("not-one", None, "that is no reference"),
        ("known", "nobody@police.example", "there is no such agent"),
        ("known", "handler", "neither supervises nor administers"),
    ],
)
def test_what_cannot_be_is_refused_in_words(cases: Cases, reference: str, email: str | None, why: str) -> None:
    contact_id, known = due_report(cases)
    by = email_of(cases, cases.agent()) if email == "handler" else email or "x@police.example"
    typed = known if reference == "known" else reference
    shown = contact_retention("dispose", typed, "--reason", "retention_over", "--by", by)
    assert shown.exit_code == 1
    assert why in shown.output
    assert cases.contact(contact_id).disposed_at is None
