"""Writing events, reading a contact's history, and the heads and lines that `audit verify` compares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy import event as sa_event
from sqlalchemy.orm import Session, SessionTransaction

from contact.domain import events as declared
from contact.domain.events import Event
from contact.store import models
from contact.store.engine import actor_of, driver_of

_PENDING = "events"
_INSERT = "INSERT INTO events (force_id, chain, name, version, at, actor_kind, agent_id, contact_id, data) VALUES "
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s)"


def record(
    session: Session,
    name: Event,
    *,
    force_id: str | None = None,
    contact_id: UUID | None = None,
    agent_id: UUID | None = None,
    at: dt.datetime | None = None,
    **data: object,
) -> None:
    """Note that something happened; it is written when the session commits, or not at all.

    `data` must be exactly what `domain/events.py` declares. The actor is the session's. Raises UndeclaredEvent.
    """
    actor = actor_of(session)
    session.info.setdefault(_PENDING, []).append(
        (
            force_id,
            force_id or f"-{'access' if contact_id is None else 'contact'}",
            name.value,
            declared.VERSION,
            at or dt.datetime.now(dt.UTC),
            actor.kind.value if actor else "",
            agent_id or (actor.agent_id if actor else None),
            contact_id,
            Jsonb(declared.checked(name, data)),
        )
    )


def write_now(session: Session) -> None:
    """Insert what was noted so far, before the actor loses sight of the contact it is about; sealed at the commit."""
    _write(session)


@sa_event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    """Insert the noted events in order of force, so that chains are always locked in one order (engineering 2)."""
    if session.in_nested_transaction() or not session.info.get(_PENDING):
        return
    session.flush()
    pending = sorted(session.info.pop(_PENDING), key=lambda row: row[1])
    rows = _INSERT + ", ".join([_ROW] * len(pending))
    driver_of(session).execute(rows, [value for row in pending for value in row], prepare=len(pending) < 4 or None)


@sa_event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous: SessionTransaction) -> None:
    """What was rolled back did not happen."""
    if not previous.nested:
        session.info.pop(_PENDING, None)


def list_for_contact(session: Session, *, contact_id: UUID) -> Sequence[models.Event]:
    """A contact's events, oldest first."""
    query = sa.select(models.Event).where(models.Event.contact_id == contact_id).order_by(models.Event.id)
    return session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a chain as its own table has it."""

    chain: str
    seq: int
    hash: bytes


def chain_heads(session: Session) -> list[Head]:
    """Every chain's head, by chain."""
    rows = session.execute(sa.text("SELECT chain, seq, hash FROM chain_heads ORDER BY chain"))
    return [Head(row.chain, row.seq, bytes(row.hash)) for row in rows]


def cursors(session: Session, *, force_ids: Sequence[str]) -> dict[str, int]:
    """Where each force's live stream stands now; a force without events stands at 0."""
    rows = session.execute(
        sa.text("SELECT chain, seq FROM chain_heads WHERE chain = ANY(:forces)"), {"forces": list(force_ids)}
    )
    return dict.fromkeys(force_ids, 0) | {row.chain: row.seq for row in rows}


@dataclass(frozen=True, slots=True)
class Line:
    """One sealed event with the texts its hash covers; `data_text` is the database's own rendering of the JSON."""

    id: int
    chain: str
    seq: int
    name: str
    version: int
    at: dt.datetime
    actor_kind: str
    agent_id: UUID | None
    contact_id: UUID | None
    force_id: str | None
    data_text: str
    prev_hash: bytes
    hash: bytes


def lines(session: Session, *, chain: str, batch: int = 5000) -> Iterator[Line]:
    """A chain's events in order, read a batch at a time."""
    after = 0
    while True:
        rows = session.execute(
            sa.text(
                "SELECT id, chain, seq, name, version, at, actor_kind, agent_id, contact_id, force_id,"
                " data::text AS data_text, prev_hash, hash FROM events"
                " WHERE chain = :chain AND seq > :after ORDER BY seq LIMIT :batch"
            ),
            {"chain": chain, "after": after, "batch": batch},
        ).all()
        for row in rows:
            yield Line(*row)
        if len(rows) < batch:
            return
        after = rows[-1].seq


@dataclass(frozen=True, slots=True)
class Live:
    """An event as the live streams carry it: ids and codes. `named` is the list of a restricted contact, or None."""

    force_id: str
    seq: int
    name: str
    contact_id: UUID | None
    agent_id: UUID | None
    named: frozenset[UUID] | None


def live(session: Session, *, force_id: str, after: int, limit: int = 1000) -> list[Live]:
    """The events of a force after a cursor, for its streams; needs no actor, since only ids and codes leave."""
    rows = session.execute(
        sa.text("SELECT seq, name, contact_id, agent_id, named FROM live_events(:force, :after, :limit)"),
        {"force": force_id, "after": after, "limit": limit},
    )
    return [
        Live(
            force_id,
            row.seq,
            row.name,
            row.contact_id,
            row.agent_id,
            None if row.named is None else frozenset(row.named),
        )
        for row in rows
    ]
