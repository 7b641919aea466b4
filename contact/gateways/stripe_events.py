"""What Stripe's webhooks tell, in the words of payment_provider: a table of types, and where each object keeps what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contact.gateways.payment_provider import (
    DisputeFacts,
    EventKind,
    PaymentStatus,
    ProviderEvent,
    RefundFacts,
    RefundState,
)

KINDS: dict[str, EventKind] = {
    "checkout.session.completed": EventKind.CHECKOUT_COMPLETED,
    "checkout.session.expired": EventKind.CHECKOUT_EXPIRED,
    "checkout.session.async_payment_succeeded": EventKind.LATE_PAYMENT_SUCCEEDED,
    "checkout.session.async_payment_failed": EventKind.LATE_PAYMENT_FAILED,
    "payment_intent.payment_failed": EventKind.ATTEMPT_FAILED,
    "charge.refunded": EventKind.CHARGE_REFUNDED,
    "refund.created": EventKind.REFUND_CHANGED,
    "refund.updated": EventKind.REFUND_CHANGED,
    "refund.failed": EventKind.REFUND_CHANGED,
    "charge.dispute.created": EventKind.DISPUTE_OPENED,
    "charge.dispute.updated": EventKind.DISPUTE_CHANGED,
    "charge.dispute.funds_withdrawn": EventKind.DISPUTE_MONEY_TAKEN,
    "charge.dispute.funds_reinstated": EventKind.DISPUTE_MONEY_BACK,
    "charge.dispute.closed": EventKind.DISPUTE_CLOSED,
    "payout.paid": EventKind.PAYOUT_PAID,
    "payout.failed": EventKind.PAYOUT_FAILED,
}
"""What a webhook is registered for at Stripe; anything else is kept as OTHER."""

OUR_PAYMENT, OUR_REFERENCE, OUR_REFUND, OUR_REASON = "payment", "reference", "refund", "reason"
"""Under these names our own ids ride in Stripe's `metadata`."""


def event_from(given: Mapping[str, Any]) -> ProviderEvent:
    """One event as Stripe wrote it. Raises KeyError, TypeError or ValueError for what is no event."""
    kind = KINDS.get(given["type"], EventKind.OTHER)
    about = given["data"]["object"]
    read = _READERS.get(about.get("object"))
    facts = read(about) if read is not None and kind is not EventKind.OTHER else {}
    return ProviderEvent(
        event_id=str(given["id"]),
        kind=kind,
        created=moment(given["created"]),
        livemode=bool(given["livemode"]),
        provider_type=str(given["type"]),
        **facts,
    )


def moment(seconds: int) -> datetime:
    """Stripe's whole seconds as UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def our_id(given: object) -> UUID | None:
    """An id of ours as it was sent along; None where somebody made the payment at Stripe by hand."""
    try:
        return UUID(str(given))
    except ValueError:
        return None


def id_of(given: str | Mapping[str, Any] | None) -> str | None:
    """The id in a field that Stripe fills with an id or, when asked to, the whole object."""
    return str(given["id"]) if isinstance(given, Mapping) else given


def _session(about: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "session_id": about["id"],
        "provider_payment_id": id_of(about.get("payment_intent")),
        "payment_id": our_id(about.get("client_reference_id")),
        "amount_pence": about.get("amount_total"),
        "currency": about.get("currency"),
        "payment_status": PaymentStatus(about["payment_status"]),
    }


def _payment_intent(about: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "provider_payment_id": about["id"],
        "payment_id": our_id(about.get("metadata", {}).get(OUR_PAYMENT)),
        "amount_pence": about["amount"],
        "currency": about["currency"],
    }


def _charge(about: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "provider_payment_id": id_of(about.get("payment_intent")),
        "payment_id": our_id(about.get("metadata", {}).get(OUR_PAYMENT)),
        "amount_pence": about["amount"],
        "currency": about["currency"],
        "refund": RefundFacts(total_pence=about["amount_refunded"]),
    }


def _refund(about: Mapping[str, Any]) -> dict[str, Any]:
    sent_along = about.get("metadata") or {}
    return {
        "provider_payment_id": id_of(about.get("payment_intent")),
        "payment_id": our_id(sent_along.get(OUR_PAYMENT)),
        "amount_pence": about["amount"],
        "currency": about["currency"],
        "refund": RefundFacts(
            provider_refund_id=about["id"],
            refund_id=our_id(sent_along.get(OUR_REFUND)),
            state=RefundState(about["status"]) if about.get("status") else None,
            amount_pence=about["amount"],
        ),
    }


def _dispute(about: Mapping[str, Any]) -> dict[str, Any]:
    answer_by = about["evidence_details"].get("due_by")
    return {
        "provider_payment_id": id_of(about.get("payment_intent")),
        "amount_pence": about["amount"],
        "currency": about["currency"],
        "dispute": DisputeFacts(
            dispute_id=about["id"],
            status=about["status"],
            reason=about["reason"],
            amount_pence=about["amount"],
            answer_by=moment(answer_by) if answer_by else None,
        ),
    }


def _payout(about: Mapping[str, Any]) -> dict[str, Any]:
    return {"payout_id": about["id"], "amount_pence": about["amount"], "currency": about["currency"]}


_READERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "checkout.session": _session,
    "payment_intent": _payment_intent,
    "charge": _charge,
    "refund": _refund,
    "dispute": _dispute,
    "payout": _payout,
}
