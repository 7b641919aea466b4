"""Somebody texts and an agent answers: the demonstration's handset on one side, the control room on the other."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from contact.domain.access import Role
from tests.support.browser import PHONE, People
from tests.support.pages import sign_in
from tests.support.stack import Stack

OURS = "SELECT number FROM sms_numbers WHERE force_id = %s"
THREAD = (
    "SELECT c.id FROM contacts c JOIN reporters r ON r.contact_id = c.id WHERE r.phone_e164 = %s AND c.force_id = %s"
)


def pick_up(people: People, stack: Stack, mine: str, force: str, *, javascript: bool = True) -> Page:
    """A handset in the hand of somebody who texts that force."""
    ((ours,),) = stack.rows(OURS, force)
    person = people.come(PHONE) if javascript else people.come(PHONE, javascript=False)
    return person.page(f"/demo/phone?mine={mine.replace('+', '%2B')}&ours={ours.replace('+', '%2B')}")


def type_text(page: Page, body: str) -> None:
    """Type it and send it."""
    page.get_by_label("Your text").fill(body)
    page.get_by_role("button", name="Send", exact=True).click()


def test_a_text_reaches_the_control_room_and_the_answer_the_handset(people: People, stack: Stack) -> None:
    mine, force = "+447700900331", "durham"
    phone = pick_up(people, stack, mine, force)
    type_text(phone, "my bike was nicked outside the library")
    screen = phone.locator(".phone__screen")
    expect(screen).to_contain_text("my bike was nicked")
    expect(screen).to_contain_text("DEMO, not the police.")  # what the platform says at once, by itself
    stack.until(lambda: len(stack.rows(THREAD, mine, force)) == 1, "no contact was made")
    ((contact_id,),) = stack.rows(THREAD, mine, force)
    room = sign_in(people.come(), stack.hire("Wyn Ellis", durham=Role.CALL_HANDLER))
    room.goto(f"{stack.address}/control-room/contacts/{contact_id}")
    room.get_by_role("button", name=re.compile("Take (it|over)")).first.click()
    expect(room.locator(".case-hold--mine")).to_be_visible()
    room.get_by_label("Reply to the person").fill("What colour is it?")
    room.get_by_role("button", name="Send reply").click()
    expect(screen).to_contain_text("What colour is it?")
    type_text(phone, "blue")
    expect(room.locator(".case-said--inbound").filter(has_text="blue")).to_be_visible()
    type_text(phone, "STOP")
    expect(room.locator("main")).to_contain_text("texted STOP")


def test_the_handset_works_without_a_script_and_ten_deliveries_are_one_text(people: People, stack: Stack) -> None:
    mine, force = "+447700900332", "durham"
    phone = pick_up(people, stack, mine, force, javascript=False)
    phone.get_by_label("What", exact=True).select_option("in-ten")
    phone.get_by_role("button", name="Order it").click()
    expect(phone.get_by_text("Waiting to go wrong")).to_be_visible()
    type_text(phone, "he has a knife")

    def advised() -> bool:
        phone.get_by_role("link", name="Look again").click()
        return phone.get_by_text("In danger? Call 999 now.").count() > 0

    stack.until(advised, "nobody was told to call 999")
    ((contact_id,),) = stack.rows(THREAD, mine, force)
    kept = "SELECT count(*) FROM messages WHERE contact_id = %s AND kind = 'inbound'"
    assert stack.rows(kept, contact_id) == [(1,)]
