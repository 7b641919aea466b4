"""Payments outside a request: what providers told, refunds to send, each minute's look and the night's reckoning."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from contact.domain.jobs import JobName
from contact.gateways.payment_provider import ProviderAway
from contact.jobs.registry import TryAgain, job, tools
from contact.services.payments import provider_words, reconciling, refunding, watching

TRIES = 7
_NIGHT_LOOKS_BACK = dt.timedelta(days=8)


@job(JobName.TAKE_PROVIDER_EVENT, tries=TRIES)
def take_provider_event(provider: str, event_id: str) -> None:
    """Act on one event; one that is ahead of its payment is looked at again, and at last is a case for a person."""
    given = tools()
    if given.payments is None:
        raise TryAgain("no payment account")
    try:
        done = provider_words.take(
            given.sessions.begin, given.payments, event_id=event_id, name=provider, now=given.clock()
        )
    except ProviderAway as failure:
        raise TryAgain(failure.code) from None
    if not done:
        raise TryAgain("waits for its payment")


@job(JobName.SEND_REFUND, tries=TRIES)
def send_refund(refund_id: str) -> None:
    """Send it once, however often this runs."""
    given = tools()
    if given.payments is None:
        raise TryAgain("no payment account")
    try:
        refunding.send(given.sessions.begin, given.payments, refund_id=UUID(refund_id), now=given.clock())
    except ProviderAway as failure:
        raise TryAgain(failure.code) from None


@job(JobName.LOOK_AT_PAYMENTS, every="* * * * *")
def look_at_payments() -> None:
    """Ask about what is under way; while the provider is away the next minute asks again."""
    given = tools()
    if given.payments is None:
        return
    try:
        watching.look_at_all(given.sessions.begin, given.payments, now=given.clock())
    except ProviderAway:
        return


@job(JobName.RECONCILE_PAYMENTS, every="17 3 * * *")
def reconcile_payments() -> None:
    """Compare the last week's books with the provider's, payouts too."""
    given = tools()
    if given.payments is None:
        return
    now = given.clock()
    try:
        reconciling.reconcile(given.sessions.begin, given.payments, since=now - _NIGHT_LOOKS_BACK, until=now, now=now)
    except ProviderAway:
        return  # the next night looks as far back as this one
