"""One real demonstration for the browser tests: `contact run` with a database of its own, looked into from behind."""

from __future__ import annotations

import itertools
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from contact.run.private_database import DEFAULT_DATABASE, PrivateDatabase
from tests.support.database import new_home
from tests.support.run import Run, running

PATIENCE_S = 20.0


@dataclass
class Stack:
    """A running demonstration. `rows` reads behind the policies, to see what truly stands there."""

    run: Run
    _places: Iterator[int] = field(default_factory=lambda: itertools.count(1), repr=False)

    @property
    def address(self) -> str:
        """Where the web answers, without a slash."""
        return self.run.address

    def rows(self, sql: str, *given: object) -> Sequence[tuple[Any, ...]]:
        """What a query answers, asked as superuser."""
        server = PrivateDatabase(self.run.home)
        server.state = self.run.home / "postgres"
        url = server.url("contact_superuser", DEFAULT_DATABASE)
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            return connection.execute(sql.encode(), given).fetchall()

    def until(self, condition: Callable[[], bool], why: str, seconds: float = PATIENCE_S) -> None:
        """Raises AssertionError with `why` when the condition does not come to hold."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, why
            time.sleep(0.05)

    def caller(self) -> dict[str, str]:
        """The header of a caller from an address of their own: limits by address hold apart what tests do."""
        number = next(self._places)
        return {"X-Forwarded-For": f"198.51.{number // 250}.{number % 250 + 1}"}


@contextmanager
def running_stack(**more: str) -> Iterator[Stack]:
    """Start a demonstration, behind one proxy as far as it knows, and stop it whole."""
    folder = new_home()
    try:
        with running(folder / "home", TRUSTED_PROXIES="1", **more) as run:
            run.wait_until(run.healthy)
            yield Stack(run)
            run.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
