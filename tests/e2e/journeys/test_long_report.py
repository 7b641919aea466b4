"""A crash, with a point on the map, people row by row and a photo; and what two tabs, a reload or a lost session do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import DESKTOP, PHONE, People, follow
from tests.support.evidence import picture
from tests.support.pages import begin, fill_page, send
from tests.support.stack import Stack

FORM = "road-traffic"
WORDS = "A white van came out of the side road and hit the back of my car."
GIVEN: Mapping[str, Any] = {
    "rtiKind": "collision",
    "sceneNow": "gone",
    "incidentInvolvement": "victim",
    "incidentLocation": {"postcode": "ME14 1XX", "address": "Mill Street", "description": ""},
    "incidentStartDateTime": {"kind": "not_sure"},
    "anyoneHurt": "hurt",
    "howInvolvedInCrime": "driver",
    "incidentDescription": WORDS,
    "hasFilm": "yes",
    "incidentAnyWitnesses": "yes",
    "contactPreference": {"how": "online"},
    "communicationNeeds": "none",
}
Doing = Mapping[str, Callable[[Page], None]]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photograph."""
    made = tmp_path / "back-of-my-car.jpg"
    made.write_bytes(picture((900, 600)))
    return made


def go_on(page: Page) -> None:
    """Press `Continue`."""
    follow(page, page.get_by_role("button", name="Continue", exact=True).last)


def at(page: Page) -> str:
    """The id of the page that is open."""
    return urlsplit(page.url).path.rsplit("/", 1)[1]


def go_through(page: Page, until: str, doing: Doing | None = None) -> None:
    """Answer page after page, some as `doing` says, until a page is open."""
    special: Doing = {"map": put_the_point, **(doing or {})}
    for _ in range(70):
        page.wait_for_load_state()
        if at(page) == until:
            return
        special.get(at(page), answer)(page)
        go_on(page)
    raise AssertionError(f"no end: {page.url}")


def answer(page: Page) -> None:
    """The page that is open, as anybody would."""
    fill_page(page, FORM, GIVEN)


def put_the_point(page: Page) -> None:
    """By two numbers, which are there for everybody; the map, once it is drawn, puts them away."""
    if page.locator("body.js-enabled").count():
        expect(page.locator(".contact-map__area").first).to_be_attached()
        page.get_by_text("Give the place as two numbers").click()
    page.get_by_label("Latitude").fill("51.27235")
    page.get_by_label("Longitude").fill("0.52291")


def name_two_people(page: Page) -> None:
    """One, then one more row."""
    answer(page)
    follow(page, page.get_by_role("button", name="Add another"), surely=False)
    page.locator("[name$='-1-given']").fill("Ceri")
    page.locator("[name$='-1-description']").fill("On a bicycle, with a yellow coat")


def report_of(stack: Stack, draft_url: str) -> list[tuple[Any, ...]]:
    """What became of a draft: each submission's answers."""
    draft_id = draft_url.split(f"/{FORM}/")[1].split("/")[0]
    sql = "SELECT s.answers FROM submissions s JOIN drafts d ON d.contact_id = s.contact_id WHERE d.id = %s"
    return list(stack.rows(sql, draft_id))


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_crash_with_a_point_people_and_a_photo(people: People, stack: Stack, photo: Path, javascript: bool) -> None:
    def add_the_photo(page: Page) -> None:
        page.locator("input[type=file]").set_input_files(photo)
        if not javascript:
            page.get_by_role("button", name="Add this file").click()
        expect(page.locator("[data-file]").filter(has_text=photo.name)).to_be_visible()
        if javascript:
            expect(page.locator("[data-file]")).to_have_attribute("data-state", "ready")

    page = people.come(PHONE, javascript=javascript).page("/")
    begin(page, FORM)
    go_through(page, "check", {"map": put_the_point, "witnesses": name_two_people, "files": add_the_photo})
    for told in (WORDS, "51.27235", "Ceri", "yellow coat", photo.name):
        expect(page.locator("main")).to_contain_text(told)
    check = page.url
    held = send(page)
    ((answers,),) = report_of(stack, check)
    assert answers["incidentPoint"] == {"lat": 51.27235, "lon": 0.52291}
    assert [each["given"] for each in answers["incidentWitnesses"]] == ["Sam", "Ceri"]
    joined = "SELECT name FROM evidence JOIN contacts ON contacts.id = contact_id WHERE reference = %s"
    assert stack.rows(joined, held.reference) == [(photo.name,)]


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_saved_in_the_middle_and_opened_by_its_link_elsewhere(people: People, stack: Stack, javascript: bool) -> None:
    page = people.come(PHONE, javascript=javascript).page("/")
    begin(page, FORM)
    go_through(page, "what-happened")
    page.locator("[name=incidentDescription]").fill(WORDS)
    page.get_by_role("button", name="Save and come back later").click()
    page.get_by_text("Use a link instead").click()
    link = page.locator(".contact-typed a").get_attribute("href") or ""

    other = people.come(DESKTOP, javascript=javascript).page(urlsplit(link).path)
    follow(other, other.get_by_role("button", name="Open my saved report"))
    go_through(other, "check")
    expect(other.locator("main")).to_contain_text(WORDS)
    check = other.url
    send(other)
    assert [answers["incidentDescription"] for (answers,) in report_of(stack, check)] == [WORDS]


def test_two_tabs_a_reload_and_a_step_back_lose_nothing_and_make_one_report(people: People, stack: Stack) -> None:
    person = people.come(PHONE)
    one = person.page("/")
    begin(one, FORM)
    go_through(one, "what-happened")
    two = person.page(urlsplit(one.url).path)
    one.locator("[name=incidentDescription]").fill(WORDS)
    go_on(one)
    one.reload()
    one.go_back()
    expect(one.locator("[name=incidentDescription]")).to_have_value(WORDS)

    # The other tab still shows the page as it was, goes back, and changes something else.
    follow(two, two.get_by_role("link", name="Back", exact=True))
    assert at(two) != "what-happened"
    go_on(two)
    two.goto(one.url)
    expect(two.locator("[name=incidentDescription]")).to_have_value(WORDS)

    go_through(one, "check")
    two.goto(one.url)
    expect(two.locator("main")).to_contain_text(WORDS)
    check = one.url
    held = send(one)
    assert send(two) == held
    assert len(report_of(stack, check)) == 1


def test_words_typed_after_the_session_ended_are_shown_again(people: People) -> None:
    person = people.come(PHONE)
    person.may_say("status of 40[03]")
    page = person.page("/")
    begin(page, FORM)
    go_through(page, "what-happened")
    page.locator("[name=incidentDescription]").fill(WORDS)
    person.context.clear_cookies()
    go_on(page)
    expect(page.locator("body")).to_contain_text(WORDS)
