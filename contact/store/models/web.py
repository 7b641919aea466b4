"""Server-side sessions of both audiences, and the counters that slow down guessing."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.store.base import Base, one_of


class WebSession(Base):
    """A browser's session, found by the SHA-256 of the id in its cookie."""

    __tablename__ = "web_sessions"
    __table_args__ = (one_of("audience", ("citizen", "agent")), sa.Index("ix_web_sessions_agent_id", "agent_id"))

    id_hash: Mapped[bytes] = mapped_column(primary_key=True)
    audience: Mapped[str]
    agent_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
    stepped_up_at: Mapped[dt.datetime | None]


class Attempt(Base):
    """Tries under one hashed key in one window; unlogged, since losing it in a crash harms nobody (engineering 25)."""

    __tablename__ = "attempts"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    key: Mapped[bytes] = mapped_column(primary_key=True)
    window_start: Mapped[dt.datetime] = mapped_column(primary_key=True)
    count: Mapped[int]
