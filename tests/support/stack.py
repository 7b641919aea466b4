"""One real demonstration for the browser tests: `contact run` with a database of its own, looked into from behind."""

from __future__ import annotations

import base64
import datetime as dt
import itertools
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import psycopg

from contact.domain.access import SYSTEM, Role
from contact.domain.demonstration import DEMO_PASSWORD
from contact.run import demo_environment
from contact.run.private_database import DEFAULT_DATABASE, PrivateDatabase
from contact.services import accounts, second_factor
from contact.store.engine import make_engine, make_sessions
from tests.support.database import new_home
from tests.support.run import Run, running

PATIENCE_S = 60.0


@dataclass(frozen=True)
class Agent:
    """Somebody invented who can sign in."""

    name: str
    email: str
    secret: str

    def code(self) -> str:
        """What their authenticator shows now."""
        return second_factor.current_code(self.secret, now=dt.datetime.now(dt.UTC))


@dataclass
class Stack:
    """A running demonstration. `rows` reads behind the policies, to see what truly stands there."""

    run: Run
    _places: Iterator[int] = field(default_factory=lambda: itertools.count(1), repr=False)

    @property
    def address(self) -> str:
        """Where the web answers, without a slash."""
        return self.run.address

    @property
    def server(self) -> PrivateDatabase:
        """Its database server, to ask for addresses; it belongs to the run."""
        server = PrivateDatabase(self.run.home)
        server.state = self.run.home / "postgres"
        return server

    def rows(self, sql: str, *given: object) -> Sequence[tuple[Any, ...]]:
        """What a query answers, asked as superuser."""
        url = self.server.url("contact_superuser", DEFAULT_DATABASE)
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            done = connection.execute(sql.encode(), given or None)
            return done.fetchall() if done.description else []

    @cached_property
    def audit_key(self) -> bytes:
        """The demonstration's key, under which authenticator secrets are sealed."""
        return base64.b64decode(demo_environment.keys_of(self.run.home)["AUDIT_KEY"])

    def hire(self, name: str, **roles: Role) -> Agent:
        """A new agent with an authenticator; `roles` by force id, with _ for -."""
        held = {force_id.replace("_", "-"): frozenset({role}) for force_id, role in roles.items()}
        email = f"{name.split()[0].lower()}{next(self._places)}@police.example"
        engine = make_engine(self.server.urls(DEFAULT_DATABASE).worker, pool_size=1)
        now = dt.datetime.now(dt.UTC)
        with make_sessions(engine, SYSTEM).begin() as session:
            made = accounts.create_ready_agent(
                session, name=name, email=email, force_roles=held, password=DEMO_PASSWORD, key=self.audit_key, now=now
            )
            secret = second_factor.opened(made.totp_secret_sealed or b"", agent_id=made.id, key=self.audit_key)
        engine.dispose()
        return Agent(name, email, secret)

    def faults(self, since: int = 0) -> str:
        """What the processes wrote of errors into their logs, from a place that `log_end` gave."""
        said = self._logs()[since:]
        return said if "Traceback" in said else ""

    def log_end(self) -> int:
        """Where the logs end now."""
        return len(self._logs())

    def _logs(self) -> str:
        logs = sorted((self.run.home / "logs").glob("web-*.log"))
        return "".join(path.read_text(errors="replace") for path in logs)

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
    kept = {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
    try:
        with running(folder / "home", kept | {"TRUSTED_PROXIES": "1"} | more) as run:
            run.wait_until(run.healthy)
            yield Stack(run)
            run.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
