"""Browsers' sessions, found by the SHA-256 of the id in the cookie; the id itself is never stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.store.models.web import WebSession

_LOCKS = 7004
"""The advisory locks of sessions, apart from those of chains (7001), agents (7002) and tickets (7003)."""
_CHANGING = ("agent_id", "data", "seen_at", "expires_at", "stepped_up_at")


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


def find_live(session: Session, *, id_hash: bytes, audience: str, now: datetime) -> StoredSession | None:
    """The session under that hash, unless it has ended or belongs to the other audience."""
    row = session.execute(
        sa.select(WebSession.__table__).where(
            WebSession.id_hash == id_hash, WebSession.audience == audience, WebSession.expires_at > now
        )
    ).one_or_none()
    return StoredSession(**row._mapping) if row else None


def lock(session: Session, *, id_hash: bytes) -> None:
    """Let no other request of this browser change its session before this transaction ends, also when it has no row."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCKS, int.from_bytes(id_hash[:4], "big", signed=True))))


def save(session: Session, stored: StoredSession) -> None:
    """Write a session that has no row yet, or that another request of the same browser began meanwhile."""
    values = _values(stored)
    changing = {name: values[name] for name in _CHANGING}
    session.execute(
        insert(WebSession).values(**values).on_conflict_do_update(index_elements=[WebSession.id_hash], set_=changing)
    )


def update(session: Session, stored: StoredSession) -> bool:
    """Write a session that had a row; False, and nothing written, when it was ended meanwhile."""
    values = _values(stored)
    changed = (
        sa.update(WebSession)
        .where(WebSession.id_hash == stored.id_hash)
        .values({name: values[name] for name in _CHANGING})
        .returning(WebSession.id_hash)
    )
    return session.execute(changed).first() is not None


def _values(stored: StoredSession) -> dict[str, Any]:
    return {
        "id_hash": stored.id_hash,
        "audience": stored.audience,
        "agent_id": stored.agent_id,
        "data": dict(stored.data),
        "created_at": stored.created_at,
        "seen_at": stored.seen_at,
        "expires_at": stored.expires_at,
        "stepped_up_at": stored.stepped_up_at,
    }


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
