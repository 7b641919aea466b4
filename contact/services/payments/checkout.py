"""Beginning to pay: our row is committed before the provider is asked, and an application has one open payment.

A crash between any two steps is made good by asking the provider.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.events import Event
from contact.domain.licensing.fees import Fee, NotForSale
from contact.domain.licensing.kinds import PaymentStanding
from contact.domain.payments import (
    CURRENCY,
    LEAST_PENCE,
    PAGE_OPEN_FOR,
    PaymentEvent,
    PaymentState,
)
from contact.gateways.payment_provider import (
    Checkout,
    CheckoutRequest,
    CheckoutState,
    Language,
    PaymentProvider,
    ProviderRefused,
)
from contact.services.payments import settling, standing
from contact.services.payments.pricing import price
from contact.services.payments.steps import Transaction
from contact.store import applications, audit, contacts, payments
from contact.store.applications import Application
from contact.store.identifiers import new_id
from contact.store.payments import Payment

_LEAST_LEFT = dt.timedelta(minutes=31)
"""The provider makes no page that ends sooner than in half an hour."""
_ROUNDS = 4


class WhyNot(StrEnum):
    """Why nobody is sent to pay now."""

    NOTHING_DUE = "nothing_due"
    PAID = "paid"
    PROCESSING = "processing"  # paid by a slow way: the money is on its way
    QUERIED = "queried"  # a person looks at what was paid
    NO_FIGURE = "no_figure"  # the force has to fill in the fee first
    TRY_AGAIN = "try_again"  # the provider refused: nothing was paid


@dataclass(frozen=True, slots=True)
class Page:
    """Where to pay."""

    payment_id: UUID
    url: str


@dataclass(frozen=True, slots=True)
class _Make:
    """The provider is to be asked for a page; our row is committed."""

    request: CheckoutRequest


@dataclass(frozen=True, slots=True)
class _Look:
    """A page was made before; `stale`: it asks for another sum, and must be closed."""

    payment_id: UUID
    session_id: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Places:
    """Where the payer comes back to."""

    paid_url: str
    back_url: str


def pay(
    transaction: Transaction,
    provider: PaymentProvider,
    *,
    contact_id: UUID,
    places: Places,
    description: str,
    language: Language,
    now: dt.datetime,
) -> Page | WhyNot:
    """The page where the fee of an application is paid, the same for a second tab; or why there is none now.

    Raises ProviderAway; pressing again then goes on where this stopped.
    """
    for _ in range(_ROUNDS):
        with transaction() as session:
            step = begin(
                session,
                contact_id=contact_id,
                provider=provider.name,
                places=places,
                description=description,
                language=language,
                now=now,
            )
        if isinstance(step, WhyNot):
            return step
        if isinstance(step, _Look):
            status = provider.cancel(step.session_id) if step.stale else provider.get(step.session_id)
            with transaction() as session:
                settling.settle(session, payment_id=step.payment_id, status=status, now=now)
            if status.state is CheckoutState.OPEN and status.url is not None:
                return Page(step.payment_id, status.url)
            continue
        try:
            checkout = provider.create(step.request)
        except ProviderRefused:
            with transaction() as session:
                payment = settling.locked(session, step.request.payment_id)
                settling.move(session, payment, PaymentEvent.CALLED_OFF, now)
            return WhyNot.TRY_AGAIN
        with transaction() as session:
            attach(session, contact_id=contact_id, payment_id=step.request.payment_id, checkout=checkout, now=now)
        return Page(step.request.payment_id, checkout.url)
    return WhyNot.TRY_AGAIN


def begin(
    session: Session,
    *,
    contact_id: UUID,
    provider: str,
    places: Places,
    description: str,
    language: Language,
    now: dt.datetime,
) -> _Make | _Look | WhyNot:
    """The next step towards a page. What is made here must be committed before the provider is asked."""
    contact = contacts.lock(session, contact_id=contact_id)
    application = applications.lock(session, contact_id=contact_id)
    if application.payment != PaymentStanding.DUE or application.state in standing.FREE:
        had = application.payment in (PaymentStanding.PAID, PaymentStanding.OWED_BACK)
        return WhyNot.PAID if had else WhyNot.NOTHING_DUE
    fee = price(session, application, now=now)
    if isinstance(fee, NotForSale):
        return WhyNot.NO_FIGURE
    standing.note_price(application, fee)
    if fee.pence < LEAST_PENCE:
        standing.nothing_to_pay(session, application, now=now)
        return WhyNot.NOTHING_DUE
    payment = _open_one(session, contact_id, fee, now)
    if payment is not None and payment.state == PaymentState.QUERIED:
        return WhyNot.QUERIED
    if payment is not None and payment.session_id is not None:
        if payment.state == PaymentState.PROCESSING:
            return WhyNot.PROCESSING  # job and webhook look after it
        return _Look(payment.id, payment.session_id, stale=payment.amount_pence != fee.pence)
    if payment is None:
        payment = _write(session, application, contact.reference, fee, provider, language, now)
    return _Make(_request(payment, places, description))


def _write(
    session: Session,
    application: Application,
    reference: str,
    fee: Fee,
    provider: str,
    language: Language,
    now: dt.datetime,
) -> Payment:
    payment_id = new_id()
    payment = Payment(
        id=payment_id,
        contact_id=application.contact_id,
        force_id=application.force_id,
        reference=reference,
        licence=application.licence,
        kind=application.kind,
        legal_basis=fee.legal_basis,
        amount_pence=fee.pence,
        currency=CURRENCY,
        language=language,
        state=PaymentState.CREATED.value,
        state_since=now,
        provider=provider,
        idempotency_key=f"payment-{payment_id}",
        created_at=now,
        expires_at=now + PAGE_OPEN_FOR,
    )
    payments.add(session, payment)
    _note_begun(session, payment, now)
    return payment


def _open_one(session: Session, contact_id: UUID, fee: Fee, now: dt.datetime) -> Payment | None:
    """The open payment to go on with. One whose page was never made is called off once it is too old for that, or asks
    for another sum: nobody was ever shown its page, so nobody can have paid there."""
    found = payments.find_open(session, contact_id=contact_id)
    if found is None:
        return None
    payment = payments.lock(session, payment_id=found.id)
    never_made = payment.session_id is None and payment.state == PaymentState.CREATED
    late = payment.expires_at - now < _LEAST_LEFT
    if never_made and (late or payment.amount_pence != fee.pence):
        settling.move(session, payment, PaymentEvent.CALLED_OFF, now)
        return None
    return payment


def attach(session: Session, *, contact_id: UUID, payment_id: UUID, checkout: Checkout, now: dt.datetime) -> None:
    """Remember the provider's page; its events may have come before this and were matched by our own id."""
    contacts.find_locked(session, contact_id=contact_id)
    payment = payments.lock(session, payment_id=payment_id)
    payment.session_id = payment.session_id or checkout.session_id
    settling.move(session, payment, PaymentEvent.PAGE_MADE, now)
    session.flush()


def look(transaction: Transaction, provider: PaymentProvider, *, payment_id: UUID, now: dt.datetime) -> None:
    """Ask the provider how a payment stands, and settle it. Raises ProviderAway, ProviderRefused."""
    with transaction() as session:
        session_id = payments.get(session, payment_id=payment_id).session_id
    if session_id is None:
        return
    status = provider.get(session_id)
    with transaction() as session:
        settling.settle(session, payment_id=payment_id, status=status, now=now)


def _request(payment: Payment, places: Places, description: str) -> CheckoutRequest:
    """The same words for the same payment each time: the provider refuses a key that comes with others."""
    return CheckoutRequest(
        payment_id=payment.id,
        reference=payment.reference,
        amount_pence=payment.amount_pence,
        description=description,
        return_url=places.paid_url,
        cancel_url=places.back_url,
        expires_at=payment.expires_at,
        idempotency_key=payment.idempotency_key,
        language="cy" if payment.language == "cy" else "en",
    )


def _note_begun(session: Session, payment: Payment, now: dt.datetime) -> None:
    audit.record(
        session,
        Event.PAYMENT_BEGUN,
        force_id=payment.force_id,
        contact_id=payment.contact_id,
        at=now,
        payment_id=payment.id,
        pence=payment.amount_pence,
    )
