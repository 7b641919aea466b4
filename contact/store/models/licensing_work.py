"""What the licensing team does with an application: its checks, its visits, what was recommended and decided."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.domain.licensing.checks import Check, CheckState
from contact.domain.licensing.decisions import Outcome
from contact.domain.licensing.visits import VisitState
from contact.store.base import Base, Id, one_of


class ApplicationCheck(Base):
    """One check as it stands, with who recorded it last and what they found; the applicant never sees it."""

    __tablename__ = "application_checks"
    __table_args__ = (
        one_of("kind", [c.value for c in Check]),
        one_of("state", [s.value for s in CheckState]),
    )

    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    result: Mapped[str] = mapped_column(default="")
    agent_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    asked_at: Mapped[dt.datetime | None]
    changed_at: Mapped[dt.datetime]


class Visit(Base):
    """Times offered to the applicant, and the one chosen. Nothing here that the applicant may not read."""

    __tablename__ = "visits"
    __table_args__ = (
        one_of("state", [s.value for s in VisitState]),
        sa.CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="time_is_whole"),
        sa.CheckConstraint(
            "starts_at IS NOT NULL OR state NOT IN ('booked', 'visited', 'missed')", name="booked_has_time"
        ),
        sa.Index("ix_visits_contact_id", "contact_id"),
        sa.Index(
            "uq_visits_open",
            "contact_id",
            unique=True,
            postgresql_where=sa.text("state IN ('offered', 'none_suits', 'booked')"),
        ),
        sa.Index(
            "ix_visits_to_remind",
            "starts_at",
            postgresql_where=sa.text("state = 'booked' AND reminded_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    state: Mapped[str]
    slots: Mapped[list[Any]]
    offered_at: Mapped[dt.datetime]
    starts_at: Mapped[dt.datetime | None]
    ends_at: Mapped[dt.datetime | None]
    changed_at: Mapped[dt.datetime]
    reminded_at: Mapped[dt.datetime | None]


class VisitReport(Base):
    """What the officer found on a visit: the checklist's codes, and words. Only ever added to."""

    __tablename__ = "visit_reports"
    __table_args__ = (sa.Index("ix_visit_reports_contact_id", "contact_id"),)

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    visit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("visits.id", ondelete="CASCADE"))
    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"))
    at: Mapped[dt.datetime]
    checklist: Mapped[dict[str, Any]]
    notes: Mapped[str]


class VisitDraft(Base):
    """What an officer has noted of a visit that is not reported yet: kept so that no phone loses it."""

    __tablename__ = "visit_drafts"

    visit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("visits.id", ondelete="CASCADE"), primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"))
    checklist: Mapped[dict[str, Any]]
    notes: Mapped[str]
    changed_at: Mapped[dt.datetime]


class ApplicationDecision(Base):
    """A recommendation, or the decision on one by another officer. Only ever added to; reasons are kept.

    A decision carries what was read off NFLMS, which is the master register (practice 27).
    """

    __tablename__ = "application_decisions"
    __table_args__ = (
        one_of("kind", ("recommendation", "decision", "sent_back")),
        one_of("outcome", [o.value for o in Outcome]),
        sa.CheckConstraint("kind = 'recommendation' OR agent_id <> recommended_by", name="another_decides"),
        sa.CheckConstraint("(kind = 'recommendation') = (recommended_by IS NULL)", name="decision_is_on_one"),
        sa.CheckConstraint(
            "kind <> 'decision' OR (nflms_person IS NOT NULL AND nflms_on IS NOT NULL)", name="nflms_comes_first"
        ),
        sa.Index("ix_application_decisions_contact_id", "contact_id"),
    )

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    kind: Mapped[str]
    outcome: Mapped[str | None]
    reasons: Mapped[str]
    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"))
    recommended_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    at: Mapped[dt.datetime]
    nflms_person: Mapped[str | None]
    nflms_certificates: Mapped[list[str] | None]
    nflms_on: Mapped[dt.date | None]
