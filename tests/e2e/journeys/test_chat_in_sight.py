"""In a chat the newest line, what to do in danger and the form on offer stay in sight, and never under the box."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.e2e.journeys.test_chat import answer, begin, handler, say
from tests.e2e.journeys.test_chat_widget import open_chat, visit
from tests.support.browser import DESKTOP, PHONE, People
from tests.support.force_sites import Sites
from tests.support.stack import Stack

_SEEN = """part => {
  const box = part.getBoundingClientRect();
  const at = (y) => part.contains(document.elementFromPoint((box.left + box.right) / 2, y));
  return at(box.top + 4) && at(box.bottom - 4);
}"""
_LONG = "We have looked at what you sent us and there is more to say. " * 5


def seen_whole(page: Page | Frame, selector: str) -> None:
    """Nothing lies over its first line nor over its last, and both are on the screen."""
    expect(page.locator(selector)).to_be_visible()
    page.wait_for_function(f"selector => ({_SEEN})(document.querySelector(selector))", arg=selector)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_each_new_line_is_led_into_sight_and_so_is_what_to_do_in_danger(
    people: People, stack: Stack, size: tuple[int, int]
) -> None:
    citizen = people.come(size).page("/chat?force=kent")
    agent = handler(people, stack, begin(citizen), "Rob Field")
    say(citizen, "It was green")
    expect(citizen.get_by_label("Your message")).to_be_focused()
    for number in range(4):
        answer(agent, _LONG + str(number))
        expect(citizen.locator(".chat-line--person")).to_have_count(number + 1)
        seen_whole(citizen, "#newest")
    say(citizen, "He is here now, he has a knife")
    seen_whole(citizen, "#danger")
    expect(citizen.locator("#danger")).to_be_focused()
    answer(agent, "I am sending somebody")
    expect(citizen.locator(".chat-line--person")).to_have_count(5)
    seen_whole(citizen, "#danger")


def test_a_form_on_offer_does_not_lie_under_the_box(people: People, stack: Stack) -> None:
    citizen = people.come(DESKTOP).page("/chat?force=kent")
    reference = begin(citizen)
    agent = handler(people, stack, reference, "Una Field")
    for number in range(3):
        answer(agent, _LONG + str(number))
    expect(citizen.locator(".chat-line--person")).to_have_count(3)
    stack.rows(
        "UPDATE conversations SET offered_form = 'theft' WHERE contact_id ="
        " (SELECT id FROM contacts WHERE reference = %s) RETURNING contact_id",
        reference,
    )
    answer(agent, "There is a form for it")
    seen_whole(citizen, "[data-chat-offer]")
    seen_whole(citizen, "#newest")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_in_a_frame_the_newest_line_and_the_box_are_both_in_sight(
    people: People, stack: Stack, sites: Sites, size: tuple[int, int]
) -> None:
    page = visit(people.come(size), sites, stack, sites.own)
    frame = open_chat(page)
    frame.get_by_label("Your message").fill("My gate was broken")
    frame.get_by_role("button", name="Send", exact=True).click()
    expect(frame.locator(".chat-line--me")).to_have_count(1)
    agent = handler(people, stack, frame.locator(".chat-keys .chat-key").first.text_content() or "", "Ned Field")
    inside = next(each for each in page.frames if "/widget/" in each.url)
    for number in range(3):
        answer(agent, _LONG + str(number))
        expect(frame.locator(".chat-line--person")).to_have_count(number + 1)
        seen_whole(inside, "#newest")
        seen_whole(inside, "[data-chat-form]")
