"""The money pages: takings, refunds agreed by two people, exceptions settled by name, the books as a file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from contact.domain.access import SYSTEM, Role
from contact.domain.ledger import Account, Entry
from contact.domain.money import pence_of, to_the_penny
from contact.domain.payments import ExceptionKind, RefundReason
from contact.services.payments import cases as money_cases
from contact.services.payments import refunding
from contact.store import applications, ledger, models, payment_cases, payments, takings
from tests.support.cases import NOW, Cases
from tests.support.clients import Clock
from tests.support.licensing import apply
from tests.support.money import add_case, add_paid, add_queried
from tests.web.licensing.conftest import Desk

MONEY = "/control-room/licensing/money"
Finance = Callable[..., Desk]


@pytest.fixture
def finance(officer: Callable[..., Desk]) -> Finance:
    """Makes a signed-in finance officer, as `officer` makes others."""
    return lambda **more: officer(role=Role.FINANCE_OFFICER, **more)


def paid(cases: Cases, pence: int = 7900, *, force: str | None = None, reference: str = "k7r d4m x2p") -> UUID:
    """A payment that was made, with its entry in the books."""
    with cases.system.begin() as session:
        return add_paid(session, force_id=force or cases.north, pence=pence, reference=reference, now=NOW)


def read(desk: Desk, path: str) -> str:
    return desk.client.get(MONEY + path).get_data(as_text=True)


def ask(desk: Desk, payment_id: UUID, amount: str, reason: str = "overcharged") -> tuple[int, str]:
    path = f"{MONEY}/payments/{payment_id}"
    answer = desk.client.send(f"{path}/refund", {"amount": amount, "reason": reason}, page=path)
    return answer.status_code, answer.get_data(as_text=True)


def test_a_month_of_takings_shows_what_came_in_and_for_whom_it_is_held(finance: Finance, cases: Cases) -> None:
    desk = finance()
    paid(cases, 7900)
    paid(cases, 1_450_00, reference="q2w e4r t6y")
    paid(cases, 99_00, force=cases.south, reference="not mine")
    page = read(desk, "?month=2026-11")
    assert "Takings of November 2026" in page
    assert "£1,529.00" in page  # paid by applicants, and held for them until their grant
    assert "q2w e4r t6y" in page
    assert "not mine" not in page
    assert "Nobody paid anything" in read(desk, "?month=2026-10")
    assert "Takings of" in read(desk, "?month=nonsense&after=nonsense&force=" + cases.south)


def test_money_is_for_finance_of_that_force_alone(finance: Finance, officer: Callable[..., Desk], cases: Cases) -> None:
    payment_id = paid(cases, force=cases.south)
    assert officer(role=Role.CALL_HANDLER).client.get(MONEY).status_code == 403
    assert officer().client.get(MONEY).status_code == 403
    north = finance()
    assert north.client.get(f"{MONEY}/payments/{payment_id}").status_code == 404
    assert "k7r d4m x2p" in read(finance(force=cases.south), f"/payments/{payment_id}")


def test_a_small_refund_goes_at_once_and_never_above_what_is_left(finance: Finance, cases: Cases) -> None:
    desk, payment_id = finance(), paid(cases)
    assert ask(desk, payment_id, "£50.00")[0] == 303
    assert "About to be sent" in read(desk, f"/payments/{payment_id}")
    status, page = ask(desk, payment_id, "29.01")
    assert status == 409
    assert "At most £29.00 can go back" in page
    assert 'value="29.01"' in page  # nothing typed is lost
    assert ask(desk, payment_id, "29")[0] == 303
    assert "Send money back" not in read(desk, f"/payments/{payment_id}")


@pytest.mark.parametrize(
    ("amount", "reason", "words"),
    [
        ("", "other", "Enter how much"),
        ("-5", "other", "Enter how much"),
        ("5.001", "other", "Enter how much"),
        ("0", "other", "Enter how much"),
        ("5", "", "Choose why"),
        ("5", "because", "Choose why"),
    ],
)
def test_a_refund_that_cannot_be_is_said_beside_the_box(
    finance: Finance, cases: Cases, amount: str, reason: str, words: str
) -> None:
    status, page = ask(finance(), paid(cases), amount, reason)
    assert status in (400, 409)
    assert words in page


def test_a_large_refund_waits_for_another_person(finance: Finance, cases: Cases) -> None:
    asker, other, payment_id = finance(name="Ada Obi"), finance(name="Bea Lowe"), paid(cases, 50_000)
    assert ask(asker, payment_id, "200.01")[0] == 303
    assert "Waits for a second person" in read(asker, f"/payments/{payment_id}")
    assert "Somebody else has to decide" in read(asker, "/refunds")
    page = read(other, "/refunds")
    assert "Refunds (1)" in page
    with cases.system() as session:
        (refund,) = payments.list_refunds(session, payment_id=payment_id)
    approve = f"{MONEY}/refunds/{refund.id}/approve"
    own = asker.client.send(approve, page=f"{MONEY}/payments/{payment_id}")
    assert own.status_code == 403
    assert other.client.send(approve, page=f"{MONEY}/refunds").status_code == 303
    again = other.client.send(approve, page=f"{MONEY}/payments/{payment_id}")
    assert again.status_code == 409
    assert "decided that refund already" in again.get_data(as_text=True)
    assert "About to be sent" in read(asker, f"/payments/{payment_id}")


def test_refunds_that_were_decided_are_listed_newest_first_a_page_at_a_time_for_their_own_force(
    finance: Finance, cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(takings, "PAGE", 1)
    desk, elsewhere = finance(name="Ada Obi"), finance(force=cases.south)
    assert "None yet." in read(desk, "/refunds")
    older = paid(cases, reference="old 111 aaa")
    newer = paid(cases, reference="new 222 bbb")
    assert ask(desk, older, "1")[0] == 303
    assert ask(desk, newer, "2")[0] == 303
    assert ask(elsewhere, paid(cases, force=cases.south, reference="far 333 ccc"), "3")[0] == 303
    first = read(desk, "/refunds")
    assert "new 222 bbb" in first
    assert "Asked for by Ada Obi" in first
    assert "old 111 aaa" not in first
    assert "far 333 ccc" not in first
    found = re.search(r'/refunds(\?[^"]+)" rel="next"', first)
    assert found is not None
    second = read(desk, "/refunds" + found[1].replace("&amp;", "&"))
    assert "old 111 aaa" in second
    assert "new 222 bbb" not in second
    assert "Next page" not in second
    assert "None yet." in read(desk, f"/refunds?after={uuid4()}")
    assert "new 222 bbb" in read(desk, "/refunds?after=nonsense")


def test_money_of_a_second_page_is_settled_by_saying_how_it_went_back(finance: Finance, cases: Cases) -> None:
    desk, payment_id = finance(), paid(cases)
    subject = f"{payment_id}:cs_second"
    with cases.system.begin() as session:
        payment = payments.get(session, payment_id=payment_id)
        ledger.post(
            session, Entry.MONEY_QUERIED, key=subject, pence=7900, payment_id=payment_id, force_id=cases.north, now=NOW
        )  # fmt: skip
        money_cases.open_case(
            session, ExceptionKind.PAID_TWICE, subject=subject, payment=payment, pence=7900, now=NOW
        )  # fmt: skip
    with cases.system() as session:
        case = payment_cases.find_case(session, kind=ExceptionKind.PAID_TWICE.value, subject=subject)
    assert case is not None
    path = f"{MONEY}/exceptions/{case.id}"
    page = read(desk, "/exceptions")
    assert "send it back in the payment company" in page
    _, found, form = page.partition(f'action="{path}')
    assert found
    assert "Looked into: the books are right" not in form.partition("</form>")[0]
    bare = desk.client.send(path, {"done": "paid_back"}, page=f"{MONEY}/exceptions")
    assert bare.status_code == 400
    assert "Enter the reference" in bare.get_data(as_text=True)
    settled = desk.client.send(path, {"done": "paid_back", "reference": "re_9"}, page=f"{MONEY}/exceptions")
    assert settled.status_code == 303
    assert "Paid on a second page, and sent back to the payer" in read(desk, f"/payments/{payment_id}")


def test_a_refund_may_be_declined_and_then_the_money_is_left(finance: Finance, cases: Cases) -> None:
    asker, other, payment_id = finance(), finance(), paid(cases, 50_000)
    ask(asker, payment_id, "500")
    with cases.system() as session:
        (refund,) = payments.list_refunds(session, payment_id=payment_id)
    other.client.send(f"{MONEY}/refunds/{refund.id}/decline", page=f"{MONEY}/refunds")
    page = read(asker, f"/payments/{payment_id}")
    assert "Declined" in page
    assert "At most £500.00" in page


def test_an_exception_stands_until_somebody_says_what_was_done(finance: Finance, cases: Cases) -> None:
    desk, payment_id = finance(), paid(cases)
    with cases.system.begin() as session:
        add_case(session, payment_id=payment_id, now=NOW)
    page = read(desk, "/exceptions")
    assert "Exceptions (" in page
    assert "£79.00" in page
    with cases.system() as session:
        case_id = next(
            case.id
            for case, _ in takings.list_open_cases(session, force_id=cases.north)
            if case.payment_id == payment_id
        )
    settle = f"{MONEY}/exceptions/{case_id}"
    unsaid = desk.client.send(settle, {"done": ""}, page=f"{MONEY}/exceptions")
    assert unsaid.status_code == 400
    assert "Choose what was done" in unsaid.get_data(as_text=True)
    assert desk.client.send(settle, {"done": "explained"}, page=f"{MONEY}/exceptions").status_code == 303
    assert f"du_{payment_id}" not in read(desk, "/exceptions")


def queried(cases: Cases, received: int) -> UUID:
    """A payment of £79 for which another sum came, with its case."""
    with cases.system.begin() as session:
        return add_queried(session, force_id=cases.north, received=received, reference="q2w e4r t6y", now=NOW)


def test_another_sum_is_decided_with_a_reason_and_by_finance_of_that_force_alone(
    finance: Finance, cases: Cases
) -> None:
    desk, payment_id = finance(), queried(cases, 80_00)
    path = f"{MONEY}/payments/{payment_id}"
    assert "Decide what becomes of it" in read(desk, "/exceptions")
    page = read(desk, f"/payments/{payment_id}")
    assert "£80.00 came, and £79.00 was asked for" in page
    for given, words in (
        ({"verdict": "", "why": "x"}, "Choose what becomes of it"),
        ({"verdict": "accept", "why": ""}, "Write the reason"),
        ({"verdict": "attach", "why": "The wrong page", "reference": "k7r"}, "Enter the reference"),
    ):
        answer = desk.client.send(f"{path}/verdict", given, page=path)
        assert answer.status_code == 400
        assert words in answer.get_data(as_text=True)
        assert f'value="{given["why"]}"' in answer.get_data(as_text=True)
    stranger = finance(force=cases.south)
    assert stranger.client.send(f"{path}/verdict", {"verdict": "accept", "why": "x"}, page=MONEY).status_code == 404
    given = {"verdict": "refund", "why": "It is not theirs"}
    assert desk.client.send(f"{path}/verdict", given, page=path).status_code == 303
    after = read(desk, f"/payments/{payment_id}")
    assert "Another sum came, and goes back" in after
    assert "About to be sent" in after
    assert "It is not theirs" in after  # why, for whoever comes later
    assert "q2w e4r t6y" not in read(desk, "/exceptions")


def test_a_fee_paid_another_way_goes_back_by_hand_under_a_reference(finance: Finance, cases: Cases) -> None:
    applied = apply(cases)
    with cases.system.begin() as session:
        application = applications.lock(session, contact_id=applied.contact_id)
        application.payment, application.state, application.fee_pence = "owed_back", "refused", 126_00
        application.paid_otherwise = True
        session.flush()
        refunding.refund_in_full(
            session, contact_id=applied.contact_id, actor=SYSTEM, reason=RefundReason.REFUSED, now=NOW
        )
    desk = finance()
    page = read(desk, "/exceptions")
    assert applied.reference in page
    assert "pay it back, and enter the reference" in page
    with cases.system() as session:
        case_id = next(
            case.id
            for case, _ in takings.list_open_cases(session, force_id=cases.north)
            if case.contact_id == applied.contact_id
        )
    path = f"{MONEY}/exceptions/{case_id}"
    unsaid = desk.client.send(path, {"done": "paid_back", "note": "By BACS"}, page=f"{MONEY}/exceptions")
    assert unsaid.status_code == 400
    assert "Enter the reference of the transfer" in unsaid.get_data(as_text=True)
    assert 'value="By BACS"' in unsaid.get_data(as_text=True)
    whole = {"done": "paid_back", "note": "By BACS", "reference": "4471"}
    assert desk.client.send(path, whole, page=f"{MONEY}/exceptions").status_code == 303
    assert applied.reference not in read(desk, "/exceptions")


def test_a_refund_waits_and_the_second_person_is_told_why_while_the_payers_bank_wants_the_money(
    finance: Finance, cases: Cases
) -> None:
    asker, other, payment_id = finance(), finance(), paid(cases, 50_000)
    assert ask(asker, payment_id, "500")[0] == 303
    with cases.system.begin() as session:
        (refund,) = payments.list_refunds(session, payment_id=payment_id)
        payments.lock(session, payment_id=payment_id).dispute = "open"
    path = f"{MONEY}/refunds"
    answer = other.client.send(f"{path}/{refund.id}/approve", page=path)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "The payer&#39;s bank is taking it back already: it would be paid back twice" in page
    assert "Refunds (1)" in page  # and it waits on
    assert "Error: Refunds" in page
    assert "Waits for a second person" in read(asker, f"/payments/{payment_id}")
    with cases.system() as session:
        assert payments.list_refunds(session, payment_id=payment_id)[0].state == "asked"


def test_money_that_nobody_asked_to_send_is_settled_in_words_that_place_it(finance: Finance, cases: Cases) -> None:
    desk, payment_id = finance(), paid(cases)
    with cases.system.begin() as session:
        payment = payments.lock(session, payment_id=payment_id)
        ledger.post(
            session, Entry.REFUND_UNKNOWN, key=f"{payment_id}:elsewhere", pence=20_00, payment_id=payment_id,
            force_id=cases.north, now=NOW,
        )  # fmt: skip
        money_cases.open_case(
            session, ExceptionKind.REFUND_UNKNOWN, subject=str(payment_id), payment=payment, pence=20_00, now=NOW
        )
        case_id = payment_cases.find_case(session, kind="refund_unknown", subject=str(payment_id))
    assert case_id is not None
    page = read(desk, "/exceptions")
    assert "It was the payer&#39;s: a refund like any other" in page
    path = f"{MONEY}/exceptions/{case_id.id}"
    assert desk.client.send(path, {"done": "explained"}, page=f"{MONEY}/exceptions").status_code == 409
    assert desk.client.send(path, {"done": "paid_back"}, page=f"{MONEY}/exceptions").status_code == 303
    after = read(desk, f"/payments/{payment_id}")
    assert "It was the payer&#39;s: <strong>£20.00</strong>" in after
    assert "<strong>It was the payer&#39;s: a refund like any other</strong>" in after
    with cases.acting(desk.person.actor) as session:
        assert ledger.sums(session, payment_id=payment_id)[Account.SUSPENSE] == 0


def test_a_double_press_is_one_refund_and_an_old_sign_in_sends_none(
    finance: Finance, cases: Cases, clock: Clock
) -> None:
    desk, payment_id = finance(), paid(cases)
    path = f"{MONEY}/payments/{payment_id}"
    form = {"amount": "5", "reason": "overcharged", "key": str(uuid4())}
    for _ in range(2):
        assert desk.client.send(f"{path}/refund", form, page=path).status_code == 303
    with cases.system() as session:
        assert len(payments.list_refunds(session, payment_id=payment_id)) == 1
    token = desk.client.token(path)
    clock.now += dt.timedelta(minutes=16)
    late = desk.client.post(f"{path}/refund", data={**form, "key": str(uuid4()), "csrf_token": token})
    assert late.status_code == 401
    with cases.system() as session:
        assert len(payments.list_refunds(session, payment_id=payment_id)) == 1


def test_the_two_sums_of_the_page_are_one(finance: Finance, cases: Cases) -> None:
    desk = finance()
    paid(cases, 7900)
    page = read(desk, "?month=2026-11")
    assert page.count("<strong>£79.00</strong>") == 2
    assert "the books are wrong" not in page


def test_the_books_are_a_file_without_anybodys_name(finance: Finance, cases: Cases) -> None:
    desk = finance()
    paid(cases)
    paid(cases, force=cases.south, reference="not mine")
    answer = desk.client.get(f"{MONEY}/takings.csv?month=2026-11")
    assert answer.mimetype == "text/csv"
    assert f"licence-fees-{cases.north}-2026-11.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True))))
    assert any("k7r d4m x2p" in row for row in rows)
    assert not any("not mine" in row for row in rows)
    with cases.system() as session:
        told = session.query(models.Event).filter_by(force_id=cases.north, name="books_exported").one()
        assert told.data["lines"] == len(rows) - 1


@pytest.mark.parametrize(
    ("typed", "pence"),
    [("79", 7900), ("79.5", 7950), (" £1,079.05 ", 107_905), ("0.30", 30), ("79.", None), ("x", None), ("٧", None)],
)
def test_pounds_are_read_as_they_are_typed(typed: str, pence: int | None) -> None:
    assert pence_of(typed) == pence


def test_pounds_are_written_to_the_penny() -> None:
    assert [to_the_penny(pence) for pence in (0, 5, 107_905, -7900)] == ["£0.00", "£0.05", "£1,079.05", "-£79.00"]
