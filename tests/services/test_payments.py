"""Money by the books: paid and never returned, paid twice, refunded, disputed, reckoned; and what belongs to nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from contact.domain.access import SYSTEM, Role
from contact.domain.errors import Forbidden, MoveNotAllowed, NotFound
from contact.domain.ledger import Account
from contact.domain.licensing.kinds import PaymentStanding
from contact.domain.payments import PaymentState, RefundReason, RefundState, WhyNoRefund
from contact.gateways.payment_provider import EventKind, LineKind, ProviderEvent, Settlement, SettlementLine
from contact.jobs.money import look_at_payments, send_refund, take_provider_event
from contact.jobs.registry import Tools, TryAgain, equip
from contact.services.payments import cases as money_cases
from contact.services.payments import reconciling, refunding, standing, watching
from contact.services.payments.checkout import Page, WhyNot
from contact.services.payments.export import lines
from contact.services.payments.refunding import NoRefund
from contact.store import applications, models, payments
from tests.jobs.test_deliver_mail import Post
from tests.support.cases import NOW, Cases, Person
from tests.support.clients import make_settings
from tests.support.database import MigratedDatabase
from tests.support.till import FEE, MINUTE, Till, open_till


@pytest.fixture
def till(cases: Cases) -> Till:
    """A shotgun renewal: £126."""
    return open_till(cases)


@pytest.fixture
def finance(till: Till) -> Person:
    """Somebody who sees to the force's takings."""
    return till.cases.agent(Role.FINANCE_OFFICER)


def test_scenario_21_paid_and_never_returned_is_complete_within_a_minute(till: Till) -> None:
    """Also when the webhook is lost: the look of each minute asks, and the receipt leaves."""
    assert isinstance(till.press(), Page)
    (page,) = till.provider.pages.values()
    till.provider.pay(page)
    till.now += MINUTE
    watching.look_at_all(till.cases.system.begin, till.provider, now=till.now)
    assert till.payment().state == PaymentState.PAID
    assert till.standing() == PaymentStanding.OWED_BACK
    assert [m.template for m in till.cases.rows(models.Mail, till.contact_id)] == ["fee_due", "receipt"]
    assert till.books() == {Account.PROVIDER: FEE, Account.OWED_BACK: -FEE}


def test_scenario_21_an_application_that_waited_for_its_fee_goes_on(till: Till) -> None:
    with till.cases.system.begin() as session:
        applications.lock(session, contact_id=till.contact_id).state = "awaiting_payment"
    till.paid()
    with till.cases.system() as session:
        assert applications.get(session, contact_id=till.contact_id).state == "submitted"


def test_scenario_20_completed_but_unpaid_is_not_paid(till: Till) -> None:
    till.press()
    (page,) = till.provider.pages.values()
    till.provider.pay(page, slow=True)
    till.hear_all()
    assert (till.payment().state, till.standing()) == (PaymentState.PROCESSING, PaymentStanding.DUE)
    till.provider.slow_money(page, comes=False)
    till.hear_all()
    assert (till.payment().state, till.books()) == (PaymentState.FAILED, {})
    assert isinstance(till.press(), Page)


def test_scenario_20_money_for_no_payment_of_ours_is_a_case_with_an_alarm(till: Till) -> None:
    """It waits for two minutes, since it may be ahead; then a person must look."""
    event = ProviderEvent(
        event_id=f"evt_{uuid4().hex}",
        kind=EventKind.CHECKOUT_COMPLETED,
        created=NOW,
        livemode=False,
        provider_type="checkout.session.completed",
        session_id=f"cs_{uuid4().hex}",
        payment_id=uuid4(),
        amount_pence=5_00,
        currency="gbp",
        payment_status=None,
    )
    assert not till.hear(event)
    till.now += 3 * MINUTE
    assert till.hear(event)
    with till.cases.system() as session:
        (case,) = session.query(models.PaymentException).filter_by(subject=event.session_id)
        assert (case.kind, case.amount_pence, case.settled_at) == ("unmatched", 5_00, None)
        assert session.query(models.Alarm).filter_by(kind="payment_unexplained", contact_id=None).count()
        row = session.get(models.ProviderEventRow, ("pretend", event.event_id))
        assert row is not None
        assert row.outcome == "case"


def test_a_job_that_cannot_ask_the_provider_is_run_again(
    till: Till, database: MigratedDatabase, tmp_path: Path
) -> None:
    tools = Tools(make_settings(database, tmp_path), till.cases.system, Post(), "test", clock=lambda: till.now)
    equip(tools)
    with pytest.raises(TryAgain):
        take_provider_event("pretend", "evt_none")
    with pytest.raises(TryAgain):
        send_refund(str(uuid4()))
    look_at_payments()
    equip(replace(tools, payments=till.provider))
    take_provider_event("pretend", "evt_none")


def test_a_refusal_refunds_in_full_unasked(till: Till) -> None:
    till.paid()
    officer = till.cases.agent(Role.LICENSING_OFFICER)
    with till.cases.acting(officer.actor) as session:
        (refund_id,) = refunding.refund_in_full(
            session, contact_id=till.contact_id, actor=officer.actor, reason=RefundReason.REFUSED, now=till.now
        )
        assert not refunding.refund_in_full(
            session, contact_id=till.contact_id, actor=officer.actor, reason=RefundReason.REFUSED, now=till.now
        )
    till.send_refunds()
    till.send_refunds()
    with till.cases.system() as session:
        found = session.get(models.Refund, refund_id)
        assert found is not None
        assert (found.state, found.amount_pence, found.asked_by_id) == (RefundState.SETTLED, FEE, None)
    assert (till.standing(), till.books()) == (PaymentStanding.REFUNDED, {})
    assert till.open_cases() == []


def test_a_grant_earns_the_fee_once(till: Till) -> None:
    till.paid()
    for _ in range(2):
        with till.cases.system.begin() as session:
            applications.lock(session, contact_id=till.contact_id).state = "granted"
            standing.on_grant(session, contact_id=till.contact_id, now=till.now)
    assert till.books() == {Account.PROVIDER: FEE, Account.FEES: -FEE}
    assert till.standing() == PaymentStanding.PAID


def test_a_refund_never_goes_above_what_was_paid(till: Till, finance: Person) -> None:
    till.paid()
    for pence, why in ((FEE + 1, WhyNoRefund.TOO_MUCH), (0, WhyNoRefund.NOTHING), (-1, WhyNoRefund.NOTHING)):
        with pytest.raises(NoRefund) as caught:
            till.ask(finance, pence)
        assert (caught.value.why, caught.value.left) == (why, FEE)
    till.ask(finance, 100_00)
    with pytest.raises(NoRefund) as caught:
        till.ask(finance, 100_00)
    assert caught.value.left == 26_00
    till.send_refunds()
    assert till.books() == {Account.PROVIDER: 26_00, Account.OWED_BACK: -26_00}
    assert till.standing() == PaymentStanding.OWED_BACK


def test_nothing_goes_back_that_was_not_paid(till: Till, finance: Person) -> None:
    till.press()
    with pytest.raises(NoRefund) as caught:
        till.ask(finance, 1)
    assert caught.value.why is WhyNoRefund.NOT_PAID


@pytest.mark.parametrize(("state", "reason"), [("withdrawn", "withdrawn"), ("refused", "refused")])
def test_what_was_withdrawn_or_refused_unpaid_is_neither_asked_for_nor_paid(
    till: Till, state: str, reason: str
) -> None:
    """Pressing in a tab that was open all the while takes no money."""
    officer = till.cases.agent(Role.LICENSING_OFFICER)
    with till.cases.system.begin() as session:
        applications.lock(session, contact_id=till.contact_id).state = state
    assert till.press() is WhyNot.NOTHING_DUE
    with till.cases.acting(officer.actor) as session:
        refunding.refund_in_full(
            session, contact_id=till.contact_id, actor=officer.actor, reason=RefundReason(reason), now=till.now
        )
    assert till.standing() == PaymentStanding.NOT_DUE
    with pytest.raises(MoveNotAllowed), till.cases.acting(officer.actor) as session:
        standing.request(session, contact_id=till.contact_id, now=till.now)


def _two_people_above(till: Till, pence: int) -> None:
    with till.cases.system.begin() as session:
        session.add(
            models.LicensingSettings(force_id=till.applied.force_id, collect_at="request", two_person_above_pence=pence)
        )


@pytest.mark.parametrize("reason", RefundReason)
def test_no_reason_that_a_person_gives_does_without_the_second_person(
    till: Till, finance: Person, reason: RefundReason
) -> None:
    till.paid()
    _two_people_above(till, 50_00)
    till.ask(finance, 50_01, reason)
    till.send_refunds()
    assert till.provider.asked.count("refund") == 0


def test_much_asked_for_in_parts_needs_the_second_person(till: Till, finance: Person) -> None:
    till.paid()
    _two_people_above(till, 50_00)
    till.ask(finance, 50_00)
    till.ask(finance, 50_00)
    till.send_refunds()
    assert till.provider.asked.count("refund") == 1


def test_above_the_sum_a_second_person_must_agree(till: Till, finance: Person) -> None:
    till.paid()
    _two_people_above(till, 50_00)
    refund_id = till.ask(finance, FEE)
    till.send_refunds()
    assert till.provider.asked.count("refund") == 0
    with pytest.raises(Forbidden), till.cases.acting(finance.actor) as session:
        refunding.approve(session, refund_id=refund_id, actor=finance.actor, now=till.now)
    second = till.cases.agent(Role.FINANCE_OFFICER, name="Ada Quill")
    with till.cases.acting(second.actor) as session:
        refunding.approve(session, refund_id=refund_id, actor=second.actor, now=till.now)
    with pytest.raises(MoveNotAllowed), till.cases.acting(second.actor) as session:
        refunding.approve(session, refund_id=refund_id, actor=second.actor, now=till.now)
    till.send_refunds()
    assert till.books() == {}


@pytest.mark.parametrize("role", [Role.CALL_HANDLER, Role.SUPERVISOR, Role.FORCE_ADMIN])
def test_other_roles_and_other_forces_see_no_money(till: Till, role: Role) -> None:
    till.paid()
    for person in (till.cases.agent(role), till.cases.agent(Role.FINANCE_OFFICER, force=till.cases.south)):
        with pytest.raises((NotFound, Forbidden)):
            till.ask(person, 1)
        with till.cases.acting(person.actor) as session:
            assert payments.list_for_contact(session, contact_id=till.contact_id) == []
            assert session.query(models.LedgerLine).count() == 0


def test_a_refund_that_fails_leaves_the_money_with_us_and_a_case(till: Till, finance: Person) -> None:
    page = till.paid()
    refund_id = till.ask(finance, 10_00)
    refunding.send(till.cases.system.begin, till.provider, refund_id=refund_id, now=till.now)
    till.provider.refund_ends(page, refund_id, well=False)
    till.hear_all()
    assert till.books() == {Account.PROVIDER: FEE, Account.OWED_BACK: -FEE}
    assert till.open_cases() == ["refund_failed"]
    with till.cases.system() as session:
        case = session.query(models.PaymentException).filter_by(subject=str(refund_id)).one()
    with till.cases.acting(finance.actor) as session:
        money_cases.settle(session, case_id=case.id, done=money_cases.Done.EXPLAINED, actor=finance.actor, now=till.now)
    with pytest.raises(MoveNotAllowed), till.cases.acting(finance.actor) as session:
        money_cases.settle(session, case_id=case.id, done=money_cases.Done.EXPLAINED, actor=finance.actor, now=till.now)


def test_paid_another_way_and_then_online_goes_back(till: Till) -> None:
    till.press()
    officer = till.cases.agent(Role.LICENSING_OFFICER)
    with till.cases.acting(officer.actor) as session:
        standing.paid_another_way(
            session, contact_id=till.contact_id, actor=officer.actor, how=standing.OtherWay.COUNTER, now=till.now
        )
    (page,) = till.provider.pages.values()
    till.provider.pay(page)
    till.hear_all()
    till.send_refunds()
    assert till.books() == {}
    assert till.open_cases() == ["paid_twice"]


@pytest.mark.parametrize(
    ("words", "books", "stands"),
    [
        (["needs_response"], {Account.OWED_BACK: -FEE, Account.DISPUTED: FEE}, PaymentStanding.OWED_BACK),
        (["needs_response", "won"], {Account.PROVIDER: FEE, Account.OWED_BACK: -FEE}, PaymentStanding.OWED_BACK),
        (["needs_response", "lost"], {}, PaymentStanding.DUE),
    ],
)
@pytest.mark.parametrize("backwards", [False, True])
def test_a_dispute_in_either_order(
    till: Till, words: list[str], books: dict[Account, int], stands: PaymentStanding, backwards: bool
) -> None:
    page = till.paid()
    heard = len(till.provider.events)
    for word in words:
        till.provider.dispute(page, word)
    told = till.provider.events[heard:]
    for event in reversed(told) if backwards else told:
        till.hear(event)
    assert till.books() == books
    assert till.standing() == stands
    assert set(till.open_cases()) == {"dispute"}


def test_the_nights_reckoning_finds_what_differs_once(till: Till, finance: Person) -> None:
    page = till.paid()
    since, until = NOW - dt.timedelta(days=1), NOW + dt.timedelta(days=1)

    def reckon() -> reconciling.Reckoning:
        return reconciling.reconcile(till.cases.system.begin, till.provider, since=since, until=until, now=till.now)

    ours = till.payment()
    line = SettlementLine(
        f"txn_{uuid4().hex}", LineKind.PAYMENT, FEE, 2_00, FEE - 2_00, "gbp", NOW, None, ours.provider_payment_id
    )
    payout = f"po_{uuid4().hex}"
    till.provider.settlements = [Settlement(payout, FEE - 2_00, "gbp", "paid", NOW, NOW.date(), [line])]
    reckon()
    assert till.open_cases() == []
    assert till.books() == {Account.PROVIDER: FEE - 2_00, Account.CHARGES: 2_00, Account.OWED_BACK: -FEE}
    page.paid = False
    reckon()
    reckon()
    assert till.open_cases() == ["not_at_provider"]
    with till.cases.acting(finance.actor) as session:
        written = list(lines(session, since=since, until=until, force_id=till.applied.force_id))
    assert len(written) == 1 + 4 + 2
    assert sum(till.applied.reference in each for each in written[1:]) == 4  # a payout is of many payments


def test_the_ledger_takes_no_entry_that_does_not_balance_and_changes_none(
    till: Till, database: MigratedDatabase
) -> None:
    till.paid()
    with till.cases.system() as session:
        entry = session.query(models.LedgerTransaction).filter_by(payment_id=till.payment().id).one()
    with psycopg.connect(database.superuser_url) as connection:
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("UPDATE ledger_lines SET amount_pence = 1 WHERE transaction_id = %s", (entry.id,))
        connection.rollback()
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("DELETE FROM ledger_transactions WHERE id = %s", (entry.id,))
        connection.rollback()
        connection.execute("INSERT INTO ledger_lines VALUES (%s, 'bank', 5)", (entry.id,))
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.commit()


def test_a_crash_before_the_page_and_a_day_later_ends_it(till: Till) -> None:
    """Nobody was ever shown the page, and no second payment was begun beside it."""

    def crash() -> None:
        raise KeyboardInterrupt

    till.provider.before = crash
    with pytest.raises(KeyboardInterrupt):
        till.press()
    assert till.payment().state == PaymentState.CREATED
    till.provider.before = lambda: None
    till.now += dt.timedelta(hours=24)
    watching.look_at_all(till.cases.system.begin, till.provider, now=till.now)
    assert till.payment().state == PaymentState.CANCELLED
    assert isinstance(till.press(), Page)


def test_system_may_refund_and_no_reason_but_a_rule_s(till: Till) -> None:
    till.paid()
    with pytest.raises(NoRefund), till.cases.system.begin() as session:
        refunding.refund_in_full(
            session, contact_id=till.contact_id, actor=SYSTEM, reason=RefundReason.OTHER, now=till.now
        )


def test_a_fee_nobody_asked_for_falls_due_on_the_grant(till: Till) -> None:
    with till.cases.system.begin() as session:
        application = applications.lock(session, contact_id=till.contact_id)
        application.state, application.payment = "granted", "not_due"
        session.flush()
        standing.on_grant(session, contact_id=till.contact_id, now=till.now)
    assert till.standing() == PaymentStanding.DUE
    till.paid()
    assert till.books() == {Account.PROVIDER: FEE, Account.FEES: -FEE}
    assert till.standing() == PaymentStanding.PAID
