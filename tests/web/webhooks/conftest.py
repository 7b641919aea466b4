"""Fixtures: `texting`, a force with a number, and what people text to it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.settings import Settings
from contact.store import models
from tests.support.clients import Clock
from tests.support.database import MigratedDatabase
from tests.support.texting import Texting, new_number


@pytest.fixture
def texting(
    app: Flask, settings: Settings, database: MigratedDatabase, system: sessionmaker[Session], clock: Clock
) -> Texting:
    """A force of its own that can be texted; no chatbot is there, whatever a test before left behind."""
    with system.begin() as session:
        session.query(models.Heartbeat).filter_by(kind="chatbot").delete()
    return Texting(app, settings, database, system, clock)


@pytest.fixture
def theirs() -> str:
    """Somebody's number."""
    return new_number()
