"""A theft, from the front page to the answer and back: with and without JavaScript, on a phone and on a desktop."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from contact.domain.access import Role
from tests.support.browser import DESKTOP, PHONE, People
from tests.support.pages import QUIET_THEFT, begin, claim, fill_to_check, follow_up, row, send, sign_in
from tests.support.stack import Stack


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_theft_from_the_front_page_to_the_receipt(
    people: People, stack: Stack, size: tuple[int, int], javascript: bool
) -> None:
    page = people.come(size, javascript=javascript).page("/")
    begin(page)
    fill_to_check(page)
    held = send(page)
    assert stack.rows("SELECT force_id, category FROM contacts WHERE reference = %s", held.reference) == [
        ("kent", "theft")
    ]
    follow_up(page, held)


def test_a_report_is_answered_closed_and_reopened(people: People, stack: Stack) -> None:
    """Both at once: what one does, the other sees without asking for it again."""
    agent = stack.hire("Ada Field", kent=Role.CALL_HANDLER)
    room = sign_in(people.come(), agent)
    expect(room.locator("#queue-live")).to_have_text("Live")
    page = people.come(PHONE).page("/")
    begin(page)
    fill_to_check(page, given={**QUIET_THEFT, "incidentDescription": "Someone took my bike and its child seat."})
    held = send(page)

    expect(row(room, held.reference)).to_be_visible()
    claim(room, held.reference)
    expect(room.locator(".case-own")).to_contain_text("its child seat")
    room.get_by_label("Reply to the person").fill("We are looking at the camera of the library.")
    room.get_by_role("button", name="Send reply").click()
    expect(room.locator(".case-said--outbound")).to_contain_text("camera of the library")

    follow_up(page, held)
    expect(page.locator("main")).to_contain_text("camera of the library")
    page.get_by_label("Send us a message").fill("I found the child seat in a hedge.")
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_text("Your message is sent")).to_be_visible()
    expect(room.locator(".case-said--inbound").last).to_contain_text("in a hedge")

    room.get_by_role("button", name="Mark as read").click()
    room.get_by_label("What the force does").select_option(index=1)
    room.get_by_role("button", name="Decide", exact=True).click()
    expect(room.locator(".case-decided")).to_contain_text(agent.name)
    room.get_by_text("Enter a crime number").click()
    room.get_by_label("Crime number").fill("46/12345/26")
    room.locator("#crime").get_by_role("button", name="Record it").first.click()
    expect(room.locator("#crime")).to_contain_text("46/12345/26")
    room.get_by_text("Close", exact=True).click()
    room.get_by_label("How did it end?").select_option("crime_recorded")
    room.get_by_role("button", name="Close the contact").click()
    expect(room.get_by_role("heading", level=1)).to_have_text("Queue")
    expect(row(room, held.reference)).to_have_count(0)
    state = "SELECT state, holder_id FROM contacts WHERE reference = %s"
    assert stack.rows(state, held.reference)[0][0] == "closed"

    page.get_by_label("Send us a message").fill("The bike is for sale online.")
    page.get_by_role("button", name="Send message").click()
    expect(row(room, held.reference)).to_be_visible()
    assert stack.rows(state, held.reference) == [("waiting", None)]
    room.get_by_role("link", name=re.compile(held.reference)).first.click()
    expect(room.locator(".case-said--inbound").last).to_contain_text("for sale online")
