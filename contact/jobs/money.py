"""Payments outside a request: what providers told, refunds to send, each minute's look and the night's reckoning."""

from __future__ import annotations

from uuid import UUID

from contact.domain.jobs import JobName
from contact.gateways.payment_provider import ProviderAway, ProviderRefused
from contact.jobs.registry import TryAgain, job, tools
from contact.services.payments import (
    closing,
    provider_words,
    reconciling,
    refunding,
    settling,
    standing,
    telling,
    verdicts,
    watching,
)
from contact.store import payment_cases

TRIES = 7


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


@job(JobName.CLOSE_PAYMENT_PAGE, tries=TRIES)
def close_payment_page(payment_id: str) -> None:
    """Close a page that is not wanted any more; what was paid on it a moment before goes back."""
    given = tools()
    if given.payments is None:
        return
    try:
        closing.close(given.sessions.begin, given.payments, payment_id=UUID(payment_id), now=given.clock())
    except (ProviderAway, ProviderRefused) as failure:
        raise TryAgain(failure.code) from None


@job(JobName.FOLLOW_VERDICT, tries=TRIES)
def follow_verdict(payment_id: str) -> None:
    """What finance accepted reaches its application."""
    given = tools()
    with given.sessions.begin() as session:
        verdicts.follow(session, payment_id=UUID(payment_id), now=given.clock())


@job(JobName.FOLLOW_MONEY, tries=TRIES)
def follow_money(payment_id: str) -> None:
    """What finance decided about money of a payment reaches its application."""
    given = tools()
    with given.sessions.begin() as session:
        payment = settling.locked(session, UUID(payment_id))
        standing.follow_payment(session, payment, now=given.clock())


@job(JobName.FEE_WENT_BACK, tries=TRIES)
def fee_went_back(case_id: str) -> None:
    """What came another way was paid back by hand: the application says so."""
    with tools().sessions.begin() as session:
        case = payment_cases.lock_case(session, case_id=UUID(case_id))
        if case.contact_id is not None:
            standing.went_back(session, contact_id=case.contact_id)


@job(JobName.TEXT_FEE_DUE, tries=TRIES)
def text_fee_due(contact_id: str, message_id: str) -> None:
    """Text that something waits, where a text is the safe way."""
    given = tools()
    with given.sessions.begin() as session:
        telling.by_text(
            session, contact_id=UUID(contact_id), message_id=UUID(message_id),
            public_url=given.settings.public_url, now=given.clock(),
        )  # fmt: skip


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
    """Compare the books with the provider's, payouts too, from where the last comparison ended."""
    given = tools()
    if given.payments is None:
        return
    try:
        reconciling.nightly(given.sessions.begin, given.payments, now=given.clock())
    except ProviderAway:
        return  # the next night begins where this one did
