"""Payments and refunds: one open payment an application, rows locked before they move, sums of what is back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.domain.payments import HAVE_MONEY, HELD_REFUNDS, OPEN_STATES, DisputeState, PaymentState, RefundState
from contact.store.models import Payment, Refund, SettlementPart

__all__ = ["Payment", "Refund"]

_HELD = [state.value for state in HELD_REFUNDS]
_OPEN = [state.value for state in OPEN_STATES]
_WITH_MONEY = [state.value for state in HAVE_MONEY]
_PAYMENT_LINE = "payment"  # as the gateway calls what came in (LineKind)
_REFRESH = {"populate_existing": True}


def add(session: Session, payment: Payment) -> None:
    """Write a new payment. An IntegrityError where one is open for the application already."""
    session.add(payment)
    session.flush()


def get(session: Session, *, payment_id: UUID) -> Payment:
    """The payment, where this actor may see it. Raises NotFound."""
    found = session.get(Payment, payment_id)
    if found is None:
        raise NotFound(kind="payment", key=str(payment_id))
    return found


def lock(session: Session, *, payment_id: UUID) -> Payment:
    """The payment with its row locked, after its contact's. Raises NotFound."""
    query = sa.select(Payment).where(Payment.id == payment_id).with_for_update().execution_options(**_REFRESH)
    found = session.scalar(query)
    if found is None:
        raise NotFound(kind="payment", key=str(payment_id))
    return found


def find_open(session: Session, *, contact_id: UUID) -> Payment | None:
    """The application's open payment: one that a person looks at, else the one under way."""
    query = sa.select(Payment).where(Payment.contact_id == contact_id, Payment.state.in_(_OPEN))
    return session.scalar(query.order_by(Payment.state != PaymentState.QUERIED.value).limit(1))


def list_for_contact(session: Session, *, contact_id: UUID) -> Sequence[Payment]:
    """Every try at paying for the application, oldest first, as they stand now."""
    query = sa.select(Payment).where(Payment.contact_id == contact_id).order_by(Payment.created_at, Payment.id)
    return session.scalars(query.execution_options(**_REFRESH)).all()


def find_contact_id(session: Session, *, payment_id: UUID) -> UUID | None:
    """Whose payment it is, so that the contact is locked first; None once that is erased, or for no payment."""
    return session.scalar(sa.select(Payment.contact_id).where(Payment.id == payment_id))


def find_id(
    session: Session, *, payment_id: UUID | None, session_id: str | None, provider_payment_id: str | None
) -> UUID | None:
    """The payment that an event is about, by whichever name it gives: ours first."""
    named = [
        Payment.id == payment_id if payment_id else None,
        Payment.session_id == session_id if session_id else None,
        Payment.provider_payment_id == provider_payment_id if provider_payment_id else None,
    ]
    for condition in named:
        if condition is not None:
            found = session.scalar(sa.select(Payment.id).where(condition))
            if found is not None:
                return found
    return None


def find_application(session: Session, *, force_id: str, reference: str) -> UUID | None:
    """Which application of this force has that reference, for a finance officer, who sees none: its id alone."""
    found = session.scalar(sa.select(sa.func.application_to_pay(reference, force_id)))
    return UUID(str(found)) if found else None


def is_of_actor(session: Session, *, contact_id: UUID) -> bool:
    """Whether who applied has the very name or address of the finance officer for whom this session speaks."""
    return bool(session.scalar(sa.select(sa.func.applicant_is_actor(contact_id))))


def list_unsettled(session: Session, *, before: dt.datetime, limit: int = 200) -> Sequence[Payment]:
    """Open payments that nobody has asked the provider about since then, the oldest first."""
    watched = [PaymentState.CREATED.value, PaymentState.OPEN.value, PaymentState.PROCESSING.value]
    query = sa.select(Payment).where(Payment.state.in_(watched), Payment.created_at < before)
    return session.scalars(query.order_by(Payment.created_at, Payment.id).limit(limit)).all()


def list_to_reckon(session: Session, *, since: dt.datetime, until: dt.datetime) -> Sequence[Payment]:
    """Payments begun from `since` to before `until`, and older ones that are not at their end; oldest first.

    Not at its end is what is under way or queried, what was paid and stands in no payout yet, what is disputed, and
    what goes back and has not arrived.
    """
    paid_out = sa.exists().where(SettlementPart.payment_id == Payment.id, SettlementPart.kind == _PAYMENT_LINE)
    going_back = sa.exists().where(
        Refund.payment_id == Payment.id, Refund.state.in_((RefundState.APPROVED.value, RefundState.SENT.value))
    )
    waits = sa.or_(
        Payment.state.in_(_OPEN),
        sa.and_(Payment.state.in_(_WITH_MONEY), ~paid_out),
        Payment.dispute == DisputeState.OPEN.value,
        going_back,
    )
    query = sa.select(Payment).where(Payment.created_at < until, sa.or_(Payment.created_at >= since, waits))
    return session.scalars(query.order_by(Payment.created_at, Payment.id)).all()


def first_begun(session: Session) -> dt.datetime | None:
    """When the first payment of all was begun."""
    return session.scalar(sa.select(sa.func.min(Payment.created_at)))


def add_refund(session: Session, refund: Refund) -> None:
    """Write a new refund."""
    session.add(refund)
    session.flush()


def lock_refund(session: Session, *, refund_id: UUID) -> Refund:
    """The refund with its row locked, after its payment's. Raises NotFound."""
    query = sa.select(Refund).where(Refund.id == refund_id).with_for_update().execution_options(**_REFRESH)
    found = session.scalar(query)
    if found is None:
        raise NotFound(kind="refund", key=str(refund_id))
    return found


def find_refund_id(session: Session, *, refund_id: UUID | None, provider_refund_id: str | None) -> UUID | None:
    """The refund that an event names, by our name or the provider's."""
    if refund_id is not None:
        found = session.scalar(sa.select(Refund.id).where(Refund.id == refund_id))
        if found is not None:
            return found
    if provider_refund_id is None:
        return None
    return session.scalar(sa.select(Refund.id).where(Refund.provider_refund_id == provider_refund_id))


def list_refunds(session: Session, *, payment_id: UUID) -> Sequence[Refund]:
    """A payment's refunds, in the order they were asked for."""
    query = sa.select(Refund).where(Refund.payment_id == payment_id).order_by(Refund.asked_at, Refund.id)
    return session.scalars(query.execution_options(**_REFRESH)).all()


def refunded_or_on_its_way(session: Session, *, payment_id: UUID) -> int:
    """Pence of a payment that are back, on their way, or asked for."""
    held = sa.select(sa.func.coalesce(sa.func.sum(Refund.amount_pence), 0))
    found = session.scalar(held.where(Refund.payment_id == payment_id, Refund.state.in_(_HELD)))
    return int(found or 0)


def list_refunds_to_send(session: Session, *, before: dt.datetime, limit: int = 100) -> Sequence[Refund]:
    """Approved refunds whose sending nobody heard the end of, the oldest first."""
    query = sa.select(Refund).where(Refund.state == RefundState.APPROVED.value, Refund.state_since < before)
    return session.scalars(query.order_by(Refund.state_since, Refund.id).limit(limit)).all()


def payment_of_refund(session: Session, *, refund_id: UUID) -> UUID:
    """Which payment a refund is of. Raises NotFound."""
    found = session.scalar(sa.select(Refund.payment_id).where(Refund.id == refund_id))
    if found is None:
        raise NotFound(kind="refund", key=str(refund_id))
    return found
