"""What most commands begin with: the settings, or one message that names all that is wrong with them; and logging."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from contact.settings import Settings


def settings() -> Settings:
    """The settings from the environment; a wrong one ends the command with exit code 2.

    With CONTACT_MODE=demo and no DATABASE_URL they are the demonstration's, whose database runs while the command does.
    """
    from contact.settings import Settings, SettingsError

    environ: Mapping[str, str] = os.environ
    if environ.get("CONTACT_MODE") == "demo" and not environ.get("DATABASE_URL"):
        environ = _demonstration()
    try:
        return Settings.from_env(environ)
    except SettingsError as error:
        raise click.UsageError(str(error)) from None


def _demonstration() -> Mapping[str, str]:
    from contact.run.demo_environment import home_of, prepared
    from contact.run.postgres_binaries import PostgresMissing
    from contact.run.private_database import DatabaseFailed, PrivateDatabase

    home = home_of(os.environ)
    database = PrivateDatabase(home)
    try:
        found = prepared(os.environ, home=home, database=database)
    except (DatabaseFailed, PostgresMissing) as error:
        raise click.ClickException(str(error)) from None
    click.get_current_context().call_on_close(database.stop)
    return found


@contextmanager
def system_session() -> Iterator[Session]:
    """One transaction as the worker, who sees all."""
    from contact.domain.access import SYSTEM
    from contact.store.engine import make_engine, make_sessions

    engine = make_engine(settings().database_worker_url, pool_size=1)
    try:
        with make_sessions(engine, SYSTEM).begin() as session:
            yield session
    finally:
        engine.dispose()


def start_logging(found: Settings) -> None:
    """To stderr, a line each; a process manager adds the rest."""
    logging.basicConfig(level=found.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
