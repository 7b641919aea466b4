"""Acting on what a provider told: in any order, any number of times; the truth is asked for, never taken from the word.

An event that names no payment of ours waits a while, since it may have overtaken the one that names it; then it is a
case for a person, and never 200-and-forget (scenario 20).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.jobs import JobName
from contact.domain.ledger import Entry
from contact.domain.payments import CURRENCY, HAVE_MONEY, ExceptionKind, PaymentEvent
from contact.gateways.payment_provider import (
    CheckoutStatus,
    EventKind,
    PaymentProvider,
    PaymentStatus,
    ProviderEvent,
    ProviderRefused,
    RefundResult,
)
from contact.services.payments import cases, disputes, facts, refunding, settling
from contact.services.payments.steps import Transaction
from contact.store import ledger, outbox, payments, provider_events
from contact.store.payments import Payment

WAITS = dt.timedelta(minutes=2)
"""How long an event may be ahead of what names its payment."""
_CHECKOUT = frozenset(
    {
        EventKind.CHECKOUT_COMPLETED,
        EventKind.CHECKOUT_EXPIRED,
        EventKind.LATE_PAYMENT_SUCCEEDED,
        EventKind.LATE_PAYMENT_FAILED,
    }
)
_DISPUTE = frozenset({EventKind.DISPUTE_OPENED, EventKind.DISPUTE_CHANGED, EventKind.DISPUTE_CLOSED})
_REFUND = frozenset({EventKind.CHARGE_REFUNDED, EventKind.REFUND_CHANGED})
_ABOUT_MONEY = _CHECKOUT | _DISPUTE | _REFUND


def keep(session: Session, event: ProviderEvent, *, provider: str, now: dt.datetime) -> bool:
    """Keep an event and have it worked on, in one transaction; False for one that was kept before."""
    fresh = provider_events.keep(
        session,
        provider=provider,
        event_id=event.event_id,
        kind=event.kind.value,
        facts=facts.to_json(event),
        created=event.created,
        now=now,
    )
    if fresh:
        outbox.defer(session, JobName.TAKE_PROVIDER_EVENT, provider=provider, event_id=event.event_id)
    return fresh


@dataclass(frozen=True, slots=True)
class _Work:
    """An event to act on, and the page of the payment it is about."""

    event: ProviderEvent
    payment_id: UUID | None
    session_id: str | None


def take(transaction: Transaction, provider: PaymentProvider, *, event_id: str, name: str, now: dt.datetime) -> bool:
    """Act on one event; False where it has to wait for its payment. Raises ProviderAway."""
    with transaction() as session:
        work = _look_up(session, name, event_id)
    if work is None:
        return True
    status = None
    if work.session_id is not None:
        try:
            status = provider.get(work.session_id)
        except ProviderRefused:
            status = None  # a page of another account: there is nothing to learn of it
    with transaction() as session:
        return apply(session, provider=name, work=work, status=status, now=now)


def _look_up(session: Session, provider: str, event_id: str) -> _Work | None:
    row = provider_events.find(session, provider=provider, event_id=event_id)
    if row is None or row.outcome is not None:
        return None
    event = facts.from_json(row.event_id, row.kind, row.created, row.facts)
    if event.kind not in _ABOUT_MONEY:
        _conclude(session, provider, event, "noted", None)
        return None
    payment_id = _payment_of(session, event)
    page = payments.get(session, payment_id=payment_id).session_id if payment_id else None
    return _Work(event, payment_id, page or event.session_id)


def _payment_of(session: Session, event: ProviderEvent) -> UUID | None:
    found = payments.find_id(
        session,
        payment_id=event.payment_id,
        session_id=event.session_id,
        provider_payment_id=event.provider_payment_id,
    )
    if found is None and event.refund is not None:
        refund_id = payments.find_refund_id(
            session, refund_id=event.refund.refund_id, provider_refund_id=event.refund.provider_refund_id
        )
        return payments.payment_of_refund(session, refund_id=refund_id) if refund_id else None
    return found


def apply(session: Session, *, provider: str, work: _Work, status: CheckoutStatus | None, now: dt.datetime) -> bool:
    """Settle the payment by its books, then what the event alone knows; False where it has to wait."""
    event = work.event
    row = provider_events.find(session, provider=provider, event_id=event.event_id)
    if row is None or row.outcome is not None:
        return True  # another job did it meanwhile
    payment_id = work.payment_id or _payment_of(session, event)
    if payment_id is None:
        return _unmatched(session, provider, event, row.received_at, now)
    payment = settling.locked(session, payment_id)
    if status is not None:
        payment = settling.settle(session, payment_id=payment_id, status=status, now=now)
    outcome = _own_part(session, payment, event, now)
    if outcome is None:
        if now - row.received_at < WAITS:
            return False
        outcome = _never_fitted(session, payment, event, now)
    _conclude(session, provider, event, outcome, payment_id)
    return True


def _own_part(session: Session, payment: Payment, event: ProviderEvent, now: dt.datetime) -> str | None:
    """What the provider's books do not say by themselves; None where it has to wait."""
    if event.kind is EventKind.LATE_PAYMENT_FAILED:
        return "applied" if settling.move(session, payment, PaymentEvent.MONEY_FAILED, now) else "already_known"
    if event.kind in _DISPUTE and event.dispute is not None:
        if payment.state not in HAVE_MONEY:
            return None
        return disputes.note(session, payment, event.dispute, now=now)
    if event.kind is EventKind.REFUND_CHANGED and event.refund is not None:
        return _refund_changed(session, event, now)
    return "settled"


def _refund_changed(session: Session, event: ProviderEvent, now: dt.datetime) -> str:
    told = event.refund
    assert told is not None  # noqa: S101 - the caller has looked
    refund_id = payments.find_refund_id(session, refund_id=told.refund_id, provider_refund_id=told.provider_refund_id)
    if refund_id is None or told.state is None or told.provider_refund_id is None:
        return "not_ours"  # one that we did not ask for shows in the payment's books
    result = RefundResult(told.provider_refund_id, told.state, told.amount_pence or 0, event.currency or CURRENCY)
    refunding.heard(session, refund_id=refund_id, result=result, now=now)
    return "applied"


def _never_fitted(session: Session, payment: Payment, event: ProviderEvent, now: dt.datetime) -> str:
    cases.open_case(
        session,
        ExceptionKind.UNMATCHED,
        subject=event.event_id,
        payment=payment,
        pence=event.dispute.amount_pence if event.dispute else event.amount_pence,
        now=now,
    )
    return "case"


def _unmatched(
    session: Session, provider: str, event: ProviderEvent, received_at: dt.datetime, now: dt.datetime
) -> bool:
    """No payment of ours: it waits, then a person looks; money that came stands in the books meanwhile."""
    if now - received_at < WAITS:
        return False
    paid = event.kind in _CHECKOUT and event.payment_status is PaymentStatus.PAID
    if not paid and event.kind in (EventKind.CHECKOUT_EXPIRED, EventKind.LATE_PAYMENT_FAILED):
        _conclude(session, provider, event, "not_ours", None)  # nothing was paid, so nothing is missing
        return True
    if paid and event.amount_pence and event.currency == CURRENCY:
        ledger.post(
            session,
            Entry.MONEY_QUERIED,
            key=f"unmatched:{provider}:{event.session_id or event.event_id}",
            pence=event.amount_pence,
            payment_id=None,
            force_id=None,
            now=now,
        )
    subject = event.session_id or event.provider_payment_id or event.event_id
    cases.open_case(session, ExceptionKind.UNMATCHED, subject=subject, payment=None, pence=event.amount_pence, now=now)
    _conclude(session, provider, event, "case", None)
    return True


def _conclude(session: Session, provider: str, event: ProviderEvent, outcome: str, payment_id: UUID | None) -> None:
    provider_events.conclude(
        session, provider=provider, event_id=event.event_id, outcome=outcome, payment_id=payment_id
    )
