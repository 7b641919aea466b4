"""An application for a firearms licence: a contact's place with the licensing team; and how each force licenses."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.domain.licensing.application_states import ApplicationState
from contact.domain.licensing.kinds import CollectAt, Kind, Licence, Nation, PaymentStanding
from contact.store.base import Base, one_of


class Application(Base):
    """`shotgun_kind` is that of the shotgun half of a coterminous pair, `kind` then the firearm half's.

    `paid_otherwise`: an officer noted that the fee came by cheque, counter or the like, which no provider pays back.
    `declared_at` is the signed declaration: nothing later moves it (practice 28). Read by licensing alone.
    """

    __tablename__ = "applications"
    __table_args__ = (
        one_of("kind", [k.value for k in Kind]),
        one_of("licence", [li.value for li in Licence]),
        one_of("shotgun_kind", [Kind.GRANT.value, Kind.RENEWAL.value]),
        one_of("nation", [n.value for n in Nation]),
        one_of("state", [s.value for s in ApplicationState]),
        one_of("collect_at", [c.value for c in CollectAt]),
        one_of("payment", [p.value for p in PaymentStanding]),
        sa.CheckConstraint("fee_pence IS NULL OR fee_pence >= 0", name="fee_is_whole"),
        sa.Index("ix_applications_caseload", "force_id", "state", "declared_at", "contact_id"),
        sa.Index(
            "ix_applications_due",
            "force_id",
            "next_due",
            "contact_id",
            postgresql_where=sa.text("next_due IS NOT NULL"),
        ),
        sa.Index(
            "ix_applications_unpaid",
            "force_id",
            "declared_at",
            "contact_id",
            postgresql_where=sa.text("state = 'granted' AND payment = 'due'"),
        ),
        sa.Index(
            "ix_applications_waiting",
            "force_id",
            "waiting_since",
            "contact_id",
            postgresql_where=sa.text("waiting_for IS NOT NULL"),
        ),
        sa.Index("ix_applications_unread", "force_id", "declared_at", "contact_id", postgresql_where=sa.text("unread")),
        sa.Index(
            "ix_applications_officer",
            "officer_id",
            "declared_at",
            "contact_id",
            postgresql_where=sa.text("officer_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_applications_certificate_number",
            "certificate_number",
            postgresql_where=sa.text("certificate_number IS NOT NULL"),
        ),
    )

    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True)
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    kind: Mapped[str]
    licence: Mapped[str]
    shotgun_kind: Mapped[str | None]
    nation: Mapped[str]
    state: Mapped[str]
    state_since: Mapped[dt.datetime]
    declared_at: Mapped[dt.datetime]
    in_time: Mapped[bool | None]
    group_size: Mapped[int | None]
    number_rises: Mapped[bool | None]
    officer_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    certificate_number: Mapped[str | None]
    collect_at: Mapped[str]
    fee_key: Mapped[str | None]
    fee_pence: Mapped[int | None]
    payment: Mapped[str] = mapped_column(default=PaymentStanding.NOT_DUE.value)
    paid_otherwise: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    waiting_for: Mapped[str | None]
    waiting_since: Mapped[dt.datetime | None]
    next_due: Mapped[dt.date | None]
    unread: Mapped[bool] = mapped_column(default=False)


class ApplicationCertificate(Base):
    """A certificate that an application is about: named in it (`linked_by` None), or joined to it by an officer.

    `unlinked_at`: an officer took it off, and no machine joins it again. Why stands in the certificate's history.
    """

    __tablename__ = "application_certificates"
    __table_args__ = (sa.Index("ix_application_certificates_certificate_id", "certificate_id"),)

    contact_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("applications.contact_id", ondelete="CASCADE"), primary_key=True
    )
    certificate_id: Mapped[UUID] = mapped_column(sa.ForeignKey("certificates.id", ondelete="CASCADE"), primary_key=True)
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    linked_at: Mapped[dt.datetime]
    linked_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    unlinked_at: Mapped[dt.datetime | None]


class LicensingSettings(Base):
    """How a force licenses. Without an approval nothing sent online is an application (practice 24)."""

    __tablename__ = "licensing_settings"
    __table_args__ = (
        one_of("collect_at", [c.value for c in CollectAt]),
        sa.CheckConstraint(
            "num_nulls(approval_instrument, approval_reference, approval_date, approved_by) IN (0, 4)",
            name="approval_is_whole",
        ),
        sa.CheckConstraint("two_person_above_pence >= 0", name="sum_is_whole"),
    )

    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"), primary_key=True)
    approval_instrument: Mapped[str | None]
    approval_reference: Mapped[str | None]
    approval_date: Mapped[dt.date | None]
    approved_by: Mapped[str | None]
    collect_at: Mapped[str] = mapped_column(default=CollectAt.DECISION.value)
    two_person_above_pence: Mapped[int] = mapped_column(default=20_000)
    other_way_to_pay: Mapped[str | None]
    other_way_to_pay_cy: Mapped[str | None]
