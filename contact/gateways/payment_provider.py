"""What the service asks of whoever takes payments: six questions, so that a force may use another than Stripe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal, Protocol
from uuid import UUID

from contact.gateways.failures import OutsideFailure

Language = Literal["en", "cy"]
WEBHOOK_TOLERANCE = timedelta(seconds=300)
"""How far a webhook's own time may lie from ours; what is older was replayed (Stripe's own tolerance)."""


class ProviderAway(OutsideFailure):
    """No answer, or a failing one. The same call with the same idempotency key may be made again, and is done once."""


class ProviderGarbled(ProviderAway):
    """An answer that nobody can read, about one thing: it may be asked again, and others may be asked meanwhile."""


class ProviderRefused(OutsideFailure):
    """The provider understood and said no; `code` is its own (`charge_already_refunded`, `idempotency_error`)."""


class SignatureWrong(Exception):
    """A webhook that the provider did not sign, signed over other bytes, or signed too long ago."""


class CheckoutState(StrEnum):
    """How a payment page stands. Complete is not paid: only `CheckoutStatus.paid` says that."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


class PaymentStatus(StrEnum):
    """Whether the money is there."""

    PAID = "paid"
    UNPAID = "unpaid"
    NOTHING_DUE = "no_payment_required"


class RefundState(StrEnum):
    """How a refund stands with the provider; `FAILED` and `CANCELLED` leave the money with us."""

    PENDING = "pending"
    NEEDS_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "canceled"


class EventKind(StrEnum):
    """What a webhook tells, in our own words; it may come late, twice, out of order, or never."""

    CHECKOUT_COMPLETED = "checkout_completed"  # look at payment_status: it may still be unpaid
    CHECKOUT_EXPIRED = "checkout_expired"
    LATE_PAYMENT_SUCCEEDED = "late_payment_succeeded"  # a slow way to pay, after its page was completed
    LATE_PAYMENT_FAILED = "late_payment_failed"
    ATTEMPT_FAILED = "attempt_failed"  # one card was declined; the page is still open
    CHARGE_REFUNDED = "charge_refunded"  # `refund.total_pence` says how much of the charge by now, all refunds together
    REFUND_CHANGED = "refund_changed"  # one refund of ours was made, went through or failed: `refund`
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_CHANGED = "dispute_changed"
    DISPUTE_MONEY_TAKEN = "dispute_money_taken"
    DISPUTE_MONEY_BACK = "dispute_money_back"
    DISPUTE_CLOSED = "dispute_closed"  # `dispute.status` is won or lost
    PAYOUT_PAID = "payout_paid"
    PAYOUT_FAILED = "payout_failed"
    OTHER = "other"  # kept, and nothing done


class LineKind(StrEnum):
    """What moved on the provider's account."""

    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE = "dispute"
    DISPUTE_BACK = "dispute_back"
    FEE = "fee"
    PAYOUT = "payout"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CheckoutRequest:
    """One payment to be made on the provider's own page.

    `amount_pence` is what the server computed, 30 or more; `expires_at` lies 30 minutes to 24 hours ahead.
    `description` is read by the payer and by the provider: it names a licence, never guns (practice 27).
    """

    payment_id: UUID  # ours
    reference: str  # of the application, short enough to read out
    amount_pence: int
    description: str
    return_url: str
    cancel_url: str
    expires_at: datetime
    idempotency_key: str
    language: Language = "en"
    currency: str = "gbp"
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Checkout:
    """A payment page that waits at `url`."""

    session_id: str
    url: str
    expires_at: datetime
    livemode: bool


@dataclass(frozen=True, slots=True)
class CheckoutStatus:
    """How a payment stands by the provider's own books, which are asked before anyone is told that they paid."""

    session_id: str
    state: CheckoutState
    payment_status: PaymentStatus
    amount_pence: int
    currency: str
    payment_id: UUID | None  # ours, as it was sent
    provider_payment_id: str | None  # theirs, which a refund names; None until somebody paid
    refunded_pence: int
    disputed: bool
    url: str | None  # None once it is not open
    expires_at: datetime
    livemode: bool

    @property
    def paid(self) -> bool:
        """True where the money is there."""
        return self.payment_status is PaymentStatus.PAID


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Money back to the card that paid. `reason_code` is ours; only `duplicate` is told to the provider as such."""

    refund_id: UUID  # ours
    provider_payment_id: str
    amount_pence: int
    reason_code: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class RefundResult:
    """A refund as the provider took it; it may still fail, which a webhook tells."""

    provider_refund_id: str
    state: RefundState
    amount_pence: int
    currency: str


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """What an event says of refunds: one of them (`provider_refund_id`, `state`) or all of a charge (`total_pence`)."""

    total_pence: int | None = None
    provider_refund_id: str | None = None
    refund_id: UUID | None = None  # ours, as it was sent
    state: RefundState | None = None
    amount_pence: int | None = None


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """A payer's bank wants the money back. `status` and `reason` are the provider's words (`lost`, `fraudulent`)."""

    dispute_id: str
    status: str
    reason: str
    amount_pence: int
    answer_by: datetime | None


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """One webhook whose signature was right. Every field may be missing that the event does not carry."""

    event_id: str
    kind: EventKind
    created: datetime
    livemode: bool
    provider_type: str  # the provider's own word, for the books
    session_id: str | None = None
    provider_payment_id: str | None = None
    payment_id: UUID | None = None  # ours, as it was sent
    amount_pence: int | None = None
    currency: str | None = None
    payment_status: PaymentStatus | None = None
    refund: RefundFacts | None = None
    dispute: DisputeFacts | None = None
    payout_id: str | None = None


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """One movement inside a payout, in pence: `net` = `amount` - `fee`; refunds and disputes are negative."""

    line_id: str
    kind: LineKind
    amount_pence: int
    fee_pence: int
    net_pence: int
    currency: str
    created: datetime
    source_id: str | None  # the charge, refund or dispute
    provider_payment_id: str | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """One payout to the force's bank; its lines, the payout's own left out, sum to `amount_pence`."""

    payout_id: str
    amount_pence: int
    currency: str
    status: str  # the provider's word: paid, pending, in_transit, canceled, failed
    created: datetime
    arrival: date
    lines: Sequence[SettlementLine]


class PaymentProvider(Protocol):
    """Whoever takes payments. Every question but verify_webhook may raise ProviderAway or ProviderRefused, and waits
    for the network: no database connection is held meanwhile (engineering 13).
    """

    @property
    def name(self) -> str:
        """The provider's short name, as events are kept under it: `stripe`."""

    def create(self, request: CheckoutRequest) -> Checkout:
        """Open a payment page; the same idempotency key gives the same page again."""

    def get(self, session_id: str) -> CheckoutStatus:
        """How the payment stands now, with what was refunded of it."""

    def cancel(self, session_id: str) -> CheckoutStatus:
        """Close the page if it is open, and say how it stands then: it may have been paid a moment before."""

    def refund(self, request: RefundRequest) -> RefundResult:
        """Pay back, once for one idempotency key. Refused above what was paid less what was refunded."""

    def verify_webhook(self, body: bytes, signature: str, *, now: datetime) -> ProviderEvent:
        """What a webhook tells: `body` as it came, byte for byte. Raises SignatureWrong."""

    def list_settlements(self, *, since: datetime, until: datetime) -> list[Settlement]:
        """Payouts made from `since` to before `until`, oldest first, with their lines."""
