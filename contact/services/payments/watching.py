"""Each minute: what no webhook and no return told is asked for, and what a dead process left half done goes on."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.payments import SAME_KEY_FOR, PaymentEvent, PaymentState
from contact.gateways.payment_provider import PaymentProvider, ProviderAway, ProviderGarbled, ProviderRefused
from contact.services.payments import checkout, closing, provider_words, refunding, settling
from contact.services.payments.steps import Transaction
from contact.store import payments, provider_events

log = logging.getLogger(__name__)

PATIENCE = dt.timedelta(seconds=30)
"""How long the ordinary ways have before the clock looks itself: paid and never returned is known within a minute."""
STALE = dt.timedelta(minutes=5)
"""An event or a refund this old has lost its job."""


def look_at_all(transaction: Transaction, provider: PaymentProvider, *, now: dt.datetime) -> int:
    """Ask about every payment under way, and take up what was left; answers how many. Raises ProviderAway,
    but not for one thing alone."""
    with transaction() as session:
        waiting = [
            (payment.id, payment.session_id) for payment in payments.list_unsettled(session, before=now - PATIENCE)
        ]
        left = [refund.id for refund in payments.list_refunds_to_send(session, before=now - STALE)]
        events = [(row.provider, row.event_id) for row in provider_events.list_waiting(session, before=now - STALE)]
    for payment_id, session_id in waiting:
        with _passing_over():
            _look(transaction, provider, payment_id, session_id, now)
    for name, event_id in events:
        with _passing_over():
            provider_words.take(transaction, provider, event_id=event_id, name=name, now=now)
    for refund_id in left:
        with _passing_over():
            refunding.send(transaction, provider, refund_id=refund_id, now=now)
    return len(waiting) + len(events) + len(left)


@contextmanager
def _passing_over() -> Iterator[None]:
    """What the provider answers in words that nobody can read keeps no other waiting; the next minute asks again."""
    try:
        yield
    except ProviderGarbled as garbled:
        log.warning("an answer of the provider cannot be read: %s", garbled.code)


def _look(
    transaction: Transaction, provider: PaymentProvider, payment_id: UUID, session_id: str | None, now: dt.datetime
) -> None:
    if session_id is None:
        with transaction() as session:
            _end_if_never_made(session, payment_id, now)
        return
    try:
        if closing.close(transaction, provider, payment_id=payment_id, now=now):
            return
        checkout.look(transaction, provider, payment_id=payment_id, now=now)
    except ProviderAway:
        raise
    except ProviderRefused as refused:
        log.warning("the provider does not know the page of payment %s: %s", payment_id, refused.code)
        with transaction() as session:
            _end_if_over(session, payment_id, now)


def _end_if_over(session: Session, payment_id: UUID, now: dt.datetime) -> None:
    """A page that the provider does not know any more, as after a change of account: once its hour is over another may
    be made. Money that was paid on it all the same shows in a payout, and is a case."""
    payment = settling.locked(session, payment_id)
    if payment.state == PaymentState.OPEN and payment.expires_at < now:
        settling.move(session, payment, PaymentEvent.RAN_OUT, now)


def _end_if_never_made(session: Session, payment_id: UUID, now: dt.datetime) -> None:
    """A row whose page was never made: after a day nobody can make it under its key any more."""
    payment = settling.locked(session, payment_id)
    if payment.state == PaymentState.CREATED and now - payment.created_at > SAME_KEY_FOR:
        settling.move(session, payment, PaymentEvent.CALLED_OFF, now)
