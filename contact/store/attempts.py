"""Counters that slow down guessing; keys are digests, so that they name nobody (engineering 25, 27)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.store.models.web import Attempt


def window_start(now: datetime, window: timedelta) -> datetime:
    """The start of the fixed window that holds `now`."""
    seconds = int(window.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def count(session: Session, *, key: bytes, window: timedelta, now: datetime) -> int:
    """Count one more try under `key`; answers how many this window has now. Locks the counter until the commit."""
    counted = (
        insert(Attempt)
        .values(key=key, window_start=window_start(now, window), count=1)
        .on_conflict_do_update(index_elements=[Attempt.key, Attempt.window_start], set_={"count": Attempt.count + 1})
        .returning(Attempt.count)
    )
    return session.execute(counted).scalar_one()


def tries(session: Session, *, key: bytes, window: timedelta, now: datetime) -> int:
    """How many tries this window has, without counting one."""
    found = session.execute(
        sa.select(Attempt.count).where(Attempt.key == key, Attempt.window_start == window_start(now, window))
    ).scalar_one_or_none()
    return found or 0


def sweep(session: Session, *, before: datetime) -> int:
    """Remove windows that began before a time; answers how many. For the clock's job."""
    gone = session.execute(sa.delete(Attempt).where(Attempt.window_start < before).returning(Attempt.key)).all()
    return len(gone)
