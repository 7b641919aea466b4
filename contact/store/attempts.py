"""Counters that slow down guessing; keys are digests, so that they name nobody (engineering 25, 27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.store.models.web import Attempt

_LOCKS = 7004
"""The advisory locks of counters, apart from those of chains, sessions and tickets."""


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


@dataclass(frozen=True, slots=True)
class Recent:
    """Tries of the time looked at. `first_at` is the start of the window that holds the first of them."""

    tries: int
    first_at: datetime | None


def recent(session: Session, *, key: bytes, span: timedelta, now: datetime) -> Recent:
    """What was tried under `key` in the last `span`, when it was counted in windows much shorter than that.

    Takes turns: whoever else asks about the key waits until this transaction ends, so that a hundred tries at once are
    a hundred tries one after the other.
    """
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCKS, int.from_bytes(key[:4], "big", signed=True))))
    found = session.execute(
        sa.select(sa.func.coalesce(sa.func.sum(Attempt.count), 0), sa.func.min(Attempt.window_start)).where(
            Attempt.key == key, Attempt.window_start > now - span
        )
    ).one()
    return Recent(int(found[0]), found[1])


def sweep(session: Session, *, before: datetime) -> int:
    """Remove windows that began before a time; answers how many. For the clock's job."""
    gone = session.execute(sa.delete(Attempt).where(Attempt.window_start < before).returning(Attempt.key)).all()
    return len(gone)
