"""A gun certificate from eligibility to the register, its fee paid on the stand-in's page, with and without scripts."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

import forms
from contact.domain.access import Role
from contact.domain.licensing.renewal_clock import renewed_until
from tests.support.answers import complete
from tests.support.browser import DESKTOP, PHONE, People, Person, check_axe, follow
from tests.support.pages import Receipt, fill_page, follow_up, sign_in
from tests.support.stack import Stack
from tests.support.stack_licensing import applied
from tests.support.stripe_stand_in import DECLINED, PAID

FORM, FORCE = "firearms-certificate", "kent"
_PAY_PAGE = re.compile(r"^http://127\.0\.0\.1:\d+/pay/")
_STANDING = """
SELECT a.payment FROM applications a JOIN contacts c ON c.id = a.contact_id WHERE c.reference = %s"""
_PAYMENTS = """
SELECT p.state FROM payments p JOIN contacts c ON c.id = p.contact_id WHERE c.reference = %s ORDER BY p.created_at"""


@pytest.fixture(autouse=True)
def asks_with_the_form(stack: Stack) -> Iterator[None]:
    """The force asks for the fee when a form is sent, until the test is over."""
    ((before,),) = stack.rows("SELECT collect_at FROM licensing_settings WHERE force_id = %s", FORCE)
    stack.rows("UPDATE licensing_settings SET collect_at = 'submission' WHERE force_id = %s", FORCE)
    yield
    stack.rows("UPDATE licensing_settings SET collect_at = %s WHERE force_id = %s", before, FORCE)


def press(page: Page, name: str) -> None:
    """Press a button and wait for what comes."""
    follow(page, page.get_by_role("button", name=name, exact=True).first)


def payer(people: People, size: tuple[int, int], *, javascript: bool) -> Person:
    """Somebody whose browser also shows the stand-in's payment page."""
    person = people.come(size, javascript=javascript)
    person.context.route(_PAY_PAGE, lambda route: route.continue_())
    return person


def parted(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Whole answers: those before the last section, and those of the last one, which is left to its person."""
    form = forms.load_all()[FORM]
    whole = complete(form, given, now=dt.datetime.now(dt.UTC))
    last = {question.id for page in form.sections[-1].pages for question in page.questions}
    # The part with the photo asks nothing that must be answered: it is done once somebody was there.
    return {name: whole[name] for name in whole if name not in last} | {"applicantPhoto": []}, {
        name: whole[name] for name in whole if name in last
    }


def see_if_i_can(page: Page) -> None:
    """The questions before applying; nothing stands in the way."""
    for name, value in (("nation", "england-and-wales"), ("licence", "shotgun"), ("age", "18"), ("sentence", "none")):
        page.locator(f'[name="{name}"][value="{value}"]').check()
    press(page, "Show the answer")
    expect(page.get_by_role("heading", name="Nothing you told us stops you")).to_be_visible()


def sign(page: Page, signing: dict[str, Any]) -> None:
    """The last section, page by page, until there is the checklist, then its last line, or check-your-answers."""
    page.wait_for_load_state()
    for _ in range(8):
        last = urlsplit(page.url).path.rsplit("/", 1)[1]
        if last in {"tasks", "check"}:
            break
        check_axe(page, last)
        fill_page(page, FORM, signing)
        press(page, "Continue")
    if last == "tasks":
        follow(page, page.get_by_role("link", name="Check your answers and send"))
    page.wait_for_url("**/check")


def apply_for_it(page: Page, stack: Stack, given: dict[str, Any], signing: dict[str, Any]) -> Receipt:
    """From the answer to the receipt. All but the last section is answered behind the web's back."""
    follow(page, page.get_by_role("link", name="See what to do next"))
    check_axe(page, "the front of licensing")
    follow(page, page.get_by_role("link", name="Apply for a gun certificate, or renew one"))
    if urlsplit(page.url).path.endswith("/start"):
        page.get_by_label("No", exact=False).last.check()
        press(page, "Continue")
    press(page, "Start now")
    draft = urlsplit(page.url).path.rsplit("/", 1)[0]
    stack.rows("UPDATE drafts SET answers = %s WHERE id = %s", json.dumps(given), draft.rsplit("/", 1)[1])
    page.goto(f"{stack.address}{draft}/tasks")
    check_axe(page, "the checklist")
    follow(page, page.get_by_role("button", name="Carry on"))
    sign(page, signing)
    check_axe(page, "check your answers")
    press(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your application")
    check_axe(page, "the receipt")
    keys = page.locator(".contact-key")
    return Receipt(keys.nth(0).inner_text().strip(), keys.nth(1).inner_text().strip())


def go_to_pay(page: Page) -> None:
    """From our page to the payment page of the company, which takes no card that is typed."""
    press(page, "Continue to payment")
    page.wait_for_url(_PAY_PAGE)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pay £")


def choose_card(page: Page, card: str) -> None:
    """A test card, then the button."""
    page.locator(f'[name=card][value="{card}"]').check()
    page.get_by_role("button", name=re.compile("^Pay £")).click()


def work_on_it(page: Page, reference: str) -> str:
    """The first officer takes, accepts, checks and recommends. Answers the address."""
    check_axe(page, "the caseload")
    follow(page, page.locator("a[data-line]").filter(has_text=reference))
    check_axe(page, "the file")
    address = page.url.split("?")[0]
    press(page, "Take the case")
    press(page, "Complete: accept it")
    press(page, "Begin the checks")
    for number in range(page.locator(".licensing-checks > li").count()):
        one = page.locator(".licensing-checks > li").nth(number)
        one.locator("summary").click()
        one.locator("select").select_option("no_concern")
        follow(page, one.get_by_role("button", name="Record it"))
        expect(page.locator(".licensing-checks > li").nth(number).locator(".licensing-mark")).to_have_text(
            "Done, no concern"
        )
    page.locator("#decision summary", has_text="Recommend").click()
    page.locator("#decision select[name=outcome]").select_option("grant")
    page.locator("#recommend-reasons").fill("Holder for fifteen years, both referees spoken to.")
    press(page, "Recommend")
    expect(page.locator("#decision")).to_contain_text("another officer decides")
    return address


def grant_it(page: Page, address: str, number: str) -> None:
    """The second officer, after NFLMS."""
    page.goto(address)
    page.locator("#decision summary", has_text="Decide").click()
    page.locator("#decision select[name=outcome]").select_option("grant")
    page.locator("#decide-reasons").fill("As recommended.")
    page.locator("#decide-person").fill("P-771204")
    page.locator("#decide-certificates").fill(number)
    press(page, "Record the decision")
    page.wait_for_url("**done=decided*")


def test_from_eligibility_to_the_certificate(people: People, stack: Stack) -> None:
    ends = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=100)
    given, signing = parted(
        {"licences": "shotgun", "shotgunKind": "renewal", "shotgunExpiry": ends.isoformat()}
        | {"shotgunCertificateNumber": "SG-7731"}
    )
    page = payer(people, PHONE, javascript=True).page(f"/firearms/eligible?force={FORCE}")
    see_if_i_can(page)
    check_axe(page, "eligibility")
    held = apply_for_it(page, stack, given, signing)
    expect(page.locator("main")).to_contain_text("You signed it eight weeks or more before your certificate ends")

    words = "Go on to your application and pay"
    follow(page, page.get_by_role("link", name=words).or_(page.get_by_role("button", name=words)))
    if "/application/" not in page.url:
        follow_up(page, held)
        page.goto(f"{stack.address}/application/{held.reference}")
    check_axe(page, "the status page")
    follow(page, page.get_by_role("link", name="Pay the fee"))
    check_axe(page, "the payment page of ours")
    go_to_pay(page)
    choose_card(page, PAID)
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your payment")
    check_axe(page, "paid")
    receipt = page.context.request.get(f"{stack.address}/application/{held.reference}/receipt/en/receipt.pdf")
    assert receipt.body().startswith(b"%PDF")
    assert stack.rows(_STANDING, held.reference) == [("owed_back",)]

    first, second = (stack.hire(name, kent=Role.LICENSING_OFFICER) for name in ("Jo Carter", "Ravi Shah"))
    desk = sign_in(people.come(DESKTOP), first, path="/control-room/licensing/")
    address = work_on_it(desk, held.reference)
    other = sign_in(people.come(DESKTOP), second, path="/control-room/licensing/")
    grant_it(other, address, "SG-7731")

    found = "SELECT id, state, issued, expires FROM certificates WHERE force_id = %s AND number = 'SG-7731'"
    ((certificate_id, state, issued, expires),) = stack.rows(found, FORCE)
    assert (state, issued, expires) == ("live", ends, renewed_until(ends))
    other.goto(f"{stack.address}/control-room/licensing/certificates/{certificate_id}")
    expect(other.locator("main")).to_contain_text(str(expires.year))
    check_axe(other, "the certificate")
    assert stack.rows(_STANDING, held.reference) == [("paid",)]
    page.goto(f"{stack.address}/application/{held.reference}")
    expect(page.locator(".govuk-tag").first).to_have_text("Decided")


def asked_to_pay(page: Page, stack: Stack) -> str:
    """An application that was sent, its fee asked for, and its applicant on the page to pay. Answers the reference."""
    sent = applied(stack, FORCE)
    follow_up(page, Receipt(sent.reference, sent.words))
    page.goto(f"{stack.address}/application/{sent.reference}/pay")
    return sent.reference


def test_a_declined_card_then_a_paid_one_without_javascript(people: People, stack: Stack) -> None:
    page = payer(people, DESKTOP, javascript=False).page("/")
    reference = asked_to_pay(page, stack)
    go_to_pay(page)
    choose_card(page, DECLINED)
    expect(page.get_by_role("alert")).to_contain_text("Your card was declined.")
    assert stack.rows(_STANDING, reference) == [("due",)]
    choose_card(page, PAID)
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your payment")
    assert stack.rows(_PAYMENTS, reference) == [("paid",)]


def test_a_browser_closed_before_returning_is_paid_all_the_same(people: People, stack: Stack) -> None:
    """Scenario 21: nobody comes back, and what the payment company tells us completes it."""
    person = payer(people, DESKTOP, javascript=False)
    page = person.page("/")
    reference = asked_to_pay(page, stack)
    go_to_pay(page)
    pressed = person.context.request.post(page.url, form={"card": PAID}, max_redirects=0)
    assert pressed.status == 303
    person.context.close()
    stack.until(lambda: stack.rows(_PAYMENTS, reference) == [("paid",)], "the webhook did not complete it")
    assert stack.rows(_STANDING, reference) == [("owed_back",)]
