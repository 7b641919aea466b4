"""Takings by force, payouts late and failed, disputes lost: the books balance, and the night goes back far enough."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from contact.domain.access import Role
from contact.domain.ledger import Account
from contact.domain.licensing.kinds import PaymentStanding
from contact.domain.payments import RefundReason
from contact.gateways.payment_provider import LineKind, Settlement, SettlementLine
from contact.services.payments import reconciling, refunding, standing, takings
from contact.store import applications, ledger, payments
from tests.support.cases import NOW, Cases, Person
from tests.support.licensing import apply
from tests.support.till import FEE, Till, open_till

DAY = dt.timedelta(days=1)


@pytest.fixture
def till(cases: Cases) -> Till:
    """A shotgun renewal: £126."""
    return open_till(cases)


@pytest.fixture
def finance(till: Till) -> Person:
    """Somebody who sees to the force's takings."""
    return till.cases.agent(Role.FINANCE_OFFICER)


def test_a_dispute_lost_after_the_grant_is_a_loss_and_before_it_nobodys(till: Till) -> None:
    page = till.paid()
    with till.cases.system.begin() as session:
        applications.lock(session, contact_id=till.contact_id).state = "granted"
        session.flush()
        standing.on_grant(session, contact_id=till.contact_id, now=till.now)
    till.provider.dispute(page, "needs_response")
    till.provider.dispute(page, "lost")
    till.hear_all()
    assert till.books() == {Account.FEES: -FEE, Account.LOSSES: FEE}
    assert till.standing() == PaymentStanding.DUE


def line(till: Till, kind: LineKind, amount: int, fee: int = 0) -> SettlementLine:
    named = till.payment().provider_payment_id
    return SettlementLine(f"txn_{uuid4().hex}", kind, amount, fee, amount - fee, "gbp", till.now, None, named)


def reckon(till: Till) -> reconciling.Reckoning:
    return reconciling.nightly(till.cases.system.begin, till.provider, now=till.now)


def test_a_payout_is_each_forces_part_and_the_page_balances(till: Till, finance: Person) -> None:
    south = open_till(till.cases, apply(till.cases, force=till.cases.south))
    south.provider = till.provider
    till.paid()
    south.paid()
    lines = [line(till, LineKind.PAYMENT, FEE, 2_00), line(south, LineKind.PAYMENT, FEE, 3_00)]
    payout, made = f"po_{uuid4().hex}", NOW - dt.timedelta(minutes=1)
    own = SettlementLine(f"txn_{uuid4().hex}", LineKind.PAYOUT, -247_00, 0, -247_00, "gbp", NOW, None, None)
    till.provider.settlements = [Settlement(payout, 247_00, "gbp", "in_transit", made, NOW.date(), (*lines, own))]
    reckon(till)
    with till.cases.acting(finance.actor) as session:
        assert ledger.sums(session, force_id=till.cases.north)[Account.BANK] == 0
    till.now += 30 * DAY  # it arrives late, and the look goes back to it
    till.provider.settlements = [Settlement(payout, 247_00, "gbp", "paid", made, NOW.date(), (*lines, own))]
    reckon(till)
    with till.cases.acting(finance.actor) as session:
        found = takings.of_force(session, force_id=till.cases.north, since=NOW - DAY, until=till.now + DAY)
    assert (found.in_bank, found.with_provider, found.paid_out.pence, found.charges) == (124_00, 0, 124_00, 2_00)
    assert found.where == found.whose == FEE
    with till.cases.system() as session:
        assert ledger.sums(session, force_id=till.cases.south)[Account.BANK] == 123_00
    till.provider.settlements = [Settlement(payout, 247_00, "gbp", "failed", made, NOW.date(), (*lines, own))]
    till.now = NOW + 2 * DAY
    reckon(till)
    with till.cases.system() as session:
        assert ledger.sums(session, force_id=till.cases.north)[Account.BANK] == 0
    assert "payout_differs" not in till.open_cases()


def test_the_night_goes_back_to_what_is_not_at_its_end(till: Till) -> None:
    """A payment that stands in no payout, a month old, with a refund that nobody heard of."""
    page = till.paid()
    reckon(till)
    till.now += 30 * DAY
    till.provider.refund_elsewhere(page, 5_00)
    done = reckon(till)
    assert done.payments >= 1
    assert "refund_unknown" in till.open_cases()


def test_a_form_sent_twice_asks_for_one_refund(till: Till, finance: Person) -> None:
    till.paid()
    key = uuid4()
    for _ in range(2):
        with till.cases.acting(finance.actor) as session:
            refunding.ask(
                session, payment_id=till.payment().id, amount_pence=5_00, reason=RefundReason.OVERCHARGED,
                actor=finance.actor, now=till.now, once=key,
            )  # fmt: skip
    with till.cases.system() as session:
        assert [each.id for each in payments.list_refunds(session, payment_id=till.payment().id)] == [key]
