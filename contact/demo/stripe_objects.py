"""Objects of Stripe's API as Stripe writes them, for its stand-in: plain JSON, made from what happened."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from contact.gateways.stripe import STRIPE_VERSION

Json = dict[str, Any]
FEE_PENCE_FIXED, FEE_PER_MILLE = 20, 15
"""What the pretended account pays for a card payment: 1.5% and 20p."""
DISPUTE_FEE_PENCE = 2000


def new_id(prefix: str) -> str:
    """An id of Stripe's shape."""
    return f"{prefix}_{secrets.token_hex(12)}"


def session_object(params: Mapping[str, Any], *, now: int, address: str) -> Json:
    """An open payment page for what was asked."""
    item = params["line_items"][0]
    amount = int(item["price_data"]["unit_amount"]) * int(item["quantity"])
    session_id = new_id("cs_test")
    return {
        "id": session_id,
        "object": "checkout.session",
        "amount_subtotal": amount,
        "amount_total": amount,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "created": now,
        "currency": item["price_data"]["currency"],
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer": None,
        "customer_email": params.get("customer_email"),
        "expires_at": int(params.get("expires_at") or now + 86_400),
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": dict(params.get("metadata") or {}),
        "mode": params["mode"],
        "payment_intent": None,
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "shipping_options": [],
        "status": "open",
        "success_url": params["success_url"],
        "ui_mode": "hosted_page",
        "url": f"{address}/pay/{session_id}",
    }


def intent_object(session: Json, intent_data: Mapping[str, Any], *, now: int) -> Json:
    """What Stripe makes when somebody first presses the button."""
    return {
        "id": new_id("pi"),
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_received": 0,
        "capture_method": "automatic_async",
        "confirmation_method": "automatic",
        "client_secret": None,
        "created": now,
        "currency": session["currency"],
        "customer": None,
        "description": intent_data.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": dict(intent_data.get("metadata") or {}),
        "payment_method": None,
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
    }


def charge_object(intent: Json, *, now: int, failure: tuple[str, str] | None = None) -> Json:
    """One try with one card; `failure` is Stripe's code and its words."""
    paid = failure is None
    return {
        "id": new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if paid else 0,
        "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": {"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        "captured": paid,
        "created": now,
        "currency": intent["currency"],
        "description": intent["description"],
        "disputed": False,
        "failure_code": failure[0] if failure else None,
        "failure_message": failure[1] if failure else None,
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "paid": paid,
        "payment_intent": intent["id"],
        "refunded": False,
        "status": "succeeded" if paid else "failed",
    }


def refund_object(charge: Json, params: Mapping[str, Any], *, amount: int, now: int) -> Json:
    """Money back to the card."""
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "metadata": dict(params.get("metadata") or {}),
        "payment_intent": charge["payment_intent"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def dispute_object(charge: Json, *, now: int) -> Json:
    """The payer's bank wants the money back."""
    texts = (
        "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
        "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
        "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation",
        "duplicate_charge_explanation", "duplicate_charge_id", "product_description", "receipt", "refund_policy",
        "refund_policy_disclosure", "refund_refusal_explanation", "service_date", "service_documentation",
        "shipping_address", "shipping_carrier", "shipping_date", "shipping_documentation",
        "shipping_tracking_number", "uncategorized_file", "uncategorized_text",
    )  # fmt: skip
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(texts), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + 9 * 86_400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": "fraudulent",
        "status": "needs_response",
    }


def movement_object(category: str, source: Json, *, amount: int, fee: int, now: int) -> Json:
    """One movement on the account's balance, negative where money leaves."""
    kinds = {"charge": "charge", "refund": "refund", "refund_failure": "refund_failure", "payout": "payout"}
    return {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now,
        "balance_type": "payments",
        "created": now,
        "currency": source["currency"],
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [
            {
                "amount": fee,
                "application": None,
                "currency": source["currency"],
                "description": None,
                "type": "stripe_fee",
            }
        ]
        if fee
        else [],
        "net": amount - fee,
        "reporting_category": category,
        "source": source["id"],
        "status": "available",
        "type": kinds.get(category, "adjustment"),
    }


def payout_object(amount: int, currency: str, *, now: int) -> Json:
    """What goes to the force's bank."""
    return {
        "id": new_id("po"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": now - now % 86_400 + 86_400,
        "automatic": True,
        "balance_transaction": None,
        "created": now,
        "currency": currency,
        "description": None,
        "destination": None,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "completed",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "paid",
        "trace_id": None,
        "type": "bank_account",
    }


def event_object(kind: str, about: Json, *, now: int) -> Json:
    """What a webhook carries: the object as it is at this moment."""
    return {
        "id": new_id("evt"),
        "object": "event",
        "api_version": STRIPE_VERSION,
        "created": now,
        "data": {"object": {**about}},
        "livemode": False,
        "pending_webhooks": 1,
        "request": None,
        "type": kind,
    }


def card_fee(amount: int) -> int:
    """What a card payment of so many pence costs, rounded up."""
    return FEE_PENCE_FIXED + -(-amount * FEE_PER_MILLE // 1000)
