"""Fixtures: `cases` on the web's database, `officer` (a signed-in licensing officer with a client of their own)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from contact.domain.access import Role
from contact.services.keys import Keys
from contact.settings import Settings
from tests.support.cases import Cases, Person
from tests.support.clients import Clock, Staff, StrictClient, TestAgent
from tests.support.database import MigratedDatabase
from tests.support.licensing import Applied, apply


@dataclass(frozen=True)
class Desk:
    """An officer at work: who they are, and their browser."""

    person: Person
    client: StrictClient

    def page(self, applied: Applied) -> str:
        """The application's page in words."""
        answer = self.client.get(address(applied))
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def send(self, applied: Applied, what: str, **fields: object) -> int:
        """Post one of the page's forms; answers the status."""
        return self.client.send(f"{address(applied)}/{what}", dict(fields), page=address(applied)).status_code


def address(applied: Applied) -> str:
    """Its page."""
    return f"/control-room/licensing/applications/{applied.contact_id}"


@pytest.fixture
def cases(database: MigratedDatabase) -> Iterator[Cases]:
    """Two forces of its own, and what a test needs to begin."""
    made = Cases(database)
    yield made
    made.dispose()


@pytest.fixture
def applied(cases: Cases, clock: Clock) -> Applied:
    """A renewal, just sent."""
    return apply(cases, now=clock.now)


@pytest.fixture
def officer(app: Flask, clock: Clock, staff: Staff, cases: Cases) -> Callable[..., Desk]:
    """Makes a signed-in officer: `officer()`, `officer(force=cases.south)`, `officer(role=Role.SUPERVISOR)`."""

    def make(*, role: Role = Role.LICENSING_OFFICER, force: str | None = None, name: str = "Jo Carter") -> Desk:
        person = cases.agent(role, force=force, name=name)
        client = app.test_client()
        assert isinstance(client, StrictClient)
        staff.sign_in(client, TestAgent(person.id, "", person.name))
        return Desk(person, client)

    return make


@pytest.fixture
def keys_of_app(settings: Settings) -> Keys:
    """The application's own keys, so that an applicant's words open their page."""
    return Keys.from_settings(settings)
