"""The event log: insert-only, numbered and chained per force by the database inside COMMIT (engineering 2)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.store.base import Base, BigId


class Event(Base):
    """What happened, by whom, when. `chain` is the force's id, or `-kind` for events without a force."""

    __tablename__ = "events"
    __table_args__ = (
        sa.Index("uq_events_chain_seq", "chain", "seq", unique=True),
        sa.Index("ix_events_contact_id", "contact_id", postgresql_where=sa.text("contact_id IS NOT NULL")),
    )

    id: Mapped[BigId]
    force_id: Mapped[str | None] = mapped_column(sa.ForeignKey("forces.id"))
    chain: Mapped[str]
    seq: Mapped[int | None] = mapped_column(sa.BigInteger)
    name: Mapped[str]
    version: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    at: Mapped[dt.datetime]
    actor_kind: Mapped[str]
    agent_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    prev_hash: Mapped[bytes | None]
    hash: Mapped[bytes | None]


class ChainHead(Base):
    """The last sealed event of a chain; written by the sealing trigger alone."""

    __tablename__ = "chain_heads"

    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    hash: Mapped[bytes]
