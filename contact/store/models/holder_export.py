"""Asking for the holders of a force as a file: by one person, with a reason, released by another (practice 27)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.domain.licensing.holder_exports import ExportState, What
from contact.store.base import Base, Id, one_of


class HolderExport(Base):
    """One request and the verdict on it, each written once. Who took the file, and when, stands in the event log."""

    __tablename__ = "holder_exports"
    __table_args__ = (
        one_of("what", [w.value for w in What]),
        one_of("state", [s.value for s in ExportState]),
        sa.CheckConstraint("decided_by_id <> asked_by_id", name="another_releases"),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_by_id IS NULL) AND (state = 'asked') = (decided_at IS NULL)",
            name="decided_is_whole",
        ),
        sa.Index("ix_holder_exports_force_id", "force_id", "asked_at"),
    )

    id: Mapped[Id]
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    what: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str]
    asked_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"))
    asked_at: Mapped[dt.datetime]
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    decided_at: Mapped[dt.datetime | None]
