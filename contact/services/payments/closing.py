"""Payment pages that nobody needs any more: closed at the provider, so that no one pays for what was taken back.

Money that wins the race all the same goes back unasked (`settling`).
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.licensing.kinds import PaymentStanding
from contact.domain.payments import PaymentState
from contact.gateways.payment_provider import PaymentProvider
from contact.services.payments import settling, standing
from contact.services.payments.steps import Transaction
from contact.store import applications
from contact.store.payments import Payment


def is_wanted(session: Session, payment: Payment) -> bool:
    """Whether the page may still be paid on: its application stands, and its fee is due."""
    if payment.contact_id is None:
        return False
    application = applications.find(session, contact_id=payment.contact_id)
    return (
        application is not None
        and application.payment == PaymentStanding.DUE
        and (application.state not in standing.FREE)
    )


def close(transaction: Transaction, provider: PaymentProvider, *, payment_id: UUID, now: dt.datetime) -> bool:
    """Close one page that is not wanted; False where there is none to close. Raises ProviderAway, ProviderRefused."""
    with transaction() as session:
        payment = settling.locked(session, payment_id)
        session_id = payment.session_id
        if session_id is None or payment.state != PaymentState.OPEN or is_wanted(session, payment):
            return False
    status = provider.cancel(session_id)
    with transaction() as session:
        settling.settle(session, payment_id=payment_id, status=status, now=now)
    return True
