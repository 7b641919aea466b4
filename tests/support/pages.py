"""What a citizen and an agent do, in their own words: fill a form in, sign in, claim, reply."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

import forms
from contact.domain.demonstration import DEMO_PASSWORD
from forms.doors import load_doors
from tests.support.browser import Person, follow
from tests.support.stack import Agent
from tests.web.citizen.journeys import boxes

QUIET_THEFT: Mapping[str, Any] = {
    "incidentInvolvement": "victim",
    "incidentLocation": {"postcode": "ME14 1XX", "address": "Bike racks, County Library", "description": ""},
    "incidentStartDateTime": {"kind": "not_sure"},
    "theftKind": "bike",
    "incidentDescription": "My blue bicycle was taken from outside the library.",
    "suspectKnown": "unseen",
    "alsoTaken": "none",
    "evidence": "none",
    "communicationNeeds": "none",
    "impact": "none",
    "contactPreference": {"how": "email", "email": "sam@example.org"},
}
"""A theft in Kent by somebody who may be written to; other questions are answered by `boxes`."""


@dataclass(frozen=True)
class Receipt:
    """What the citizen holds."""

    reference: str
    words: str


def fill_page(page: Page, form_id: str, given: Mapping[str, Any]) -> None:
    """Answer the questions of the page that is open; nothing is sent."""
    page.wait_for_load_state()  # what is hidden is hidden by the script
    form = forms.load_all()[form_id]
    page_id = urlsplit(page.url).path.rsplit("/", 1)[1]
    for question in form.page(page_id).questions:
        for name, value in boxes(question, given.get(question.id)).items():
            for each in value if isinstance(value, list) else [value]:
                put(page.locator(f'[name="{name}"]'), str(each))


def put(box: Locator, value: str) -> None:
    """Put a value into a box, or choose it among radios and ticks. What is hidden or not there stays as it is."""
    if box.count() == 0 or not value or not box.first.is_visible():
        return
    kind = box.first.get_attribute("type")
    if kind in {"radio", "checkbox"}:
        box.page.locator(f'[name="{box.first.get_attribute("name")}"][value="{value}"]').check()
    elif box.first.evaluate("box => box.tagName") == "SELECT":
        box.first.select_option(value)
    else:
        box.first.fill(value)


def begin(page: Page, form_id: str = "theft") -> None:
    """From the front page, as anybody would, to the form's first question."""
    page.goto("/".join(page.url.split("/")[:3]) + "/") if not page.url.endswith("/") else None
    follow(page, page.get_by_role("link", name="Report a crime"))
    label = next(door.label.en for door in load_doors() if door.form == form_id)
    follow(page, page.get_by_role("link", name=label, exact=True))
    if page.url.endswith("/start"):
        page.get_by_label("No", exact=False).last.check()
        follow(page, page.get_by_role("button", name="Continue"))
    if urlsplit(page.url).path.endswith("/leaving"):
        follow(page, page.get_by_role("button", name="Continue"))
    follow(page, page.get_by_role("button", name="Start now"))


def fill_to_check(page: Page, form_id: str = "theft", given: Mapping[str, Any] = QUIET_THEFT) -> None:
    """Answer page after page until check-your-answers is open."""
    form = forms.load_all()[form_id]
    for _ in range(120):
        page.wait_for_load_state()
        last = urlsplit(page.url).path.rsplit("/", 1)[1]
        if last == "check":
            return
        if last == "danger":
            follow(page, page.get_by_role("button", name="Carry on with my report"))
            continue
        assert last in {each.id for section in form.sections for each in section.pages}, page.url
        fill_page(page, form_id, given)
        follow(page, page.get_by_role("button", name="Continue", exact=True))
    raise AssertionError(f"no end: {page.url}")


def send(page: Page) -> Receipt:
    """Press `Send` and read the receipt."""
    page.get_by_role("button", name="Send", exact=True).click()
    return receipt(page)


def receipt(page: Page) -> Receipt:
    """What the open receipt says."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("We have your (report|message)"))
    keys = page.locator(".contact-key")
    return Receipt(keys.nth(0).inner_text().strip(), keys.nth(1).inner_text().strip())


def follow_up(page: Page, held: Receipt) -> None:
    """Sign in to the progress page with reference and four words."""
    page.goto("/".join(page.url.split("/")[:3]) + "/progress")
    page.get_by_label("Reference").fill(held.reference)
    page.get_by_label("Your four words").fill(held.words)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".contact-step")).to_contain_text(held.reference)


def sign_in(person: Person, agent: Agent, *, path: str = "/control-room/") -> Page:
    """Through the door, with the code that the agent's authenticator shows."""
    page = person.page(f"/control-room/sign-in?next={path}")
    page.get_by_label("Work email address").fill(agent.email)
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    page.get_by_label("Code", exact=True).fill(agent.code())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("banner").get_by_role("link", name=agent.name)).to_be_visible()
    return page


def row(page: Page, reference: str) -> Locator:
    """A contact's row in the queue."""
    return page.locator("tr[data-key]").filter(has_text=reference)


def claim(page: Page, reference: str) -> None:
    """Press `Claim` on its row; the contact's page opens."""
    row(page, reference).get_by_role("button", name=re.compile("Claim")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(reference)
