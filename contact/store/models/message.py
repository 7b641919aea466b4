"""What was said in a contact, by whom, and how far it got."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.store.base import Base, Id, one_of

KINDS = ("inbound", "outbound", "note", "system", "bot")
DELIVERY_STATES = ("stored", "queued", "sending", "sent", "delivered", "failed", "read")


class Message(Base):
    """One thing said: `position` counts within its contact; a note never leaves the control room."""

    __tablename__ = "messages"
    __table_args__ = (
        sa.UniqueConstraint("contact_id", "position"),
        sa.UniqueConstraint("contact_id", "once_key"),
        one_of("kind", KINDS),
        one_of("delivery_state", DELIVERY_STATES),
    )

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[str]
    channel: Mapped[str]
    body: Mapped[str]
    agent_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    created_at: Mapped[dt.datetime]
    delivery_state: Mapped[str] = mapped_column(default="stored")
    read_at: Mapped[dt.datetime | None]
    once_key: Mapped[str | None]
