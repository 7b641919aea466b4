"""What `/healthz` and `/metrics` ask the database: its revision, the processes' signs of life, open alarms."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.store.migrations.migrate import current_revision, needed_revision
from contact.store.models.alarm import Alarm, Heartbeat


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
    """How many alarms of each kind nobody has accepted, as far as the actor may see them."""
    wanted = sa.select(Alarm.kind, sa.func.count()).where(Alarm.accepted_at.is_(None), Alarm.cleared_at.is_(None))
    return {row.kind: row[1] for row in session.execute(wanted.group_by(Alarm.kind))}
