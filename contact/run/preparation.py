"""Brings a database to where the processes can start: migrated, with its reference data, and in a demo with people."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

import sqlalchemy as sa

from contact.settings import Settings
from contact.store.engine import make_engine
from contact.store.migrations.migrate import current_revision, migrate, needed_revision


def migrate_if_behind(settings: Settings) -> bool:
    """Run the missing migrations; False when there was none. Two at once are put in order by the database."""
    engine = make_engine(settings.database_owner_url, pool_size=1)
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("SET lock_timeout = '120s'"))
            connection.execute(sa.text("SELECT pg_advisory_lock(hashtext('contact migrate'))"))
            connection.commit()
            connection.execute(sa.text("SET ROLE contact_tables"))
            found = current_revision(connection)
            connection.commit()
            if found is not None and found >= needed_revision():
                return False
            migrate(settings.database_owner_url)
            return True
    finally:
        engine.dispose()


def seed(settings: Settings, say: Callable[[str], None]) -> list[str]:
    """Reference data always, demo people once; answers with the lines about signing in (only ever in a demo)."""
    if find_spec("contact.demo.seed") is None:
        say("There is no demonstration data yet.")
        return []
    lines: list[str] = import_module("contact.demo.seed").seed(settings)
    return lines
