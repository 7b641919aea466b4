"""An administrator invites somebody, who chooses a password, sets up an authenticator and keeps the codes (26)."""

from __future__ import annotations

import datetime as dt

from playwright.sync_api import expect

from contact.domain.access import Role
from contact.services import second_factor
from tests.support.browser import PHONE, People
from tests.support.pages import sign_in
from tests.support.stack import Stack

PASSWORD = "seven green kettles whistle"


def test_an_administrator_invites_an_agent_who_sets_themselves_up(people: People, stack: Stack) -> None:
    admin = stack.hire("Mona Price", warwickshire=Role.FORCE_ADMIN)
    office = sign_in(people.come(), admin, path="/control-room/admin/agents")
    office.goto(stack.address + "/control-room/admin/agents")
    office.get_by_role("button", name="Invite an agent").click()
    if office.get_by_role("heading", name="Show that it is still you").count():
        office.get_by_label("Code").fill(admin.code())
        office.get_by_role("button", name="Go on").click()
    email = f"nye{dt.datetime.now(dt.UTC):%H%M%S%f}@police.example"
    office.get_by_label("Name").fill("Nye Park")
    office.get_by_label("Email").fill(email)
    force = office.get_by_label("Force", exact=True)
    if force.count() and force.evaluate("box => box.tagName") == "SELECT":
        force.select_option("warwickshire")
    office.get_by_label("Call handler").check()
    office.get_by_role("main").get_by_role("button").first.click()
    link = office.locator("#link").inner_text()

    person = people.come(PHONE)
    person.may_say("status of 4(00|01|04|10)")
    page = person.context.new_page()
    page.goto(link)
    secret = page.locator("#key").inner_text().replace(" ", "")
    page.get_by_label("Choose a password").fill("short")
    page.get_by_label("Type the password again").fill("short")
    page.get_by_label("The code your authenticator shows now").fill("000000")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_text("must be 12 characters or more").first).to_be_visible()
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_label("Type the password again").fill(PASSWORD)
    now = second_factor.current_code(secret, now=dt.datetime.now(dt.UTC))
    page.get_by_label("The code your authenticator shows now").fill(now)
    page.get_by_role("button", name="Save and sign in").click()
    codes = page.locator(".staff-codes li").all_inner_texts()
    assert len(codes) == len(set(codes)) == 10
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Queue")

    page.get_by_role("button", name="Sign out").click()
    page.goto(link)
    expect(page.locator("#key")).to_have_count(0)  # it worked once
    page.goto(stack.address + "/control-room/sign-in")
    page.get_by_label("Work email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Queue")
