"""Sessions end, fingers press twice, lines drop after sending: nothing is lost and nothing sent twice (17, 18)."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect

from tests.support.browser import PHONE, People
from tests.support.pages import begin, fill_to_check, receipt, send
from tests.support.stack import Stack


def contacts(stack: Stack, draft_url: str) -> int:
    """How many contacts came of a draft."""
    draft_id = draft_url.split("/report/theft/")[1].split("/")[0]
    made = "SELECT count(*) FROM submissions WHERE contact_id = (SELECT contact_id FROM drafts WHERE id = %s)"
    return int(stack.rows(made, draft_id)[0][0])


def test_scenario_18_the_session_ends_at_check_answers_and_four_words_bring_it_back(
    people: People, stack: Stack
) -> None:
    person = people.come(PHONE)
    person.may_say("status of 403")
    page = person.page("/")
    begin(page)
    fill_to_check(page)
    check = page.url
    page.get_by_role("button", name="Save and come back later").click()
    words = page.locator(".contact-key--words").inner_text()
    page.goto(check)
    person.context.clear_cookies()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("We have your report")
    assert contacts(stack, check) == 0

    new = people.come(PHONE).page("/")
    new.get_by_role("link", name="Carry on with a saved report").first.click()
    new.get_by_label("Your four words").fill(words.upper())
    new.get_by_role("button", name="Continue").click()
    expect(new).to_have_url(check)
    expect(new.locator("main")).to_contain_text("My blue bicycle was taken")
    send(new)
    assert contacts(stack, check) == 1


def test_scenario_18_the_next_visitor_of_a_shared_computer_sees_none_of_it(people: People) -> None:
    person = people.come()
    person.may_say("status of 403")
    page = person.page("/")
    begin(page)
    fill_to_check(page)
    check = page.url
    page.get_by_role("button", name="Save and come back later").click()
    page.get_by_role("link", name="Leave this site and clear this device").click()
    expect(page.get_by_role("heading", name="Weather")).to_be_visible()
    next_visit = person.page("/")
    expect(next_visit.get_by_role("heading", level=1)).to_have_text("Contact the police online")
    next_visit.goto(check)
    expect(next_visit.locator("body")).not_to_contain_text("bicycle")
    assert not person.page("/").evaluate("localStorage.length + sessionStorage.length")


def test_scenario_17_a_double_click_the_back_button_and_a_reload_make_one_report(people: People, stack: Stack) -> None:
    page = people.come().page("/")
    begin(page)
    fill_to_check(page)
    check = page.url
    page.get_by_role("button", name="Send", exact=True).dblclick()
    first = receipt(page)
    page.reload()
    assert receipt(page) == first
    page.go_back()
    if page.get_by_role("button", name="Send", exact=True).count():
        page.get_by_role("button", name="Send", exact=True).click()
    assert receipt(page) == first
    assert contacts(stack, check) == 1


def test_scenario_17_a_retry_after_a_lost_answer_shows_the_same_receipt(people: People, stack: Stack) -> None:
    person = people.come(PHONE)
    person.may_say("ERR_|Failed to load")
    page = person.page("/")
    begin(page)
    fill_to_check(page)
    check = page.url
    lost: list[int] = []

    def lose(route: Route) -> None:
        """The report arrives, its answer does not."""
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(re.compile("/check$"), lose)
    page.get_by_role("button", name="Send", exact=True).click(no_wait_after=True)
    person.until(lambda: lost == [303] and contacts(stack, check) == 1, "it was not sent")
    person.until(lambda: page.url.startswith("chrome-error:"), "the line did not drop")
    page.goto(check)
    receipt(page)
    assert contacts(stack, check) == 1
