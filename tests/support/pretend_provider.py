"""A payment provider in memory: pages, payers, refunds, disputes, and a heap of events to deliver in any order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from contact.gateways.payment_provider import (
    Checkout,
    CheckoutRequest,
    CheckoutState,
    CheckoutStatus,
    DisputeFacts,
    EventKind,
    PaymentStatus,
    ProviderAway,
    ProviderEvent,
    ProviderRefused,
    RefundFacts,
    RefundRequest,
    RefundResult,
    RefundState,
    Settlement,
)


@dataclass
class PretendPage:
    """One payment page and its charge."""

    request: CheckoutRequest
    session_id: str
    state: CheckoutState = CheckoutState.OPEN
    paid: bool = False
    waits: bool = False  # completed by a slow way to pay
    amount_pence: int = 0
    currency: str = "gbp"
    refunds: dict[UUID, RefundResult] = field(default_factory=dict)
    refunded_elsewhere: int = 0
    disputed: str = ""

    @property
    def charge(self) -> str:
        """The provider's name of the payment."""
        return f"pi_{self.session_id}"

    @property
    def refunded(self) -> int:
        """Pence that went back or are on their way."""
        gone = sum(r.amount_pence for r in self.refunds.values() if r.state is not RefundState.FAILED)
        return gone + self.refunded_elsewhere

    @property
    def net(self) -> int:
        """Pence that are with us in the end."""
        if not self.paid or self.disputed == "lost":
            return 0
        return self.amount_pence - self.refunded


class PretendProvider:
    """`before` and `after` are called around each question: a test raises there what a network or a crash would."""

    name = "pretend"

    def __init__(self, clock: Callable[[], dt.datetime]) -> None:
        self.clock = clock
        self.pages: dict[str, PretendPage] = {}
        self.events: list[ProviderEvent] = []
        self.settlements: list[Settlement] = []
        self.asked: list[str] = []
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None

    def create(self, request: CheckoutRequest) -> Checkout:
        """As the Protocol says; a key that comes with other words is refused."""
        self._begin("create")
        page = next((p for p in self.pages.values() if p.request.idempotency_key == request.idempotency_key), None)
        if page is None:
            page = PretendPage(request, f"cs_{len(self.pages) + 1}_{request.payment_id.hex[-8:]}")
            page.amount_pence = request.amount_pence
            self.pages[page.session_id] = page
        elif page.request != request:
            raise ProviderRefused(self.name, "idempotency_error")
        self.after()
        return Checkout(page.session_id, f"https://pay.example/{page.session_id}", request.expires_at, livemode=False)

    def get(self, session_id: str) -> CheckoutStatus:
        """As the Protocol says."""
        self._begin("get")
        status = self._status(self._page(session_id))
        self.after()
        return status

    def cancel(self, session_id: str) -> CheckoutStatus:
        """As the Protocol says."""
        self._begin("cancel")
        page = self._page(session_id)
        if page.state is CheckoutState.OPEN:
            self.expire(page)
        self.after()
        return self._status(page)

    def refund(self, request: RefundRequest) -> RefundResult:
        """As the Protocol says."""
        self._begin("refund")
        page = next((p for p in self.pages.values() if p.charge == request.provider_payment_id and p.paid), None)
        if page is None:
            raise ProviderRefused(self.name, "resource_missing")
        if request.refund_id not in page.refunds:
            if page.disputed in ("needs_response", "lost"):
                raise ProviderRefused(self.name, "charge_disputed")
            if request.amount_pence > page.amount_pence - page.refunded:
                raise ProviderRefused(self.name, "charge_already_refunded")
            made = RefundResult(f"re_{request.refund_id.hex[-8:]}", RefundState.PENDING, request.amount_pence, "gbp")
            page.refunds[request.refund_id] = made
            self._tell_refund(page, request.refund_id)
        self.after()
        return page.refunds[request.refund_id]

    def verify_webhook(self, body: bytes, signature: str, *, now: dt.datetime) -> ProviderEvent:
        """Not asked here: the signature is tested with the real client."""
        raise NotImplementedError

    def list_settlements(self, *, since: dt.datetime, until: dt.datetime) -> list[Settlement]:
        """As the Protocol says."""
        self._begin("list_settlements")
        return [each for each in self.settlements if since <= each.created < until]

    # What the payer, the bank and the provider's own people do.

    def pay(self, page: PretendPage, *, slow: bool = False) -> None:
        """The payer presses the button; a slow way completes the page without money."""
        if page.state is not CheckoutState.OPEN:
            return
        page.state, page.paid, page.waits = CheckoutState.COMPLETE, not slow, slow
        self._tell(page, EventKind.CHECKOUT_COMPLETED)

    def slow_money(self, page: PretendPage, *, comes: bool) -> None:
        """The slow way ends."""
        if page.waits:
            page.waits, page.paid = False, comes
            self._tell(page, EventKind.LATE_PAYMENT_SUCCEEDED if comes else EventKind.LATE_PAYMENT_FAILED)

    def expire(self, page: PretendPage) -> None:
        """Nobody paid in time, or we closed it."""
        if page.state is CheckoutState.OPEN:
            page.state = CheckoutState.EXPIRED
            self._tell(page, EventKind.CHECKOUT_EXPIRED)

    def refund_ends(self, page: PretendPage, refund_id: UUID, *, well: bool) -> None:
        """A refund of ours goes through, or the card's bank sends it back."""
        was = page.refunds[refund_id]
        if was.state is not RefundState.FAILED:
            page.refunds[refund_id] = replace(was, state=RefundState.SUCCEEDED if well else RefundState.FAILED)
            self._tell_refund(page, refund_id)

    def refund_elsewhere(self, page: PretendPage, pence: int) -> None:
        """Somebody pays back by hand in the provider's own pages."""
        pence = min(pence, page.amount_pence - page.refunded)
        if page.paid and pence > 0 and page.disputed in ("", "won"):
            page.refunded_elsewhere += pence
            self._tell(page, EventKind.CHARGE_REFUNDED, refund=RefundFacts(total_pence=page.refunded))

    def dispute(self, page: PretendPage, status: str) -> None:
        """The payer's bank asks (`needs_response`) or has decided (`won`, `lost`)."""
        decided = page.disputed in ("won", "lost")
        if not page.paid or decided or page.refunded or (status == "needs_response") is bool(page.disputed):
            return
        page.disputed = status
        kind = EventKind.DISPUTE_OPENED if status == "needs_response" else EventKind.DISPUTE_CLOSED
        facts = DisputeFacts(f"dp_{page.session_id}", status, "fraudulent", page.amount_pence, None)
        self._tell(page, kind, dispute=facts, named=False)

    def _begin(self, what: str) -> None:
        self.before()
        self.asked.append(what)
        for page in list(self.pages.values()):
            if page.state is CheckoutState.OPEN and page.request.expires_at <= self.clock():
                self.expire(page)

    def _page(self, session_id: str) -> PretendPage:
        if session_id not in self.pages:
            raise ProviderRefused(self.name, "resource_missing")
        return self.pages[session_id]

    def _status(self, page: PretendPage) -> CheckoutStatus:
        is_open = page.state is CheckoutState.OPEN
        return CheckoutStatus(
            session_id=page.session_id,
            state=page.state,
            payment_status=PaymentStatus.PAID if page.paid else PaymentStatus.UNPAID,
            amount_pence=page.amount_pence,
            currency=page.currency,
            payment_id=page.request.payment_id,
            provider_payment_id=page.charge if page.paid else None,
            refunded_pence=page.refunded,
            disputed=bool(page.disputed),
            url=f"https://pay.example/{page.session_id}" if is_open else None,
            expires_at=page.request.expires_at,
            livemode=False,
        )

    def _tell_refund(self, page: PretendPage, refund_id: UUID) -> None:
        made = page.refunds[refund_id]
        facts = RefundFacts(None, made.provider_refund_id, refund_id, made.state, made.amount_pence)
        self._tell(page, EventKind.REFUND_CHANGED, refund=facts, named=False)
        self._tell(page, EventKind.CHARGE_REFUNDED, refund=RefundFacts(total_pence=page.refunded))

    def _tell(
        self,
        page: PretendPage,
        kind: EventKind,
        *,
        refund: RefundFacts | None = None,
        dispute: DisputeFacts | None = None,
        named: bool = True,
    ) -> None:
        """Put an event on the heap; disputes and refunds do not say our payment's id, only the charge."""
        checkout = refund is None and dispute is None
        self.events.append(
            ProviderEvent(
                event_id=f"evt_{page.session_id}_{len(self.events)}",
                kind=kind,
                created=self.clock(),
                livemode=False,
                provider_type=kind.value,
                session_id=page.session_id if checkout else None,
                provider_payment_id=page.charge if page.paid else None,
                payment_id=page.request.payment_id if named else None,
                amount_pence=page.amount_pence,
                currency=page.currency,
                payment_status=(PaymentStatus.PAID if page.paid else PaymentStatus.UNPAID) if checkout else None,
                refund=refund,
                dispute=dispute,
            )
        )


class Crash(BaseException):
    """The process dies here: nothing may catch it."""


def away() -> None:
    """The provider does not answer."""
    raise ProviderAway(PretendProvider.name, "timeout")
