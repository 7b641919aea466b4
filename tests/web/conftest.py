"""Fixtures: `app`, `client` (strict), `clock`, `staff` (makes and signs in agents), two invented forces."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import SYSTEM
from contact.settings import Settings
from contact.store import forces
from contact.store.applications import LicensingSettings
from contact.store.engine import make_engine, make_sessions
from tests.support.clients import Clock, Staff, StrictClient, make_app, make_settings
from tests.support.database import MigratedDatabase

NORTH, SOUTH = "northshire", "southshire"


@pytest.fixture(scope="session")
def system(database: MigratedDatabase) -> Iterator[sessionmaker[Session]]:
    """Sessions as contact_worker, for preparing and for looking."""
    engine = make_engine(database.worker_url, pool_size=5)
    yield make_sessions(engine, SYSTEM)
    engine.dispose()


@pytest.fixture(autouse=True)
def nobody_has_tried_before(system: sessionmaker[Session]) -> None:
    """All tests come from one address: limits by the hour count what this test does, not how many ran before it.

    And no chatbot is there, unless the test brings one: its sign of life may be of a test that ended a second ago.
    """
    with system.begin() as session:
        session.execute(sa.text("DELETE FROM attempts"))
        session.execute(sa.text("DELETE FROM heartbeats WHERE kind = 'chatbot'"))


@pytest.fixture(scope="session")
def two_forces(system: sessionmaker[Session]) -> tuple[str, str]:
    """Two invented forces."""
    common: dict[str, object] = {"name_cy": None, "ons_code": None, "territorial": True, "welsh": False, "hours": {}}
    names = {NORTH: "Northshire Police", SOUTH: "Southshire Police"}
    rows = [{**common, "id": force_id, "name": name, "nation": "england-and-wales"} for force_id, name in names.items()]
    with system.begin() as session:
        forces.load_reference(session, forces=rows)
        for force_id in names:
            session.merge(
                LicensingSettings(
                    force_id=force_id,
                    collect_at="decision",
                    two_person_above_pence=20_000,
                    approval_instrument="Invented",
                    approval_reference="1",
                    approval_date=date(2026, 1, 1),
                    approved_by="Nobody",
                )
            )
    return NORTH, SOUTH


@pytest.fixture(scope="session")
def settings(database: MigratedDatabase, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Demo settings on the test's database."""
    return make_settings(database, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def session_clock() -> Clock:
    """The one clock of the shared application; tests take `clock`."""
    return Clock()


@pytest.fixture
def clock(session_clock: Clock) -> Clock:
    """The application's clock, set to the present."""
    session_clock.reset()
    return session_clock


@pytest.fixture(scope="session")
def app(settings: Settings, session_clock: Clock, two_forces: tuple[str, str]) -> Flask:
    """The application, as contact_web on the real database."""
    return make_app(settings, session_clock)


@pytest.fixture
def client(app: Flask, clock: Clock) -> StrictClient:
    """A strict client without cookies."""
    made = app.test_client()
    assert isinstance(made, StrictClient)
    return made


@pytest.fixture
def staff(system: sessionmaker[Session], clock: Clock, two_forces: tuple[str, str]) -> Staff:
    """Makes agents and signs clients in."""
    return Staff(system, clock)
