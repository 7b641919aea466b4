"""A contact: one matter brought by a member of the public, who brought it, and what they submitted."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from contact.domain.states import ContactState
from contact.domain.taxonomy import Category, Channel, Desk, Grade
from contact.store.base import Base, Id, one_of


class Contact(Base):
    """Its row lock is the lock of everything about the matter: whoever changes an entry takes it first."""

    __tablename__ = "contacts"
    __table_args__ = (
        one_of("channel", [c.value for c in Channel]),
        one_of("category", [c.value for c in Category]),
        one_of("grade", [g.value for g in Grade]),
        one_of("state", [s.value for s in ContactState]),
        one_of("desk", [d.value for d in Desk]),
        sa.Index("ix_contacts_force_ids", "force_ids", postgresql_using="gin"),
        sa.Index(
            "ix_contacts_place_postcode", "place_postcode", postgresql_where=sa.text("place_postcode IS NOT NULL")
        ),
        sa.Index("ix_contacts_follows_id", "follows_id", postgresql_where=sa.text("follows_id IS NOT NULL")),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(unique=True)
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    force_ids: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    channel: Mapped[str]
    form_id: Mapped[str | None]
    category: Mapped[str]
    grade: Mapped[str]
    state: Mapped[str]
    flags: Mapped[list[str]] = mapped_column(default=list)
    sensitive: Mapped[bool] = mapped_column(default=False)
    restricted: Mapped[bool] = mapped_column(default=False)
    anonymous: Mapped[bool] = mapped_column(default=False)
    desk: Mapped[str] = mapped_column(default=Desk.CONTROL_ROOM.value, server_default=Desk.CONTROL_ROOM.value)
    source_apart: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    language: Mapped[str] = mapped_column(default="en")
    safe_contact: Mapped[dict[str, Any]] = mapped_column(default=dict)
    code_hash: Mapped[str | None]
    safe_word_hash: Mapped[str | None]
    online_access_stopped_at: Mapped[dt.datetime | None]
    holder_id: Mapped[UUID | None]
    received_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    closed_reason: Mapped[str | None]
    place_postcode: Mapped[str | None]
    retention_group: Mapped[str]
    review_due: Mapped[dt.date]
    hold_reason: Mapped[str | None]
    disposed_at: Mapped[dt.datetime | None]
    follows_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("contacts.id", ondelete="SET NULL"))


class Reporter(Base):
    """The person who reported, as far as they said. Searchable within the agent's forces only."""

    __tablename__ = "reporters"
    __table_args__ = (
        sa.Index("ix_reporters_phone_e164", "phone_e164"),
        sa.Index("ix_reporters_email", "email"),
        sa.Index("ix_reporters_postcode", "postcode"),
        sa.Index("ix_reporters_surname", sa.text("lower(surname)"), sa.text("lower(given_name)")),
    )

    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True)
    given_name: Mapped[str | None]
    surname: Mapped[str | None]
    phone_e164: Mapped[str | None]
    email: Mapped[str | None]
    postcode: Mapped[str | None]
    address: Mapped[str | None]


class Submission(Base):
    """A completed form as it was sent: form, version and the answers reached."""

    __tablename__ = "submissions"
    __table_args__ = (sa.Index("ix_submissions_contact_id", "contact_id"),)

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    form_id: Mapped[str]
    form_sha256: Mapped[str] = mapped_column(sa.ForeignKey("form_versions.sha256"))
    answers: Mapped[dict[str, Any]]
    received_at: Mapped[dt.datetime]


class ContactAccess(Base):
    """A named person who may open a restricted contact (practice 8)."""

    __tablename__ = "contact_access"

    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True)
    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"), primary_key=True)
    granted_by: Mapped[UUID | None]
    reason: Mapped[str]
    at: Mapped[dt.datetime]


class ContactKey(Base):
    """The key of a contact's digests in the event log, wrapped by AUDIT_KEY; destroying it makes the log forget."""

    __tablename__ = "contact_keys"

    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
