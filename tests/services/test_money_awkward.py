"""Money that is awkward: old books, sums of another currency, and a bank that disputes what is on its way back."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest

from contact.domain.access import Role
from contact.domain.ledger import Account, Entry
from contact.domain.payments import DisputeState, PaymentState, RefundState
from contact.gateways.payment_provider import LineKind, Settlement, SettlementLine
from contact.services.payments import reconciling, refunding, verdicts
from contact.services.payments.refunding import NoRefund
from contact.services.payments.verdicts import Verdict
from contact.store import ledger, models
from tests.support.cases import NOW, Cases, Person
from tests.support.pretend_provider import PretendPage
from tests.support.till import FEE, Till, open_till


@pytest.fixture
def till(cases: Cases) -> Till:
    """A shotgun renewal: £126."""
    return open_till(cases)


@pytest.fixture
def finance(till: Till) -> Person:
    """Somebody who sees to the force's takings."""
    return till.cases.agent(Role.FINANCE_OFFICER)


def another_sum(till: Till, pence: int, currency: str = "gbp") -> PretendPage:
    till.press()
    page = list(till.provider.pages.values())[-1]
    page.amount_pence, page.currency = pence, currency
    till.provider.pay(page)
    till.hear_all()
    assert till.payment().state == PaymentState.QUERIED
    return page


def decide(till: Till, person: Person, verdict: Verdict) -> None:
    with till.cases.acting(person.actor) as session:
        verdicts.decide(
            session, payment_id=till.payment().id, verdict=verdict, reason="Looked into it", reference="re_1",
            actor=person.actor, now=till.now,
        )  # fmt: skip


def refund(till: Till) -> models.Refund:
    with till.cases.system() as session:
        return session.query(models.Refund).filter_by(payment_id=till.payment().id).one()


def send(till: Till, refund_id: UUID) -> None:
    refunding.send(till.cases.system.begin, till.provider, refund_id=refund_id, now=till.now)


# Payouts that were written before each force had its own entry.


@pytest.mark.parametrize("status", ["paid", "failed"])
def test_a_payout_written_before_payouts_were_split_is_not_written_again(till: Till, status: str) -> None:
    till.paid()
    payout, name = f"po_{uuid4().hex}", till.provider.name
    with till.cases.system.begin() as session:
        ledger.post(
            session, Entry.PAID_OUT, key=f"payout:{name}:{payout}", pence=FEE, payment_id=None, force_id=None, now=NOW
        )
    charge = till.payment().provider_payment_id
    line = SettlementLine(f"txn_{uuid4().hex}", LineKind.PAYMENT, FEE, 0, FEE, "gbp", NOW, None, charge)
    till.provider.settlements = [Settlement(payout, FEE, "gbp", status, NOW, NOW.date(), [line])]
    day = dt.timedelta(days=1)
    for _ in range(2):
        reconciling.reconcile(till.cases.system.begin, till.provider, since=NOW - day, until=NOW + day, now=till.now)
    with till.cases.system() as session:
        rows = session.query(models.LedgerTransaction).filter(models.LedgerTransaction.key.contains(payout))
        written = {row.key.removeprefix(f"payout:{name}:{payout}"): row.entry for row in rows}
        assert ledger.sums(session, force_id=till.applied.force_id)[Account.BANK] == 0
    assert written == ({"": "paid_out"} if status == "paid" else {"": "paid_out", ":back": "taken_back"})


# Another currency: it stands in no book, so nothing can leave one.


def test_another_currency_that_goes_back_on_the_providers_pages_writes_nothing(till: Till, finance: Person) -> None:
    page = another_sum(till, FEE, "eur")
    decide(till, finance, Verdict.BY_HAND)
    till.provider.refund_elsewhere(page, FEE)
    till.hear_all()
    assert (till.books(), till.payment().refunded_pence) == ({}, 0)
    assert till.open_cases() == ["amount_differs"]


@pytest.mark.parametrize("end", ["won", "lost"])
def test_a_dispute_about_another_currency_is_a_case_and_no_entry(till: Till, finance: Person, end: str) -> None:
    page = another_sum(till, FEE, "eur")
    decide(till, finance, Verdict.BY_HAND)
    till.provider.dispute(page, "needs_response")
    till.hear_all()
    till.provider.dispute(page, end)
    till.hear_all()
    assert (till.payment().dispute, till.books()) == (end, {})
    assert set(till.open_cases()) == {"amount_differs", "dispute"}


# A dispute about money that is on its way back.


@pytest.fixture
def disputed(till: Till, finance: Person) -> PretendPage:
    """Another sum is to go back, waits for a second person, and the payer's bank takes it meanwhile."""
    with till.cases.system.begin() as session:
        session.add(
            models.LicensingSettings(
                force_id=till.applied.force_id, collect_at="submission", two_person_above_pence=1_00
            )
        )
    page = another_sum(till, FEE - 1)
    decide(till, finance, Verdict.REFUND)
    assert (till.payment().state, refund(till).state) == (PaymentState.RETURNED, RefundState.ASKED)
    till.provider.dispute(page, "needs_response")
    till.hear_all()
    return page


@pytest.mark.usefixtures("disputed")
def test_a_dispute_about_what_is_to_go_back_is_written_and_nobody_can_agree_to_it(till: Till) -> None:
    assert till.payment().dispute == DisputeState.OPEN
    assert till.books() == {Account.DISPUTED: FEE - 1, Account.OWED_BACK: 1 - FEE}
    assert "dispute" in till.open_cases()
    second = till.cases.agent(Role.FINANCE_OFFICER)
    with pytest.raises(NoRefund), till.cases.acting(second.actor) as session:
        refunding.approve(session, refund_id=refund(till).id, actor=second.actor, now=till.now)
    with till.cases.acting(second.actor) as session:
        refunding.decline(session, refund_id=refund(till).id, actor=second.actor, now=till.now)
    assert refund(till).state == RefundState.DECLINED


@pytest.mark.parametrize(("end", "state", "asked"), [("won", RefundState.SENT, 1), ("lost", RefundState.FAILED, 0)])
def test_a_refund_agreed_to_before_waits_for_the_bank(
    till: Till, disputed: PretendPage, end: str, state: RefundState, asked: int
) -> None:
    with till.cases.system.begin() as session:
        session.get_one(models.Refund, refund(till).id).state = RefundState.APPROVED.value
    send(till, refund(till).id)
    assert (refund(till).state, till.provider.asked.count("refund")) == (RefundState.APPROVED, 0)
    till.provider.dispute(disputed, end)
    till.hear_all()
    send(till, refund(till).id)
    assert (refund(till).state, till.provider.asked.count("refund")) == (state, asked)
    assert ("refund_failed" in till.open_cases()) is (end == "lost")
