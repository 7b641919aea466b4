"""Who told us, where a form keeps that apart from the matter (practice 17)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from contact.store.base import Base


class Source(Base):
    """The person behind a contact: read by intelligence officers of its force alone, and found by no search.

    `answers` are those to the form's questions that tell of the person. The digests are keyed: equal where two reports
    name the same telephone, address of email or name and postcode, and the same person, vehicle or place.
    """

    __tablename__ = "sources"
    __table_args__ = (sa.Index("ix_sources_source_digests", "source_digests", postgresql_using="gin"),)

    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True)
    given_name: Mapped[str | None]
    surname: Mapped[str | None]
    phone_e164: Mapped[str | None]
    email: Mapped[str | None]
    postcode: Mapped[str | None]
    address: Mapped[str | None]
    safe_contact: Mapped[dict[str, Any]]
    answers: Mapped[dict[str, Any]]
    source_digests: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    subject_digests: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
