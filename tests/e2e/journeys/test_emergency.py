"""The door for people who cannot call: to the top of the queue at once, and by telephone where nobody opens it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from contact.domain.access import Role
from tests.support.browser import PHONE, People, follow
from tests.support.pages import receipt, row, sign_in
from tests.support.stack import Stack
from tests.support.stack_reports import emergency, report

RINGS_WITHIN_MS = 120_000  # a minute, and the watch's round


def test_a_message_without_javascript_is_first_in_the_queue_at_once(people: People, stack: Stack) -> None:
    agent = stack.hire("Cara Nwosu", surrey=Role.CALL_HANDLER)
    earlier = report(stack, force_id="surrey")
    room = sign_in(people.come(), agent)
    expect(row(room, earlier.reference)).to_be_visible()
    page = people.come(PHONE, javascript=False).page("/force/surrey/")
    page.get_by_role("link", name="Someone is in danger now").click()
    page.get_by_label("Where are you").fill("Flat 2, 12 Long Lane, Guildford")
    page.get_by_label("What is happening?").fill("He is breaking the door")
    page.get_by_label("Yes, reply on this site").check()
    follow(page, page.get_by_role("button", name="Send now"))
    if page.get_by_label("Police force").count():
        page.get_by_label("Police force").select_option("surrey")
        follow(page, page.get_by_role("button", name="Send now"))
    held = receipt(page)
    expect(page.get_by_text("Nobody has read it yet.")).to_be_visible()

    expect(row(room, held.reference)).to_be_visible()
    expect(room.locator("tr[data-key]").first).to_contain_text(held.reference)
    expect(room.get_by_role("heading", name=re.compile("Emergencies"))).to_be_visible()
    row(room, held.reference).get_by_role("button", name=re.compile("Claim")).click()
    expect(room.get_by_role("heading", level=1)).to_contain_text(held.reference)

    again = page.get_by_role("link", name="Check again if somebody has read it")
    again.click()
    expect(page.get_by_text("Nobody has read it yet.")).to_be_visible()  # opened is not read (practice 2)
    room.get_by_role("button", name="Mark as read").click()
    expect(room.get_by_role("button", name="Mark as read")).to_have_count(0)
    again.click()
    expect(page.get_by_text(re.compile("A person opened your message"))).to_be_visible()


def test_unopened_for_a_minute_it_rings_until_somebody_accepts(people: People, stack: Stack) -> None:
    agent = stack.hire("Dan Ozu", essex=Role.SUPERVISOR)
    room = sign_in(people.come(), agent)
    held = emergency(stack, "essex")
    expect(row(room, held.reference)).to_be_visible()
    phone = people.come().page("/demo/phone")
    call = phone.locator(".govuk-summary-card").filter(has_text="+447700900203").first
    pick_up = call.get_by_role("button", name=re.compile("Answer and press 1"))

    def ringing() -> bool:
        phone.get_by_role("link", name="Look again").click()
        return pick_up.count() > 0

    stack.until(ringing, "no telephone rang", RINGS_WITHIN_MS / 1000)
    pick_up.click()
    expect(call).to_contain_text("Press 1 to accept")
    accepted = "SELECT accepted_by FROM alarms JOIN contacts ON contacts.id = contact_id WHERE reference = %s"
    stack.until(lambda: ("Duty inspector",) in stack.rows(accepted, held.reference), "nobody is said to have accepted")
    room.goto(people.stack.address + "/control-room/alarms")
    expect(room.locator("main")).to_contain_text("Accepted by Duty inspector")
