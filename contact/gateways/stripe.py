"""Stripe: hosted Checkout, refunds, payouts, and proof that a webhook came from it. Card data never comes near us."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import requests
import stripe
from requests.adapters import HTTPAdapter

from contact.gateways.deadline import OutOfTime, within
from contact.gateways.payment_provider import (
    WEBHOOK_TOLERANCE,
    Checkout,
    CheckoutRequest,
    CheckoutState,
    CheckoutStatus,
    LineKind,
    PaymentStatus,
    ProviderAway,
    ProviderEvent,
    ProviderGarbled,
    ProviderRefused,
    RefundRequest,
    RefundResult,
    RefundState,
    Settlement,
    SettlementLine,
    SignatureWrong,
)
from contact.gateways.stripe_events import (
    OUR_PAYMENT,
    OUR_REASON,
    OUR_REFERENCE,
    OUR_REFUND,
    event_from,
    id_of,
    moment,
    our_id,
)
from contact.settings import Settings

T = TypeVar("T")

STRIPE_VERSION = "2026-05-27.dahlia"
"""That of the specification every request and answer is held to (tests/support/specifications)."""
CONNECT_LIMIT_S, READ_LIMIT_S, TOTAL_LIMIT_S = 3.0, 6.0, 10.0
SETTLEMENTS_LIMIT_S = 120.0  # a night's job, many pages
_RETRIES = 1
_PAGE = 100
_LOCALES: Mapping[str, Any] = {"en": "en-GB", "cy": "en-GB"}  # Stripe's page speaks no Welsh: ours says so before it
_KINDS = {
    "charge": LineKind.PAYMENT,
    "refund": LineKind.REFUND,
    "refund_failure": LineKind.REFUND_FAILED,
    "dispute": LineKind.DISPUTE,
    "dispute_reversal": LineKind.DISPUTE_BACK,
    "fee": LineKind.FEE,
    "payout": LineKind.PAYOUT,
    "payout_reversal": LineKind.PAYOUT,
}
_BUSY = frozenset({409, 429})  # the same key asked twice at once; too many requests

stripe.enable_telemetry = False
logging.getLogger("stripe").setLevel(logging.ERROR)  # it writes addresses at `info` and whole bodies at `debug`


class StripeProvider:
    """The real client. `address` moves it to another host that speaks Stripe's API (the demonstration's stand-in)."""

    name = "stripe"

    def __init__(
        self, *, secret_key: str, webhook_secret: str, address: str | None = None, limit_s: float = TOTAL_LIMIT_S
    ) -> None:
        session = requests.Session()
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(max_retries=0))
        self._webhook_secret = webhook_secret
        self._limit_s = limit_s
        self._client = stripe.StripeClient(
            secret_key,
            stripe_version=STRIPE_VERSION,
            base_addresses={"api": address} if address else None,
            max_network_retries=_RETRIES,
            http_client=stripe.RequestsClient(timeout=(CONNECT_LIMIT_S, READ_LIMIT_S), session=session),
        )

    @classmethod
    def from_settings(cls, settings: Settings) -> StripeProvider | None:
        """The account of the settings, at Stripe or at the demonstration's stand-in; None where none was named."""
        if settings.stripe_secret_key is None or settings.stripe_webhook_secret is None:
            return None
        return cls(
            secret_key=settings.stripe_secret_key,
            webhook_secret=settings.stripe_webhook_secret,
            address=settings.stripe_api_url,
        )

    def create(self, request: CheckoutRequest) -> Checkout:
        """Open a payment page; the same idempotency key gives the same page again."""
        sent_along = {OUR_PAYMENT: str(request.payment_id), OUR_REFERENCE: request.reference}
        params: Any = {
            "mode": "payment",
            "client_reference_id": str(request.payment_id),
            "success_url": request.return_url,
            "cancel_url": request.cancel_url,
            "locale": _LOCALES[request.language],
            "expires_at": int(request.expires_at.timestamp()),
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": request.currency,
                        "unit_amount": request.amount_pence,
                        "product_data": {"name": request.description},
                    },
                }
            ],
            "payment_intent_data": {"description": request.description, "metadata": sent_along},
            "metadata": sent_along,
            **({"customer_email": request.email} if request.email else {}),
        }
        options: Any = {"idempotency_key": request.idempotency_key}

        def open_page() -> Checkout | None:
            made = self._client.v1.checkout.sessions.create(params=params, options=options)
            return Checkout(made.id, made.url, moment(made.expires_at), made.livemode) if made.url else None

        made = self._ask(open_page)
        if made is None:
            raise ProviderRefused("stripe", "no-page")
        return made

    def get(self, session_id: str) -> CheckoutStatus:
        """How the payment stands now, with what was refunded of it."""
        params: Any = {"expand": ["payment_intent.latest_charge"]}
        return self._ask(lambda: _status(self._client.v1.checkout.sessions.retrieve(session_id, params).to_dict()))

    def cancel(self, session_id: str) -> CheckoutStatus:
        """Close the page if it is open, and say how it stands then: it may have been paid a moment before."""
        try:
            self._ask(lambda: self._client.v1.checkout.sessions.expire(session_id))
        except ProviderRefused:
            found = self.get(session_id)  # refused since it is over, or since there is none, which get says
            if found.state is CheckoutState.OPEN:
                raise
            return found
        return self.get(session_id)

    def refund(self, request: RefundRequest) -> RefundResult:
        """Pay back, once for one idempotency key. Refused above what was paid less what was refunded."""
        params: Any = {
            "payment_intent": request.provider_payment_id,
            "amount": request.amount_pence,
            "reason": "duplicate" if request.reason_code == "duplicate" else "requested_by_customer",
            "metadata": {OUR_REFUND: str(request.refund_id), OUR_REASON: request.reason_code},
        }
        options: Any = {"idempotency_key": request.idempotency_key}

        def pay_back() -> RefundResult:
            made = self._client.v1.refunds.create(params=params, options=options)
            return RefundResult(made.id, _refund_state(made.status), made.amount, made.currency)

        return self._ask(pay_back)

    def verify_webhook(self, body: bytes, signature: str, *, now: datetime) -> ProviderEvent:
        """What a webhook tells: `body` as it came, byte for byte. Raises SignatureWrong."""
        if not signature.isascii():
            raise SignatureWrong("signature")
        try:
            stripe.WebhookSignature.verify_header(body, signature, self._webhook_secret)
            sent = next(int(part[2:]) for part in signature.split(",") if part.startswith("t="))
            late = abs(now - datetime.fromtimestamp(sent, UTC)) > WEBHOOK_TOLERANCE
        except (stripe.SignatureVerificationError, ValueError, OverflowError, StopIteration):
            raise SignatureWrong("signature") from None
        if late:
            raise SignatureWrong("time")
        try:
            return event_from(json.loads(body))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise SignatureWrong("event") from None

    def list_settlements(self, *, since: datetime, until: datetime) -> list[Settlement]:
        """Payouts made from `since` to before `until`, oldest first, with their lines."""
        span: Any = {"created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())}, "limit": _PAGE}

        def all_of_them() -> list[Settlement]:
            payouts = self._client.v1.payouts.list(span).auto_paging_iter()
            return [_settlement(payout.to_dict(), self._lines(payout.id)) for payout in payouts]

        found = self._ask(all_of_them, limit_s=max(self._limit_s, SETTLEMENTS_LIMIT_S))
        return sorted(found, key=lambda settlement: (settlement.created, settlement.payout_id))

    def _lines(self, payout_id: str) -> list[SettlementLine]:
        params: Any = {"payout": payout_id, "limit": _PAGE, "expand": ["data.source"]}
        moved = self._client.v1.balance_transactions.list(params).auto_paging_iter()
        return [_line(each.to_dict()) for each in moved]

    def _ask(self, call: Callable[[], T], *, limit_s: float | None = None) -> T:
        try:
            return within(limit_s or self._limit_s, "stripe", call)
        except stripe.StripeError as error:
            raise _failure(error) from None
        except OutOfTime:
            raise ProviderAway("stripe", "out-of-time") from None
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            raise ProviderGarbled("stripe", "not-understood") from None


def _failure(error: stripe.StripeError) -> ProviderAway | ProviderRefused:
    """Not reached, busy and failing may be asked again; the rest never."""
    if isinstance(error, stripe.APIConnectionError) or error.http_status is None:
        return ProviderAway("stripe", "not-reached")
    body = error.json_body if isinstance(error.json_body, dict) else {}
    told = body.get("error") or {}
    code = str(told.get("code") or told.get("type") or f"http-{error.http_status}")
    if error.http_status >= 500 or error.http_status in _BUSY:
        return ProviderAway("stripe", code)
    return ProviderRefused("stripe", code)


def _refund_state(told: str | None) -> RefundState:
    """How a refund that was taken stands; a word that we do not know yet is not the end of it, which an event tells."""
    return RefundState(told) if told in set(RefundState) else RefundState.PENDING


def _status(session: Mapping[str, Any]) -> CheckoutStatus:
    intent = session.get("payment_intent")
    charge = intent.get("latest_charge") if isinstance(intent, Mapping) else None
    charge = charge if isinstance(charge, Mapping) else {}
    return CheckoutStatus(
        session_id=session["id"],
        state=CheckoutState(session["status"]),
        payment_status=PaymentStatus(session["payment_status"]),
        amount_pence=session["amount_total"],
        currency=session["currency"],
        payment_id=our_id(session.get("client_reference_id")),
        provider_payment_id=id_of(intent),
        refunded_pence=charge.get("amount_refunded", 0),
        disputed=bool(charge.get("disputed")),
        url=session.get("url"),
        expires_at=moment(session["expires_at"]),
        livemode=session["livemode"],
    )


def _settlement(payout: Mapping[str, Any], lines: list[SettlementLine]) -> Settlement:
    return Settlement(
        payout_id=payout["id"],
        amount_pence=payout["amount"],
        currency=payout["currency"],
        status=payout["status"],
        created=moment(payout["created"]),
        arrival=moment(payout["arrival_date"]).date(),
        lines=tuple(sorted(lines, key=lambda line: (line.created, line.line_id))),
    )


def _line(moved: Mapping[str, Any]) -> SettlementLine:
    source = moved.get("source")
    return SettlementLine(
        line_id=moved["id"],
        kind=_KINDS.get(moved["reporting_category"], LineKind.OTHER),
        amount_pence=moved["amount"],
        fee_pence=moved["fee"],
        net_pence=moved["net"],
        currency=moved["currency"],
        created=moment(moved["created"]),
        source_id=id_of(source),
        provider_payment_id=id_of(source.get("payment_intent")) if isinstance(source, Mapping) else None,
    )


def sign_as_stripe(*, webhook_secret: str, body: bytes, at: datetime) -> str:
    """The `Stripe-Signature` header that Stripe would send; the stand-in and the tests sign with it."""
    return str(stripe.WebhookSignature.generate_signature_header(body.decode(), webhook_secret, int(at.timestamp())))
