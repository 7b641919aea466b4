"""From an invitation to a working account: with and without JavaScript, axe on each page and error."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from contact.domain.access import Role
from contact.services import second_factor
from tests.support.browser import DESKTOP, PHONE, People, check_axe, follow
from tests.support.pages import sign_in
from tests.support.stack import Stack

PASSWORD = "granite otter velvet"


def code_of(secret: str) -> str:
    """What an authenticator with that key shows now."""
    return second_factor.current_code(secret, now=dt.datetime.now(dt.UTC))


def set_up(page: Page) -> str:
    """Fill the page behind the link; answers the first recovery code."""
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_label("Type the password again").fill(PASSWORD)
    page.get_by_label("The code your authenticator shows now").fill(code_of(page.locator("#key").inner_text()))
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep your recovery codes")
    assert page.locator(".staff-codes li").count() == 10
    return page.locator(".staff-codes li").first.inner_text()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_an_invitation_becomes_an_account(people: People, stack: Stack, javascript: bool) -> None:
    look: Callable[[Page], None] = check_axe if javascript else lambda page: None  # axe itself needs scripts
    admin = sign_in(people.come(javascript=javascript), stack.hire("Nia Rees", kent=Role.FORCE_ADMIN))
    expect(admin.get_by_role("heading", level=1)).to_have_text("Agents")
    look(admin)
    follow(admin, admin.get_by_role("button", name="Invite an agent"))
    look(admin)
    email = f"bea.{'script' if javascript else 'plain'}@police.example"
    admin.get_by_label("Full name").fill("Bea Lowe")
    admin.get_by_label("Work email address").fill(email)
    admin.get_by_label("Force", exact=True).select_option("kent")
    admin.get_by_label("Call handler").check()
    follow(admin, admin.get_by_role("button", name="Make a link"))
    look(admin)
    link = admin.locator("#link").inner_text()

    newcomer = people.come(PHONE, javascript=javascript)
    page = newcomer.page(link.removeprefix(stack.address))
    look(page)
    recovery = set_up(page)
    look(page)
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Queue")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to the control room")

    page.get_by_label("Work email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Code", exact=True).fill(recovery)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Queue")
    page.get_by_role("banner").get_by_role("link", name="Bea Lowe").click()
    expect(page.get_by_text("9 Make new codes")).to_be_visible()
    look(page)


def test_errors_are_in_sight_and_in_words(people: People, stack: Stack) -> None:
    person = people.come(DESKTOP)
    person.may_say("401|404")
    page = person.page("/control-room/sign-in")
    page.get_by_label("Work email address").fill("nobody@police.example")
    page.get_by_label("Password", exact=True).fill("not a password of anybody")
    page.get_by_label("Code", exact=True).fill("123456")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("is not right, or the account is locked")
    check_axe(page)
    page.goto(stack.address + "/control-room/nothing")
    expect(page.get_by_role("heading", level=1)).to_have_text("We cannot find that page")
    check_axe(page)
    page.goto(stack.address + "/nothing")
    check_axe(page)


def test_too_much_text_gets_our_page_in_a_browser(people: People) -> None:
    person = people.come(DESKTOP)
    person.may_say("413")
    page = person.page("/progress")
    page.locator("input[name=reference]").evaluate(
        "field => { field.removeAttribute('maxlength'); field.value = 'x'.repeat(10_000_000) }"
    )
    page.locator("main form button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("That is too much for one page")
    check_axe(page)
