"""What people chose to say of themselves for equality monitoring, tied to nobody."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.store.base import Base, Id


class EqualityAnswers(Base):
    """One person's answers by question id. No contact, no draft, and a month in place of a time."""

    __tablename__ = "equality_answers"
    __table_args__ = (sa.Index("ix_equality_answers_force_id_month", "force_id", "month"),)

    id: Mapped[Id]
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    form_id: Mapped[str]
    month: Mapped[dt.date]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
