"""A provider's event as plain data: only what we act on is kept, and nothing of the card or its holder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
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


def to_json(event: ProviderEvent) -> dict[str, Any]:
    """The event's facts; those it does not carry are left out."""
    facts: dict[str, Any] = {
        "livemode": event.livemode,
        "type": event.provider_type,
        "session_id": event.session_id,
        "provider_payment_id": event.provider_payment_id,
        "payment_id": str(event.payment_id) if event.payment_id else None,
        "amount_pence": event.amount_pence,
        "currency": event.currency,
        "payment_status": event.payment_status.value if event.payment_status else None,
        "payout_id": event.payout_id,
    }
    if event.refund:
        refund = event.refund
        facts["refund"] = {
            "total_pence": refund.total_pence,
            "provider_refund_id": refund.provider_refund_id,
            "refund_id": str(refund.refund_id) if refund.refund_id else None,
            "state": refund.state.value if refund.state else None,
            "amount_pence": refund.amount_pence,
        }
    if event.dispute:
        dispute = event.dispute
        facts["dispute"] = {
            "dispute_id": dispute.dispute_id,
            "status": dispute.status,
            "reason": dispute.reason,
            "amount_pence": dispute.amount_pence,
            "answer_by": dispute.answer_by.isoformat() if dispute.answer_by else None,
        }
    return {name: value for name, value in facts.items() if value is not None}


def from_json(event_id: str, kind: str, created: dt.datetime, facts: Mapping[str, Any]) -> ProviderEvent:
    """The event again."""
    status = facts.get("payment_status")
    return ProviderEvent(
        event_id=event_id,
        kind=EventKind(kind),
        created=created,
        livemode=bool(facts["livemode"]),
        provider_type=str(facts["type"]),
        session_id=facts.get("session_id"),
        provider_payment_id=facts.get("provider_payment_id"),
        payment_id=_uuid(facts.get("payment_id")),
        amount_pence=facts.get("amount_pence"),
        currency=facts.get("currency"),
        payment_status=PaymentStatus(status) if status else None,
        refund=_refund(facts.get("refund")),
        dispute=_dispute(facts.get("dispute")),
        payout_id=facts.get("payout_id"),
    )


def _refund(facts: Mapping[str, Any] | None) -> RefundFacts | None:
    if facts is None:
        return None
    state = facts.get("state")
    return RefundFacts(
        total_pence=facts.get("total_pence"),
        provider_refund_id=facts.get("provider_refund_id"),
        refund_id=_uuid(facts.get("refund_id")),
        state=RefundState(state) if state else None,
        amount_pence=facts.get("amount_pence"),
    )


def _dispute(facts: Mapping[str, Any] | None) -> DisputeFacts | None:
    if facts is None:
        return None
    answer_by = facts.get("answer_by")
    return DisputeFacts(
        dispute_id=str(facts["dispute_id"]),
        status=str(facts["status"]),
        reason=str(facts["reason"]),
        amount_pence=int(facts["amount_pence"]),
        answer_by=dt.datetime.fromisoformat(answer_by) if answer_by else None,
    )


def _uuid(value: object) -> UUID | None:
    return UUID(str(value)) if value else None
