"""Money that came on a second page of one payment: it waits apart until a person says that it went back."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from contact.domain.ledger import Entry
from contact.domain.payments import ExceptionKind
from contact.services.payments import case_entries
from contact.store import ledger
from contact.store.payment_cases import PaymentException
from contact.store.payments import Payment


def subject_of(payment: Payment, session_id: str) -> str:
    """What the case is about, and the key of its entry in the books."""
    return f"{payment.id}:{session_id}"


def is_about(case: PaymentException) -> bool:
    """Whether a case is about such money; a payment that was a second one as a whole goes back by itself."""
    return case.kind == ExceptionKind.PAID_TWICE and case.subject.startswith(f"{case.payment_id}:")


def so_far(session: Session, payment: Payment) -> int:
    """Pence that came so and are still there, beside what the payment itself received."""
    done = ledger.written(session, payment_id=payment.id)
    own = ledger.pence_under(session, key=f"{payment.id}:queried")
    return done[Entry.MONEY_QUERIED] - own - done[Entry.SECOND_BACK]


def sent_back(session: Session, payment: Payment, case: PaymentException, *, now: dt.datetime) -> None:
    """The payer has it again; another currency never stood in the books, and leaves them as they are."""
    pence = ledger.pence_under(session, key=case.subject)
    case_entries.post(session, payment, case, Entry.SECOND_BACK, pence, now=now)
