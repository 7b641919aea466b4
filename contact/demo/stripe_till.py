"""The pretended account at Stripe: pages, payments, refunds, disputes and payouts, kept in one file."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contact.demo.stripe_objects import (
    DISPUTE_FEE_PENCE,
    Json,
    card_fee,
    charge_object,
    dispute_object,
    event_object,
    intent_object,
    movement_object,
    payout_object,
    refund_object,
    session_object,
)

_KEPT = 2000


class TillRefuses(Exception):
    """What Stripe answers with an error: its words, and where it has them its code and the parameter that is wrong."""

    def __init__(
        self,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        status: int = 400,
    ) -> None:
        self.message = message
        self.kind = kind
        self.code = code
        self.param = param
        self.status = status
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered to an idempotency key: a print of the request, and the answer as it was then."""

    asked: str
    answer: Json


class Till:
    """Every method is safe from several threads. `tell` gets each event, in order, while the account is locked."""

    def __init__(
        self, file: Path | None, *, tell: Callable[[Json], None], clock: Callable[[], datetime] | None = None
    ) -> None:
        self._file = file
        self._tell = tell
        self._clock = clock or (lambda: datetime.now(UTC))
        self.lock = threading.RLock()
        self._objects: dict[str, Json] = {}
        self._intent_data: dict[str, Json] = {}
        self._paid_out: dict[str, str] = {}
        self._answered: dict[str, list[Any]] = {}
        if file is not None and file.exists():
            kept = json.loads(file.read_text(encoding="utf-8"))
            self._objects, self._intent_data = kept["objects"], kept["intent_data"]
            self._paid_out, self._answered = kept["paid_out"], kept["answered"]

    def find(self, object_id: object, kind: str | None = None) -> Json:
        """One object as it is now. Raises TillRefuses as Stripe does for an id it does not know."""
        with self.lock:
            found = self._objects.get(str(object_id))
            if found is None or (kind is not None and found["object"] != kind):
                raise TillRefuses(f"No such object: '{object_id}'", code="resource_missing", param="id", status=404)
            return found

    def all_of(self, kind: str) -> list[Json]:
        """Newest first, as Stripe lists them."""
        with self.lock:
            return [found for found in reversed(self._objects.values()) if found["object"] == kind]

    def movements(self, payout_id: str | None) -> list[Json]:
        """Movements of one payout, its own among them, or all; newest first."""
        with self.lock:
            return [
                moved
                for moved in self.all_of("balance_transaction")
                if payout_id is None or self._paid_out.get(moved["id"]) == payout_id
            ]

    def open_session(self, params: Mapping[str, Any], *, address: str) -> Json:
        """A new payment page."""
        with self.lock:
            session = self._keep(session_object(params, now=self._now(), address=address))
            self._intent_data[session["id"]] = dict(params.get("payment_intent_data") or {})
            self._save()
            return session

    def expire(self, session_id: str) -> Json:
        """Close an open page. Raises TillRefuses for one that is over."""
        with self.lock:
            session = self.find(session_id, "checkout.session")
            if session["status"] != "open":
                raise TillRefuses(
                    'Only Checkout Sessions with a status in ["open"] can be expired. '
                    f"This Checkout Session has a status of `{session['status']}`."
                )
            session |= {"status": "expired", "url": None}
            self._happened("checkout.session.expired", session)
            return session

    def expire_what_is_over(self) -> None:
        """Close each page whose time has come."""
        with self.lock:
            for session in self.all_of("checkout.session"):
                if session["status"] == "open" and session["expires_at"] <= self._now():
                    self.expire(session["id"])

    def decline(self, session_id: str, code: str, message: str) -> None:
        """A card was refused: the page stays open."""
        with self.lock:
            intent = self._intent_of(self._still_open(session_id))
            charge = self._keep(charge_object(intent, now=self._now(), failure=(code, message)))
            error = {"type": "card_error", "code": code, "message": message, "charge": charge["id"]}
            intent |= {"last_payment_error": error, "latest_charge": charge["id"], "status": "requires_payment_method"}
            self._happened("payment_intent.payment_failed", intent)

    def pay(self, session_id: str, *, slow: bool = False) -> Json:
        """The money comes, or with a slow way to pay only the promise of it."""
        with self.lock:
            session = self._still_open(session_id)
            intent = self._intent_of(session)
            session |= {"status": "complete", "url": None}
            if slow:
                intent["status"] = "processing"
                self._happened("checkout.session.completed", session)
                return session
            self._take(session, intent)
            self._happened("checkout.session.completed", session)
            return session

    def settle_slow(self, session_id: str, *, works: bool) -> None:
        """What becomes of a slow way to pay."""
        with self.lock:
            session = self.find(session_id, "checkout.session")
            if session["status"] != "complete" or session["payment_status"] == "paid":
                raise TillRefuses("Nothing is waited for.")
            intent = self.find(session["payment_intent"])
            if works:
                self._take(session, intent)
                self._happened("checkout.session.async_payment_succeeded", session)
                return
            intent["status"] = "requires_payment_method"
            self._happened("checkout.session.async_payment_failed", session)

    def refund(self, params: Mapping[str, Any]) -> Json:
        """Money back. Raises TillRefuses above what is left, and while the payer's bank disputes the charge."""
        with self.lock:
            intent = self.find(params.get("payment_intent"), "payment_intent")
            if intent["status"] != "succeeded":
                raise TillRefuses("This PaymentIntent does not have a successful charge to refund.")
            charge = self.find(intent["latest_charge"])
            left = charge["amount"] - charge["amount_refunded"]
            amount = int(params.get("amount") or left)
            if charge["disputed"]:
                raise TillRefuses("The charge has been charged back.", code="charge_disputed")
            if left == 0:
                raise TillRefuses("The charge has already been refunded.", code="charge_already_refunded")
            if not 0 < amount <= left:
                words = "is greater than unrefunded amount on charge"
                raise TillRefuses(f"Refund amount (£{amount / 100:.2f}) {words} (£{left / 100:.2f})", param="amount")
            refund = self._keep(refund_object(charge, params, amount=amount, now=self._now()))
            self._move("refund", refund, amount=-amount)
            charge["amount_refunded"] += amount
            charge["refunded"] = charge["amount_refunded"] == charge["amount"]
            self._happened("refund.created", refund)
            self._happened("charge.refunded", charge)
            return refund

    def fail_refund(self, refund_id: str) -> None:
        """The card's bank sends the money back to us, days later."""
        with self.lock:
            refund = self.find(refund_id, "refund")
            if refund["status"] != "succeeded":
                raise TillRefuses("This refund has failed already.")
            refund |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
            charge = self.find(refund["charge"])
            charge["amount_refunded"] -= refund["amount"]
            charge["refunded"] = False
            moved = self._move("refund_failure", refund, amount=refund["amount"], keep_own=True)
            refund["failure_balance_transaction"] = moved["id"]
            self._happened("refund.failed", refund)

    def dispute(self, intent_id: str) -> Json:
        """The payer's bank takes the money back, with a fee."""
        with self.lock:
            charge = self.find(self.find(intent_id, "payment_intent")["latest_charge"])
            if charge["disputed"]:
                raise TillRefuses("This charge is disputed already.")
            dispute = self._keep(dispute_object(charge, now=self._now()))
            charge["disputed"] = True
            self._happened("charge.dispute.created", dispute)
            moved = self._move("dispute", dispute, amount=-dispute["amount"], fee=DISPUTE_FEE_PENCE, keep_own=True)
            dispute["balance_transactions"] = [moved]
            self._happened("charge.dispute.funds_withdrawn", dispute)
            return dispute

    def decide_dispute(self, dispute_id: str, *, won: bool) -> None:
        """The bank decides: for us, and the money comes back, or for the payer."""
        with self.lock:
            dispute = self.find(dispute_id, "dispute")
            if dispute["status"] != "needs_response":
                raise TillRefuses("This dispute is decided already.")
            dispute["status"] = "won" if won else "lost"
            self._happened("charge.dispute.closed", dispute)
            if won:
                moved = self._move("dispute_reversal", dispute, amount=dispute["amount"], keep_own=True)
                dispute["balance_transactions"] = [*dispute["balance_transactions"], moved]
                self._happened("charge.dispute.funds_reinstated", dispute)

    def pay_out(self) -> Json | None:
        """All that moved since the last payout goes to the bank; None where nothing is left of it."""
        with self.lock:
            waiting = [moved for moved in self.movements(None) if moved["id"] not in self._paid_out]
            amount = sum(moved["net"] for moved in waiting)
            if amount <= 0:
                return None
            payout = self._keep(payout_object(amount, waiting[0]["currency"], now=self._now()))
            for moved in [*waiting, self._move("payout", payout, amount=-amount)]:
                self._paid_out[moved["id"]] = payout["id"]
            self._happened("payout.paid", payout)
            return payout

    def answered(self, key: str) -> Answered | None:
        """What was answered to this idempotency key."""
        with self.lock:
            kept = self._answered.get(key)
            return Answered(*kept) if kept else None

    def keep_answer(self, key: str, answered: Answered) -> None:
        """Answer the same from now on."""
        with self.lock:
            self._answered[key] = [answered.asked, dict(answered.answer)]
            self._save()

    def _take(self, session: Json, intent: Json) -> None:
        charge = self._keep(charge_object(intent, now=self._now()))
        self._move("charge", charge, amount=charge["amount"], fee=card_fee(charge["amount"]))
        intent |= {"latest_charge": charge["id"], "status": "succeeded", "amount_received": intent["amount"]}
        intent["last_payment_error"] = None
        session["payment_status"] = "paid"

    def _move(self, category: str, source: Json, *, amount: int, fee: int = 0, keep_own: bool = False) -> Json:
        moved = self._keep(movement_object(category, source, amount=amount, fee=fee, now=self._now()))
        if not keep_own:
            source["balance_transaction"] = moved["id"]
        return moved

    def _still_open(self, session_id: str) -> Json:
        session = self.find(session_id, "checkout.session")
        if session["status"] == "open" and session["expires_at"] <= self._now():
            self.expire(session_id)
        if session["status"] != "open":
            raise TillRefuses("This payment page is closed.", code="page_closed")
        return session

    def _intent_of(self, session: Json) -> Json:
        """The page's payment, made when somebody first presses the button."""
        if session["payment_intent"] is None:
            intent = self._keep(intent_object(session, self._intent_data.pop(session["id"], {}), now=self._now()))
            session["payment_intent"] = intent["id"]
        return self.find(session["payment_intent"])

    def _now(self) -> int:
        return int(self._clock().timestamp())

    def _keep(self, made: Json) -> Json:
        self._objects[made["id"]] = made
        return made

    def _happened(self, kind: str, about: Json) -> None:
        self._save()
        self._tell(json.loads(json.dumps(event_object(kind, about, now=self._now()))))

    def _save(self) -> None:
        grown: tuple[dict[str, Any], ...] = (self._objects, self._answered)
        for kept in grown:
            while len(kept) > _KEPT:
                del kept[next(iter(kept))]
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".part")
        rows = {
            "objects": self._objects,
            "intent_data": self._intent_data,
            "paid_out": self._paid_out,
            "answered": self._answered,
        }
        part.write_text(json.dumps(rows), encoding="utf-8")
        os.replace(part, self._file)
