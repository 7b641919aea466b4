"""The chat inside a force's own site: one script, a frame with a session of its own, refused to any other site."""

from __future__ import annotations

import re

from playwright.sync_api import FrameLocator, Page, expect

from tests.support.browser import DESKTOP, PHONE, People, Person, check_axe
from tests.support.force_sites import Sites
from tests.support.stack import Stack


def visit(person: Person, sites: Sites, stack: Stack, site: str) -> Page:
    """A page of that site, which this browser may load."""
    person.context.route(re.compile(r"^http://localhost:"), lambda route: route.continue_())
    page = person.context.new_page()
    page.goto(sites.page(site, stack.address))
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
