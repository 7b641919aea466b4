"""Brings a database to where the processes can start: migrated, with its reference data, and in a demo with people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from contact.settings import Settings
from contact.store.engine import make_engine
from contact.store.migrations.migrate import current_revision, migrate, needed_revision


@contextmanager
def _turn(settings: Settings) -> Iterator[sa.Connection]:
    """One preparation of a database at a time, however many machines start; the lock ends with its connection."""
    engine = make_engine(settings.database_owner_url, pool_size=1)
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("SET lock_timeout = '120s'"))
            connection.execute(sa.text("SELECT pg_advisory_lock(hashtext('contact prepare'))"))
            connection.execute(sa.text("SET ROLE contact_tables"))
            connection.commit()
            yield connection
    finally:
        engine.dispose()


def migrate_if_behind(settings: Settings) -> bool:
    """Run the missing migrations; False when there was none."""
    with _turn(settings) as connection:
        found = current_revision(connection)
        connection.commit()
        if found is not None and found >= needed_revision():
            return False
        migrate(settings.database_owner_url)
        return True


def seed(settings: Settings) -> list[str]:
    """Reference data always, demo people once; answers with the lines about signing in (only ever in a demo)."""
    from contact.demo import seed as demonstration  # Flask comes with it, which `contact migrate` does without

    with _turn(settings):
        return demonstration.seed(settings)
