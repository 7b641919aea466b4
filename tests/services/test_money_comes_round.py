"""Money that comes round again: refunds nobody asked for, fees that fall due once more, and stray payments placed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest

from contact.domain.access import Role
from contact.domain.errors import MoveNotAllowed, ReasonNeeded
from contact.domain.ledger import Account
from contact.domain.licensing.kinds import PaymentStanding
from contact.domain.payments import PaymentState, RefundReason
from contact.services.payments import cases as money_cases
from contact.services.payments import reconciling, refunding, settling, standing, verdicts
from contact.services.payments.cases import Done
from contact.services.payments.checkout import WhyNot
from contact.services.payments.verdicts import Verdict
from contact.store import applications, models, payments
from tests.support.cases import Cases, Person
from tests.support.licensing import apply
from tests.support.pretend_provider import PretendPage
from tests.support.till import FEE, Till, open_till

HELD = {Account.PROVIDER: FEE, Account.OWED_BACK: -FEE}
EARNED = {Account.PROVIDER: FEE, Account.FEES: -FEE}


@pytest.fixture
def till(cases: Cases) -> Till:
    """A shotgun renewal: £126."""
    return open_till(cases)


@pytest.fixture
def finance(till: Till) -> Person:
    """Somebody who sees to the force's takings."""
    return till.cases.agent(Role.FINANCE_OFFICER)


def grant(till: Till) -> None:
    with till.cases.system.begin() as session:
        applications.lock(session, contact_id=till.contact_id).state = "granted"
        session.flush()
        standing.on_grant(session, contact_id=till.contact_id, now=till.now)


def follow(till: Till, payment_id: UUID | None = None) -> None:
    """The job, twice."""
    for _ in range(2):
        with till.cases.system.begin() as session:
            payment = settling.locked(session, payment_id or till.payment().id)
            standing.follow_payment(session, payment, now=till.now)


def unasked_case(till: Till) -> models.PaymentException:
    """The open case about money that nobody here asked to send."""
    with till.cases.system() as session:
        rows = session.query(models.PaymentException).filter_by(payment_id=till.payment().id, kind="refund_unknown")
        return rows.filter_by(settled_at=None).one()


def settle(till: Till, person: Person, done: Done) -> None:
    case_id = unasked_case(till).id
    with till.cases.acting(person.actor) as session:
        money_cases.settle(session, case_id=case_id, done=done, actor=person.actor, now=till.now)
    follow(till)


def went_back_unasked(till: Till, pence: int) -> PretendPage:
    page = till.paid()
    till.provider.refund_elsewhere(page, pence)
    till.hear_all()
    return page


def reckoned(till: Till) -> list[str]:
    """Cases that a night's reckoning opens."""
    day = dt.timedelta(days=1)
    reconciling.reconcile(
        till.cases.system.begin, till.provider, since=till.now - day, until=till.now + day, now=till.now
    )
    return [kind for kind in till.open_cases() if kind in ("ledger_differs", "not_at_provider")]


def letters_of(till: Till) -> list[str]:
    return [row.template for row in till.cases.rows(models.Mail, till.contact_id)]


# A refund of a payment unknown to us.


@pytest.mark.parametrize(
    ("done", "books", "stands"),
    [
        (Done.PAID_BACK, {Account.PROVIDER: FEE - 20_00, Account.OWED_BACK: 20_00 - FEE}, "owed_back"),
        (Done.CORRECTED_AT_PROVIDER, HELD, "owed_back"),
        (
            Done.WRITTEN_OFF,
            {Account.PROVIDER: FEE - 20_00, Account.LOSSES: 20_00, Account.OWED_BACK: -FEE},
            "owed_back",
        ),
    ],
)
def test_money_that_left_unasked_leaves_suspense_with_its_case(
    till: Till, finance: Person, done: Done, books: dict[Account, int], stands: str
) -> None:
    page = went_back_unasked(till, 20_00)
    assert till.books()[Account.SUSPENSE] == 20_00
    if done is Done.CORRECTED_AT_PROVIDER:
        page.refunded_elsewhere = 0
    settle(till, finance, done)
    assert (till.books(), till.standing()) == (books, stands)
    assert reckoned(till) == []
    with till.cases.system() as session:
        left = refunding.left(session, payments.get(session, payment_id=till.payment().id))
    assert left == (FEE if done is Done.CORRECTED_AT_PROVIDER else FEE - 20_00)


def test_it_cannot_be_settled_by_a_word_that_leaves_it_between_the_accounts(till: Till, finance: Person) -> None:
    went_back_unasked(till, 20_00)
    with pytest.raises(MoveNotAllowed):
        settle(till, finance, Done.EXPLAINED)


def test_said_to_be_back_and_it_is_not_it_is_a_case_again(till: Till, finance: Person) -> None:
    went_back_unasked(till, 20_00)
    settle(till, finance, Done.CORRECTED_AT_PROVIDER)
    till.hear_all()
    reckoned(till)
    assert unasked_case(till).amount_pence == 20_00
    assert till.books()[Account.SUSPENSE] == 20_00


def test_of_a_fee_that_was_earned_it_comes_off_the_fee(till: Till, finance: Person) -> None:
    page = till.paid()
    grant(till)
    till.provider.refund_elsewhere(page, FEE)
    till.hear_all()
    settle(till, finance, Done.PAID_BACK)
    assert (till.books(), till.standing()) == ({}, PaymentStanding.REFUNDED)


@pytest.mark.parametrize("settled_first", [True, False])
def test_a_fee_that_went_back_unasked_is_not_taken_for_paid_at_the_grant(
    till: Till, finance: Person, settled_first: bool
) -> None:
    went_back_unasked(till, FEE)
    assert till.standing() == PaymentStanding.REFUNDED
    first = till.payment().id
    if settled_first:
        settle(till, finance, Done.PAID_BACK)
        assert till.books() == {}
    grant(till)
    assert till.standing() == PaymentStanding.DUE
    if not settled_first:
        settle(till, finance, Done.PAID_BACK)
        assert till.books() == {}
    assert till.standing() == PaymentStanding.DUE
    till.paid()
    follow(till, first)
    assert (till.books(), till.standing()) == (EARNED, PaymentStanding.PAID)


# Money on a second page of one payment.


def paid_once_more(till: Till, currency: str) -> None:
    """The provider's word about a second page, twice."""
    first = list(till.provider.pages.values())[-1]
    other = replace(
        till.provider.get(first.session_id), session_id=f"{first.session_id}_2", currency=currency,
        provider_payment_id=f"{first.charge}_2",
    )  # fmt: skip
    for _ in range(2):
        with till.cases.system.begin() as session:
            settling.settle(session, payment_id=till.payment().id, status=other, now=till.now)


def paid_on_a_second_page(till: Till, *, currency: str = "gbp") -> models.PaymentException:
    """The same payment, paid once more on a page that nobody should have had; the case that was opened."""
    till.paid()
    paid_once_more(till, currency)
    with till.cases.system() as session:
        rows = session.query(models.PaymentException).filter_by(payment_id=till.payment().id)
        return rows.filter_by(kind="paid_twice").one()


@pytest.mark.parametrize("done", [Done.PAID_BACK, Done.CORRECTED_AT_PROVIDER])
def test_money_of_a_second_page_leaves_suspense_with_its_case_and_every_night_adds_up(
    till: Till, finance: Person, done: Done
) -> None:
    case = paid_on_a_second_page(till)
    assert till.books() == {Account.PROVIDER: 2 * FEE, Account.OWED_BACK: -FEE, Account.SUSPENSE: -FEE}
    assert reckoned(till) == []
    with till.cases.acting(finance.actor) as session:
        money_cases.settle(
            session, case_id=case.id, done=done, actor=finance.actor, reference="re_2", now=till.now
        )  # fmt: skip
    assert (till.books(), till.standing()) == (HELD, PaymentStanding.OWED_BACK)
    assert reckoned(till) == []


def test_money_of_a_second_page_is_not_settled_by_a_word_alone(till: Till, finance: Person) -> None:
    case = paid_on_a_second_page(till)
    for done, wrong in ((Done.EXPLAINED, MoveNotAllowed), (Done.PAID_BACK, ReasonNeeded)):
        with pytest.raises(wrong), till.cases.acting(finance.actor) as session:
            money_cases.settle(session, case_id=case.id, done=done, actor=finance.actor, now=till.now)
    assert till.books()[Account.SUSPENSE] == -FEE


def test_another_currency_on_a_second_page_never_touches_the_books(till: Till, finance: Person) -> None:
    case = paid_on_a_second_page(till, currency="eur")
    with till.cases.acting(finance.actor) as session:
        money_cases.settle(
            session, case_id=case.id, done=Done.PAID_BACK, actor=finance.actor, reference="re_2", now=till.now
        )  # fmt: skip
    assert till.books() == HELD
    assert reckoned(till) == []


def test_a_second_page_of_a_payment_that_was_queried_and_taken_adds_up(till: Till, finance: Person) -> None:
    payment_id = stray(till, FEE + 5_00)
    with till.cases.acting(finance.actor) as session:
        verdicts.decide(
            session, payment_id=payment_id, verdict=Verdict.ACCEPT, reason="Theirs", reference="",
            actor=finance.actor, now=till.now,
        )  # fmt: skip
    with till.cases.system.begin() as session:
        verdicts.follow(session, payment_id=payment_id, now=till.now)
    paid_once_more(till, "gbp")
    assert till.books()[Account.SUSPENSE] == -(FEE + 5_00)
    assert reckoned(till) == []


# A fee that was given back by hand before the grant.


def test_a_fee_given_back_before_the_grant_falls_due_on_the_grant_and_its_payer_is_told(
    till: Till, finance: Person
) -> None:
    till.paid()
    till.ask(finance, FEE)
    till.send_refunds()
    assert till.standing() == PaymentStanding.REFUNDED
    before = letters_of(till).count("fee_due")
    grant(till)
    assert (till.standing(), letters_of(till).count("fee_due")) == (PaymentStanding.DUE, before + 1)
    till.paid()
    assert (till.standing(), till.books()) == (PaymentStanding.PAID, EARNED)


def test_a_late_word_about_the_old_refund_leaves_it_due(till: Till, finance: Person) -> None:
    till.paid()
    till.ask(finance, FEE)
    grant(till)
    assert till.standing() == PaymentStanding.DUE
    till.send_refunds()
    assert till.standing() == PaymentStanding.DUE
    assert till.press() is not WhyNot.NOTHING_DUE


def test_what_is_given_back_after_the_grant_stays_given_back(till: Till, finance: Person) -> None:
    till.paid()
    grant(till)
    till.ask(finance, FEE)
    till.send_refunds()
    assert (till.standing(), till.books()) == (PaymentStanding.REFUNDED, {})


@pytest.mark.parametrize("pence", [FEE, 60_00])
def test_a_refund_that_a_second_person_declines_after_the_grant_leaves_the_fee_paid_and_earned(
    till: Till, finance: Person, pence: int
) -> None:
    with till.cases.system.begin() as session:
        session.add(
            models.LicensingSettings(
                force_id=till.applied.force_id, collect_at="submission", two_person_above_pence=1_00
            )
        )
    till.paid()
    refund_id = till.ask(finance, pence)
    grant(till)
    assert till.standing() == (PaymentStanding.DUE if pence == FEE else PaymentStanding.PAID)
    second = till.cases.agent(Role.FINANCE_OFFICER)
    with till.cases.acting(second.actor) as session:
        refunding.decline(session, refund_id=refund_id, actor=second.actor, now=till.now)
    follow(till)
    assert (till.standing(), till.books()) == (PaymentStanding.PAID, EARNED)


def test_a_refund_that_fails_after_the_grant_leaves_the_fee_paid_and_earned(till: Till, finance: Person) -> None:
    page = till.paid()
    refund_id = till.ask(finance, FEE)
    grant(till)
    refunding.send(till.cases.system.begin, till.provider, refund_id=refund_id, now=till.now)
    till.provider.refund_ends(page, refund_id, well=False)
    till.hear_all()
    assert (till.standing(), till.books()) == (PaymentStanding.PAID, EARNED)


# A dispute that is lost.


def lose_dispute(till: Till, page: PretendPage) -> None:
    for word in ("needs_response", "lost"):
        till.provider.dispute(page, word)
        till.hear_all()


@pytest.mark.parametrize("granted", [True, False])
def test_who_owes_a_fee_again_after_a_lost_dispute_is_told_once(till: Till, granted: bool) -> None:
    page = till.paid()
    if granted:
        grant(till)
    before = letters_of(till).count("fee_due")
    lose_dispute(till, page)
    till.hear_all()
    assert till.standing() == PaymentStanding.DUE
    assert letters_of(till).count("fee_due") == before + 1
    said = [row.body for row in till.cases.rows(models.Message, till.contact_id) if row.kind == "outbound"]
    assert said[-1].startswith("Your bank took back what you paid. The fee is due again: £126.")
    assert said[-1] != said[0]
    (mail,) = [row for row in till.cases.rows(models.Mail, till.contact_id) if row.context.get("taken_back")]
    assert mail.context["amount"] == "£126"


def test_after_a_refusal_a_lost_dispute_asks_for_nothing(till: Till) -> None:
    page = till.paid()
    till.provider.dispute(page, "needs_response")
    till.hear_all()
    with till.cases.system.begin() as session:
        applications.lock(session, contact_id=till.contact_id).state = "refused"
    till.provider.dispute(page, "lost")
    till.hear_all()
    assert till.standing() == PaymentStanding.REFUNDED
    assert [mail for mail in till.cases.rows(models.Mail, till.contact_id) if mail.context.get("taken_back")] == []


@pytest.mark.parametrize("lost", [True, False])
def test_a_cheque_after_the_money_went_back_stays_a_cheque(till: Till, finance: Person, lost: bool) -> None:
    """A late word about the older payment takes nothing from it, and it goes back by hand."""
    page = till.paid()
    if lost:
        lose_dispute(till, page)
    else:
        till.ask(finance, FEE)
        till.send_refunds()
    officer = till.cases.agent(Role.LICENSING_OFFICER)
    with till.cases.acting(officer.actor) as session:
        standing.paid_another_way(
            session, contact_id=till.contact_id, actor=officer.actor, how=standing.OtherWay.CHEQUE, now=till.now
        )
    till.hear_all()
    follow(till)
    assert till.standing() == PaymentStanding.OWED_BACK
    with till.cases.acting(officer.actor) as session:
        applications.lock(session, contact_id=till.contact_id).state = "refused"
        session.flush()
        refunding.refund_in_full(
            session, contact_id=till.contact_id, actor=officer.actor, reason=RefundReason.REFUSED, now=till.now
        )
    assert "other_way_back" in till.open_cases()


# A stray payment of an application that never began one.


def stray(till: Till, pence: int) -> UUID:
    till.press()
    (page,) = till.provider.pages.values()
    page.amount_pence = pence
    till.provider.pay(page)
    till.hear_all()
    assert till.payment().state == PaymentState.QUERIED
    return till.payment().id


def attach(till: Till, person: Person, payment_id: UUID, reference: str) -> None:
    with till.cases.acting(person.actor) as session:
        verdicts.decide(
            session, payment_id=payment_id, verdict=Verdict.ATTACH, reason="Wrong page", reference=reference,
            actor=person.actor, now=till.now,
        )  # fmt: skip
    for _ in range(2):
        with till.cases.system.begin() as session:
            verdicts.follow(session, payment_id=payment_id, now=till.now)


def test_a_stray_payment_is_put_to_an_application_that_never_began_to_pay(till: Till, finance: Person) -> None:
    other = apply(till.cases)
    payment_id = stray(till, FEE + 5_00)
    attach(till, finance, payment_id, other.reference.lower())
    with till.cases.system() as session:
        payment = payments.get(session, payment_id=payment_id)
        paid = applications.get(session, contact_id=other.contact_id)
        refunds = payments.list_refunds(session, payment_id=payment_id)
    assert (payment.state, payment.reference, payment.amount_pence) == ("paid", other.reference, FEE)
    assert (paid.payment, till.standing()) == (PaymentStanding.OWED_BACK, PaymentStanding.DUE)
    assert [(row.amount_pence, row.reason) for row in refunds] == [(5_00, RefundReason.OVERCHARGED)]


def test_put_to_an_application_that_costs_nothing_it_goes_back(till: Till, finance: Person) -> None:
    free = apply(till.cases, {"certificateNumber": "SG 9"}, form_id="firearms-surrender")
    payment_id = stray(till, FEE + 5_00)
    attach(till, finance, payment_id, free.reference)
    with till.cases.system() as session:
        payment = payments.get(session, payment_id=payment_id)
        (refund,) = payments.list_refunds(session, payment_id=payment_id)
        assert (payment.state, refund.amount_pence) == (PaymentState.RETURNED, FEE + 5_00)
        assert applications.get(session, contact_id=free.contact_id).payment == PaymentStanding.NOT_DUE


def test_not_to_an_application_of_another_force(till: Till, finance: Person) -> None:
    other = apply(till.cases, force=till.cases.south)
    payment_id = stray(till, FEE - 1)
    for wrong in (other.reference, till.applied.reference, ""):
        with pytest.raises(ReasonNeeded):
            attach(till, finance, payment_id, wrong)
