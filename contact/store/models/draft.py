"""Form versions as they were served, and drafts that nobody but their writer has seen."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.store.base import Base, Id


class FormVersion(Base):
    """A compiled form (national set plus overlay), kept once by the SHA-256 of its canonical JSON (engineering 20)."""

    __tablename__ = "form_versions"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    form_id: Mapped[str]
    definition: Mapped[dict[str, Any]]
    first_served_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())


class Draft(Base):
    """Answers in the making. `contact_id` is set in the transaction that submits it: the draft is the one-time key."""

    __tablename__ = "drafts"

    id: Mapped[Id]
    form_id: Mapped[str]
    form_sha256: Mapped[str] = mapped_column(sa.ForeignKey("form_versions.sha256"))
    force_id: Mapped[str | None] = mapped_column(sa.ForeignKey("forces.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    language: Mapped[str] = mapped_column(default="en")
    code_hash: Mapped[bytes | None] = mapped_column(unique=True)
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
    contact_id: Mapped[UUID | None] = mapped_column(unique=True)
