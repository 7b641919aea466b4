"""A shotgun and a firearm certificate without a script, on a phone: every answer put in by hand, from first to last."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

import forms
from contact.domain.access import Role
from forms import Question, QuestionType
from forms.parts import IN_ROWS
from tests.support.answers import complete
from tests.support.browser import DESKTOP, NARROW, PHONE, People, follow
from tests.support.evidence import portrait
from tests.support.pages import Receipt, follow_up, put, sign_in
from tests.support.pages_looked_at import Faults, look_at_narrow
from tests.support.stack import Stack
from tests.support.stripe_stand_in import PAID

FORM, FORCE = "firearms-certificate", "kent"
_PAY_PAGE = re.compile(r"^http://127\.0\.0\.1:\d+/pay/")
_NOW = dt.datetime.now(dt.UTC)
_GUN = {"type": "rifle", "action": "Bolt", "calibre": ".308", "make": "Acme 10", "serial": "A-1"}
_WANTED = {
    "type": "rifle", "action": "Bolt", "calibre": ".22 LR", "quantity": 1, "reason": "pests",
    "details": "Rabbits in the barley", "place": "Hill Farm",
}  # fmt: skip
GIVEN: dict[str, Any] = {
    "licences": "coterminous",
    "firearmKind": "renewal",
    "firearmCertificateNumber": "FC-4410",
    "firearmExpiry": (_NOW + dt.timedelta(days=100)).date().isoformat(),
    "shotgunKind": "grant",
    "filledInBy": "helper",
    "otherNamesUsed": "yes",
    "homeAddress": {"line1": "1 High Street", "line2": "", "town": "Maidstone", "postcode": "ME14 1XX"},
    "livedHereSince": (_NOW - dt.timedelta(days=400)).date().isoformat(),
    "livedAbroad": "yes",
    "healthConditions": ["depression"],
    "gpPracticesBefore": [
        {"practice": "Old Mill Surgery", "address": "Ashford", "years": "2017 to 2020"},
        {"practice": "Weald Practice", "address": "Tenterden", "years": "2020 to 2024"},
    ],
    "gpElsewhere": "yes",
    "medicalReport": "upload",
    "convictions": "yes",
    "longestSentence": "none",
    "refusedBefore": "no",
    "gunsHeldAny": "yes",
    "gunsHeld": [_GUN, {**_GUN, "type": "moderator", "serial": "A-2"}],
    "gunsWantedAny": "yes",
    "gunsWanted": [_WANTED, {**_WANTED, "calibre": ".243"}],
    "ammunition": [{"calibre": ".308", "held": 80, "hold": 300, "buy": 200}],
    "shotgunsHeldAny": "no",
    "storagePlace": "elsewhere",
    "contactPreference": {"how": "online", "value": "", "when": "", "safe_word": ""},
    "communicationNeeds": ["none"],
}
LOOKED_AT = {"tasks", "guns-wanted", "photo", "declaration"}
"""The pages of the form that are looked at here, filled as they are; test_every_form looks at all, empty."""


@pytest.fixture(autouse=True)
def asks_with_the_form(stack: Stack) -> Iterator[None]:
    """The force asks for the fee when a form is sent, until the test is over."""
    ((before,),) = stack.rows("SELECT collect_at FROM licensing_settings WHERE force_id = %s", FORCE)
    stack.rows("UPDATE licensing_settings SET collect_at = 'submission' WHERE force_id = %s", FORCE)
    yield
    stack.rows("UPDATE licensing_settings SET collect_at = %s WHERE force_id = %s", before, FORCE)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """What is added to the form, by question."""
    names = ("applicantPhoto", "storagePhotos", "medicalReportFiles", "permissionFiles")
    made = {name: tmp_path / f"{name}.jpg" for name in names}
    for path in made.values():
        path.write_bytes(portrait())
    return made


def at(page: Page) -> str:
    """The last part of the address that is open."""
    return urlsplit(page.url).path.rsplit("/", 1)[1]


def press(page: Page, name: str) -> None:
    """Press a button that everybody sees and wait for what comes."""
    follow(page, page.locator("button:not([tabindex='-1'])").get_by_text(name, exact=True).first)


def put_in(page: Page, question: Question, value: Any) -> None:  # noqa: ANN401 - any answer
    """One answer, row by row, as a hand does it."""
    if question.type in IN_ROWS and isinstance(value, list):
        for number in range(len(value)):
            if page.locator(f'[name^="{question.id}-{number}-"]').count() == 0:
                follow(page, page.get_by_role("button", name=re.compile("^Add another")))
                expect(page.locator(f'[name^="{question.id}-{number}-"]').first).to_be_visible()
    for name, texts in forms.raw_from_value(question, value).items():
        for text in texts:
            put(page.locator(f'[name="{name}"]'), str(text))


def add(page: Page, path: Path) -> None:
    """A file, by the plain button."""
    page.get_by_label("Choose a file").set_input_files(path)
    press(page, "Add this file")
    expect(page.locator("main")).to_contain_text(path.name)


def answer(page: Page, whole: dict[str, Any], files: dict[str, Path]) -> None:
    """Everything that the open page asks, and `Continue`."""
    for question in forms.load_all()[FORM].page(at(page)).questions:
        if question.type is QuestionType.FILES:
            add(page, files[question.id])
        else:
            put_in(page, question, whole.get(question.id))
    before = page.url
    press(page, "Continue")
    said = page.locator(".govuk-error-summary")
    assert page.url != before, said.inner_text() if said.count() else page.url


def go_through(page: Page, whole: dict[str, Any], files: dict[str, Path], looker: Looker) -> list[str]:
    """Every page by its own button until check-your-answers; answers which there were."""
    seen: list[str] = []
    for _ in range(140):
        page.wait_for_load_state()
        if at(page) == "check":
            return seen
        if at(page) in LOOKED_AT - set(seen):
            looker.look(page, at(page))
        seen.append(at(page))
        if at(page) == "tasks":
            follow(page, page.locator("[data-carry-on]"))
        elif at(page) == "danger":
            follow(page, page.get_by_text("Carry on with my report"))
        else:
            answer(page, whole, files)
    raise AssertionError(f"no end: {page.url}")


@dataclass
class Looker:
    """Looks at what a page without a script shows: axe needs one, so the same words are opened beside it."""

    beside: Page
    faults: Faults = field(default_factory=Faults)

    def look(self, page: Page, where: str) -> None:
        """axe, labels, and 320 pixels."""
        shown = re.sub(r"<script\b.*?</script>", "", page.content(), flags=re.DOTALL)
        self.beside.unroute_all()
        self.beside.route(page.url, lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=shown))
        self.beside.goto(page.url)
        look_at_narrow(self.beside, where, self.faults)


def see_if_i_can(page: Page, looker: Looker) -> None:
    """The front, and the questions that nobody keeps."""
    looker.look(page, "front")
    follow(page, page.get_by_role("link", name="See if you can apply"))
    for name, value in (("nation", "england-and-wales"), ("licence", "coterminous"), ("age", "18")):
        page.locator(f'[name="{name}"][value="{value}"]').check()
    page.locator('[name="sentence"][value="none"]').check()
    press(page, "Show the answer")
    expect(page.get_by_role("heading", name="Nothing you told us stops you")).to_be_visible()
    looker.look(page, "eligible")
    follow(page, page.get_by_role("link", name="See what to do next"))


def test_every_answer_by_hand_to_the_receipt_the_decision_and_the_certificate(
    people: People, stack: Stack, files: dict[str, Path]
) -> None:
    """Issue: on a phone, without a script, guns, homes, doctors, referees, photo, signature, fee and what follows."""
    person = people.come(PHONE, javascript=False)
    person.context.route(_PAY_PAGE, lambda route: route.continue_())
    page, looker = person.page(f"/firearms/?force={FORCE}"), Looker(people.come(NARROW).page())
    see_if_i_can(page, looker)
    follow(page, page.get_by_role("link", name="Apply for a gun certificate, or renew one"))
    page.get_by_label("No", exact=False).last.check()
    press(page, "Continue")
    looker.look(page, "before you start")
    press(page, "Start now")
    whole = complete(forms.load_all()[FORM], GIVEN, now=_NOW)
    seen = go_through(page, whole, files, looker)
    assert {"homes-before", "guns-held", "guns-wanted", "about-referees", "referees", "photo"} <= set(seen)
    looker.look(page, "check")
    for words in ("A-2", ".243", "Weald Practice", "applicantPhoto.jpg", "medicalReportFiles.jpg"):
        expect(page.locator("main")).to_contain_text(words)
    press(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your application")
    expect(page.locator("[data-print]"), "it needs a script").to_be_hidden()
    looker.look(page, "receipt")
    keys = page.locator(".contact-key")
    held = Receipt(keys.nth(0).inner_text().strip(), keys.nth(1).inner_text().strip())
    pay_and_follow(page, stack, held, looker)
    numbers = decide_it(people, stack, held)
    page.reload()
    expect(page.locator(".govuk-tag").first).to_have_text("Decided")
    looker.look(page, "status, decided")
    found = "SELECT number, state FROM certificates WHERE force_id = %s AND number = ANY(%s) ORDER BY number"
    assert stack.rows(found, FORCE, numbers) == [(number, "live") for number in numbers]
    looker.faults.check()


def pay_and_follow(page: Page, stack: Stack, held: Receipt, looker: Looker) -> None:
    """The fee on the company's page, the receipt, and the page that tells how it goes."""
    follow_up(page, held)
    page.goto(f"{stack.address}/application/{held.reference}")
    looker.look(page, "status, to pay")
    follow(page, page.get_by_role("link", name="Pay the fee"))
    looker.look(page, "pay")
    press(page, "Continue to payment")
    page.wait_for_url(_PAY_PAGE)
    page.locator(f'[name=card][value="{PAID}"]').check()
    page.get_by_role("button", name=re.compile("^Pay £")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your payment")
    looker.look(page, "paid")
    page.get_by_role("link", name="Go to your application").click()
    expect(page.locator(".govuk-tag").first).to_have_text("Received")
    words = page.locator("main").inner_text()
    for secret in ("A-2", ".243", "High Street", "epression", "Weald"):
        assert secret not in words
    looker.look(page, "status")


def decide_it(people: People, stack: Stack, held: Receipt) -> list[str]:
    """Two officers, without a script either: one checks and recommends, the other grants. Answers the numbers."""
    first, second = (stack.hire(name, kent=Role.LICENSING_OFFICER) for name in ("Jo Carter", "Ravi Shah"))
    desk = sign_in(people.come(DESKTOP, javascript=False), first, path="/control-room/licensing/")
    follow(desk, desk.locator("a[data-line]").filter(has_text=held.reference))
    address = desk.url.split("?")[0]
    for name in ("Take the case", "Complete: accept it", "Begin the checks"):
        follow(desk, desk.get_by_role("button", name=name, exact=True))
    checks = desk.locator(".licensing-checks > li")
    expect(checks.first).to_be_visible()
    for number in range(checks.count()):
        one = checks.nth(number)
        one.locator("summary").click()
        one.locator("select").select_option("no_concern")
        follow(desk, one.get_by_role("button", name="Record it"))
        expect(checks.nth(number).locator(".licensing-mark")).to_have_text("Done, no concern")
    desk.locator("#decision summary", has_text="Recommend").click()
    desk.locator("#decision select[name=outcome]").select_option("grant")
    desk.locator("#recommend-reasons").fill("Known for years, both referees spoken to.")
    follow(desk, desk.get_by_role("button", name="Recommend", exact=True))
    expect(desk.locator("#decision")).to_contain_text("another officer decides")

    other = sign_in(people.come(DESKTOP, javascript=False), second, path="/control-room/licensing/")
    other.goto(address)
    numbers = ["FC-4410", "SG-8804"]
    other.locator("#decision summary", has_text="Decide").click()
    other.locator("#decision select[name=outcome]").select_option("grant")
    other.locator("#decide-reasons").fill("As recommended.")
    other.locator("#decide-person").fill("P-881506")
    other.locator("#decide-certificates").fill(", ".join(numbers))
    follow(other, other.get_by_role("button", name="Record the decision", exact=True))
    expect(other.locator("#decision")).to_contain_text("FC-4410")
    return numbers
