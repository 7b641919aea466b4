"""Those whom an application names: its referees with what they say, and the doctor's practice that is asked."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.domain.licensing.outsiders import GmcStanding, RefereeState, ReportGiven, Role
from contact.store.base import Base, Id, one_of


class Referee(Base):
    """Who is asked by a link: a referee, or the parent of an applicant under 18 (`role`).

    `told` is what the applicant said of them; `answers` their own words, for licensing alone.

    `network` and `applicant_network` are keyed digests that say only whether both are the same (practice 25).
    """

    __tablename__ = "referees"
    __table_args__ = (
        one_of("state", [each.value for each in RefereeState]),
        one_of("role", [each.value for each in Role]),
        sa.UniqueConstraint("contact_id", "position"),
    )

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(default=Role.REFEREE.value, server_default=Role.REFEREE.value)
    position: Mapped[int]
    given_name: Mapped[str]
    surname: Mapped[str]
    email: Mapped[str | None]
    phone_e164: Mapped[str | None]
    told: Mapped[dict[str, Any]]
    language: Mapped[str]
    state: Mapped[str]
    flags: Mapped[list[str]]
    token_hash: Mapped[bytes | None] = mapped_column(unique=True)
    link_number: Mapped[int]
    asked_at: Mapped[dt.datetime | None]
    expires_at: Mapped[dt.datetime | None]
    code_number: Mapped[int]
    code_at: Mapped[dt.datetime | None]
    code_tries: Mapped[int]
    applicant_network: Mapped[bytes | None]
    network: Mapped[bytes | None]
    confirmed_at: Mapped[dt.datetime | None]
    questions_version: Mapped[int | None]
    answers: Mapped[dict[str, Any] | None]
    answered_at: Mapped[dt.datetime | None]
    spoken_at: Mapped[dt.datetime | None]
    spoken_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    spoken_note: Mapped[str | None]
    created_at: Mapped[dt.datetime]


class RefereeConcern(Base):
    """What a referee tells us later."""

    __tablename__ = "referee_concerns"
    __table_args__ = (sa.Index("ix_referee_concerns_contact_id", "contact_id"),)

    id: Mapped[Id]
    referee_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referees.id", ondelete="CASCADE"))
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    body: Mapped[str]
    at: Mapped[dt.datetime]


class MedicalConcern(Base):
    """What a practice tells us later, by whoever holds the link of our mail to it."""

    __tablename__ = "medical_concerns"
    __table_args__ = (sa.Index("ix_medical_concerns_contact_id", "contact_id"),)

    id: Mapped[Id]
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("medical_requests.id", ondelete="CASCADE"))
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    body: Mapped[str]
    at: Mapped[dt.datetime]


class MedicalRequest(Base):
    """A practice that an officer asked, at an address found independently of the applicant (practice 25).

    `doctor`, `gmc_number` and `report_given` are the practice's words; `gmc_standing` is what an officer found.
    """

    __tablename__ = "medical_requests"
    __table_args__ = (
        one_of("report_given", [each.value for each in ReportGiven]),
        one_of("gmc_standing", [each.value for each in GmcStanding]),
        sa.Index("ix_medical_requests_contact_id", "contact_id"),
    )

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    upload_link_id: Mapped[UUID] = mapped_column(sa.ForeignKey("upload_links.id", ondelete="CASCADE"), unique=True)
    practice: Mapped[str]
    address: Mapped[str]
    found_where: Mapped[str]
    language: Mapped[str]
    patient_born: Mapped[dt.date | None]
    asked_by: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"))
    asked_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    doctor: Mapped[str | None]
    gmc_number: Mapped[str | None]
    report_given: Mapped[str | None]
    told_at: Mapped[dt.datetime | None]
    gmc_standing: Mapped[str | None]
    gmc_checked_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    gmc_checked_at: Mapped[dt.datetime | None]
