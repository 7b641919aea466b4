"""Postal addresses, three words, and points on the map."""

from __future__ import annotations

import pytest

from forms.validation import error_messages, validate
from tests.unit.forms.validation.asking import EVERY, ask, sent

PARTS = ("line1", "line2", "town", "postcode")


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        (
            {"line1": " 1 High Street ", "town": "Maidstone", "postcode": "me141xx"},
            ("1 High Street", "", "Maidstone", "ME14 1XX"),
        ),
        (
            {"line1": "12 Rue du Port", "town": "Calais 62100, France"},
            ("12 Rue du Port", "", "Calais 62100, France", ""),
        ),
        # A whole address pasted into the first box stays whole; its postcode goes where postcodes are looked for.
        ({"line1": "1 High Street, Maidstone, Kent me14 1xx"}, ("1 High Street, Maidstone, Kent", "", "", "ME14 1XX")),
        ({"line1": "1 High Street\r\nMaidstone\r\nME14 1XX."}, ("1 High Street, Maidstone", "", "", "ME14 1XX")),
        ({"line1": "Flat 2, ME14 1XX", "postcode": "ME14 1XY"}, ("Flat 2, ME14 1XX", "", "", "ME14 1XY")),
        ({"line1": "No fixed address"}, ("No fixed address", "", "", "")),
    ],
)
def test_addresses(parts: dict[str, str], kept: tuple[str, ...]) -> None:
    answer = validate(EVERY.question("home"), sent("home", **parts))
    assert (answer.value, answer.codes) == (dict(zip(PARTS, kept, strict=True)), [])


@pytest.mark.parametrize(
    ("parts", "fault", "field"),
    [
        ({"postcode": "ME14 1XX"}, "line1_missing", "home-line1"),
        ({"line1": "1 High Street", "postcode": "ME14"}, "half_a_postcode", "home-postcode"),
        ({"line1": "1 High Street", "postcode": "90210"}, "not_a_postcode", "home-postcode"),
        ({"line1": "x" * 301}, "too_long", "home-line1"),
        ({"line1": "x", "town": "x" * 101}, "too_long", "home-town"),
    ],
)
def test_addresses_refused(parts: dict[str, str], fault: str, field: str) -> None:
    question = EVERY.question("home")
    answer = validate(question, sent("home", **parts))
    assert answer.codes == [fault]
    assert error_messages(question, answer)[0][0] == field


def test_an_address_abroad_is_told_how_to_be_written() -> None:
    question = ask(type="address")
    [(_, message)] = error_messages(
        question, validate(question, sent("asked", line1="1 Main Street", postcode="90210"))
    )
    assert "abroad" in message
    assert validate(question, sent("asked", line1=" , ")).codes == ["required"]


@pytest.mark.parametrize(
    "written",
    [
        "///filled.count.soap",
        "filled.count.soap",
        "/filled.count.soap",
        "FILLED.Count.Soap.",
        " filled . count . soap ",
        "filled count soap",
        "https://w3w.co/filled.count.soap",
        "https://what3words.com/filled.count.soap?application=ios",
        "what3words.com/filled.count.soap",
        "w3w://show?threewords=filled.count.soap",
        "I am here: ///filled.count.soap\nhttps://w3w.co/filled.count.soap",
    ],
)
def test_three_words_in_any_layout(written: str) -> None:
    assert validate(EVERY.question("words3"), {"words3": [written]}).value == "filled.count.soap"


def test_three_words_of_other_languages() -> None:
    assert validate(EVERY.question("words3"), {"words3": ["///tŷ.môr.çedilla"]}).value == "tŷ.môr.çedilla"


@pytest.mark.parametrize(
    "written", ["filled.count", "a.b.c.d", "by the canal", "51.5, -0.12", "...", "///", "filled..soap"]
)
def test_what_is_not_three_words(written: str) -> None:
    question = EVERY.question("words3")
    answer = validate(question, {"words3": [written]})
    assert answer.codes == ["not_three_words"]
    assert "filled.count.soap" in error_messages(question, answer)[0][1]


@pytest.mark.parametrize(
    ("lat", "lon", "kept"),
    [
        ("51.501350001", "-0.1418912", (51.50135, -0.14189)),
        ("51.5, -0.12", "", (51.5, -0.12)),
        ("(51.5,-0.12)", "", (51.5, -0.12)),
        ("geo:51.5,-0.12", "", (51.5, -0.12)),
        ("51.5 -0.12", "", (51.5, -0.12)),
        ("51.5° N, 0.12° W", "", (51.5, -0.12)),
        ("51.5", "\u22120.12", (51.5, -0.12)),
        ("54.597", "-5.93", (54.597, -5.93)),
        ("60.8", "-0.8", (60.8, -0.8)),
        ("51.48", "-0.000001", (51.48, 0.0)),
    ],
    ids=["rounded", "pasted", "brackets", "geo", "space", "degrees", "minus sign", "Belfast", "Shetland", "Greenwich"],
)
def test_points(lat: str, lon: str, kept: tuple[float, float]) -> None:
    answer = validate(EVERY.question("point"), sent("point", lat=lat, lon=lon))
    assert (answer.value, answer.codes) == ({"lat": kept[0], "lon": kept[1]}, [])
    assert str(answer.value["lon"]) != "-0.0"


@pytest.mark.parametrize(
    ("lat", "lon", "fault", "field"),
    [
        ("51.5", "", "half_a_point", "point-lon"),
        ("", "-0.1", "half_a_point", "point-lat"),
        ("north", "-0.1", "not_a_point", "point-lat"),
        ("51.5", "west", "not_a_point", "point-lon"),
        ("by the canal", "", "not_a_point", "point-lat"),
        ("nan", "inf", "not_a_point", "point-lat"),
        ("1e1", "0", "not_a_point", "point-lat"),
        ("48.85", "2.35", "not_in_the_uk", "point-lat"),
        ("-0.12", "51.5", "not_in_the_uk", "point-lat"),
        ("40.7, -74", "", "not_in_the_uk", "point-lat"),
    ],
)
def test_points_refused(lat: str, lon: str, fault: str, field: str) -> None:
    question = EVERY.question("point")
    answer = validate(question, sent("point", lat=lat, lon=lon))
    assert answer.codes == [fault]
    assert error_messages(question, answer)[0][0] == field
