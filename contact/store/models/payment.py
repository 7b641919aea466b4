"""Payments, the books, what providers told us, refunds, cases for a person, payouts, and a force's own fees."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.domain.ledger import Account, Entry
from contact.domain.licensing.fees import Case, DateRule
from contact.domain.licensing.kinds import Kind, Licence
from contact.domain.payments import (
    UNDER_WAY,
    DisputeState,
    ExceptionKind,
    PaymentState,
    RefundReason,
    RefundState,
)
from contact.store.base import Base, Id, one_of

_UNDER_WAY = ", ".join(f"'{state.value}'" for state in PaymentState if state in UNDER_WAY)


class Payment(Base):
    """One try at paying the fee of one application; it outlives the contact, which is why it keeps the reference.

    `idempotency_key` makes the provider's page once; `received_pence` is what came, also where it was not what was
    asked for; `earned_at` is the grant, before which the money is the applicant's (practice 28).
    """

    __tablename__ = "payments"
    __table_args__ = (
        one_of("state", [state.value for state in PaymentState]),
        one_of("dispute", [state.value for state in DisputeState]),
        one_of("language", ("en", "cy")),
        sa.CheckConstraint("amount_pence > 0", name="amount_is_something"),
        sa.CheckConstraint("refunded_pence >= 0", name="refunded_is_whole"),
        sa.UniqueConstraint("idempotency_key"),
        sa.UniqueConstraint("session_id"),
        sa.UniqueConstraint("provider_payment_id"),
        sa.Index(
            "uq_payments_one_open",
            "contact_id",
            unique=True,
            postgresql_where=sa.text(f"state IN ({_UNDER_WAY})"),
        ),
        sa.Index("ix_payments_contact_id", "contact_id"),
        sa.Index("ix_payments_force_id_created_at", "force_id", "created_at"),
        sa.Index("ix_payments_reference", "reference"),
    )

    id: Mapped[Id]
    contact_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("contacts.id", ondelete="SET NULL"))
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    reference: Mapped[str]
    licence: Mapped[str]
    kind: Mapped[str]
    legal_basis: Mapped[str]
    amount_pence: Mapped[int]
    currency: Mapped[str] = mapped_column(default="gbp")
    language: Mapped[str] = mapped_column(default="en")
    state: Mapped[str]
    state_since: Mapped[dt.datetime]
    provider: Mapped[str]
    idempotency_key: Mapped[str]
    session_id: Mapped[str | None]
    provider_payment_id: Mapped[str | None]
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    paid_at: Mapped[dt.datetime | None]
    earned_at: Mapped[dt.datetime | None]
    received_pence: Mapped[int] = mapped_column(default=0)
    refunded_pence: Mapped[int] = mapped_column(default=0)
    dispute: Mapped[str] = mapped_column(default=DisputeState.NONE.value)
    disputed_pence: Mapped[int] = mapped_column(default=0)


class LedgerTransaction(Base):
    """One entry of the books, written once under its key and never changed; its lines sum to zero at the commit."""

    __tablename__ = "ledger_transactions"
    __table_args__ = (
        one_of("entry", [entry.value for entry in Entry]),
        sa.UniqueConstraint("key"),
        sa.Index("ix_ledger_transactions_payment_id", "payment_id"),
        sa.Index("ix_ledger_transactions_force_id_at", "force_id", "at"),
    )

    id: Mapped[Id]
    key: Mapped[str]
    entry: Mapped[str]
    force_id: Mapped[str | None] = mapped_column(sa.ForeignKey("forces.id"))
    payment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("payments.id"))
    at: Mapped[dt.datetime]


class LedgerLine(Base):
    """One account's part in an entry: debits above zero, credits below, in pence."""

    __tablename__ = "ledger_lines"
    __table_args__ = (
        one_of("account", [account.value for account in Account]),
        sa.CheckConstraint("amount_pence <> 0", name="amount_is_something"),
    )

    transaction_id: Mapped[UUID] = mapped_column(sa.ForeignKey("ledger_transactions.id"), primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    amount_pence: Mapped[int] = mapped_column(sa.BigInteger)


class ProviderEventRow(Base):
    """One webhook, once under (provider, event id): its facts and nothing of the card or its holder."""

    __tablename__ = "provider_events"
    __table_args__ = (
        sa.Index("ix_provider_events_waiting", "received_at", postgresql_where=sa.text("outcome IS NULL")),
        sa.Index("ix_provider_events_payment_id", "payment_id"),
    )

    provider: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]
    created: Mapped[dt.datetime]
    received_at: Mapped[dt.datetime]
    payment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("payments.id"))
    outcome: Mapped[str | None]


class Refund(Base):
    """Money back. `asked_by_id` None: a rule asked, no person. `from_earned`: of a fee that a grant had earned."""

    __tablename__ = "refunds"
    __table_args__ = (
        one_of("state", [state.value for state in RefundState]),
        one_of("reason", [reason.value for reason in RefundReason]),
        sa.CheckConstraint("amount_pence > 0", name="amount_is_something"),
        sa.CheckConstraint("decided_by_id <> asked_by_id", name="decided_by_another"),
        sa.UniqueConstraint("idempotency_key"),
        sa.UniqueConstraint("provider_refund_id"),
        sa.Index("ix_refunds_payment_id", "payment_id"),
        sa.Index("ix_refunds_open", "state", "asked_at", postgresql_where=sa.text("state IN ('asked', 'approved')")),
    )

    id: Mapped[Id]
    payment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("payments.id"))
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    amount_pence: Mapped[int]
    reason: Mapped[str]
    state: Mapped[str]
    state_since: Mapped[dt.datetime]
    asked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    asked_at: Mapped[dt.datetime]
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    decided_at: Mapped[dt.datetime | None]
    idempotency_key: Mapped[str]
    provider_refund_id: Mapped[str | None]
    from_earned: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None]


class PaymentException(Base):
    """What nobody may pass over, once under (kind, subject), until a named person has settled it.

    `reference` is the application's where there is no payment; `note` why it was settled so; `settled_reference` that
    of the transfer or cheque by which money went back.
    """

    __tablename__ = "payment_exceptions"
    __table_args__ = (
        one_of("kind", [kind.value for kind in ExceptionKind]),
        sa.UniqueConstraint("kind", "subject"),
        sa.Index("ix_payment_exceptions_open", "force_id", "raised_at", postgresql_where=sa.text("settled_at IS NULL")),
        sa.Index("ix_payment_exceptions_payment_id", "payment_id"),
        sa.Index("ix_payment_exceptions_contact_id", "contact_id", postgresql_where=sa.text("contact_id IS NOT NULL")),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    subject: Mapped[str]
    force_id: Mapped[str | None] = mapped_column(sa.ForeignKey("forces.id"))
    payment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("payments.id"))
    amount_pence: Mapped[int | None]
    raised_at: Mapped[dt.datetime]
    settled_at: Mapped[dt.datetime | None]
    settled_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    what_was_done: Mapped[str | None]
    contact_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("contacts.id", ondelete="SET NULL"))
    reference: Mapped[str | None]
    note: Mapped[str | None]
    settled_reference: Mapped[str | None]


class SettlementRow(Base):
    """One payout of the provider to the bank."""

    __tablename__ = "settlements"
    __table_args__ = (sa.Index("ix_settlements_created", "created"),)

    provider: Mapped[str] = mapped_column(primary_key=True)
    payout_id: Mapped[str] = mapped_column(primary_key=True)
    amount_pence: Mapped[int]
    charges_pence: Mapped[int]
    currency: Mapped[str]
    status: Mapped[str]
    created: Mapped[dt.datetime]
    arrival: Mapped[dt.date]


class SettlementPart(Base):
    """One movement inside a payout, and the payment of ours that it belongs to."""

    __tablename__ = "settlement_lines"
    __table_args__ = (
        sa.ForeignKeyConstraint(["provider", "payout_id"], ["settlements.provider", "settlements.payout_id"]),
        sa.Index("ix_settlement_lines_payment_id", "payment_id"),
        sa.Index("ix_settlement_lines_provider_payout_id", "provider", "payout_id"),
    )

    provider: Mapped[str] = mapped_column(primary_key=True)
    line_id: Mapped[str] = mapped_column(primary_key=True)
    payout_id: Mapped[str]
    kind: Mapped[str]
    amount_pence: Mapped[int]
    fee_pence: Mapped[int]
    payment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("payments.id"))
    force_id: Mapped[str | None] = mapped_column(sa.ForeignKey("forces.id"))


class ReckoningRow(Base):
    """One comparison of the books with the provider's, done to its end: where the next one begins."""

    __tablename__ = "reckonings"
    __table_args__ = (sa.Index("ix_reckonings_provider_until", "provider", "until"),)

    id: Mapped[Id]
    provider: Mapped[str]
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime]
    at: Mapped[dt.datetime]
    payments: Mapped[int]
    payouts: Mapped[int]
    cases: Mapped[int]


class LicenceFee(Base):
    """A force's own dated figure, where the national table has none."""

    __tablename__ = "licence_fees"
    __table_args__ = (
        one_of("licence", [licence.value for licence in Licence]),
        one_of("kind", [kind.value for kind in Kind]),
        one_of("case_code", [case.value for case in Case]),
        one_of("by_date", [rule.value for rule in DateRule]),
        sa.CheckConstraint("pence >= 0", name="pence_is_whole"),
        sa.CheckConstraint("valid_to >= valid_from", name="days_in_order"),
        sa.UniqueConstraint(
            "force_id", "licence", "kind", "case_code", "valid_from", postgresql_nulls_not_distinct=True
        ),
    )

    id: Mapped[Id]
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    licence: Mapped[str]
    kind: Mapped[str]
    case_code: Mapped[str | None]
    pence: Mapped[int]
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
    by_date: Mapped[str] = mapped_column(default=DateRule.RECEIVED.value)
    legal_basis: Mapped[str]
    entered_by: Mapped[str]
    entered_at: Mapped[dt.datetime]
