"""The working register: certificates, the guns on them, what became of both. NFLMS is the master (practice 27)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from contact.domain.licensing.certificate_states import CertificateState
from contact.domain.licensing.gun_states import Custody, GunState
from contact.domain.licensing.kinds import Licence
from contact.domain.licensing.renewal_clock import NoticeKind
from contact.store.base import Base, Id, one_of

KINDS = (
    Licence.FIREARM.value,
    Licence.SHOTGUN.value,
    Licence.AIR_WEAPON.value,
    Licence.VISITOR_FIREARM.value,
    Licence.VISITOR_SHOTGUN.value,
    Licence.DEALER.value,
)
REACH = ("post", "email", "none")
REVIEW_DECISIONS = ("no_action", "spoken_to", "guns_removed", "revocation_begun", "not_the_holder")


class Certificate(Base):
    """One certificate as we copied it. `expires` is its last day; keys are what matching compares (domain/matching).

    `reach`: how the holder may be written to; `none` means that a person looks for another way (practice 13).
    `ammunition`: what it authorises, rows of calibre, hold and buy. `copy_no`: which copy of the paper is valid.
    `trades_as`, `premises`: a dealer's business and its places, rows of name, address, postcode, security.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        one_of("kind", KINDS),
        one_of("state", [s.value for s in CertificateState]),
        one_of("reach", REACH),
        sa.CheckConstraint("copy_no >= 1", name="copies_count_from_one"),
        sa.UniqueConstraint("force_id", "kind", "number_key"),
        sa.Index("ix_certificates_number_key", "force_id", "number_key"),
        sa.Index("ix_certificates_number_anywhere", "number_key"),
        sa.Index("ix_certificates_force_expires", "force_id", "expires", "id"),
        sa.Index("ix_certificates_clock", "expires", "id", postgresql_where=sa.text("clock_runs")),
        sa.Index("ix_certificates_surname_key", "force_id", "surname_key"),
        sa.Index("ix_certificates_name_key", "name_key"),
        sa.Index("ix_certificates_household_key", "household_key"),
        sa.Index("ix_certificates_address_key", "address_key"),
        sa.Index("ix_certificates_postcode", "postcode"),
        sa.Index("ix_certificates_phone_e164", "phone_e164"),
        sa.Index("ix_certificates_email", "email"),
        sa.Index("ix_certificates_pair_id", "pair_id", postgresql_where=sa.text("pair_id IS NOT NULL")),
    )

    id: Mapped[Id]
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    kind: Mapped[str]
    number: Mapped[str]
    number_key: Mapped[str]
    given_name: Mapped[str]
    surname: Mapped[str]
    born: Mapped[dt.date | None]
    address: Mapped[str]
    postcode: Mapped[str]
    phone_e164: Mapped[str | None]
    email: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    reach: Mapped[str] = mapped_column(default="post")
    issued: Mapped[dt.date]
    expires: Mapped[dt.date]
    state: Mapped[str]
    state_since: Mapped[dt.datetime]
    clock_runs: Mapped[bool]
    extended_until: Mapped[dt.date | None]
    permit_until: Mapped[dt.date | None]
    pair_id: Mapped[UUID | None]
    nflms_number: Mapped[str | None]
    nflms_date: Mapped[dt.date | None]
    conditions: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), default=list)
    ammunition: Mapped[list[Any]] = mapped_column(default=list)
    copy_no: Mapped[int] = mapped_column(default=1)
    copy_on: Mapped[dt.date | None]
    trades_as: Mapped[str | None]
    premises: Mapped[list[Any]] = mapped_column(default=list, server_default=sa.text("'[]'"))
    surname_key: Mapped[str]
    name_key: Mapped[str | None]
    household_key: Mapped[str | None]
    address_key: Mapped[str | None]
    copied_at: Mapped[dt.datetime]


class Firearm(Base):
    """A gun on a certificate. `also_registered`: a gun with such a number stands on another one; a person looks.

    `to_go`: still held, and nothing allows it any more: it was swapped or given up, and must leave the holder.
    """

    __tablename__ = "firearms"
    __table_args__ = (
        one_of("state", [s.value for s in GunState]),
        one_of("custody", [c.value for c in Custody]),
        sa.CheckConstraint("(state = 'removed') = (custody IS NOT NULL)", name="custody_fits_state"),
        sa.Index("ix_firearms_certificate_id", "certificate_id", "position"),
        sa.Index("ix_firearms_serial_key", "serial_key", postgresql_where=sa.text("serial_key IS NOT NULL")),
    )

    id: Mapped[Id]
    certificate_id: Mapped[UUID] = mapped_column(sa.ForeignKey("certificates.id", ondelete="CASCADE"))
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    position: Mapped[int]
    type: Mapped[str]
    action: Mapped[str]
    calibre: Mapped[str]
    make: Mapped[str]
    make_key: Mapped[str]
    serial: Mapped[str | None]
    serial_key: Mapped[str | None]
    state: Mapped[str]
    state_since: Mapped[dt.datetime]
    custody: Mapped[str | None]
    custody_with: Mapped[str | None]
    also_registered: Mapped[bool] = mapped_column(default=False)
    to_go: Mapped[bool] = mapped_column(default=False)


class CertificateHistory(Base):
    """What happened to a certificate or to one gun of it, and why; words stand here, codes in the event log."""

    __tablename__ = "certificate_history"
    __table_args__ = (sa.Index("ix_certificate_history_certificate_id", "certificate_id", "at"),)

    id: Mapped[Id]
    certificate_id: Mapped[UUID] = mapped_column(sa.ForeignKey("certificates.id", ondelete="CASCADE"))
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    firearm_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("firearms.id", ondelete="CASCADE"))
    at: Mapped[dt.datetime]
    agent_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    event: Mapped[str]
    from_state: Mapped[str | None]
    to_state: Mapped[str | None]
    reason: Mapped[str]
    nflms_number: Mapped[str | None]
    nflms_date: Mapped[dt.date | None]


class CertificateNotice(Base):
    """That the clock wrote or rang, once for a certificate, a kind and the day it was for."""

    __tablename__ = "certificate_notices"
    __table_args__ = (
        one_of("kind", [k.value for k in NoticeKind]),
        sa.UniqueConstraint("certificate_id", "kind", "for_day"),
    )

    id: Mapped[Id]
    certificate_id: Mapped[UUID] = mapped_column(sa.ForeignKey("certificates.id", ondelete="CASCADE"))
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    kind: Mapped[str]
    for_day: Mapped[dt.date]
    last_safe_day: Mapped[dt.date | None]
    made_at: Mapped[dt.datetime]
    seen_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    seen_at: Mapped[dt.datetime | None]


class LicensingReview(Base):
    """Somebody in a contact may be a certificate holder, or apply to be one: looked at within 24 hours (practice 9).

    Of a certificate, or of an application where no certificate of theirs is looked at. What the contact says stays with
    the control room: here stand how they met, and how grave it is.
    """

    __tablename__ = "licensing_reviews"
    __table_args__ = (
        one_of("decision", REVIEW_DECISIONS),
        sa.CheckConstraint("num_nonnulls(certificate_id, application_id) = 1", name="of_one_thing"),
        sa.UniqueConstraint("certificate_id", "contact_id"),
        sa.UniqueConstraint("application_id", "contact_id"),
        sa.Index(
            "ix_licensing_reviews_open", "force_id", "due_at", "id", postgresql_where=sa.text("decided_at IS NULL")
        ),
        sa.Index("ix_licensing_reviews_contact_id", "contact_id"),
    )

    id: Mapped[Id]
    certificate_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("certificates.id", ondelete="CASCADE"))
    application_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    from_force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    reference: Mapped[str | None]
    category: Mapped[str | None]
    grade: Mapped[str]
    matched_by: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    opened_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    decision: Mapped[str | None]
    reasons: Mapped[str | None]


class LicensingLetter(Base):
    """A letter about a certificate or an application: its facts, how it is served, and how far it got (practice 26)."""

    __tablename__ = "licensing_letters"
    __table_args__ = (
        one_of("way", ("post", "recorded_delivery", "by_hand", "electronic")),
        one_of("state", ("waiting", "sent", "received", "cancelled")),
        sa.Index(
            "ix_licensing_letters_waiting", "force_id", "made_at", "id", postgresql_where=sa.text("state = 'waiting'")
        ),
        sa.Index("ix_licensing_letters_certificate_id", "certificate_id"),
        sa.Index("ix_licensing_letters_contact_id", "contact_id"),
    )

    id: Mapped[Id]
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    certificate_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("certificates.id", ondelete="CASCADE"))
    contact_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    kind: Mapped[str]
    language: Mapped[str]
    way: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    facts: Mapped[dict[str, Any]]
    made_at: Mapped[dt.datetime]
    made_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    sent_on: Mapped[dt.date | None]
    sent_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    received_on: Mapped[dt.date | None]


class RenewalCode(Base):
    """Words that went by post to begin a renewal: tried a few times, used once. The words stand nowhere."""

    __tablename__ = "renewal_codes"
    __table_args__ = (sa.Index("ix_renewal_codes_certificate_id", "certificate_id"),)

    id: Mapped[Id]
    certificate_id: Mapped[UUID] = mapped_column(sa.ForeignKey("certificates.id", ondelete="CASCADE"))
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    made_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    tries: Mapped[int]
    used_at: Mapped[dt.datetime | None]
