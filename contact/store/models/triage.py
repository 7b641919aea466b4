"""What the machine proposed, what a person decided, and whom they told. Series, never overwritten."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.domain.taxonomy import Category, Grade, Response
from contact.store.base import Base, Id, one_of


class Proposal(Base):
    """A dated proposal by rules or model, with its reasons [{code, …parameters}] and version."""

    __tablename__ = "proposals"
    __table_args__ = (
        one_of("category", [c.value for c in Category]),
        one_of("grade", [g.value for g in Grade]),
        sa.Index("ix_proposals_contact_id", "contact_id"),
    )

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    at: Mapped[dt.datetime]
    version: Mapped[str]
    category: Mapped[str]
    grade: Mapped[str]
    advise_999: Mapped[bool]
    flags: Mapped[list[str]]
    reasons: Mapped[list[Any]]
    confidence: Mapped[float]
    summary: Mapped[str | None]
    data_version: Mapped[str | None]


class Decision(Base):
    """What a call handler decided, beside the proposal; a change of grade has its reason."""

    __tablename__ = "decisions"
    __table_args__ = (
        one_of("category", [c.value for c in Category]),
        one_of("grade", [g.value for g in Grade]),
        one_of("response", [r.value for r in Response]),
        sa.Index("ix_decisions_contact_id", "contact_id"),
    )

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"))
    at: Mapped[dt.datetime]
    category: Mapped[str]
    grade: Mapped[str]
    response: Mapped[str | None]
    flags: Mapped[list[str]] = mapped_column(default=list)
    reason: Mapped[str]


class IncidentLog(Base):
    """The command-and-control log number that shows somebody who can deploy was told (practice 3)."""

    __tablename__ = "incident_logs"
    __table_args__ = (sa.Index("ix_incident_logs_contact_id", "contact_id"),)

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    number: Mapped[str]
    logged_at: Mapped[dt.datetime]
    told_who: Mapped[str]
    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"))
    at: Mapped[dt.datetime]


class Crime(Base):
    """A crime number entered from the force's records system, or why none was recorded (practice 18)."""

    __tablename__ = "crimes"
    __table_args__ = (
        sa.Index("ix_crimes_contact_id", "contact_id"),
        sa.CheckConstraint("(number IS NOT NULL) <> (not_recorded_reason IS NOT NULL)", name="number_or_reason"),
    )

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    number: Mapped[str | None]
    recorded_at: Mapped[dt.datetime | None]
    not_recorded_reason: Mapped[str | None]
    decided_by: Mapped[str | None]
    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"))
    at: Mapped[dt.datetime]
