"""What `/healthz` and `/metrics` ask the database: its revision, the processes' signs of life, open alarms."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.store.migrations.migrate import current_revision, needed_revision
from contact.store.models.alarm import Heartbeat


@cache
def _needed() -> str:
    return needed_revision()


def is_migrated(session: Session) -> bool:
    """True when the database is at, or ahead of, the revision this code needs (revisions are numbered)."""
    found = current_revision(session.connection())
    return found is not None and found >= _needed()


def last_seen(session: Session) -> dict[str, datetime]:
    """For each kind of process, when one of them last gave a sign of life."""
    rows = session.execute(sa.select(Heartbeat.kind, sa.func.max(Heartbeat.seen_at)).group_by(Heartbeat.kind))
    return {row.kind: row[1] for row in rows}


def open_alarms(session: Session) -> dict[str, int]:
    """How many alarms of each kind nobody has accepted, in all forces: counts alone, so no actor is needed."""
    rows = session.execute(sa.text("SELECT kind, alarms FROM open_alarm_counts()"))
    return {row.kind: row.alarms for row in rows}
