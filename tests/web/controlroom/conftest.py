"""Fixtures: `cases` on the web's database, `desk` (a signed-in agent with a client of their own)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from contact.domain.access import Role
from tests.support.cases import Cases, Person
from tests.support.clients import Clock, Staff, StrictClient, TestAgent
from tests.support.database import MigratedDatabase


@dataclass(frozen=True)
class Desk:
    """An agent at work: who they are, and their browser."""

    person: Person
    client: StrictClient


@pytest.fixture
def cases(database: MigratedDatabase) -> Iterator[Cases]:
    """Two forces of its own, and what a test needs to begin."""
    made = Cases(database)
    yield made
    made.dispose()


@pytest.fixture
def desk(app: Flask, clock: Clock, staff: Staff, cases: Cases) -> Callable[..., Desk]:
    """Makes a signed-in agent: `desk()`, `desk(Role.SUPERVISOR)`, `desk(force=cases.south)`."""

    def make(*roles: Role, force: str | None = None, name: str = "Sam Okafor") -> Desk:
        person = cases.agent(*roles, force=force, name=name)
        client = app.test_client()
        assert isinstance(client, StrictClient)
        staff.sign_in(client, TestAgent(person.id, "", person.name))
        return Desk(person, client)

    return make
