"""Runs the revisions as contact_owner, who becomes the tables' owner only here (engineering 1, 6)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from contact.store import models  # noqa: F401 - registers every table on the metadata
from contact.store.base import Base
from contact.store.engine import sqlalchemy_url


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    """Procrastinate's tables are its own affair."""
    return not (kind == "table" and name is not None and name.startswith("procrastinate"))


def run() -> None:
    """Open one connection, become contact_tables, and run what is missing in one transaction."""
    engine = sa.create_engine(sqlalchemy_url(context.config.get_main_option("sqlalchemy.url") or ""))
    with engine.connect() as connection:
        connection.execute(sa.text("SET ROLE contact_tables"))
        connection.execute(sa.text("SET lock_timeout = '30s'"))
        connection.commit()
        context.configure(connection=connection, target_metadata=Base.metadata, include_name=_ours)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
