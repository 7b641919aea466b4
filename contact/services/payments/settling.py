"""The one fulfilment, run by return page, webhook and clock alike: a payment moves by what the provider's books say.

Locks the contact, then the payment; run again, late or twice it changes nothing.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.events import Event
from contact.domain.ledger import Entry
from contact.domain.licensing.application_states import ApplicationState
from contact.domain.licensing.kinds import PaymentStanding
from contact.domain.payments import (
    CURRENCY,
    HAVE_MONEY,
    ExceptionKind,
    Learnt,
    PaymentEvent,
    PaymentState,
    RefundReason,
    RefundState,
    event_of,
    next_state,
)
from contact.gateways.payment_provider import CheckoutState, CheckoutStatus, PaymentStatus
from contact.services.payments import cases, disputes, receipts, refunding, second_page, standing, unasked
from contact.store import applications, audit, contacts, ledger, payments
from contact.store.applications import Application
from contact.store.payments import Payment

_HAVE_MONEY = (PaymentStanding.PAID, PaymentStanding.OWED_BACK)
_AT_PROVIDER = (RefundState.APPROVED, RefundState.SENT, RefundState.SETTLED)
_GIVE_BACK = {
    ApplicationState.REFUSED: RefundReason.REFUSED,
    ApplicationState.WITHDRAWN: RefundReason.WITHDRAWN,
}


def settle(session: Session, *, payment_id: UUID, status: CheckoutStatus, now: dt.datetime) -> Payment:
    """Bring a payment in line with the provider's books. Raises NotFound for no payment of ours."""
    payment = locked(session, payment_id)
    if not _same_page(session, payment, status, now):
        return payment
    payment.session_id = status.session_id
    learnt = Learnt(
        complete=status.state is CheckoutState.COMPLETE,
        expired=status.state is CheckoutState.EXPIRED,
        paid=status.payment_status is PaymentStatus.PAID,
        amount_pence=status.amount_pence,
        currency=status.currency,
        refunded_pence=status.refunded_pence,
    )
    if learnt.paid:
        payment.provider_payment_id = payment.provider_payment_id or status.provider_payment_id
    move(session, payment, event_of(learnt, amount_pence=payment.amount_pence, currency=payment.currency), now, learnt)
    if payment.state in HAVE_MONEY:
        if payment.received_pence > 0:  # another currency never stood in our books: nothing can leave them
            _refunds_elsewhere(session, payment, status.refunded_pence, now)
        if status.disputed:
            disputes.opened(session, payment, pence=payment.received_pence, now=now)
    return payment


def locked(session: Session, payment_id: UUID) -> Payment:
    """The payment with its contact's row locked before its own. Raises NotFound."""
    contact_id = payments.find_contact_id(session, payment_id=payment_id)
    if contact_id is not None:
        contacts.find_locked(session, contact_id=contact_id)
    return payments.lock(session, payment_id=payment_id)


def move(
    session: Session, payment: Payment, event: PaymentEvent, now: dt.datetime, learnt: Learnt | None = None
) -> bool:
    """Move a locked payment by its table, with all that follows from it; False where the event was old news."""
    was = PaymentState(payment.state)
    to = next_state(was, event)
    if to is was:
        return False
    payment.state, payment.state_since = to.value, now
    session.flush()
    audit.record(
        session,
        Event.PAYMENT_MOVED,
        **_about(payment, now),
        payment_id=payment.id,
        event=event,
        was=was,
        state=to,
    )
    if to is PaymentState.PAID:
        _paid(session, payment, now)
    elif to is PaymentState.QUERIED and learnt is not None:
        _queried(session, payment, learnt, now)
    return True


def _same_page(session: Session, payment: Payment, status: CheckoutStatus, now: dt.datetime) -> bool:
    """Whether the books are those of this payment; money on another page of it is a case."""
    named_other = status.payment_id is not None and status.payment_id != payment.id
    other_page = payment.session_id is not None and payment.session_id != status.session_id
    if not named_other and (not other_page or payment.state != PaymentState.PAID):
        return True
    if status.paid:
        subject = second_page.subject_of(payment, status.session_id)
        _suspend(session, payment, subject, status.amount_pence, status.currency, now)
        cases.open_case(
            session, ExceptionKind.PAID_TWICE, subject=subject, payment=payment, pence=status.amount_pence, now=now
        )
    return False


def _paid(session: Session, payment: Payment, now: dt.datetime) -> None:
    """Money is there, exactly what was asked for: into the books, onto the application, and a receipt."""
    payment.paid_at, payment.received_pence = now, payment.amount_pence
    _post(session, payment, Entry.MONEY_IN, "in", payment.received_pence, now)
    session.flush()
    reach_application(session, payment, now=now)


def reach_application(session: Session, payment: Payment, *, now: dt.datetime) -> None:
    """What a payment that has just become paid means for its application: a receipt or its way back, and what goes on.

    Once a payment: the same again would take it for a second one.
    """
    application = _application(session, payment)
    if application is None:
        return
    if application.payment in _HAVE_MONEY:  # by an earlier payment, or another way: this one is not ours to keep
        refunding.give_back_payment(session, payment, reason=RefundReason.DUPLICATE, now=now)
        cases.open_case(
            session,
            ExceptionKind.PAID_TWICE,
            subject=str(payment.id),
            payment=payment,
            pence=payment.received_pence,
            now=now,
        )
        standing.recompute(session, application)
        return
    granted = application.state == ApplicationState.GRANTED
    receipts.write(session, payment, granted=granted, now=now)
    reason = _GIVE_BACK.get(ApplicationState(application.state))
    if reason is not None:
        refunding.give_back_payment(session, payment, reason=reason, now=now)
    elif granted:
        standing.earn(session, payment, now=now)
    standing.recompute(session, application)
    standing.go_on(session, application, now=now)


def _queried(session: Session, payment: Payment, learnt: Learnt, now: dt.datetime) -> None:
    """Money is there and is not what was asked for: it waits apart, and a person looks at it."""
    payment.received_pence = learnt.amount_pence if learnt.currency == CURRENCY else 0
    _suspend(session, payment, f"{payment.id}:queried", learnt.amount_pence, learnt.currency, now)
    session.flush()
    cases.open_case(
        session,
        ExceptionKind.AMOUNT_DIFFERS,
        subject=str(payment.id),
        payment=payment,
        pence=learnt.amount_pence,
        now=now,
    )


def _suspend(session: Session, payment: Payment, key: str, pence: int, currency: str, now: dt.datetime) -> None:
    """Money nobody can place yet; the books are in pounds, so that another currency stands in its case alone."""
    if pence > 0 and currency == CURRENCY:
        ledger.post(
            session,
            Entry.MONEY_QUERIED,
            key=key,
            pence=pence,
            payment_id=payment.id,
            force_id=payment.force_id,
            now=now,
        )


def _refunds_elsewhere(session: Session, payment: Payment, total: int, now: dt.datetime) -> None:
    """The provider has paid back more than we asked it to: into the books, and a person looks at it."""
    payment.refunded_pence = total
    session.flush()
    rows = payments.list_refunds(session, payment_id=payment.id)
    ours = sum(refund.amount_pence for refund in rows if RefundState(refund.state) in _AT_PROVIDER)
    more = total - ours - unasked.so_far(session, payment)
    if more <= 0:
        return
    step = f"elsewhere:{total}:{ledger.written(session, payment_id=payment.id)[Entry.REFUND_UNKNOWN]}"
    subject = f"{payment.id}:{step}"
    if _post(session, payment, Entry.REFUND_UNKNOWN, step, more, now):
        cases.open_case(session, ExceptionKind.REFUND_UNKNOWN, subject=subject, payment=payment, pence=more, now=now)
        standing.follow_payment(session, payment, now=now)


def _post(session: Session, payment: Payment, entry: Entry, step: str, pence: int, now: dt.datetime) -> bool:
    return ledger.post(
        session,
        entry,
        key=f"{payment.id}:{step}",
        pence=pence,
        payment_id=payment.id,
        force_id=payment.force_id,
        now=now,
    )


def _application(session: Session, payment: Payment) -> Application | None:
    if payment.contact_id is None:
        return None
    if applications.find(session, contact_id=payment.contact_id) is None:
        return None
    return applications.lock(session, contact_id=payment.contact_id)


def _about(payment: Payment, now: dt.datetime) -> dict[str, Any]:
    return {"force_id": payment.force_id, "contact_id": payment.contact_id, "at": now}
