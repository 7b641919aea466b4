"""Fixtures: `cases`, forces and agents of the test's own in the shared database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.cases import Cases
from tests.support.database import MigratedDatabase


@pytest.fixture
def cases(database: MigratedDatabase) -> Iterator[Cases]:
    """Two forces of its own, and what a test needs to begin."""
    made = Cases(database)
    yield made
    made.dispose()
