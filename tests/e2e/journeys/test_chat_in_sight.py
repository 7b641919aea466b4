"""In a chat the newest line, what to do in danger and the form on offer stay in sight, and never under the box."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.journeys.test_chat import answer, begin, handler, say
from tests.support.browser import DESKTOP, PHONE, People
from tests.support.stack import Stack

_SEEN = """part => {
  const box = part.getBoundingClientRect();
  const at = (y) => part.contains(document.elementFromPoint((box.left + box.right) / 2, y));
  return at(box.top + 4) && at(box.bottom - 4);
}"""
_LONG = "We have looked at what you sent us and there is more to say. " * 5


def seen_whole(page: Page, selector: str) -> None:
    """Nothing lies over its first line nor over its last, and both are on the screen."""
    expect(page.locator(selector)).to_be_visible()
    page.wait_for_function(f"selector => ({_SEEN})(document.querySelector(selector))", arg=selector)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_each_new_line_is_led_into_sight_and_so_is_what_to_do_in_danger(
    people: People, stack: Stack, size: tuple[int, int]
) -> None:
    citizen = people.come(size).page("/chat?force=kent")
    agent = handler(people, stack, begin(citizen), "Rob Field")
    for number in range(4):
        answer(agent, _LONG + str(number))
        expect(citizen.locator(".chat-line--person")).to_have_count(number + 1)
        seen_whole(citizen, "#newest")
    say(citizen, "He is here now, he has a knife")
    seen_whole(citizen, "#danger")
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
