"""One private PostgreSQL for a test run: migrated once into a template, copied for each that needs a database."""

from __future__ import annotations

import fcntl
import itertools
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from contact.run.private_database import PrivateDatabase
from contact.store.migrations.migrate import migrate

HOME_VARIABLE = "CONTACT_TEST_HOME"
TEMPLATE = "contact_template"
PATIENCE = {"lock_timeout": "60s", "idle_in_transaction_session_timeout": "120s"}


@dataclass(frozen=True)
class MigratedDatabase:
    """One migrated, otherwise empty database and its addresses (libpq URLs), one for each login role."""

    name: str
    web_url: str
    worker_url: str
    owner_url: str
    superuser_url: str
    """Only to look behind the policies; the code under test never gets it."""


@dataclass(frozen=True)
class Cluster:
    """The running server with the migrated template."""

    server: PrivateDatabase

    @contextmanager
    def clone(self, label: str = "test") -> Iterator[MigratedDatabase]:
        """A copy of the template, removed afterwards; about 50 ms."""
        name = f"{label}_{uuid.uuid4().hex[:12]}"
        urls = self.server.create_database(name, template=TEMPLATE)
        self._be_patient(name)
        try:
            superuser = self.server.url("contact_superuser", name)
            yield MigratedDatabase(name, urls.web, urls.worker, urls.owner, superuser)
        finally:
            self.server.drop_database(name)

    def _be_patient(self, name: str) -> None:
        """A busy machine leaves a transaction without a turn for longer than a service may wait: that is no fault."""
        with self.server.superuser() as connection:
            for role, (setting, value) in itertools.product(("contact_web", "contact_worker"), PATIENCE.items()):
                connection.execute(f"ALTER ROLE {role} IN DATABASE {name} SET {setting} = '{value}'".encode())


def new_home() -> Path:
    """A folder with a short path that the database's user can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="contact-test-"))
    folder.chmod(0o711)
    return folder


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Join this run's server: pytest-xdist's workers share it, and the first to come migrates the template."""
    home = Path(os.environ[HOME_VARIABLE])
    with PrivateDatabase(home, durable=False, system_folder=home / "system") as server:
        _make_template(server, home)
        yield Cluster(server)


def _make_template(server: PrivateDatabase, home: Path) -> None:
    with (home / "template.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        done = home / "template.done"
        if done.exists():
            return
        server.drop_database(TEMPLATE)
        migrate(server.create_database(TEMPLATE).owner)
        done.touch()


def count(url: str, table: str) -> int:
    """How many rows of a table the role of this address sees."""
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
        return int(row[0]) if row else 0
