"""Conversations at the desk, in real browsers: taken over with one key, answered, given back, closed; live."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from contact.domain.access import Role
from contact.domain.taxonomy import Channel
from tests.support.browser import DESKTOP, People
from tests.support.pages import row, sign_in
from tests.support.pages_looked_at import tab_through
from tests.support.stack import Stack
from tests.support.stack_talks import Talk, assistant_there

FORCE = "gwent"


@pytest.fixture(autouse=True)
def assistant(stack: Stack) -> Iterator[None]:
    with assistant_there(stack):
        yield


def _room(people: People, stack: Stack, name: str, *, javascript: bool = True) -> Page:
    return sign_in(people.come(DESKTOP, javascript=javascript), stack.hire(name, **{FORCE: Role.CALL_HANDLER}))


def _key(page: Page, key: str) -> None:
    """Press a key once the page listens."""
    expect(page.get_by_label("Shortcuts")).to_be_visible()
    page.keyboard.press(key)


def _bot_talks(stack: Stack, talk: Talk) -> bool:
    return bool(stack.rows("SELECT bot FROM conversations WHERE contact_id = %s", talk.id)[0][0])


def test_taken_over_answered_given_back_and_closed_by_keys_alone(people: People, stack: Stack) -> None:
    talk = Talk(stack, FORCE, "someone took my bike from outside 12 Mill Lane")
    talk.turn("What does it look like?", facts=(("place", "12 Mill Lane", "12 Mill Lane"),))
    page = _room(people, stack, "Ola Birch")
    page.get_by_role("link", name="With the assistant").press("Enter")
    expect(page.locator("#queue-live")).to_have_text("Live")
    expect(row(page, talk.reference)).to_contain_text("Assistant")
    while not row(page, talk.reference).get_by_role("link").first.evaluate("each => each === document.activeElement"):
        page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_contain_text(talk.reference)
    expect(page.locator(".case-hold--mine")).to_be_visible()
    assert not _bot_talks(stack, talk)
    expect(page.locator(".case-thread")).to_contain_text("A person has joined.")
    tab_through(page, "a conversation")
    _key(page, "r")
    page.keyboard.type("I am looking into it.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".case-said--outbound")).to_contain_text("I am looking into it.")
    _key(page, "b")
    expect(page.locator(".talk")).to_contain_text("The assistant is talking.")
    assert _bot_talks(stack, talk)
    _key(page, "k")
    expect(page.locator(".talk")).to_contain_text("The assistant is silent")
    assert not _bot_talks(stack, talk)
    page.get_by_text("Close", exact=True).press("Enter")
    page.get_by_label("How did it end?").select_option("answered")
    page.get_by_role("button", name="Close the contact").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Queue")
    assert stack.rows("SELECT state FROM contacts WHERE id = %s", talk.id) == [("closed",)]


def test_what_is_said_and_understood_appears_without_reload(people: People, stack: Stack) -> None:
    talk = Talk(stack, FORCE, "someone took my bike")
    page = _room(people, stack, "Pia Stone")
    page.goto(talk.address)
    page.evaluate("() => { window.neverReloaded = true }")
    talk.turn("Where was it taken?", summary=("Bicycle taken", "Place not said"))
    expect(page.locator(".case-said--bot")).to_contain_text("Where was it taken?")
    expect(page.locator(".talk__summary")).to_contain_text("Place not said")
    talk.say("outside the violet gate")
    talk.turn("Thank you.", facts=(("place", "violet gate", "the violet gate"),), category="burglary", grade="priority")
    expect(page.locator("mark")).to_have_text("the violet gate")
    expect(page.locator(".case-proposal")).to_contain_text("Burglary")
    expect(page.locator(".talk")).to_contain_text("The assistant is silent")
    page.get_by_role("button", name="Take over").click()  # as it stood when the page was opened: the same act
    expect(page.locator(".case-hold--mine")).to_be_visible()
    expect(page.get_by_role("button", name="Ask the assistant back")).to_have_count(0)


def test_a_conversation_without_javascript(people: People, stack: Stack) -> None:
    talk = Talk(stack, FORCE, "someone took my bike")
    talk.turn("Where was it taken?")
    page = _room(people, stack, "Quin Vale", javascript=False)
    page.get_by_role("link", name="With the assistant").click()
    row(page, talk.reference).get_by_role("button", name=re.compile("Take over")).click()
    expect(page.locator(".case-said--system")).to_contain_text("A person has joined.")
    page.get_by_label("Reply to the person").fill("Hello.")
    page.get_by_role("button", name=re.compile("^When")).click()
    expect(page.get_by_label("Reply to the person")).to_have_value(re.compile(r"^Hello\.\s+When did this happen"))
    assert "When did" not in page.locator(".case-thread").inner_text(), "never sent by itself"
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".case-said--outbound")).to_contain_text("When did this happen")
    page.get_by_role("button", name="Ask the assistant back").click()
    expect(page.locator(".talk")).to_contain_text("The assistant is talking.")
    page.get_by_role("button", name="Take over").click()
    expect(page.locator(".talk")).to_contain_text("A person took over")


def test_a_text_is_counted_while_it_is_typed_and_shown_on_its_way(people: People, stack: Stack) -> None:
    talk = Talk(stack, FORCE, "someone took my bike", channel=Channel.SMS)
    talk.turn("Which street?")
    page = _room(people, stack, "Rhys Teal")
    page.goto(talk.address)
    _key(page, "k")
    expect(page.locator(".case-hold--mine")).to_be_visible()
    box, count = page.get_by_label("Reply to the person"), page.locator("#reply-count")
    box.fill("Where was it?")
    expect(count).to_contain_text("characters left in one part")
    box.fill("Ble mae’r tŷ?")
    expect(count).to_contain_text("With ŷ a part holds 70 characters")
    box.fill("Where was it? " * 20)
    expect(count).to_contain_text("2 parts")
    box.fill("Where was it?")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".case-said--outbound .case-said__state")).to_have_text(
        re.compile("sent|delivered|sending|leave")
    )


def test_the_open_page_says_by_which_way_words_leave_when_the_person_goes_on_in_a_browser(
    people: People, stack: Stack
) -> None:
    talk = Talk(stack, FORCE, "someone took my bike", channel=Channel.SMS)
    page = _room(people, stack, "Sia Moor")
    page.goto(talk.address)
    _key(page, "k")
    expect(page.locator(".case-hold--mine")).to_be_visible()
    way, count = page.locator("#reply .case-way"), page.locator("#reply-count")
    expect(way).to_contain_text("It leaves as a text")
    page.get_by_label("Reply to the person").fill("Where was it?")
    expect(count).to_be_visible()
    page.get_by_text("Where, what, who, weapons, injuries").click()
    talk.channel = Channel.CHAT
    talk.say("outside the violet gate")
    expect(way).to_contain_text("They read it in their chat at once")
    expect(count).to_be_hidden()
    expect(page.get_by_label("Reply to the person")).to_have_value("Where was it?")
    expect(page.locator(".case-facts--brief")).to_be_visible()
    expect(page.locator(".case-facts--brief")).to_contain_text("violet gate")
    talk.channel = Channel.SMS
    talk.say("my battery is low")
    expect(way).to_contain_text("It leaves as a text")
    expect(count).to_be_visible()
