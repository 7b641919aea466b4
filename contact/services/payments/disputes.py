"""A payer's bank wants money back: the sum stands apart until it is decided, and a person sees to it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from contact.domain.events import Event
from contact.domain.ledger import Account, Entry
from contact.domain.payments import HAVE_MONEY, DisputeEvent, DisputeState, ExceptionKind, next_dispute
from contact.gateways.payment_provider import DisputeFacts
from contact.services.payments import cases, standing
from contact.store import audit, ledger
from contact.store.payments import Payment

_WON = ("won", "warning_closed")
_ENTRIES = {
    (DisputeState.NONE, DisputeState.OPEN): (Entry.DISPUTE_OPENED,),
    (DisputeState.NONE, DisputeState.LOST): (Entry.DISPUTE_OPENED,),
    (DisputeState.OPEN, DisputeState.WON): (Entry.DISPUTE_WON,),
}


def note(session: Session, payment: Payment, facts: DisputeFacts, *, now: dt.datetime) -> str:
    """What an event says of a dispute about a payment, which is locked; answers what came of it.

    A question of the bank (`warning_…`) takes no money yet: a person answers it, and the books stay.
    """
    if facts.status in _WON:
        return _move(session, payment, DisputeEvent.WON, facts.amount_pence, now)
    if facts.status == "lost":
        return _move(session, payment, DisputeEvent.LOST, facts.amount_pence, now)
    if facts.status.startswith("warning"):
        subject = f"{payment.id}:{facts.dispute_id}:asked"
        cases.open_case(
            session, ExceptionKind.DISPUTE, subject=subject, payment=payment, pence=facts.amount_pence, now=now
        )
        return "asked"
    return _move(session, payment, DisputeEvent.OPENED, facts.amount_pence, now)


def opened(session: Session, payment: Payment, *, pence: int, now: dt.datetime) -> None:
    """The provider's books say that a payment is disputed; how it ended is told by an event."""
    _move(session, payment, DisputeEvent.OPENED, pence, now)


def _move(session: Session, payment: Payment, event: DisputeEvent, pence: int, now: dt.datetime) -> str:
    was = DisputeState(payment.dispute)
    to = next_dispute(was, event)
    if to is was:
        return "already_known"
    if payment.state not in HAVE_MONEY:
        return "not_paid"
    if was is DisputeState.NONE:
        payment.disputed_pence = min(pence, payment.received_pence)
    payment.dispute = to.value
    session.flush()
    for entry in _ENTRIES.get((was, to), ()) if payment.disputed_pence else ():  # none: of another currency
        ledger.post(
            session,
            entry,
            key=f"{payment.id}:{entry.value}",
            pence=payment.disputed_pence,
            payment_id=payment.id,
            force_id=payment.force_id,
            now=now,
        )
    if to is DisputeState.LOST:
        _write_off(session, payment, now)
    audit.record(
        session,
        Event.PAYMENT_DISPUTED,
        force_id=payment.force_id,
        contact_id=payment.contact_id,
        at=now,
        payment_id=payment.id,
        pence=payment.disputed_pence,
        state=to,
    )
    subject = f"{payment.id}:{to.value}"
    about = payment.disputed_pence or pence
    cases.open_case(session, ExceptionKind.DISPUTE, subject=subject, payment=payment, pence=about, now=now)
    standing.follow_payment(session, payment, now=now)
    return "applied"


def _write_off(session: Session, payment: Payment, now: dt.datetime) -> None:
    """The payer has the money back: what was held for them is held no longer, and the rest is a loss."""
    held = max(0, -ledger.sums(session, payment_id=payment.id)[Account.OWED_BACK])
    of_held = min(held, payment.disputed_pence)
    parts = ((Entry.DISPUTE_LOST_HELD, of_held), (Entry.DISPUTE_LOST, payment.disputed_pence - of_held))
    for entry, pence in parts:
        if pence > 0:
            ledger.post(
                session, entry, key=f"{payment.id}:{entry.value}", pence=pence, payment_id=payment.id,
                force_id=payment.force_id, now=now,
            )  # fmt: skip
