"""What people decide about money, and what follows: told that it is due, never without a figure, paid back by hand."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from contact.domain.access import Role
from contact.domain.errors import Forbidden, MoveNotAllowed, NotFound, ReasonNeeded
from contact.domain.ledger import Account
from contact.domain.licensing.kinds import PaymentStanding
from contact.domain.payments import PaymentState, RefundReason
from contact.gateways.payment_provider import CheckoutState
from contact.services.payments import cases as money_cases
from contact.services.payments import closing, refunding, standing, telling, verdicts, watching
from contact.services.payments.cases import Done
from contact.services.payments.verdicts import Verdict
from contact.store import applications, contacts, models, payments
from tests.support.cases import NOW, Cases, Person
from tests.support.licensing import Applied, apply
from tests.support.pretend_provider import PretendPage
from tests.support.till import FEE, MINUTE, Till, open_till


@pytest.fixture
def till(cases: Cases) -> Till:
    """A shotgun renewal: £126."""
    return open_till(cases)


@pytest.fixture
def finance(till: Till) -> Person:
    """Somebody who sees to the force's takings."""
    return till.cases.agent(Role.FINANCE_OFFICER)


@pytest.fixture
def officer(till: Till) -> Person:
    """A licensing officer."""
    return till.cases.agent(Role.LICENSING_OFFICER)


def decided(till: Till, state: str) -> None:
    """The application comes to this state, with what that means for its money."""
    with till.cases.system.begin() as session:
        applications.lock(session, contact_id=till.contact_id).state = state
        session.flush()
        if state == "granted":
            standing.on_grant(session, contact_id=till.contact_id, now=till.now)


def refuse(till: Till, officer: Person, state: str = "refused") -> None:
    """By a person, as the decision does it."""
    decided(till, state)
    with till.cases.acting(officer.actor) as session:
        refunding.refund_in_full(
            session, contact_id=till.contact_id, actor=officer.actor, reason=RefundReason(state), now=till.now
        )


def told(cases: Cases, applied: Applied) -> list[str]:
    """What the applicant's page says."""
    return [row.body for row in cases.rows(models.Message, applied.contact_id) if row.kind == "outbound"]


def test_who_owes_a_fee_is_told_on_their_page_and_by_mail_once(cases: Cases) -> None:
    applied = apply(cases)
    for _ in range(2):
        with cases.system.begin() as session:
            standing.request(session, contact_id=applied.contact_id, now=NOW)
    (words,) = told(cases, applied)
    assert "£126" in words
    assert "granted" not in words
    (mail,) = cases.rows(models.Mail, applied.contact_id)
    assert (mail.template, mail.context["amount"], mail.context["granted"]) == ("fee_due", "£126", False)


def test_a_fee_that_falls_due_on_the_grant_is_told_with_the_grant(cases: Cases) -> None:
    applied = apply(cases)
    cases.change(applied.contact_id, language="cy")
    with cases.system.begin() as session:
        applications.lock(session, contact_id=applied.contact_id).state = "granted"
        session.flush()
        standing.on_grant(session, contact_id=applied.contact_id, now=NOW)
    (words,) = told(cases, applied)
    assert "cymeradwyo eich cais" in words
    (mail,) = cases.rows(models.Mail, applied.contact_id)
    assert (mail.template, mail.language, mail.context["granted"]) == ("fee_due", "cy", True)


def test_a_text_says_only_that_something_waits_and_leaves_once(cases: Cases) -> None:
    applied = apply(cases, email=None)
    cases.change(applied.contact_id, safe_contact={"how": "text", "value": "+447700900414"})
    with cases.system.begin() as session:
        standing.request(session, contact_id=applied.contact_id, now=NOW)
    (message,) = (row for row in cases.rows(models.Message, applied.contact_id) if row.kind == "outbound")
    for _ in range(2):
        with cases.system.begin() as session:
            telling.by_text(
                session, contact_id=applied.contact_id, message_id=message.id, public_url="https://contact.example",
                now=NOW,
            )  # fmt: skip
    (text,) = cases.rows(models.Text, applied.contact_id)
    assert text.recipient == "+447700900414"
    assert "https://contact.example/progress" in text.body
    assert not any(word in text.body.lower() for word in ("police", "licen", "fee", "£", "gun", "firearm"))
    assert cases.rows(models.Mail, applied.contact_id) == []


def test_who_called_no_way_safe_reads_it_on_their_page_alone(cases: Cases) -> None:
    applied = apply(cases, email=None)
    with cases.system.begin() as session:
        standing.request(session, contact_id=applied.contact_id, now=NOW)
    assert len(told(cases, applied)) == 1
    assert cases.rows(models.Mail, applied.contact_id) == []
    assert cases.rows(models.Text, applied.contact_id) == []


def test_without_a_figure_nothing_is_asked_for_and_nothing_granted(cases: Cases) -> None:
    answers = {"certificateType": "shotgun", "certificateNumber": "SG 9"}
    applied = apply(cases, answers, form_id="firearms-replacement")
    with cases.system.begin() as session:
        with pytest.raises(MoveNotAllowed):
            standing.request(session, contact_id=applied.contact_id, now=NOW)
        with pytest.raises(ReasonNeeded) as caught:
            standing.ensure_priced(session, contact_id=applied.contact_id, now=NOW)
    assert caught.value.what == "fee"
    with cases.system.begin() as session:
        session.add(
            models.LicenceFee(
                id=uuid4(),
                force_id=applied.force_id,
                licence="shotgun",
                kind="replacement",
                case_code=None,
                pence=900,
                valid_from=NOW.date(),
                valid_to=None,
                legal_basis="A rule",
                entered_by="Ada",
                entered_at=NOW,
            )
        )
        session.flush()
        standing.ensure_priced(session, contact_id=applied.contact_id, now=NOW)


def test_what_costs_nothing_or_is_paid_needs_no_figure(cases: Cases, till: Till) -> None:
    applied = apply(cases, {"certificateNumber": "SG 9"}, form_id="firearms-surrender")
    with cases.system.begin() as session:
        standing.ensure_priced(session, contact_id=applied.contact_id, now=NOW)
        standing.ensure_priced(session, contact_id=till.contact_id, now=NOW)


# Paid another way, and owed back.


def paid_by_cheque(till: Till, officer: Person) -> None:
    with till.cases.acting(officer.actor) as session:
        standing.paid_another_way(
            session, contact_id=till.contact_id, actor=officer.actor, how=standing.OtherWay.CHEQUE, now=till.now
        )


def the_case(till: Till, kind: str) -> models.PaymentException:
    with till.cases.system() as session:
        rows = session.query(models.PaymentException).filter_by(force_id=till.applied.force_id, kind=kind)
        (found,) = (row for row in rows if row.contact_id == till.contact_id or row.subject in _subjects(till))
        return found


def _subjects(till: Till) -> set[str]:
    with till.cases.system() as session:
        return {str(each.id) for each in payments.list_for_contact(session, contact_id=till.contact_id)}


def settle(till: Till, person: Person, case_id: UUID, done: Done, reference: str = "") -> None:
    with till.cases.acting(person.actor) as session:
        money_cases.settle(session, case_id=case_id, done=done, reference=reference, actor=person.actor, now=till.now)


@pytest.mark.parametrize("state", ["refused", "withdrawn"])
def test_a_cheque_is_paid_back_by_hand_under_a_reference(
    till: Till, officer: Person, finance: Person, state: str
) -> None:
    paid_by_cheque(till, officer)
    refuse(till, officer, state)
    case = the_case(till, "other_way_back")
    assert (case.amount_pence, case.reference) == (FEE, till.applied.reference)
    assert till.standing() == PaymentStanding.OWED_BACK
    with pytest.raises(ReasonNeeded):
        settle(till, finance, case.id, Done.PAID_BACK)
    with pytest.raises(MoveNotAllowed):
        settle(till, finance, case.id, Done.WRITTEN_OFF)
    settle(till, finance, case.id, Done.PAID_BACK, "BACS 4471")
    with till.cases.system.begin() as session:
        standing.went_back(session, contact_id=till.contact_id)
    assert (the_case(till, "other_way_back").settled_reference, till.standing()) == ("BACS 4471", "refunded")


def test_a_cheque_still_counts_after_a_second_payment_went_back(till: Till, officer: Person) -> None:
    till.press()
    paid_by_cheque(till, officer)
    (page,) = till.provider.pages.values()
    till.provider.pay(page)
    till.hear_all()
    till.send_refunds()
    assert till.standing() == PaymentStanding.OWED_BACK
    refuse(till, officer)
    assert the_case(till, "other_way_back").amount_pence == FEE


# Another sum than was asked for.


def another_sum(till: Till, pence: int, currency: str = "gbp") -> PretendPage:
    till.press()
    page = list(till.provider.pages.values())[-1]
    page.amount_pence, page.currency = pence, currency
    till.provider.pay(page)
    till.hear_all()
    assert till.payment().state == PaymentState.QUERIED
    return page


def decide(
    till: Till, person: Person, verdict: Verdict, *, reason: str = "Looked into it", reference: str = ""
) -> None:
    payment_id = till.payment().id
    with till.cases.acting(person.actor) as session:
        verdicts.decide(
            session, payment_id=payment_id, verdict=verdict, reason=reason, reference=reference, actor=person.actor,
            now=till.now,
        )  # fmt: skip
    for _ in range(2):
        with till.cases.system.begin() as session:
            verdicts.follow(session, payment_id=payment_id, now=till.now)


def test_another_sum_is_taken_as_the_fee_and_what_is_above_goes_back(till: Till, finance: Person) -> None:
    another_sum(till, FEE + 10_00)
    case = the_case(till, "amount_differs")
    with pytest.raises(MoveNotAllowed):
        settle(till, finance, case.id, Done.EXPLAINED)
    with pytest.raises(ReasonNeeded):
        decide(till, finance, Verdict.ACCEPT, reason=" ")
    decide(till, finance, Verdict.ACCEPT)
    assert (till.payment().state, till.standing()) == (PaymentState.PAID, PaymentStanding.OWED_BACK)
    till.send_refunds()
    assert till.books() == {Account.PROVIDER: FEE, Account.OWED_BACK: -FEE}
    settled = the_case(till, "amount_differs")
    assert (settled.what_was_done, settled.note) == ("accepted", "Looked into it")
    with pytest.raises(MoveNotAllowed):
        decide(till, finance, Verdict.REFUND)


def test_another_sum_goes_back_and_the_fee_can_be_paid_anew(till: Till, finance: Person) -> None:
    another_sum(till, FEE - 1)
    decide(till, finance, Verdict.REFUND)
    assert (till.payment().state, till.standing()) == (PaymentState.RETURNED, PaymentStanding.DUE)
    till.send_refunds()
    assert till.books() == {}
    till.paid()
    assert till.standing() == PaymentStanding.OWED_BACK


def test_another_sum_is_the_fee_of_another_application(till: Till, finance: Person) -> None:
    other = open_till(till.cases)
    other.press()
    another_sum(till, 131_00)
    payment_id = till.payment().id
    for wrong in ("", "nonsense", till.applied.reference):
        with pytest.raises(ReasonNeeded):
            decide(till, finance, Verdict.ATTACH, reference=wrong)
    with till.cases.acting(finance.actor) as session:
        verdicts.decide(
            session, payment_id=payment_id, verdict=Verdict.ATTACH, reason="Wrong page",
            reference=other.applied.reference.upper(), actor=finance.actor, now=till.now,
        )  # fmt: skip
    with till.cases.system.begin() as session:
        verdicts.follow(session, payment_id=payment_id, now=till.now)
    assert (other.standing(), till.standing()) == (PaymentStanding.OWED_BACK, PaymentStanding.DUE)


def test_another_currency_goes_back_by_hand(till: Till, finance: Person) -> None:
    another_sum(till, FEE, "eur")
    with pytest.raises(MoveNotAllowed):
        decide(till, finance, Verdict.ACCEPT)
    with pytest.raises(ReasonNeeded):
        decide(till, finance, Verdict.BY_HAND)
    decide(till, finance, Verdict.BY_HAND, reference="re_1")
    assert (till.payment().state, till.books()) == (PaymentState.RETURNED, {})
    assert not isinstance(till.press(), str)


@pytest.mark.parametrize("role", [Role.LICENSING_OFFICER, Role.FORCE_ADMIN])
def test_only_finance_sees_to_money(till: Till, role: Role) -> None:
    page = till.paid()
    assert page.paid
    person = till.cases.agent(role)
    with pytest.raises((Forbidden, NotFound)):
        till.ask(person, 1)


# Pages that nobody needs any more.


@pytest.mark.parametrize("state", ["refused", "withdrawn"])
def test_an_open_page_is_closed_when_the_application_ends(till: Till, officer: Person, state: str) -> None:
    till.press()
    refuse(till, officer, state)
    assert closing.close(till.cases.system.begin, till.provider, payment_id=till.payment().id, now=till.now)
    (page,) = till.provider.pages.values()
    assert page.state is CheckoutState.EXPIRED
    assert till.payment().state == PaymentState.EXPIRED
    assert not closing.close(till.cases.system.begin, till.provider, payment_id=till.payment().id, now=till.now)


def test_the_clock_closes_it_where_the_job_was_lost(till: Till, officer: Person) -> None:
    till.press()
    paid_by_cheque(till, officer)
    till.now += MINUTE
    watching.look_at_all(till.cases.system.begin, till.provider, now=till.now)
    assert till.payment().state == PaymentState.EXPIRED


def test_a_payment_that_wins_the_race_goes_back_unasked(till: Till, officer: Person) -> None:
    till.press()
    (page,) = till.provider.pages.values()
    till.provider.pay(page)
    refuse(till, officer, "withdrawn")
    closing.close(till.cases.system.begin, till.provider, payment_id=till.payment().id, now=till.now)
    till.send_refunds()
    assert (till.standing(), till.books()) == (PaymentStanding.REFUNDED, {})


def test_a_page_that_the_provider_forgot_stands_in_nobodys_way_for_ever(till: Till) -> None:
    till.press()
    till.provider.pages.clear()
    till.now += MINUTE
    watching.look_at_all(till.cases.system.begin, till.provider, now=till.now)
    assert till.payment().state == PaymentState.OPEN
    till.now += 61 * MINUTE
    watching.look_at_all(till.cases.system.begin, till.provider, now=till.now)
    assert till.payment().state == PaymentState.EXPIRED
    till.paid()
    assert till.standing() == PaymentStanding.OWED_BACK


def test_a_page_that_is_wanted_stays(till: Till) -> None:
    till.press()
    assert not closing.close(till.cases.system.begin, till.provider, payment_id=till.payment().id, now=till.now)
    assert till.provider.asked.count("cancel") == 0


def on_paper(cases: Cases, **more: object) -> Applied:
    """An application that came by post."""
    applied = apply(cases)
    cases.change(applied.contact_id, channel="letter", safe_contact={"how": "post"}, **more)
    return applied


def fee_letters(cases: Cases, applied: Applied) -> list[models.LicensingLetter]:
    """The letters that ask for its fee."""
    return [each for each in cases.rows(models.LicensingLetter, applied.contact_id) if each.kind == "fee_due"]


def test_who_applied_on_paper_is_asked_for_the_fee_by_a_letter_once_and_the_log_says_no_more(cases: Cases) -> None:
    applied = on_paper(cases)
    for _ in range(2):
        with cases.system.begin() as session:
            standing.request(session, contact_id=applied.contact_id, now=NOW)
    (letter,) = fee_letters(cases, applied)
    assert (letter.facts["amount"], letter.facts["granted"]) == ("£126", False)
    assert (letter.facts["reference"], letter.way, letter.state) == (applied.reference, "post", "waiting")
    assert told(cases, applied) == []
    assert cases.rows(models.Mail, applied.contact_id) == []
    assert "letter_written" in cases.events(applied.contact_id)
    assert "replied" not in cases.events(applied.contact_id)


def test_where_the_force_collects_with_the_application_a_letter_asks_who_wrote_on_paper(cases: Cases) -> None:
    applied = on_paper(cases)
    with cases.system.begin() as session:
        application = applications.lock(session, contact_id=applied.contact_id)
        application.collect_at, application.state, application.payment = "submission", "awaiting_payment", "due"
        session.flush()
        standing.on_submission(session, contact_id=applied.contact_id, now=NOW)
    (letter,) = fee_letters(cases, applied)
    assert letter.facts["amount"] == "£126"
    assert told(cases, applied) == []


def test_no_letter_goes_where_post_was_not_called_safe(cases: Cases) -> None:
    applied = apply(cases)
    cases.change(applied.contact_id, online_access_stopped_at=NOW, safe_contact={"how": "phone"})
    with cases.system.begin() as session:
        standing.request(session, contact_id=applied.contact_id, now=NOW)
        assert telling.way(contacts.get(session, contact_id=applied.contact_id)) is telling.Told.NOBODY
    assert fee_letters(cases, applied) == []
    assert told(cases, applied) == []
