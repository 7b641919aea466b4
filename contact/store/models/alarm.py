"""Alarms, the calls that carry them out of the building, and the signs of life they are raised from."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.store.base import Base, Id, one_of


class Alarm(Base):
    """Something a person must accept by name (engineering 15). At most one open alarm a kind and subject."""

    __tablename__ = "alarms"
    __table_args__ = (
        sa.Index(
            "uq_alarms_open",
            "kind",
            sa.text("coalesce(force_id, '')"),
            sa.text("coalesce(contact_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            unique=True,
            postgresql_where=sa.text("cleared_at IS NULL AND accepted_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    force_id: Mapped[str | None] = mapped_column(sa.ForeignKey("forces.id"))
    contact_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    raised_at: Mapped[dt.datetime]
    accepted_at: Mapped[dt.datetime | None]
    accepted_by: Mapped[str | None]
    cleared_at: Mapped[dt.datetime | None]


class AlarmCall(Base):
    """One call or text placed for an alarm; committed as `placing` before the provider is asked."""

    __tablename__ = "alarm_calls"
    __table_args__ = (
        one_of("kind", ("voice", "sms")),
        one_of("state", ("placing", "placed", "ringing", "answered", "accepted", "failed", "no_answer", "done")),
        sa.Index("ix_alarm_calls_alarm_id", "alarm_id"),
    )

    id: Mapped[Id]
    alarm_id: Mapped[UUID] = mapped_column(sa.ForeignKey("alarms.id", ondelete="CASCADE"))
    number: Mapped[str]
    label: Mapped[str]
    kind: Mapped[str]
    sid: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[str]
    placed_at: Mapped[dt.datetime]
    answered_at: Mapped[dt.datetime | None]
    next_at: Mapped[dt.datetime | None]


class Heartbeat(Base):
    """When a process was last alive."""

    __tablename__ = "heartbeats"
    __table_args__ = (one_of("kind", ("web", "worker", "watch", "chatbot")),)

    process: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    seen_at: Mapped[dt.datetime]
