"""What settling a case writes into the books of its payment."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from contact.domain.ledger import Entry
from contact.store import ledger
from contact.store.payment_cases import PaymentException
from contact.store.payments import Payment


def post(
    session: Session, payment: Payment, case: PaymentException, entry: Entry, pence: int, *, now: dt.datetime
) -> None:
    """Write an entry of a case, once; nothing where there is nothing to move."""
    if pence > 0:
        ledger.post(
            session, entry, key=f"{case.id}:{entry.value}", pence=pence, payment_id=payment.id,
            force_id=payment.force_id, now=now,
        )  # fmt: skip
