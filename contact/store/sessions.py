"""Browsers' sessions, found by the SHA-256 of the id in the cookie; the id itself is never stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy.orm import Session

from contact.store.models.web import WebSession

_LOCKS = 7004
"""The advisory locks of sessions, apart from those of chains (7001), agents (7002) and tickets (7003)."""


@dataclass(frozen=True, slots=True)
class StoredSession:
    """One session as it stands; times are UTC."""

    id_hash: bytes
    audience: str
    agent_id: UUID | None
    data: Mapping[str, Any]
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    stepped_up_at: datetime | None


_COLUMNS = "id_hash, audience, agent_id, data, created_at, seen_at, expires_at, stepped_up_at"
_FIND = f"SELECT {_COLUMNS} FROM web_sessions WHERE id_hash = %s AND audience = %s AND expires_at > %s"  # noqa: S608
_SAVE = f"""
INSERT INTO web_sessions ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (id_hash) DO UPDATE SET agent_id = excluded.agent_id, data = excluded.data, seen_at = excluded.seen_at,
  expires_at = excluded.expires_at, stepped_up_at = excluded.stepped_up_at"""  # noqa: S608 - our own names
_UPDATE = (
    "UPDATE web_sessions SET agent_id = %s, data = %s, seen_at = %s, expires_at = %s, stepped_up_at = %s"
    " WHERE id_hash = %s RETURNING 1"
)


# Every request reads its session and many write it, so these four say their SQL themselves: composing it anew each time
# cost as much as the database's own work.
def find_live(session: Session, *, id_hash: bytes, audience: str, now: datetime) -> StoredSession | None:
    """The session under that hash, unless it has ended or belongs to the other audience."""
    row = session.connection().exec_driver_sql(_FIND, (id_hash, audience, now)).one_or_none()
    return StoredSession(bytes(row[0]), *row[1:]) if row else None


def lock(session: Session, *, id_hash: bytes) -> None:
    """Let no other request of this browser change its session before this transaction ends, also when it has no row."""
    number = int.from_bytes(id_hash[:4], "big", signed=True)
    session.connection().exec_driver_sql("SELECT pg_advisory_xact_lock(%s::int, %s::int)", (_LOCKS, number))


def save(session: Session, stored: StoredSession) -> None:
    """Write a session that has no row yet, or that another request of the same browser began meanwhile."""
    known = (stored.id_hash, stored.audience, stored.agent_id, Jsonb(dict(stored.data)))
    times = (stored.created_at, stored.seen_at, stored.expires_at, stored.stepped_up_at)
    session.connection().exec_driver_sql(_SAVE, (*known, *times))


def update(session: Session, stored: StoredSession) -> bool:
    """Write a session that had a row; False, and nothing written, when it was ended meanwhile."""
    given = (stored.agent_id, Jsonb(dict(stored.data)), stored.seen_at, stored.expires_at, stored.stepped_up_at)
    return session.connection().exec_driver_sql(_UPDATE, (*given, stored.id_hash)).first() is not None


def end(session: Session, *, id_hash: bytes) -> bool:
    """End one session; False when there was none."""
    ended = sa.delete(WebSession).where(WebSession.id_hash == id_hash).returning(WebSession.id_hash)
    return session.execute(ended).first() is not None


def end_all_of_agent(session: Session, *, agent_id: UUID, but: bytes | None = None) -> int:
    """End every session of an agent, except the one under `but`; answers how many ended."""
    doomed = sa.delete(WebSession).where(WebSession.agent_id == agent_id)
    if but is not None:
        doomed = doomed.where(WebSession.id_hash != but)
    return len(session.execute(doomed.returning(WebSession.id_hash)).all())


def list_of_agent(session: Session, *, agent_id: UUID, now: datetime) -> Sequence[StoredSession]:
    """Where an agent is signed in, latest first."""
    rows = session.execute(
        sa.select(WebSession.__table__)
        .where(WebSession.agent_id == agent_id, WebSession.expires_at > now)
        .order_by(WebSession.created_at.desc(), WebSession.id_hash)
    )
    return [StoredSession(**row._mapping) for row in rows]


def sweep(session: Session, *, now: datetime, limit: int = 1000) -> int:
    """Remove ended sessions; answers how many went. For the clock's job."""
    dead = (
        sa.select(WebSession.id_hash)
        .where(WebSession.expires_at <= now)
        .order_by(WebSession.expires_at)
        .limit(limit)
        .scalar_subquery()
    )
    return len(
        session.execute(sa.delete(WebSession).where(WebSession.id_hash.in_(dead)).returning(WebSession.id_hash)).all()
    )
