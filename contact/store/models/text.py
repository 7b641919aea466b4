"""Texts on their way out, the numbers they leave from, and who wants no more of them."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.domain.sms_text import Alphabet
from contact.domain.text_states import TextState
from contact.store.base import Base, Id, one_of


class Text(Base):
    """One text: `body` as it was written; what says that it is a demonstration is added when it leaves.

    `in_flight`: the company was asked and it is not known what it did. `fixed_text`: which fixed words these are.
    """

    __tablename__ = "texts"
    __table_args__ = (
        one_of("state", [state.value for state in TextState]),
        one_of("encoding", [alphabet.value for alphabet in Alphabet]),
        sa.Index("ix_texts_contact_id", "contact_id"),
        sa.Index("ix_texts_message_id", "message_id"),
    )

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    message_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("messages.id", ondelete="CASCADE"))
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    recipient: Mapped[str]
    sender: Mapped[str | None]
    body: Mapped[str]
    fixed_text: Mapped[str | None]
    state: Mapped[str]
    sid: Mapped[str | None] = mapped_column(unique=True)
    error_code: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    in_flight: Mapped[bool] = mapped_column(default=False)
    segments: Mapped[int]
    encoding: Mapped[str]
    urgent: Mapped[bool]
    not_before: Mapped[dt.datetime | None]
    may_be_duplicate: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]
    tried_at: Mapped[dt.datetime | None]
    sent_at: Mapped[dt.datetime | None]


class SmsNumber(Base):
    """A number that people text, and the force that answers there; a messaging service sends in its place."""

    __tablename__ = "sms_numbers"
    __table_args__ = (sa.Index("ix_sms_numbers_force_id", "force_id"),)

    number: Mapped[str] = mapped_column(primary_key=True)
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    messaging_service_sid: Mapped[str | None]


class OptOut(Base):
    """Somebody texted STOP to a force. `texted_again_at`: since then they wrote of something, and are answered."""

    __tablename__ = "opt_outs"

    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"), primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    texted_again_at: Mapped[dt.datetime | None]


class WebLink(Base):
    """A link that opens a conversation in a browser, once; only the digest of its token is kept."""

    __tablename__ = "web_links"
    __table_args__ = (sa.Index("ix_web_links_contact_id", "contact_id"),)

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    opened_at: Mapped[dt.datetime | None]
