"""What a finance officer decides about money that is not what was asked for: the fee, sent back, or somebody else's.

What is sent back goes at once; what is accepted reaches its application by a job, since finance sees no application.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import reference as references
from contact.domain.access import Actor, Permission, may
from contact.domain.errors import Forbidden, MalformedReference, MoveNotAllowed, ReasonNeeded
from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.domain.ledger import Entry
from contact.domain.licensing.fees import Fee
from contact.domain.payments import ExceptionKind, PaymentEvent, PaymentState, RefundReason, next_state
from contact.services.payments import cases, refunding, settling, standing
from contact.services.payments.cases import Done
from contact.services.payments.pricing import price
from contact.services.typed import typed_words
from contact.store import applications, audit, ledger, outbox, payment_cases, payments
from contact.store.payment_cases import PaymentException
from contact.store.payments import Payment


class Verdict(StrEnum):
    """What becomes of it."""

    ACCEPT = "accept"  # it is the fee; what is above the fee goes back
    REFUND = "refund"  # all of it goes back, and the fee stays due
    ATTACH = "attach"  # it is the fee of another application
    BY_HAND = "by_hand"  # another currency, paid back in the provider's own pages


_DONE = {
    Verdict.ACCEPT: Done.ACCEPTED,
    Verdict.REFUND: Done.SENT_BACK,
    Verdict.ATTACH: Done.ATTACHED,
    Verdict.BY_HAND: Done.PAID_BACK,
}
_TAKEN = (Done.ACCEPTED, Done.ATTACHED)


def open_to(session: Session, payment: Payment) -> tuple[Verdict, ...]:
    """What may be decided of a payment; another currency stands in no book of ours, and goes back by hand."""
    case = _case(session, payment)
    if payment.state != PaymentState.QUERIED or case is None or case.settled_at is not None:
        return ()
    if payment.received_pence <= 0:
        return (Verdict.BY_HAND,)
    return (Verdict.ACCEPT, Verdict.REFUND, Verdict.ATTACH)


def _case(session: Session, payment: Payment) -> PaymentException | None:
    return payment_cases.find_case(session, kind=ExceptionKind.AMOUNT_DIFFERS.value, subject=str(payment.id))


def decide(
    session: Session,
    *,
    payment_id: UUID,
    verdict: Verdict,
    reason: str,
    reference: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Decide, with the reason kept. `reference`: of the other application, or of what was paid back by hand.

    Raises NotFound, Forbidden, MoveNotAllowed (decided already, or not possible), ReasonNeeded (`reason`, or
    `reference` where it is missing or no application of this force that was to pay).
    """
    payment = settling.locked(session, payment_id)
    if not may(actor, Permission.FINANCE, payment.force_id):
        raise Forbidden(permission=Permission.FINANCE.value, force_id=payment.force_id)
    case = _case(session, payment)
    if case is None or verdict not in open_to(session, payment):
        raise MoveNotAllowed(state=payment.state, move=verdict.value)
    words = typed_words(reason, "reason")
    told = " ".join(reference.split())[:100]
    if verdict is Verdict.ATTACH:
        _attach(session, payment, told)
    elif verdict is Verdict.BY_HAND and not told:
        raise ReasonNeeded(what="reference")
    cases.close(session, case, done=_DONE[verdict], note=words, reference=told, actor=actor, now=now)
    if verdict in (Verdict.ACCEPT, Verdict.ATTACH):
        outbox.defer(session, JobName.FOLLOW_VERDICT, payment_id=payment.id)
        return
    _place(session, payment, PaymentEvent.SENT_BACK, now)
    if verdict is Verdict.REFUND:
        refunding.ask(
            session, payment_id=payment.id, amount_pence=payment.received_pence, reason=RefundReason.OTHER,
            actor=actor, now=now,
        )  # fmt: skip


def _attach(session: Session, payment: Payment, typed: str) -> None:
    """The payment is the other application's from here on; `follow` finds out what is asked for there."""
    try:
        wanted = references.parse(typed)
    except MalformedReference:
        raise ReasonNeeded(what="reference") from None
    other = payments.find_application(session, force_id=payment.force_id, reference=wanted)
    if other is None or other == payment.contact_id or payments.is_of_actor(session, contact_id=other):
        raise ReasonNeeded(what="reference")  # and nobody pays their own fee with what came from another
    payment.contact_id, payment.reference = other, wanted
    session.flush()


def _price_anew(session: Session, payment: Payment, now: dt.datetime) -> bool:
    """Write what is asked for at the application it was attached to; False where that costs nothing.

    Where the force has no figure yet, what came is what is held.
    """
    if payment.contact_id is None:
        return False
    application = applications.lock(session, contact_id=payment.contact_id)
    fee = price(session, application, now=now)
    payment.licence, payment.kind = application.licence, application.kind
    if isinstance(fee, Fee):
        if fee.pence == 0:
            return False
        payment.amount_pence, payment.legal_basis = fee.pence, fee.legal_basis
        standing.note_price(application, fee)
    else:
        payment.amount_pence = payment.received_pence
    session.flush()
    return True


def _place(session: Session, payment: Payment, event: PaymentEvent, now: dt.datetime) -> None:
    """Out of suspense, for what was decided."""
    was = PaymentState(payment.state)
    to = next_state(was, event)
    payment.state, payment.state_since = to.value, now
    if to is PaymentState.PAID:
        payment.paid_at = now
    session.flush()
    audit.record(
        session, Event.PAYMENT_MOVED, **refunding.about(session, payment, now), payment_id=payment.id, event=event,
        was=was, state=to,
    )  # fmt: skip
    if payment.received_pence > 0:
        ledger.post(
            session,
            Entry.QUERY_PLACED,
            key=f"{payment.id}:placed",
            pence=payment.received_pence,
            payment_id=payment.id,
            force_id=payment.force_id,
            now=now,
        )


def follow(session: Session, *, payment_id: UUID, now: dt.datetime) -> None:
    """What was accepted becomes paid and reaches its application; what is above the fee goes back unasked.

    Attached to what costs nothing it goes back whole.

    Twice does no harm: it is paid by then.
    """
    payment = settling.locked(session, payment_id)
    case = _case(session, payment)
    if payment.state != PaymentState.QUERIED or case is None or case.what_was_done not in _TAKEN:
        return
    if case.what_was_done == Done.ATTACHED and not _price_anew(session, payment, now):
        _place(session, payment, PaymentEvent.SENT_BACK, now)
        refunding.give_back_payment(session, payment, reason=RefundReason.OVERCHARGED, now=now)
        return
    _place(session, payment, PaymentEvent.ACCEPTED, now)
    settling.reach_application(session, payment, now=now)
    above = min(payment.received_pence - payment.amount_pence, refunding.left(session, payment))
    if above > 0:
        refunding.give_back_part(session, payment, pence=above, now=now)
