"""Entities that have a form are found, normalised and placed; what only looks like one is not."""

import pytest
from components.patterns import find


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("ring me on 07700 900123 please", "phone", "07700900123"),
        ("+44 7700 900 981", "phone", "07700900981"),
        ("office is (020) 7946 0123", "phone", "02079460123"),
        ("i live at ne14st", "postcode", "NE1 4ST"),
        ("SW1A 1AA", "postcode", "SW1A 1AA"),
        ("reg ab12cde i think", "registration", "AB12 CDE"),
        ("number plate was K123 ABC", "registration", "K123ABC"),
        ("Sam.Jones@Example.org", "email", "sam.jones@example.org"),
        ("my ref is pxt 3rf 5x4", "reference", "PXT-3RF-5X4"),
        ("they had £1,250.50 off me", "money", "1250.50"),
        ("about 4 grand", "money", "4000.00"),
        ("two hundred quid", "money", "200.00"),
        ("50p", "money", "0.50"),
        ("3k quid", "money", "3000.00"),
    ],
)
def test_found_and_normalised(text: str, entity: str, value: str) -> None:
    (found,) = find(text)
    assert (found.entity, found.value) == (entity, value)
    assert text[found.start : found.end].strip() == text[found.start : found.end]


@pytest.mark.parametrize(
    "text", ["", "there were 9 or 10 of them", "he pounded me", "PXT-3RF-5X5", "the 42 bus at 9.15pm", "grand idea"]
)
def test_not_taken_for_one(text: str) -> None:
    assert find(text) == []


def test_several_in_order_and_no_overlap() -> None:
    found = find("AB12 CDE took £20 near ne1 4st, text 07700900123")
    assert [one.entity for one in found] == ["registration", "money", "postcode", "phone"]


def test_a_hostile_length_is_no_trouble() -> None:
    assert find("0" * 100_000) == []
    assert find("a@" * 50_000) == []
