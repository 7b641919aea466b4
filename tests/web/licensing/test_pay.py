"""Paying as the applicant: the amount is ours, a second tab comes to the same page, and coming back proves nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask

from contact.domain.access import SYSTEM, Role
from contact.domain.licensing.kinds import PaymentStanding
from contact.domain.payments import PaymentState, RefundReason
from contact.gateways.payment_provider import ProviderRefused
from contact.services.keys import Keys
from contact.services.payments import provider_words, refunding, standing
from contact.store import applications, models, payments
from contact.web.shared.filters import when_in_words
from contact.web.shared.payments import use_payment_provider
from tests.support.cases import Cases
from tests.support.clients import Clock, StrictClient
from tests.support.licensing import Applied, apply
from tests.support.pretend_provider import PretendPage, PretendProvider, away


@pytest.fixture
def provider(app: Flask, clock: Clock) -> Iterator[PretendProvider]:
    """A provider in memory, in the place of the real one."""
    made = PretendProvider(clock)
    use_payment_provider(app, made)
    yield made
    use_payment_provider(app, None)


@pytest.fixture
def applied(cases: Cases, clock: Clock, keys_of_app: Keys) -> Applied:
    """A shotgun renewal whose fee is due: £126."""
    found = apply(cases, now=clock.now, keys=keys_of_app)
    with cases.system.begin() as session:
        standing.request(session, contact_id=found.contact_id, now=clock.now)
    return found


@pytest.fixture
def payer(client: StrictClient, applied: Applied) -> StrictClient:
    """The applicant's browser, which gave reference and words."""
    assert client.send("/progress", {"reference": applied.reference, "words": applied.words}).status_code == 303
    return client


def pay_page(applied: Applied) -> str:
    """Its address."""
    return f"/application/{applied.reference}/pay"


def back(payer: StrictClient, applied: Applied) -> str:
    """The page that the provider sends a payer back to."""
    answer = payer.get(f"/application/{applied.reference}/paid")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def continue_to_payment(payer: StrictClient, applied: Applied, **sent: str) -> str:
    """Press the button; answers where it leads."""
    answer = payer.send(pay_page(applied), sent)
    assert answer.status_code == 303
    return answer.headers["Location"]


def only_page(provider: PretendProvider) -> PretendPage:
    """The one page there is."""
    (page,) = provider.pages.values()
    return page


def tries(cases: Cases, applied: Applied) -> list[models.Payment]:
    """Every try at paying."""
    with cases.system() as session:
        return list(payments.list_for_contact(session, contact_id=applied.contact_id))


def stands(cases: Cases, applied: Applied) -> str:
    """How the application stands with its fee."""
    with cases.system() as session:
        return applications.get(session, contact_id=applied.contact_id).payment


def test_item_amount_and_another_way_stand_before_the_button(
    payer: StrictClient, applied: Applied, provider: PretendProvider
) -> None:
    page = payer.get(pay_page(applied)).get_data(as_text=True)
    for word in (
        "Shotgun certificate: renewal",
        "£126",
        "Continue to payment",
        "Another way to pay",
        applied.reference,
    ):
        assert word in page
    assert not provider.asked


def test_after_the_grant_nothing_is_said_to_be_held(
    payer: StrictClient, applied: Applied, provider: PretendProvider, cases: Cases
) -> None:
    with cases.system.begin() as session:
        applications.lock(session, contact_id=applied.contact_id).state = "granted"
    status = payer.get(f"/application/{applied.reference}").get_data(as_text=True)
    assert "Pay the fee" in status
    for page in (payer.get(pay_page(applied)).get_data(as_text=True), status):
        assert "we hold it for you" not in page
    assert "Your application was granted, so the fee is due." in payer.get(pay_page(applied)).get_data(as_text=True)
    continue_to_payment(payer, applied)
    provider.pay(only_page(provider))
    told = back(payer, applied)
    assert "We have your payment" in told
    assert "we hold it for you" not in told
    (mail,) = [mail for mail in cases.rows(models.Mail, applied.contact_id) if mail.template == "receipt"]
    assert mail.context["granted"] is True


def test_another_way_to_pay_is_in_the_payers_language(
    payer: StrictClient, applied: Applied, provider: PretendProvider, cases: Cases
) -> None:
    with cases.system.begin() as session:
        session.add(
            models.LicensingSettings(
                force_id=applied.force_id,
                collect_at="request",
                two_person_above_pence=0,
                other_way_to_pay="Ring 01632 960100",
                other_way_to_pay_cy="Ffoniwch 01632 960100",
            )
        )
    assert "Ring 01632 960100" in payer.get(pay_page(applied)).get_data(as_text=True)
    welsh = payer.get(f"{pay_page(applied)}?lang=cy").get_data(as_text=True)
    assert "Ffoniwch 01632 960100" in welsh


def test_paid_once_and_told_so_with_a_receipt(
    payer: StrictClient, applied: Applied, provider: PretendProvider, cases: Cases
) -> None:
    url = continue_to_payment(payer, applied)
    page = only_page(provider)
    assert url == f"https://pay.example/{page.session_id}"
    assert page.request.amount_pence == 126_00
    assert page.request.return_url.endswith(f"/application/{applied.reference}/paid")
    provider.pay(page)
    for _ in range(2):
        told = back(payer, applied)
        assert "We have your payment" in told
        assert "£126" in told
    assert stands(cases, applied) == PaymentStanding.OWED_BACK
    for language in ("en", "cy"):
        receipt = payer.get(f"/application/{applied.reference}/receipt/{language}/receipt.pdf")
        assert receipt.data.startswith(b"%PDF")
    mails = [mail for mail in cases.rows(models.Mail, applied.contact_id) if mail.template == "receipt"]
    assert len(mails) == 1
    assert mails[0].recipient == "rowan.tregear@mail.example"


def test_a_fee_that_went_back_is_not_called_a_payment_of_ours(
    payer: StrictClient, applied: Applied, provider: PretendProvider, cases: Cases, clock: Clock
) -> None:
    continue_to_payment(payer, applied)
    provider.pay(only_page(provider))
    assert "We have your payment" in back(payer, applied)
    with cases.system.begin() as session:
        (refund_id,) = refunding.refund_in_full(
            session, contact_id=applied.contact_id, actor=SYSTEM, reason=RefundReason.REFUSED, now=clock.now
        )
    refunding.send(cases.system.begin, provider, refund_id=refund_id, now=clock.now)
    assert stands(cases, applied) == PaymentStanding.REFUNDED
    told = back(payer, applied)
    assert "We paid your fee back" in told
    assert "We have your payment" not in told


def give_back(cases: Cases, provider: PretendProvider, clock: Clock) -> None:
    """Finance sends the whole of the latest payment back."""
    page = list(provider.pages.values())[-1]
    finance = cases.agent(Role.FINANCE_OFFICER)
    with cases.acting(finance.actor) as session:
        refund_id = refunding.ask(
            session, payment_id=page.request.payment_id, amount_pence=126_00, reason=RefundReason.OTHER,
            actor=finance.actor, now=clock.now,
        )  # fmt: skip
    refunding.send(cases.system.begin, provider, refund_id=refund_id, now=clock.now)


def test_a_fee_due_again_says_so_and_the_receipt_is_that_of_the_new_payment(
    payer: StrictClient, applied: Applied, provider: PretendProvider, cases: Cases, clock: Clock
) -> None:
    continue_to_payment(payer, applied)
    provider.pay(only_page(provider))
    back(payer, applied)
    give_back(cases, provider, clock)
    with cases.system.begin() as session:
        standing.request(session, contact_id=applied.contact_id, now=clock.now)
    told = back(payer, applied)
    assert "The fee is due again" in told
    assert "Nothing was taken" not in told
    clock.advance(dt.timedelta(minutes=5))
    continue_to_payment(payer, applied)
    provider.pay(list(provider.pages.values())[-1])
    told = back(payer, applied)
    assert "We have your payment" in told
    assert when_in_words(clock.now) in told, "with its year, of the payment that counts"


def test_what_came_another_way_shows_no_older_payment(
    payer: StrictClient, applied: Applied, provider: PretendProvider, cases: Cases, clock: Clock
) -> None:
    continue_to_payment(payer, applied)
    provider.pay(only_page(provider))
    back(payer, applied)
    give_back(cases, provider, clock)
    officer = cases.agent(Role.LICENSING_OFFICER)
    with cases.acting(officer.actor) as session:
        standing.paid_another_way(
            session, contact_id=applied.contact_id, actor=officer.actor, how=standing.OtherWay.CHEQUE, now=clock.now
        )
    told = back(payer, applied)
    assert "You paid another way" in told
    assert "Amount paid" not in told
    with cases.system.begin() as session:
        application = applications.lock(session, contact_id=applied.contact_id)
        application.state = "refused"
        session.flush()
        standing.went_back(session, contact_id=applied.contact_id)
    assert "We paid your fee back" in back(payer, applied)


def test_the_status_page_leads_to_the_receipt_once_the_fee_is_paid(
    payer: StrictClient, applied: Applied, provider: PretendProvider, cases: Cases, clock: Clock
) -> None:
    page = f"/application/{applied.reference}"
    assert "See your receipt" not in payer.get(page).get_data(as_text=True)
    continue_to_payment(payer, applied)
    provider.pay(only_page(provider))
    back(payer, applied)
    shown = payer.get(page).get_data(as_text=True)
    assert f'href="{page}/paid">Paid. See your receipt' in shown
    give_back(cases, provider, clock)
    assert f'href="{page}/paid">Paid back to you' in payer.get(page).get_data(as_text=True)


def test_an_amount_from_the_browser_is_not_read(
    payer: StrictClient, applied: Applied, provider: PretendProvider
) -> None:
    continue_to_payment(payer, applied, amount="1", amount_pence="1", fee_pence="30", currency="jpy")
    assert (only_page(provider).request.amount_pence, only_page(provider).request.currency) == (126_00, "gbp")


def test_a_second_tab_and_a_second_press_come_to_the_same_page(
    payer: StrictClient, applied: Applied, provider: PretendProvider, cases: Cases
) -> None:
    first = continue_to_payment(payer, applied)
    assert continue_to_payment(payer, applied) == first
    assert len(provider.pages) == len(tries(cases, applied)) == 1
    provider.pay(only_page(provider))
    assert continue_to_payment(payer, applied).endswith("/paid")
    assert len(provider.pages) == 1


def test_coming_back_without_paying_proves_nothing(
    payer: StrictClient, applied: Applied, provider: PretendProvider, cases: Cases
) -> None:
    continue_to_payment(payer, applied)
    told = back(payer, applied)
    assert "You have not paid" in told
    assert "Another way to pay" in told
    assert stands(cases, applied) == PaymentStanding.DUE


def test_it_can_be_tried_again_without_filling_anything_in(
    payer: StrictClient, applied: Applied, provider: PretendProvider, cases: Cases, clock: Clock
) -> None:
    first = continue_to_payment(payer, applied)
    clock.advance(dt.timedelta(minutes=61))
    second = continue_to_payment(payer, applied)
    assert second != first
    assert [each.state for each in tries(cases, applied)] == [PaymentState.EXPIRED, PaymentState.OPEN]


def test_a_slow_payment_is_not_paid_and_not_asked_for_twice(
    payer: StrictClient, applied: Applied, provider: PretendProvider, cases: Cases
) -> None:
    continue_to_payment(payer, applied)
    provider.pay(only_page(provider), slow=True)
    assert "We are waiting for your payment" in back(payer, applied)
    assert stands(cases, applied) == PaymentStanding.DUE
    assert continue_to_payment(payer, applied).endswith("/paid")
    provider.slow_money(only_page(provider), comes=True)
    assert "We have your payment" in back(payer, applied)


def test_another_amount_at_the_provider_goes_to_a_person(
    payer: StrictClient, applied: Applied, provider: PretendProvider, cases: Cases
) -> None:
    continue_to_payment(payer, applied)
    only_page(provider).amount_pence = 1_00
    provider.pay(only_page(provider))
    assert "We are looking at your payment" in back(payer, applied)
    assert stands(cases, applied) == PaymentStanding.DUE
    (payment,) = tries(cases, applied)
    with cases.system() as session:
        (case,) = session.query(models.PaymentException).filter_by(payment_id=payment.id)
        assert (case.kind, case.amount_pence) == ("amount_differs", 1_00)
        assert session.query(models.Alarm).filter_by(contact_id=applied.contact_id, kind="payment_unexplained").count()
    assert continue_to_payment(payer, applied).endswith("/paid")
    assert len(provider.pages) == 1


def test_while_the_provider_is_away_nothing_is_taken_and_the_next_press_goes_on(
    payer: StrictClient, applied: Applied, provider: PretendProvider, cases: Cases
) -> None:
    provider.before = away
    answer = payer.send(pay_page(applied))
    assert "Nothing was taken" in answer.get_data(as_text=True)
    provider.before, provider.after = (lambda: None), away  # the answer is lost, the page is made
    assert "Nothing was taken" in payer.send(pay_page(applied)).get_data(as_text=True)
    provider.after = lambda: None
    continue_to_payment(payer, applied)
    assert len(provider.pages) == len(tries(cases, applied)) == 1
    provider.pay(only_page(provider))
    provider.before = away
    assert "We are waiting for your payment" in back(payer, applied)
    provider.before = lambda: None
    assert "We have your payment" in back(payer, applied)


def test_a_refused_page_is_called_off_and_a_new_one_made(
    payer: StrictClient, applied: Applied, provider: PretendProvider, cases: Cases
) -> None:
    def refuse() -> None:
        raise ProviderRefused("pretend", "account_invalid")

    provider.before = refuse
    assert "Nothing was taken" in payer.send(pay_page(applied)).get_data(as_text=True)
    provider.before = lambda: None
    continue_to_payment(payer, applied)
    assert [each.state for each in tries(cases, applied)] == [PaymentState.CANCELLED, PaymentState.OPEN]


def test_scenario_20_told_before_the_redirect_three_times_marks_paid_once(
    payer: StrictClient, applied: Applied, provider: PretendProvider, cases: Cases, clock: Clock
) -> None:
    continue_to_payment(payer, applied)
    provider.pay(only_page(provider))
    event = provider.events[-1]
    for _ in range(3):
        with cases.system.begin() as session:
            provider_words.keep(session, event, provider=provider.name, now=clock.now)
        assert provider_words.take(
            cases.system.begin, provider, event_id=event.event_id, name=provider.name, now=clock.now
        )
    assert "We have your payment" in back(payer, applied)
    assert [name for name in cases.events(applied.contact_id) if name == "payment_moved"] == ["payment_moved"] * 2
    (payment,) = tries(cases, applied)
    with cases.system() as session:
        entries = session.query(models.LedgerTransaction).filter_by(payment_id=payment.id).all()
        assert [each.entry for each in entries] == ["money_in"]


def test_who_has_not_proven_the_application_sees_no_payment(
    app: Flask, applied: Applied, provider: PretendProvider
) -> None:
    stranger = app.test_client()
    for what in ("pay", "paid", "receipt/en/receipt.pdf"):
        assert stranger.get(f"/application/{applied.reference}/{what}").status_code == 403
    assert stranger.post(pay_page(applied)).status_code in (400, 403)
    assert not provider.asked


def test_without_an_account_the_other_way_is_shown(payer: StrictClient, applied: Applied, app: Flask) -> None:
    use_payment_provider(app, None)
    page = payer.get(pay_page(applied)).get_data(as_text=True)
    assert "Continue to payment" not in page
    assert "Another way to pay" in page
