"""A point is put on the map: by keys, by a press, by two boxes; drawn from our own data, and nothing else is asked."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

import forms
from contact.domain.access import Role
from tests.support.browser import DESKTOP, NARROW, PHONE, People, Person, check_axe, follow
from tests.support.pages import row, sign_in
from tests.support.pages_looked_at import MOVES
from tests.support.pages_of_forms import ways_to_pages
from tests.support.stack import Stack
from tests.support.stack_reports import report

FORM, PAGE, POINT = "burglary", "map", "incidentPoint"
CANTERBURY = {"postcode": "CT1 2AA", "address": "", "description": ""}
NOWHERE = {"postcode": "", "address": "", "description": "Behind the barn"}
NAMES = ".contact-map__name"


def map_page(person: Person, stack: Stack, place: dict[str, str] = CANTERBURY, language: str = "en") -> Page:
    """The page with the map, every question before it answered."""
    page = person.page(f"/report/{FORM}/before-you-start?lang={language}")
    follow(page, page.locator("main form button"))
    draft = page.url.rsplit("/", 1)[0]
    answers = dict(ways_to_pages(forms.compile_for(FORM, None).form, now=dt.datetime.now(dt.UTC))[PAGE])
    answers.pop(POINT, None)
    put = "UPDATE drafts SET answers = %s WHERE id = %s"
    stack.rows(put, json.dumps({**answers, "incidentLocation": place}), draft.rsplit("/", 1)[1])
    page.goto(f"{draft}/{PAGE}")
    return page


def drawn(page: Page) -> Locator:
    """The map, once it has drawn itself."""
    expect(page.locator(".contact-map__area").first).to_be_attached()
    expect(page.locator(NAMES).first).to_be_attached()
    return page.get_by_role("application")


def kept(stack: Stack, page: Page) -> Any:  # noqa: ANN401 - any JSON answer
    """The point as the draft holds it."""
    found = stack.rows("SELECT answers -> %s FROM drafts WHERE id = %s", POINT, page.url.split("/")[5])
    return found[0][0]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_borders_and_names_are_drawn_without_any_map_server(
    people: People, stack: Stack, size: tuple[int, int]
) -> None:
    """What is asked of elsewhere, and whatever the policy stops, fails the test by itself."""
    page = map_page(people.come(size), stack)
    drawn(page)
    expect(page.locator(NAMES).filter(has_text=re.compile(r"^CT\d+$")).first).to_be_visible()
    expect(page.locator(NAMES).filter(has_text="Canterbury")).to_be_visible()
    assert page.locator(".leaflet-tile").count() == 0
    expect(page.locator("[data-map-middle]")).to_have_text("Middle of the map: near CT1, Kent Police")
    check_axe(page)
    for name in ("whole country", "country on a narrow screen"):
        page = map_page(people.come(DESKTOP if name == "whole country" else NARROW), stack, NOWHERE)
        drawn(page)
        expect(page.locator(NAMES).filter(has_text="London")).to_be_visible()
        expect(page.locator(".contact-map__area").nth(40)).to_be_attached()
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name


def test_keys_alone_put_move_and_remove_the_marker(people: People, stack: Stack) -> None:
    page = map_page(people.come(reduced_motion="reduce"), stack)
    area, said = drawn(page), page.locator("[data-map-said]")
    expect(said).to_have_text("There is no marker on the map yet.")
    area.focus()
    before = page.locator("[data-map-middle]").inner_text()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-map-middle]")).not_to_have_text(before)
    zoomed = page.locator(".leaflet-control-scale-line").first.inner_text()
    page.keyboard.press("+")
    expect(page.locator(".leaflet-control-scale-line").first).not_to_have_text(zoomed)
    page.keyboard.press("Enter")
    expect(said).to_contain_text(re.compile(r"Marker: near [A-Z]+\d+, Kent Police \(51\.\d{5}, [01]\.\d{5}\)"))
    first = said.inner_text()
    page.keyboard.press("ArrowDown")
    put = page.get_by_role("button", name="Put the marker in the middle of the map")
    put.focus()
    page.keyboard.press("Enter")
    expect(said).not_to_have_text(first)
    page.get_by_role("button", name="Remove the marker").press("Enter")
    expect(said).to_have_text("There is no marker on the map yet.")
    expect(put).to_be_focused()
    page.keyboard.press("Enter")
    check_axe(page)
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page).not_to_have_url(re.compile(f"/{PAGE}$"))
    point = kept(stack, page)
    assert 51 < point["lat"] < 51.5
    assert 0.5 < point["lon"] < 1.5


def test_a_press_on_the_map_sets_the_point_and_it_is_there_again(people: People, stack: Stack) -> None:
    page = map_page(people.come(PHONE), stack)
    area = drawn(page)
    area.scroll_into_view_if_needed()
    area.click(position={"x": 200, "y": 200})
    said = page.locator("[data-map-said]")
    expect(said).to_contain_text("Kent Police")
    told = said.inner_text()
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page).not_to_have_url(re.compile(f"/{PAGE}$"))
    page.go_back()
    drawn(page)
    expect(page.locator("[data-map-said]")).to_have_text(told)
    expect(page.locator(".contact-map__marker")).to_be_visible()


def test_two_boxes_are_enough_without_javascript(people: People, stack: Stack) -> None:
    page = map_page(people.come(NARROW, javascript=False), stack)
    expect(page.locator("[data-map]")).to_be_hidden()
    expect(page.get_by_text("describe the place in words")).to_be_visible()
    page.get_by_label("Latitude").fill("51.5")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    expect(page.get_by_label("Latitude")).to_have_value("51.5")
    page.get_by_label("Longitude").fill("0.5")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page).not_to_have_url(re.compile(f"/{PAGE}$"))
    assert kept(stack, page) == {"lat": 51.5, "lon": 0.5}


def test_typed_numbers_move_the_marker(people: People, stack: Stack) -> None:
    page = map_page(people.come(), stack)
    drawn(page)
    expect(page.get_by_label("Latitude")).to_be_hidden()
    page.get_by_text("Give the place as two numbers").click()
    page.get_by_label("Latitude").fill("51.2")
    page.get_by_label("Longitude").fill("0.7")
    page.keyboard.press("Tab")
    expect(page.locator("[data-map-said]")).to_contain_text("(51.20000, 0.70000)")


def test_where_the_person_is_is_asked_by_a_button_alone(people: People, stack: Stack) -> None:
    here = {"latitude": 53.4793, "longitude": -2.2485}
    page = map_page(people.come(geolocation=here, permissions=["geolocation"]), stack, NOWHERE)
    drawn(page)
    expect(page.locator("[data-map-said]")).to_have_text("There is no marker on the map yet.")
    page.get_by_role("button", name="Use where I am now").click()
    expect(page.locator("[data-map-said]")).to_contain_text("Greater Manchester Police (53.47930, -2.24850)")


@pytest.mark.parametrize("colours", ["none", "active"])
def test_borders_can_be_seen_in_any_colours_and_nothing_moves(people: People, stack: Stack, colours: Any) -> None:  # noqa: ANN401
    """At 400 % of a wide screen, in Welsh."""
    person = people.come((320, 256), forced_colors=colours, reduced_motion="reduce")
    page = map_page(person, stack, language="cy")
    drawn(page)
    line = page.locator(".contact-map__area").first
    stroke, fill = line.evaluate("each => [getComputedStyle(each).stroke, getComputedStyle(each).fill]")
    assert stroke != fill
    expect(page.locator(NAMES).filter(has_text="Caergaint")).to_be_visible()
    page.get_by_role("application").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(MOVES) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    check_axe(page)


def test_agents_see_the_point_and_copy_its_numbers(people: People, stack: Stack) -> None:
    agent = stack.hire("Nora Hale", kent=Role.CALL_HANDLER)
    held = report(stack, FORM, "kent", incidentPoint={"lat": 51.28, "lon": 1.08})
    page = sign_in(people.come(), agent)
    row(page, held.reference).get_by_role("link").first.click()
    card = page.get_by_role("region", name="On the map")
    expect(card).to_contain_text("Kent Police")
    expect(card).to_contain_text("51.28000, 1.08000")
    expect(card.locator(".contact-map__marker")).to_be_visible()
    expect(card.get_by_role("button", name="Copy")).to_be_visible()
    check_axe(page)
