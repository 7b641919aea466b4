"""Money that the provider paid back without our asking: it waits apart until a person says what it was."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from contact.domain.ledger import Account, Entry
from contact.services.payments import case_entries
from contact.store import ledger
from contact.store.payment_cases import PaymentException
from contact.store.payments import Payment


def so_far(session: Session, payment: Payment) -> int:
    """Pence of a payment that left so and did not come back; nobody can send them a second time."""
    done = ledger.written(session, payment_id=payment.id)
    return done[Entry.REFUND_UNKNOWN] - done[Entry.UNKNOWN_RETURNED]


def off_the_fee(session: Session, payment: Payment) -> int:
    """Pence by which the fee is not paid for that reason; what was written off is the force's loss, not the payer's."""
    return so_far(session, payment) - ledger.written(session, payment_id=payment.id)[Entry.UNKNOWN_LOST]


def place_as_refund(session: Session, payment: Payment, case: PaymentException, *, now: dt.datetime) -> None:
    """It was the payer's: of what is held for them, and of the fee for what is more."""
    pence = case.amount_pence or 0
    held = max(0, -ledger.sums(session, payment_id=payment.id)[Account.OWED_BACK])
    of_held = min(held, pence)
    case_entries.post(session, payment, case, Entry.UNKNOWN_PLACED, of_held, now=now)
    case_entries.post(session, payment, case, Entry.UNKNOWN_PLACED_EARNED, pence - of_held, now=now)


def write_off(session: Session, payment: Payment, case: PaymentException, *, now: dt.datetime) -> None:
    """It should not have left, and nobody gets it back: the force's loss."""
    case_entries.post(session, payment, case, Entry.UNKNOWN_LOST, case.amount_pence or 0, now=now)


def put_back(session: Session, payment: Payment, case: PaymentException, *, now: dt.datetime) -> None:
    """The provider has it again, by its own books."""
    case_entries.post(session, payment, case, Entry.UNKNOWN_RETURNED, case.amount_pence or 0, now=now)
