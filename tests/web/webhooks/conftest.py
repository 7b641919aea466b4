"""Fixtures: `texting`, a force with a number, and what people text to it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.settings import Settings
from tests.support.clients import Clock
from tests.support.database import MigratedDatabase
from tests.support.texting import Texting, new_number


@pytest.fixture
def texting(
    app: Flask, settings: Settings, database: MigratedDatabase, system: sessionmaker[Session], clock: Clock
) -> Texting:
    """A force of its own that can be texted."""
    return Texting(app, settings, database, system, clock)


@pytest.fixture
def theirs() -> str:
    """Somebody's number."""
    return new_number()
