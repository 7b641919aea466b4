"""The chat inside a force's own site: one script, a frame with a session of its own, refused to any other site."""

from __future__ import annotations

import re
import secrets

from playwright.sync_api import FrameLocator, Page, expect

from tests.support.browser import DESKTOP, NARROW, PHONE, People, Person, check_axe
from tests.support.force_sites import Sites
from tests.support.stack import Stack
from tests.support.stack_talks import say_as_a_person


def visit(person: Person, sites: Sites, stack: Stack, site: str, *, words: str = "") -> Page:
    """A page of that site, which this browser may load; the site puts `words` into the chat's box."""
    person.context.route(re.compile(r"^http://localhost:"), lambda route: route.continue_())
    page = person.context.new_page()
    page.goto(sites.page(site, stack.address, words=words))
    return page


def open_chat(page: Page) -> FrameLocator:
    """Press the button; the frame."""
    page.get_by_role("button", name="Chat with us").click()
    return page.frame_locator("iframe[title='Chat with the police']")


def test_a_person_chats_on_a_force_s_own_site(people: People, stack: Stack, sites: Sites) -> None:
    person = people.come(DESKTOP)
    page = visit(person, sites, stack, sites.own)
    frame = open_chat(page)
    expect(frame.get_by_text("Demonstration:")).to_be_visible()
    frame.get_by_label("Your message").fill("Written on the force’s own page")
    frame.get_by_role("button", name="Send", exact=True).click()
    expect(frame.locator(".chat-line--me")).to_contain_text("Written on the force’s own page")
    frame.get_by_label("Your message").fill("And a second message")
    frame.get_by_label("Your message").press("Escape")
    expect(frame.get_by_label("Your message")).to_have_value("And a second message")
    frame.get_by_role("button", name="Send", exact=True).click()
    expect(frame.locator(".chat-line--me")).to_have_count(2)
    page.get_by_role("button", name="Hide the chat").click()
    expect(page.locator("iframe")).to_be_hidden()
    check_axe(page)
    page.reload()
    frame = open_chat(page)
    expect(frame.locator(".chat-line--me")).to_have_count(2)
    cookies = {each["name"] for each in person.context.cookies()}
    assert "contact_widget" in cookies
    assert "contact_citizen" not in cookies, "the frame holds no citizen session"


def test_leaving_takes_the_whole_tab_away_and_ends_the_chat(people: People, stack: Stack, sites: Sites) -> None:
    person = people.come(PHONE)
    person.may_say("status of 403")
    page = visit(person, sites, stack, sites.own)
    frame = open_chat(page)
    frame.get_by_label("Your message").fill("Nobody else may read this")
    frame.get_by_role("button", name="Send", exact=True).click()
    expect(frame.locator(".chat-line--me")).to_have_count(1)
    frame.get_by_role("link", name="Leave this site").click()
    expect(page.get_by_role("heading", name="Weather")).to_be_visible()
    page.goto(sites.page(sites.own, stack.address))
    frame = open_chat(page)
    expect(frame.get_by_role("heading", name="Chat with us")).to_be_visible()
    expect(frame.locator("body")).not_to_contain_text("Nobody else may read this")


def test_another_site_is_refused_the_frame(people: People, stack: Stack, sites: Sites) -> None:
    person = people.come()
    person.may_say("frame-ancestors|refused to connect|chrome-error|ERR_BLOCKED_BY_RESPONSE")
    page = visit(person, sites, stack, sites.stranger)
    page.get_by_role("button", name="Chat with us").click()
    person.until(lambda: any("frame-ancestors" in each for each in person.problems), "the frame was not refused")
    assert not any(frame.url.startswith(stack.address) for frame in page.frames)


def test_without_a_script_there_is_a_link(people: People, stack: Stack, sites: Sites) -> None:
    page = visit(people.come(javascript=False), sites, stack, sites.own)
    page.get_by_role("link", name="Chat with us").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chat with us")
    expect(page.get_by_role("banner")).to_contain_text("Kent Police")


def test_by_keyboard_on_a_narrow_screen_with_first_words_a_file_and_a_mail(
    people: People, stack: Stack, sites: Sites
) -> None:
    """Nothing leaves the frame but the way to progress; nothing is wider than 320 px; what is said is read out."""
    first = 'About the lost "dog" & <b>its</b> lead. '
    person = people.come(NARROW)
    page = visit(person, sites, stack, sites.own, words=first)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Chat with us")).to_be_focused()
    page.keyboard.press("Enter")
    frame = page.frame_locator("iframe[title='Chat with the police']")
    box = frame.get_by_label("Your message")
    expect(box).to_have_value(first.strip())
    inside = next(each for each in page.frames if "/widget/" in each.url)
    assert "words" not in inside.url, "they are off the address"
    box.focus()
    page.keyboard.press("End")
    page.keyboard.type(" It is brown.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(frame.locator(".chat-line--me")).to_contain_text("<b>its</b> lead. It is brown.")
    expect(frame.get_by_role("log")).to_have_attribute("aria-live", "polite")
    assert inside.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    frame.get_by_role("link", name="Add photos or files").press("Enter")
    frame.locator("input[type=file]").set_input_files(
        {"name": "lead.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    )
    expect(frame.locator("[data-file]")).to_contain_text("lead.pdf")
    assert inside.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    frame.get_by_role("link", name="Back to the chat").first.press("Enter")
    expect(frame.locator(".chat-line--me")).to_have_count(2)
    frame.get_by_role("link", name="Get this chat by email").press("Enter")
    frame.get_by_label("A copy of what was said so far").check()
    frame.get_by_label("Your email address").fill("sam.fox@example.org")
    frame.get_by_label("Nobody else reads this email").check()
    frame.get_by_role("button", name="Send the email").press("Enter")
    expect(frame.get_by_role("heading", level=1)).to_have_text("We are sending you the email")
    assert inside.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    frame.get_by_role("button", name="Back to the chat").press("Enter")
    expect(frame.locator(".chat-line--me")).to_have_count(2)
    check_axe(page)


def test_what_comes_while_the_frame_is_hidden_is_read_when_it_is_opened(
    people: People, stack: Stack, sites: Sites
) -> None:
    """A handler must not believe that somebody has read what lies in a frame that nobody sees."""
    said = f"My gate was broken {secrets.token_hex(4)}"
    person = people.come(DESKTOP)
    page = visit(person, sites, stack, sites.own)
    frame = open_chat(page)
    frame.get_by_label("Your message").fill(said)
    frame.get_by_role("button", name="Send", exact=True).click()
    expect(frame.locator(".chat-line--me")).to_have_count(1)
    page.get_by_role("button", name="Hide the chat").click()
    expect(page.locator("iframe")).to_be_hidden()
    ((contact_id,),) = stack.rows("SELECT contact_id FROM messages WHERE body = %s", said)
    say_as_a_person(stack, contact_id, "We are looking into it")
    query = "SELECT delivery_state FROM messages WHERE contact_id = %s AND kind = 'outbound'"
    person.until(lambda: stack.rows(query, contact_id) != [("sent",)], "the reply did not reach the frame")
    assert stack.rows(query, contact_id) == [("delivered",)]
    page.get_by_role("button", name="Chat with us").click()
    expect(frame.locator(".chat-line--person")).to_contain_text("We are looking into it")
    person.until(lambda: stack.rows(query, contact_id) == [("read",)], "nobody was told that it was read")
