"""Mail on its way out, and webhooks as they came in."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.store.base import Base, Id, one_of


class Mail(Base):
    """A mail to send: rendered from `template` in `language` when it leaves."""

    __tablename__ = "mails"
    __table_args__ = (
        one_of("state", ("queued", "sending", "sent", "failed")),
        sa.Index("ix_mails_contact_id", "contact_id"),
        sa.Index("ix_mails_draft_id", "draft_id"),
    )

    id: Mapped[Id]
    contact_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    force_id: Mapped[str | None] = mapped_column(sa.ForeignKey("forces.id"))
    recipient: Mapped[str]
    template: Mapped[str]
    context: Mapped[dict[str, Any]] = mapped_column(default=dict)
    language: Mapped[str] = mapped_column(default="en")
    state: Mapped[str] = mapped_column(default="queued")
    created_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    draft_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("drafts.id", ondelete="CASCADE"))


class Inbox(Base):
    """A webhook as received, once under (provider, event id), before anything is done about it."""

    __tablename__ = "inbox"
    __table_args__ = (
        sa.Index("ix_inbox_waiting", "provider", "received_at", postgresql_where=sa.text("outcome IS NULL")),
    )

    provider: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[dt.datetime]
    body: Mapped[dict[str, Any]]
    outcome: Mapped[str | None]
