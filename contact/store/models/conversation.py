"""A contact that is talked about by chat or text: who talks now, and what was taken from the person's words."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.store.base import Base, Id, one_of

CHANNELS = ("chat", "sms")


class Conversation(Base):
    """`bot`: it may talk. `epoch` counts hand-overs, so that an answer asked for before one is dropped after it.

    `answered_position`: the last message of the person that the bot dealt with. `turn_began_at`: a turn runs since.
    `asked`: the question that it put last and that nobody has answered yet.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        one_of("channel", CHANNELS),
        sa.Index("ix_conversations_with_bot", "last_inbound_at", postgresql_where=sa.text("bot")),
    )

    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[str]
    bot: Mapped[bool]
    epoch: Mapped[int] = mapped_column(default=0)
    answered_position: Mapped[int] = mapped_column(default=0)
    turns: Mapped[int] = mapped_column(default=0)
    turn_began_at: Mapped[dt.datetime | None]
    last_inbound_at: Mapped[dt.datetime]
    advised_999_at: Mapped[dt.datetime | None]
    offered_form: Mapped[str | None]
    handed_over_at: Mapped[dt.datetime | None]
    handed_over_why: Mapped[str | None]
    asked: Mapped[str | None]


class ContactFact(Base):
    """One thing the machine took from what was said: its kind, its value, and the very words [starts, ends)."""

    __tablename__ = "contact_facts"
    __table_args__ = (sa.Index("ix_contact_facts_contact_id", "contact_id"),)

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    message_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("messages.id", ondelete="CASCADE"))
    kind: Mapped[str]
    value: Mapped[str]
    words: Mapped[str]
    starts: Mapped[int]
    ends: Mapped[int]
    at: Mapped[dt.datetime]
