"""Provider events in any order and number, with crashes between any two steps: the books balance.

Nobody pays twice, and nobody is marked paid who has not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy.orm import Session

from contact.domain.access import SYSTEM
from contact.domain.ledger import Account
from contact.domain.licensing.kinds import PaymentStanding
from contact.domain.payments import PaymentState, RefundReason, RefundState
from contact.gateways.payment_provider import CheckoutState, ProviderAway
from contact.gateways.payment_provider import RefundState as Theirs
from contact.services.payments import checkout, provider_words, refunding, standing, watching
from contact.services.payments.checkout import Page, Places
from contact.store import applications, ledger, models, payments
from tests.support.cases import NOW, Cases
from tests.support.database import MigratedDatabase
from tests.support.licensing import apply
from tests.support.pretend_provider import Crash, PretendPage, PretendProvider, away

FEE = 126_00
PLACES = Places("https://contact.example/application/X/paid", "https://contact.example/application/X/pay")
FATES = st.integers(min_value=0, max_value=9)
"""At which boundary the process dies; most rules have fewer than nine, so that it often lives."""
_HELD: list[Cases] = []


class Till(RuleBasedStateMachine):
    """One application, one provider, and a process that dies whenever it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.cases = _HELD[0]
        self.now = NOW
        self.provider = PretendProvider(lambda: self.now)
        self.provider.before = self.provider.after = self._step
        self.dies_in: int | None = None
        self.gone = False
        self.shown: set[str] = set()
        self.decided = ""

    def teardown(self) -> None:
        """Everything arrives in the end, and then all of it must be right."""
        self._let_all_arrive()
        self._all_is_right()

    @initialize()
    def asks_for_the_fee(self) -> None:
        """An application whose fee is due."""
        self.contact_id = apply(self.cases).contact_id
        with self.cases.system.begin() as session:
            assert standing.request(session, contact_id=self.contact_id, now=self.now) is PaymentStanding.DUE

    # A process that dies: before a commit, after it, before the provider is asked, after it did what it was asked.

    def _step(self) -> None:
        if self.gone:
            away()
        if self.dies_in is None:
            return
        if self.dies_in == 0:
            self.dies_in = None
            raise Crash
        self.dies_in -= 1

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with self.cases.system.begin() as session:
            yield session
            session.flush()
            self._step()
        self._step()

    def _live(self, fate: int, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work answers
        self.dies_in = fate if fate < 9 else None
        try:
            return work()
        except (Crash, ProviderAway):
            return None
        finally:
            self.dies_in = None

    def _pay(self) -> Any:  # noqa: ANN401 - Page or WhyNot
        return checkout.pay(
            self._transaction,
            self.provider,
            contact_id=self.contact_id,
            places=PLACES,
            description="Licence fee",
            language="en",
            now=self.now,
        )

    # What can happen.

    @rule(fate=FATES)
    def presses_pay(self, fate: int) -> None:
        """In this tab or another."""
        found = self._live(fate, self._pay)
        if isinstance(found, Page):
            self.shown.add(found.url.rpartition("/")[2])

    @rule(slow=st.booleans(), which=st.integers(min_value=0, max_value=5))
    @precondition(lambda self: self.shown)
    def pays_on_a_page(self, slow: bool, which: int) -> None:
        """On any page that was ever shown."""
        self.provider.before = lambda: None
        pages = sorted(self.shown)
        page = self.provider.pages[pages[which % len(pages)]]
        if page.request.expires_at > self.now:
            self.provider.pay(page, slow=slow)
        self.provider.before = self._step

    @rule(comes=st.booleans())
    def slow_money_ends(self, comes: bool) -> None:
        """It comes, or it does not."""
        for page in self.provider.pages.values():
            self.provider.slow_money(page, comes=comes)

    @rule(which=st.integers(min_value=0), times=st.integers(min_value=1, max_value=3), fate=FATES)
    @precondition(lambda self: self.provider.events)
    def an_event_is_delivered(self, which: int, times: int, fate: int) -> None:
        """Any event that ever was, again or for the first time."""
        event = self.provider.events[which % len(self.provider.events)]
        for _ in range(times):
            self._live(fate, lambda: self._deliver(event.event_id))

    def _deliver(self, event_id: str) -> None:
        event = next(each for each in self.provider.events if each.event_id == event_id)
        with self._transaction() as session:
            provider_words.keep(session, event, provider=self.provider.name, now=self.now)
        provider_words.take(self._transaction, self.provider, event_id=event_id, name=self.provider.name, now=self.now)

    @rule(fate=FATES)
    def comes_back(self, fate: int) -> None:
        """The return page asks the provider."""
        with self.cases.system() as session:
            tried = [p.id for p in payments.list_for_contact(session, contact_id=self.contact_id)]
        if tried:
            self._live(fate, partial(self._look, tried[-1]))

    def _look(self, payment_id: UUID) -> None:
        checkout.look(self._transaction, self.provider, payment_id=payment_id, now=self.now)

    @rule(fate=FATES)
    def the_clock_looks(self, fate: int) -> None:
        """The job of each minute."""
        self._live(fate, lambda: watching.look_at_all(self._transaction, self.provider, now=self.now))

    @rule(minutes=st.sampled_from([1, 20, 45, 90]))
    def time_passes(self, minutes: int) -> None:
        """Pages run out."""
        self.now += dt.timedelta(minutes=minutes)

    @rule(gone=st.booleans())
    def the_provider_comes_and_goes(self, gone: bool) -> None:
        """Unreachable, or back."""
        self.gone = gone

    @rule(refuse=st.booleans())
    @precondition(lambda self: not self.decided)
    def it_is_decided(self, refuse: bool) -> None:
        """Granted, or refused and refunded unasked."""
        self.decided = "refused" if refuse else "granted"
        with self.cases.system.begin() as session:
            application = applications.lock(session, contact_id=self.contact_id)
            application.state = self.decided
            session.flush()
            if refuse:
                refunding.refund_in_full(
                    session, contact_id=self.contact_id, actor=SYSTEM, reason=RefundReason.REFUSED, now=self.now
                )
            else:
                standing.on_grant(session, contact_id=self.contact_id, now=self.now)

    @rule(fate=FATES)
    def refunds_are_sent(self, fate: int) -> None:
        """The job of each refund."""
        for refund_id in self._refunds(RefundState.APPROVED):
            self._live(fate, partial(self._send, refund_id))

    def _send(self, refund_id: UUID) -> None:
        refunding.send(self._transaction, self.provider, refund_id=refund_id, now=self.now)

    def _refunds(self, state: RefundState) -> list[UUID]:
        with self.cases.system() as session:
            found = session.query(models.Refund).join(models.Payment, models.Payment.id == models.Refund.payment_id)
            rows = found.filter(models.Payment.contact_id == self.contact_id, models.Refund.state == state.value)
            return [row.id for row in rows.order_by(models.Refund.id)]

    @rule(well=st.booleans())
    def a_refund_ends(self, well: bool) -> None:
        """It goes through, or the card's bank sends it back."""
        for page in self.provider.pages.values():
            for refund_id, refund in page.refunds.items():
                if refund.state is Theirs.PENDING:
                    self.provider.refund_ends(page, refund_id, well=well)
                    return

    @rule(pence=st.integers(min_value=1, max_value=FEE))
    def somebody_refunds_by_hand(self, pence: int) -> None:
        """In the provider's own pages, past us."""
        for page in self.provider.pages.values():
            self.provider.refund_elsewhere(page, pence)

    @rule(status=st.sampled_from(["needs_response", "won", "lost"]))
    def the_bank_speaks(self, status: str) -> None:
        """A dispute begins or ends."""
        for page in self.provider.pages.values():
            self.provider.dispute(page, status)

    # What must hold at every moment.

    @invariant()
    def nobody_is_marked_paid_who_has_not(self) -> None:
        """Paid here is paid there, with exactly that sum, once; and there is one payment under way at most."""
        if not hasattr(self, "contact_id"):
            return
        tried = self._payments()
        for payment in tried:
            if payment.state == PaymentState.PAID:
                page = self._page(payment)
                assert page is not None
                assert page.paid
                assert (payment.received_pence, payment.amount_pence) == (page.amount_pence, page.amount_pence)
        under_way = [p for p in tried if p.state in ("created", "open", "processing")]
        assert len(under_way) <= 1
        if self._standing() in (PaymentStanding.PAID, PaymentStanding.OWED_BACK):
            assert any(page.paid for page in self.provider.pages.values())

    def _payments(self) -> list[models.Payment]:
        with self.cases.system() as session:
            return list(payments.list_for_contact(session, contact_id=self.contact_id))

    def _page(self, payment: models.Payment) -> PretendPage | None:
        return next((p for p in self.provider.pages.values() if p.request.payment_id == payment.id), None)

    def _standing(self) -> PaymentStanding:
        with self.cases.system() as session:
            return PaymentStanding(applications.get(session, contact_id=self.contact_id).payment)

    # The end.

    def _let_all_arrive(self) -> None:
        if not hasattr(self, "contact_id"):
            return
        self.gone, self.dies_in = False, None
        for page in self.provider.pages.values():
            self.provider.slow_money(page, comes=True)
        for _ in range(4):
            self.now += dt.timedelta(hours=12)
            self._pages_run_out()
            watching.look_at_all(self._transaction, self.provider, now=self.now)
            for event in list(self.provider.events):
                self._deliver(event.event_id)
            for refund_id in self._refunds(RefundState.APPROVED):
                self._send(refund_id)
            for page in self.provider.pages.values():
                for refund_id, refund in list(page.refunds.items()):
                    if refund.state is Theirs.PENDING:
                        self.provider.refund_ends(page, refund_id, well=True)

    def _pages_run_out(self) -> None:
        """By the provider's own clock, whether we ever heard of the page or not."""
        for page in self.provider.pages.values():
            if page.request.expires_at <= self.now:
                self.provider.expire(page)

    def _all_is_right(self) -> None:
        if not hasattr(self, "contact_id"):
            return
        with self.cases.system() as session:
            assert ledger.unbalanced(session) == 0
        net = sum(page.net for page in self.provider.pages.values())
        assert net <= FEE, "somebody paid twice"
        for payment in self._payments():
            page = self._page(payment)
            assert (payment.state == PaymentState.PAID) is (page is not None and page.paid)
            with self.cases.system() as session:
                books = ledger.sums(session, payment_id=payment.id)
            held_apart = page is not None and page.disputed == "needs_response"
            assert books[Account.PROVIDER] == (0 if page is None or held_apart else page.net)
            assert books[Account.REFUNDS] == 0
        if net == FEE:
            wanted = PaymentStanding.PAID if self.decided == "granted" else PaymentStanding.OWED_BACK
            failed_back = self._refunds(RefundState.FAILED)
            assert self._standing() is wanted or failed_back
        if self._standing() in (PaymentStanding.PAID, PaymentStanding.OWED_BACK):
            assert net > 0
        open_pages = [p for p in self.provider.pages.values() if p.state is CheckoutState.OPEN]
        assert not [p for p in open_pages if p.request.expires_at <= self.now]


TestTill = pytest.mark.usefixtures("held")(Till.TestCase)
TestTill.settings = settings(
    max_examples=12,
    stateful_step_count=20,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture(scope="module")
def held(database: MigratedDatabase) -> Iterator[None]:
    """One application of many after another, in one force."""
    cases = Cases(database)
    _HELD.append(cases)
    yield
    _HELD.clear()
    cases.dispose()
