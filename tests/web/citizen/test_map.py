"""The question on a map: two boxes at least, a policy opened for it alone, and a point that says whose ground it is."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.gateways.gazetteer import reference_forces
from contact.services import points
from contact.settings import Settings
from contact.store import forces
from contact.web.citizen import map_view
from tests.support.clients import Clock, StrictClient, make_app
from tests.support.html_checks import parse, text_of
from tests.web.citizen.journeys import begin, fill

FORM, PAGE = "burglary", "map"
WORDS_ONLY = {"postcode": "", "address": "", "description": "The barn at the end of the track"}
MAIDSTONE, AT_THE_CITY = {"lat": "51.2800", "lon": "0.5200"}, {"lat": "51.5180", "lon": "-0.1110"}


@pytest.fixture(autouse=True)
def _every_force(system: sessionmaker[Session]) -> None:
    with system.begin() as session:
        forces.load_reference(session, forces=[{**force, "hours": {}} for force in reference_forces()])


def map_page(client: StrictClient, form_id: str = FORM, **given: Any) -> str:  # noqa: ANN401 - any JSON answer
    """Answer everything, then go back to the map; its address."""
    return fill(client, begin(client, form_id), form_id, **given).replace("/check", f"/{PAGE}")


def told(client: StrictClient, address: str) -> dict[str, Any]:
    """What the page tells its script."""
    drawn = next(each for each in client.tree(address).iter("div") if each.get("data-map"))
    assert drawn.get("hidden") is not None, "without JavaScript there is no map"
    found: dict[str, Any] = json.loads(drawn.get("data-map") or "")
    return found


def test_without_javascript_there_are_two_boxes_that_may_stay_empty(client: StrictClient) -> None:
    address = map_page(client)
    tree = client.tree(address)
    labels = [text_of(label) for label in tree.iter("label")]
    assert {"Latitude", "Longitude"} <= set(labels)
    details = next(each for each in tree.iter("details") if (each.get("id") or "").endswith("-numbers"))
    assert details.get("open") is not None
    assert "describe the place in words" in text_of(details)
    assert client.send(address, {"go": "on"}).status_code == 303


def test_what_was_typed_is_kept_with_its_fault_beside_it(client: StrictClient) -> None:
    address = map_page(client)
    answer = client.send(address, {"go": "on", "incidentPoint-lat": "fifty", "incidentPoint-lon": "0.5"})
    html = answer.get_data(as_text=True)
    assert "Error: " in text_of(parse(html)[0].find(".//title"))
    assert 'value="fifty"' in html
    assert 'value="0.5"' in html


def test_check_your_answers_tells_the_place_in_words(client: StrictClient) -> None:
    check = fill(client, begin(client, FORM), FORM, incidentPoint={"lat": "51.5030", "lon": "-0.1310"})
    page = client.get(check).get_data(as_text=True)
    assert "51.50300, -0.13100 (near SW1A, Metropolitan Police)" in page
    assert "(ger SW1A, Metropolitan Police)" in client.get(f"{check}?lang=cy").get_data(as_text=True)


def test_a_place_far_out_has_its_numbers_alone(system: sessionmaker[Session]) -> None:
    with system() as session:
        assert points.in_words(session, latitude=55.5, longitude=1.9, language="en") == "55.50000, 1.90000"
        at_border = points.in_words(session, latitude=51.518, longitude=-0.111, language="en")
    assert at_border.endswith("City of London Police or Metropolitan Police)")


@pytest.mark.parametrize(
    ("place", "point", "goes_to", "asks"),
    [
        ({"postcode": "DT1 1AA"}, MAIDSTONE, "Dorset Police", False),
        ({"postcode": ""}, MAIDSTONE, "Kent Police", False),
        ({"postcode": "", "description": "Near the library, Dorchester"}, MAIDSTONE, "Kent Police", False),
        ({"postcode": ""}, AT_THE_CITY, "City of London Police", True),
        ({"postcode": "EC1A 1AA"}, {"lat": "51.5240", "lon": "-0.1210"}, "Metropolitan Police", False),
        ({"postcode": ""}, {"lat": "55.5", "lon": "1.9"}, "Kent Police", True),
    ],
    ids=["postcode first", "then the point", "before words", "a border asks", "a point ends a doubt", "out at sea"],
)
def test_the_point_says_whose_ground_it_is_where_no_postcode_does(
    client: StrictClient, place: dict[str, str], point: dict[str, str], goes_to: str, asks: bool
) -> None:
    check = fill(client, begin(client, FORM), FORM, incidentLocation={**WORDS_ONLY, **place}, incidentPoint=point)
    page = client.get(check).get_data(as_text=True)
    assert goes_to in page
    assert ('name="force"' in page) is asks


def test_it_opens_at_the_postcode_else_over_the_force_else_over_the_country(client: StrictClient) -> None:
    assert told(client, map_page(client))["open"] == {"at": [50.7109, -2.4405], "zoom": 11}
    nowhere = map_page(client, incidentLocation=WORDS_ONLY)
    assert told(client, nowhere)["open"] == {}
    with_force = fill(client, begin(client, FORM, "?force=kent"), FORM, incidentLocation=WORDS_ONLY)
    assert told(client, with_force.replace("/check", f"/{PAGE}"))["open"] == {"force": "kent"}


def test_only_a_page_with_a_map_may_ask_where_the_person_is(client: StrictClient) -> None:
    address = map_page(client)
    answer = client.get(address)
    assert "geolocation=(self)" in answer.headers["Permissions-Policy"]
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "img-src 'self' data: blob:;" in answer.headers["Content-Security-Policy"]
    assert "geolocation=()" in client.get(address.replace(f"/{PAGE}", "/check")).headers["Permissions-Policy"]


def test_a_map_server_is_let_into_the_policy_of_the_map_s_page_alone(settings: Settings, session_clock: Clock) -> None:
    tiled = replace(
        settings,
        map_tiles_url="https://tiles.example:8443/v1/{z}/{x}/{y}.png?key=k",
        map_tiles_attribution="© Somebody",
    )
    client = make_app(tiled, session_clock).test_client()
    assert isinstance(client, StrictClient)
    address = map_page(client)
    assert told(client, address)["tiles"] == {"url": tiled.map_tiles_url, "attribution": "© Somebody"}
    policy = client.get(address).headers["Content-Security-Policy"]
    assert "img-src 'self' data: blob: https://tiles.example:8443;" in policy
    assert "tiles.example" not in client.get("/").headers["Content-Security-Policy"]


def test_a_sensitive_form_asks_nobody_else(
    settings: Settings, session_clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the browser for the position, nor another server for pictures: each would learn of it."""
    tiled = replace(settings, map_tiles_url="https://tiles.example/{z}/{x}/{y}.png", map_tiles_attribution="©")
    client = make_app(tiled, session_clock).test_client()
    assert isinstance(client, StrictClient)
    address = map_page(client)
    monkeypatch.setattr(map_view, "is_sensitive", lambda draft: True)
    page_told, headers = told(client, address), client.get(address).headers
    assert (page_told["tiles"], page_told["locate"]) == (None, False)
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "tiles.example" not in headers["Content-Security-Policy"]


def test_the_drawing_is_kept_for_good_under_the_address_of_its_content(client: StrictClient, app: Flask) -> None:
    page_told = told(client, map_page(client))
    answer = client.get(page_told["places"], headers={"Accept-Encoding": "br"})
    assert re.fullmatch(r"/map/[0-9a-f]{12}/places\.json", page_told["places"])
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    assert len(answer.get_data()) < 150_000
    drawing = client.get(page_told["places"]).json
    assert drawing is not None
    assert {"kent": ["Kent Police", "Kent Police"], "gwent": ["Gwent Police", "Heddlu Gwent"]}.items() <= {
        area["id"]: area["name"] for area in drawing["areas"]
    }.items()
    assert ["SW1A", 51.5027, -0.1311] in drawing["districts"]
    other = client.get("/map/0123456789ab/places.json")
    assert (other.status_code, other.headers["Cache-Control"]) == (200, "no-cache")


def test_whose_borders_they_are_is_said(client: StrictClient) -> None:
    assert "Contains Ordnance Survey data" in client.get(map_page(client)).get_data(as_text=True)
