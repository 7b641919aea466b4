"""Clocks that ran out, each to be noted once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Breach:
    """An entry whose clock ran out. `clock` is look or answer."""

    entry_id: UUID
    contact_id: UUID
    force_id: str
    clock: str
    due_at: dt.datetime


_NEW = sa.text(
    "SELECT q.id, q.contact_id, q.force_id, CASE WHEN q.looked_at IS NULL THEN 'look' ELSE 'answer' END, q.due_at"
    " FROM queue_entries q"
    " WHERE q.state IN ('waiting', 'held') AND q.answered_at IS NULL AND q.due_at <= :now AND q.due_at > :since"
    " AND NOT EXISTS (SELECT 1 FROM events e WHERE e.contact_id = q.contact_id AND e.name = 'clock_breached'"
    " AND e.data->>'entry_id' = q.id::text AND (e.data->>'due_at')::timestamptz = q.due_at)"
    " ORDER BY q.due_at, q.id LIMIT :limit"
)


def list_new(session: Session, *, now: dt.datetime, since: dt.datetime, limit: int) -> list[Breach]:
    """Clocks that ran out after `since` and are not in the log yet, the earliest first."""
    return [Breach(*row) for row in session.execute(_NEW, {"now": now, "since": since, "limit": limit})]
