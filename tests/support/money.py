"""Payments that were made, as tests of the money pages need them: rows and books, without a provider."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.ledger import Entry
from contact.domain.payments import ExceptionKind, PaymentState
from contact.services.payments import cases
from contact.store import ledger, payments
from contact.store.identifiers import new_id
from contact.store.payments import Payment


def add_paid(session: Session, *, force_id: str, pence: int, reference: str, now: dt.datetime) -> UUID:
    """A payment that was made, with its entry in the books; its application is erased already."""
    payment_id = new_id()
    payment = Payment(
        id=payment_id, contact_id=None, force_id=force_id, reference=reference, licence="shotgun", kind="renewal",
        legal_basis="A rule", amount_pence=pence, state=PaymentState.PAID.value, state_since=now, provider="stripe",
        idempotency_key=str(payment_id), session_id=f"cs_{payment_id}", provider_payment_id=f"pi_{payment_id}",
        created_at=now, expires_at=now + dt.timedelta(hours=1), paid_at=now, received_pence=pence,
    )  # fmt: skip
    payments.add(session, payment)
    ledger.post(
        session, Entry.MONEY_IN, key=str(payment_id), pence=pence, payment_id=payment_id, force_id=force_id, now=now
    )
    return payment_id


def add_queried(session: Session, *, force_id: str, received: int, reference: str, now: dt.datetime) -> UUID:
    """A payment of £79 for which another sum came, with its case."""
    payment_id = add_paid(session, force_id=force_id, pence=7900, reference=reference, now=now)
    payment = payments.lock(session, payment_id=payment_id)
    payment.state, payment.received_pence = PaymentState.QUERIED.value, received
    ledger.post(
        session, Entry.MONEY_QUERIED, key=f"{payment_id}:queried", pence=received, payment_id=payment_id,
        force_id=force_id, now=now,
    )  # fmt: skip
    cases.open_case(
        session, ExceptionKind.AMOUNT_DIFFERS, subject=str(payment_id), payment=payment, pence=received, now=now
    )
    return payment_id


def add_case(session: Session, *, payment_id: UUID, now: dt.datetime) -> None:
    """A case about it: the payer's bank wants it back."""
    payment = payments.get(session, payment_id=payment_id)
    subject = f"du_{payment_id}"
    cases.open_case(session, ExceptionKind.DISPUTE, subject=subject, payment=payment, pence=7900, now=now)
