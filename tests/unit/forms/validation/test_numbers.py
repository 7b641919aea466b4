"""Numbers: how many, how much, and what a phone or a vehicle is known by."""

from __future__ import annotations

import pytest

from forms.validation import error_messages, validate
from forms.validation.numbers import read_imei, read_pence, read_registration
from tests.unit.forms.validation.asking import EVERY, ask


@pytest.mark.parametrize(
    ("written", "kept", "faults"),
    [
        ("3", 3, []),
        (" 007 ", 7, []),
        ("1,200", 1200, []),
        ("1 200", 1200, []),
        ("0", None, ["too_small"]),
        ("1201", None, ["too_big"]),
        ("-3", None, ["not_a_number"]),
        ("2.5", None, ["not_a_number"]),
        ("three", None, ["not_a_number"]),
        ("1,2", None, ["not_a_number"]),
        ("9" * 400, None, ["not_a_number"]),
        ("\u0663", None, ["not_a_number"]),
        ("", None, []),
    ],
)
def test_how_many(written: str, kept: int | None, faults: list[str]) -> None:
    answer = validate(EVERY.question("many"), {"many": [written]})
    assert (answer.value, answer.codes) == (kept, faults)


def test_the_bounds_are_said_in_words() -> None:
    question = EVERY.question("many")
    assert error_messages(question, validate(question, {"many": ["5000"]})) == [("many", "Enter 1,200 or less")]
    assert error_messages(question, validate(question, {"many": ["0"]}), "cy") == [("many", "Rhowch 1 neu fwy")]


def test_none_at_all_is_a_number_and_an_answer() -> None:
    answer = validate(ask(type="number"), {"asked": ["0"]})
    assert (answer.value, answer.errors) == (0, ())


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("490154203237518", "490154203237518"),
        ("49-015420-323751-8", "490154203237518"),
        ("49 015420 323751 8", "490154203237518"),
        ("490154203237519", None),
        ("49015420323751", None),
        ("4901542032375180", None),
        ("WTU123", None),
        ("", None),
    ],
)
def test_the_number_of_a_phone_proves_itself(written: str, kept: str | None) -> None:
    assert read_imei(written) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ab12cde", "AB12 CDE"),
        (" AB-12 cde", "AB12 CDE"),
        ("m 123 abc", "M123ABC"),
        ("abc1", "ABC1"),
        ("aig 1234", "AIG1234"),
        ("starts with LK", "STARTS WITH LK"),
        ("ab12 ???", "AB12 ???"),
        ("żółw", "żółw"),
    ],
)
def test_a_number_plate_in_any_layout_or_the_part_that_was_seen(written: str, kept: str) -> None:
    assert read_registration(written) == kept


@pytest.mark.parametrize(
    ("written", "pence"),
    [("250", 25000), ("£1,250.50", 125050), ("19.9", 1990), ("20 pounds", 2000), ("lots", None), ("-5", None)],
)
def test_money(written: str, pence: int | None) -> None:
    assert read_pence(written) == pence
