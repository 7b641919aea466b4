"""Answers read as words: on check-answers, and in the handler's plain text."""

from __future__ import annotations

from typing import Any

import pytest

from forms import worded
from tests.unit.forms.tiny import NOW, tiny

EVERY = tiny("every_type")
IMEI = "490154203237518"


@pytest.mark.parametrize(
    ("name", "value", "english"),
    [
        ("line", "words", "words"),
        ("one", "a", "A"),
        ("some", ["a", "b"], "A\nB"),
        ("sure", "not_sure", "Not sure"),
        ("day", "2026-11-01", "1 November 2026"),
        ("moment", {"kind": "exact", "date": "2026-11-01", "time": "14:30"}, "1 November 2026 at 14:30"),
        (
            "moment",
            {"kind": "between", "date": "2026-11-01", "end_date": "2026-11-02", "end_time": "09:00"},
            "Between 1 November 2026 and 2 November 2026 at 09:00",
        ),
        ("moment", {"kind": "ongoing"}, "It is still going on"),
        ("moment", {"kind": "ongoing", "date": "2026-11-01"}, "It is still going on. It began on 1 November 2026"),
        ("moment", {"kind": "not_sure"}, "Not sure"),
        ("name", {"given": "Ceri", "surname": "Example"}, "Ceri Example"),
        ("phone", "+447700900123", "07700 900123"),
        ("phone", "+353209100000", "+353 20 910 0000"),
        ("place", {"postcode": "SW1A 2AA", "address": "1 High Street", "description": ""}, "1 High Street\nSW1A 2AA"),
        (
            "reach",
            {"how": "text", "value": "+447700900123", "when": "mornings", "safe_word": "tulip"},
            "By text message\n07700 900123\nWhen it is safe: mornings\nSafe word: tulip",
        ),
        ("reach", {"how": "none", "value": "", "when": "", "safe_word": ""}, "Do not contact me"),
        (
            "things",
            [
                {"what": "Phone", "value_pence": 19999, "serial": "35"},
                {"what": "Case", "value_pence": 500, "serial": ""},
            ],
            "Phone, £199.99, number 35\nCase, £5",
        ),
        (
            "things",
            [{"what": "Phone", "make": "Acme", "model": "Nine", "value_pence": None, "serial": "", "imei": IMEI}],
            f"Phone, Acme, Nine, IMEI {IMEI}",
        ),
        (
            "home",
            {"line1": "1 High Street", "line2": "", "town": "Maidstone", "postcode": "ME14 1XX"},
            "1 High Street\nMaidstone\nME14 1XX",
        ),
        ("words3", "filled.count.soap", "///filled.count.soap"),
        ("point", {"lat": 51.5, "lon": -0.12}, "51.50000 north, 0.12000 west"),
        ("point", {"lat": 52.5, "lon": 1.7}, "52.50000 north, 1.70000 east"),
        ("many", 0, "0"),
        ("many", 1200, "1,200"),
        (
            "suspects",
            [
                {
                    "given": "Sam",
                    "surname": "Example",
                    "age": "about 20",
                    "description": "tall\nred coat",
                    "contact": "",
                },
                {"given": "", "surname": "", "age": "", "description": "a woman", "contact": ""},
            ],
            "Sam Example, about 20, tall red coat\na woman",
        ),
        (
            "vehicles",
            [{"registration": "AB12 CDE", "make": "Ford", "model": "", "colour": "blue", "description": ""}],
            "AB12 CDE, Ford, blue",
        ),
        (
            "children",
            [{"name": "Ann", "born": "2019-02-03", "visits": 1200, "lives": "them", "fees_pence": 350, "about": ""}],
            "Their name: Ann; Born: 3 February 2019; Visits: 1,200; Lives with: Them; Fees: £3.50",
        ),
        ("line", None, "Not answered"),
    ],
)
def test_values_in_words(name: str, value: Any, english: str) -> None:  # noqa: ANN401
    assert worded(EVERY.question(name), value) == english


def test_values_in_welsh() -> None:
    assert worded(EVERY.question("day"), "2026-11-01", "cy") == "1 Tachwedd 2026"
    assert worded(EVERY.question("sure"), "not_sure", "cy") == "Ddim yn siŵr"
    rows = [{"name": "Ann", "born": "2019-02-03"}]
    assert worded(EVERY.question("children"), rows, "cy") == "Eu henw: Ann; Born: 3 Chwefror 2019"
    assert worded(EVERY.question("point"), {"lat": 51.5, "lon": -0.12}, "cy") == "51.50000 gogledd, 0.12000 gorllewin"


def test_the_summary_has_a_row_for_each_question_asked_and_says_where_to_change_it() -> None:
    [section] = tiny("branching").summary({"fork": "right", "onTheRight": "a house", "onTheLeft": "gone"}, "en", NOW)
    assert section.title == "All"
    assert [(row.page_id, row.question_id, row.label, row.value, row.answered) for row in section.rows] == [
        ("fork", "fork", "Left or right?", "Right", True),
        ("right", "onTheRight", "What is on the right?", "a house", True),
        ("last", "last", "Anything else?", "Not answered", False),
    ]


def test_the_summary_falls_back_to_english_text_by_text() -> None:
    [section] = tiny("branching").summary({"fork": "left", "onTheLeft": "coeden"}, "cy", NOW)
    assert section.title == "Y cyfan"
    assert [row.label for row in section.rows][:2] == ["Chwith neu dde?", "What is on the left?"]
    assert [row.value for row in section.rows] == ["Chwith", "coeden", "Heb ei ateb", "Heb ei ateb"]


def test_plain_words_are_the_persons_own_in_the_forms_order() -> None:
    text = tiny("branching").plain_words(
        {"last": "that is all", "onTheRight": "a house\nand a wall", "fork": "right"}, now=NOW
    )
    assert text == ("ALL\nLeft or right? Right\nWhat is on the right?\na house\nand a wall\nAnything else? that is all")


def test_labels_fit_who_is_asked() -> None:
    [section] = tiny("wordings").summary({"who": "other", "age": "yes"}, "en", NOW)
    assert section.rows[1].label == "Are they under 18?"
