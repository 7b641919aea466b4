"""Without a mouse: Tab reaches every control in order, shows where it is, and the keys do what a press would."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from contact.domain.access import Role
from tests.support.browser import DESKTOP, People
from tests.support.pages import begin, row, sign_in
from tests.support.pages_looked_at import tab_through
from tests.support.stack import Stack
from tests.support.stack_reports import report

FORCE = "durham"


def to(page: Page, wanted: str) -> None:
    """Press Tab until the element of that selector has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"Tab never reaches {wanted}")


def test_a_question_is_answered_by_keys_alone(people: People) -> None:
    page = people.come(DESKTOP).page("/")
    tab_through(page, "the front page")
    begin(page)
    page.wait_for_load_state()
    first = page.url
    tab_through(page, "a question")
    page.reload()
    to(page, "[name=incidentInvolvement]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.locator("[name=incidentInvolvement]").first).to_be_checked()
    to(page, "button[value=on]")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(first)
    tab_through(page, "a question with boxes")


def test_an_error_takes_the_focus_and_leads_to_its_box(people: People) -> None:
    page = people.come(DESKTOP).page("/")
    begin(page)
    page.wait_for_load_state()
    to(page, "button[value=on]")
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=incidentInvolvement]").first).to_be_focused()


def test_the_skip_link_is_first_and_skips(people: People) -> None:
    page = people.come(DESKTOP).page("/report/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_queue_and_contact_are_worked_by_keys_alone(people: People, stack: Stack) -> None:
    held = report(stack, force_id=FORCE)
    page = sign_in(people.come(DESKTOP), stack.hire("Uma Lind", **{FORCE: Role.CALL_HANDLER}))
    expect(row(page, held.reference)).to_be_visible()
    expect(page.locator("#queue-live")).to_have_text("Live")
    tab_through(page, "the queue")
    page.evaluate("document.activeElement.blur()")
    to(page, "tr .queue-claim")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(held.reference)
    expect(page.locator(".case-hold--mine")).to_be_visible()
    tab_through(page, "the contact page")
    page.evaluate("document.activeElement.blur()")
    to(page, "#reply-body")
    page.keyboard.type("We have it and write again tomorrow.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send reply")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".case-said--outbound")).to_contain_text("write again tomorrow")
    page.evaluate("document.activeElement.blur()")
    to(page, "#letting-go summary")
    page.keyboard.press("Enter")
    to(page, "#letting-go select")
    page.keyboard.press("ArrowDown")
    to(page, "#letting-go button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Queue"))
