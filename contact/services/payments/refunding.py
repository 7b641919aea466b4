"""Money back: asked with a reason, never above what is left, agreed by two people above the force's sum, sent once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor, ActorKind, Permission, may
from contact.domain.errors import DomainError, Forbidden
from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.domain.ledger import Entry
from contact.domain.licensing.kinds import PaymentStanding
from contact.domain.payments import (
    HAVE_MONEY,
    UNASKED,
    DisputeState,
    ExceptionKind,
    PaymentState,
    RefundEvent,
    RefundReason,
    RefundState,
    WhyNoRefund,
    first_refund_state,
    next_refund,
    why_no_refund,
)
from contact.gateways.payment_provider import PaymentProvider, ProviderRefused, RefundRequest, RefundResult
from contact.gateways.payment_provider import RefundState as Theirs
from contact.services.payments import cases, standing, unasked
from contact.services.payments.steps import Transaction
from contact.store import applications, audit, contacts, ledger, outbox, payments
from contact.store.identifiers import new_id
from contact.store.payments import Payment, Refund

_HEARD = {
    Theirs.PENDING: RefundEvent.ACCEPTED,
    Theirs.NEEDS_ACTION: RefundEvent.ACCEPTED,
    Theirs.SUCCEEDED: RefundEvent.SUCCEEDED,
    Theirs.FAILED: RefundEvent.FAILED,
    Theirs.CANCELLED: RefundEvent.FAILED,
}

_AT_THE_BANK = (DisputeState.OPEN, DisputeState.LOST)


@dataclass(eq=False)
class NoRefund(DomainError):
    """This amount cannot go back; `left` is what could, in pence."""

    why: WhyNoRefund
    left: int


def ask(
    session: Session,
    *,
    payment_id: UUID,
    amount_pence: int,
    reason: RefundReason,
    actor: Actor,
    now: dt.datetime,
    once: UUID | None = None,
) -> UUID:
    """Ask for money to go back; answers the refund's id. Above the force's sum a second person must agree.

    `once` is the form's own key and becomes the refund's id: the same form again changes nothing. Raises NotFound,
    Forbidden, and NoRefund for more than is left, for nothing, and for what was never paid.
    """
    payment = _locked(session, payment_id)
    _must_see_to_money(actor, payment.force_id)
    if once is not None and any(each.id == once for each in payments.list_refunds(session, payment_id=payment.id)):
        return once
    return _ask(session, payment, amount_pence, reason, actor.agent_id, now, refund_id=once)


def refund_in_full(
    session: Session, *, contact_id: UUID, actor: Actor, reason: RefundReason, now: dt.datetime
) -> list[UUID]:
    """Give back all that was paid for an application that was refused or withdrawn; nobody has to ask (practice 28).

    The decision is the officer's, the refund a rule's: no second person, whatever the sum. Answers the refunds' ids,
    none where nothing is left. What came another way is a case for finance, who pay it back by hand. What a bank is
    disputing is left to a person. What was asked for and not paid is asked for no longer, and its page is closed.
    Raises Forbidden.
    """
    contacts.find_locked(session, contact_id=contact_id)
    application = applications.find(session, contact_id=contact_id)
    force_id = application.force_id if application else None
    if actor.kind is not ActorKind.SYSTEM and not may(actor, Permission.LICENSING, force_id):
        raise Forbidden(permission=Permission.LICENSING.value, force_id=force_id)
    if reason not in UNASKED:
        raise NoRefund(WhyNoRefund.NOTHING, 0)
    if application is not None and application.state in standing.FREE and application.payment == PaymentStanding.DUE:
        application.payment = PaymentStanding.NOT_DUE.value
        session.flush()
    standing.close_pages(session, contact_id=contact_id)
    if application is not None and standing.came_another_way(application):
        cases.open_case(
            session, ExceptionKind.OTHER_WAY_BACK, subject=str(contact_id), payment=None, application=application,
            pence=application.fee_pence, now=now,
        )  # fmt: skip
    return give_back(session, contact_id=contact_id, reason=reason, now=now)


def give_back(session: Session, *, contact_id: UUID, reason: RefundReason, now: dt.datetime) -> list[UUID]:
    """As `refund_in_full`, where a rule itself found out. The contact is locked."""
    made = []
    for each in payments.list_for_contact(session, contact_id=contact_id):
        payment = payments.lock(session, payment_id=each.id)
        if left(session, payment) > 0 and payment.dispute in (DisputeState.NONE, DisputeState.WON):
            made.append(_ask(session, payment, left(session, payment), reason, None, now))
    return made


def give_back_payment(session: Session, payment: Payment, *, reason: RefundReason, now: dt.datetime) -> None:
    """Give back what is left of one payment, which is locked."""
    if left(session, payment) > 0:
        _ask(session, payment, left(session, payment), reason, None, now)


def give_back_part(session: Session, payment: Payment, *, pence: int, now: dt.datetime) -> None:
    """Give back what is above the fee, of a payment that is locked; nobody has to ask."""
    _ask(session, payment, pence, RefundReason.OVERCHARGED, None, now)


def left(session: Session, payment: Payment) -> int:
    """Pence of a payment that could go back: what came, less what went or is asked for, less what others sent back."""
    if payment.state not in HAVE_MONEY:
        return 0
    others = unasked.so_far(session, payment)
    return payment.received_pence - payments.refunded_or_on_its_way(session, payment_id=payment.id) - others


def _ask(
    session: Session,
    payment: Payment,
    pence: int,
    reason: RefundReason,
    agent_id: UUID | None,
    now: dt.datetime,
    *,
    refund_id: UUID | None = None,
) -> UUID:
    remaining = left(session, payment)
    why = why_no_refund(
        state=PaymentState(payment.state),
        dispute=DisputeState(payment.dispute),
        amount=pence,
        paid=payment.received_pence,
        held=payment.received_pence - remaining,
    )
    if why is not None:
        raise NoRefund(why, remaining)
    above = applications.settings_of(session, force_id=payment.force_id).two_person_above_pence
    refund_id = refund_id or new_id()
    state = (
        RefundState.APPROVED
        if agent_id is None
        else first_refund_state(amount=pence, already=payment.received_pence - remaining, two_people_above=above)
    )
    refund = Refund(
        id=refund_id,
        payment_id=payment.id,
        force_id=payment.force_id,
        amount_pence=pence,
        reason=reason.value,
        state=state.value,
        state_since=now,
        asked_by_id=agent_id,
        asked_at=now,
        idempotency_key=f"refund-{refund_id}",
        from_earned=payment.earned_at is not None,
    )
    payments.add_refund(session, refund)
    audit.record(
        session, Event.REFUND_ASKED, **about(session, payment, now), payment_id=payment.id, pence=pence,
        refund_id=refund_id, reason=reason, state=state,
    )  # fmt: skip
    if state is RefundState.APPROVED:
        outbox.defer(session, JobName.SEND_REFUND, refund_id=refund_id)
    return refund_id


def approve(session: Session, *, refund_id: UUID, actor: Actor, now: dt.datetime) -> None:
    """A second person agrees: it is sent.

    Raises NotFound, Forbidden (also for who asked), MoveNotAllowed, and NoRefund where the payer's bank has asked for
    the money meanwhile.
    """
    payment, _ = _locked_both(session, refund_id)
    _must_see_to_money(actor, payment.force_id)
    if payment.dispute in _AT_THE_BANK:
        raise NoRefund(WhyNoRefund.DISPUTED, left(session, payment))
    _decide(session, refund_id, RefundEvent.APPROVE, actor, now)
    outbox.defer(session, JobName.SEND_REFUND, refund_id=refund_id)


def decline(session: Session, *, refund_id: UUID, actor: Actor, now: dt.datetime) -> None:
    """A second person says no. Raises as `approve`."""
    _decide(session, refund_id, RefundEvent.DECLINE, actor, now)


def _decide(session: Session, refund_id: UUID, event: RefundEvent, actor: Actor, now: dt.datetime) -> None:
    payment, refund = _locked_both(session, refund_id)
    _must_see_to_money(actor, refund.force_id)
    if actor.agent_id is None or actor.agent_id == refund.asked_by_id:
        raise Forbidden(permission="second_person", force_id=refund.force_id)
    _move(session, payment, refund, event, now)
    refund.decided_by_id, refund.decided_at = actor.agent_id, now
    session.flush()
    if event is RefundEvent.DECLINE:  # the fee stays paid after all; finance sees no application
        outbox.defer(session, JobName.FOLLOW_MONEY, payment_id=payment.id)


def send(transaction: Transaction, provider: PaymentProvider, *, refund_id: UUID, now: dt.datetime) -> None:
    """Have the provider pay it back; sent again after a crash it is paid once, by its key. Raises ProviderAway."""
    with transaction() as session:
        request = _to_send(session, refund_id, now)
    if request is None:
        return
    try:
        result = provider.refund(request)
    except ProviderRefused as refused:
        with transaction() as session:
            payment, refund = _locked_both(session, refund_id)
            refund.error = refused.code[:100]
            _heard(session, payment, refund, RefundEvent.FAILED, now)
        return
    with transaction() as session:
        heard(session, refund_id=refund_id, result=result, now=now)


def _to_send(session: Session, refund_id: UUID, now: dt.datetime) -> RefundRequest | None:
    """What to ask the provider; nothing while the bank decides, since the payer would have the money twice.

    Won, the clock sends it; lost, the payer has the money, and a person looks at the refund that failed.
    """
    payment, refund = _locked_both(session, refund_id)
    if refund.state != RefundState.APPROVED or payment.provider_payment_id is None:
        return None
    if payment.dispute == DisputeState.LOST:
        refund.error = "dispute_lost"
        _heard(session, payment, refund, RefundEvent.FAILED, now)
    if payment.dispute in _AT_THE_BANK:
        return None
    return RefundRequest(
        refund_id=refund.id,
        provider_payment_id=payment.provider_payment_id,
        amount_pence=refund.amount_pence,
        reason_code=refund.reason,
        idempotency_key=refund.idempotency_key,
    )


def heard(session: Session, *, refund_id: UUID, result: RefundResult, now: dt.datetime) -> None:
    """What the provider says of one refund: taken, gone through, or failed; in any order, any number of times."""
    payment, refund = _locked_both(session, refund_id)
    refund.provider_refund_id = refund.provider_refund_id or result.provider_refund_id
    _heard(session, payment, refund, _HEARD[result.state], now)


def _heard(session: Session, payment: Payment, refund: Refund, event: RefundEvent, now: dt.datetime) -> None:
    was = RefundState(refund.state)
    if was in (RefundState.ASKED, RefundState.DECLINED):
        return  # not ours to have been sent: what the provider did shows as a refund nobody asked for
    _move(session, payment, refund, event, now)
    for entry, step in _written(was, RefundState(refund.state), refund.from_earned):
        ledger.post(
            session,
            entry,
            key=f"{refund.id}:{step}",
            pence=refund.amount_pence,
            payment_id=payment.id,
            force_id=payment.force_id,
            now=now,
        )
    if refund.state == RefundState.FAILED and was is not RefundState.FAILED:
        cases.open_case(
            session,
            ExceptionKind.REFUND_FAILED,
            subject=str(refund.id),
            payment=payment,
            pence=refund.amount_pence,
            now=now,
        )
    session.flush()
    standing.follow_payment(session, payment, now=now)


def _written(was: RefundState, now_at: RefundState, from_earned: bool) -> list[tuple[Entry, str]]:
    """The entries of one move of a refund, each with its part of the key."""
    sent = Entry.REFUND_SENT_EARNED if from_earned else Entry.REFUND_SENT
    failed = Entry.REFUND_FAILED_EARNED if from_earned else Entry.REFUND_FAILED
    moves = {
        (RefundState.APPROVED, RefundState.SENT): [(sent, "sent")],
        (RefundState.APPROVED, RefundState.SETTLED): [(sent, "sent"), (Entry.REFUND_SETTLED, "settled")],
        (RefundState.SENT, RefundState.SETTLED): [(Entry.REFUND_SETTLED, "settled")],
        (RefundState.SENT, RefundState.FAILED): [(failed, "failed")],
        (RefundState.SETTLED, RefundState.FAILED): [(Entry.REFUND_RETURNED, "returned"), (failed, "failed")],
    }
    return moves.get((was, now_at), [])


def _move(session: Session, payment: Payment, refund: Refund, event: RefundEvent, now: dt.datetime) -> None:
    was = RefundState(refund.state)
    to = next_refund(was, event)
    if to is was:
        return
    refund.state, refund.state_since = to.value, now
    audit.record(
        session,
        Event.REFUND_MOVED,
        **about(session, payment, now),
        payment_id=payment.id,
        refund_id=refund.id,
        event=event,
        was=was,
        state=to,
    )
    session.flush()


def _locked(session: Session, payment_id: UUID) -> Payment:
    contact_id = payments.find_contact_id(session, payment_id=payment_id)
    if contact_id is not None:
        contacts.find_locked(session, contact_id=contact_id)
    return payments.lock(session, payment_id=payment_id)


def _locked_both(session: Session, refund_id: UUID) -> tuple[Payment, Refund]:
    payment = _locked(session, payments.payment_of_refund(session, refund_id=refund_id))
    return payment, payments.lock_refund(session, refund_id=refund_id)


def _must_see_to_money(actor: Actor, force_id: str) -> None:
    if not may(actor, Permission.FINANCE, force_id):
        raise Forbidden(permission=Permission.FINANCE.value, force_id=force_id)


def about(session: Session, payment: Payment, now: dt.datetime) -> dict[str, Any]:
    """Where an event belongs; whoever sees the money and not the application names no contact in the log."""
    contact_id = payment.contact_id
    if contact_id is not None and contacts.find_locked(session, contact_id=contact_id) is None:
        contact_id = None
    return {"force_id": payment.force_id, "contact_id": contact_id, "at": now}
