"""Repeated rows: things, people, vehicles, and the rows that a form describes itself."""

from __future__ import annotations

from typing import Any

import pytest

from forms import Fault, compile_form
from forms.validation import Answer, error_messages, field_names, raw_from_value, validate
from forms.validation.rows import close_up, row_numbers
from tests.unit.forms.tiny import NOW, tiny
from tests.unit.forms.validation.asking import EVERY

EMPTY_THING: dict[str, Any] = {"what": "", "make": "", "model": "", "serial": "", "imei": "", "value_pence": None}

NO_DAY = {"name": "x", "born__day": "31", "born__month": "2", "born__year": "2020"}
TOMORROW = {"name": "x", "born__day": "22", "born__month": "11", "born__year": "2026"}
SHORT_YEAR = {"name": "x", "born__day": "1", "born__month": "1", "born__year": "20"}


def asked(question_id: str, /, **boxes: str) -> Answer:
    """The answer to a question whose first row has these boxes; two underscores stand for a dash."""
    raw = {f"{question_id}-0-{box.replace('__', '-')}": [text] for box, text in boxes.items()}
    return validate(EVERY.question(question_id), raw, NOW)


def test_things_row_by_row() -> None:
    raw = {
        "things-0-what": ["Phone"],
        "things-0-make": [" Acme "],
        "things-0-model": ["Nine"],
        "things-0-value": ["£1,250.50"],
        "things-0-serial": [" WTU123 "],
        "things-0-imei": ["49-015420-323751-8"],
        "things-1-what": [" "],
        "things-7-what": ["Helmet"],
        "things-x-what": ["not a row"],
        "things-8-colour": ["not a box"],
    }
    assert validate(EVERY.question("things"), raw, NOW).value == [
        {
            "what": "Phone",
            "make": "Acme",
            "model": "Nine",
            "serial": "WTU123",
            "imei": "490154203237518",
            "value_pence": 125050,
        },
        {**EMPTY_THING, "what": "Helmet"},
    ]


def test_things_stored_before_they_had_a_make_are_shown_again() -> None:
    question = EVERY.question("things")
    raw = raw_from_value(question, [{"what": "Bicycle", "value_pence": 5, "serial": "1"}])
    assert raw == {"things-0-what": ["Bicycle"], "things-0-value": ["0.05"], "things-0-serial": ["1"]}
    assert validate(question, raw, NOW).value == [{**EMPTY_THING, "what": "Bicycle", "value_pence": 5, "serial": "1"}]


@pytest.mark.parametrize(
    ("raw", "faults"),
    [
        ({"things-0-value": ["20"]}, [("what_missing", "0-what")]),
        ({"things-0-what": ["a"], "things-0-value": ["lots"]}, [("not_money", "0-value")]),
        ({"things-0-what": ["a"], "things-0-imei": ["490154203237519"]}, [("not_an_imei", "0-imei")]),
        ({"things-2-what": ["x" * 201]}, [("too_long", "2-what")]),
        ({f"things-{row}-what": ["a"] for row in range(11)}, [("too_many", "")]),
    ],
)
def test_things_refused(raw: dict[str, list[str]], faults: list[tuple[str, str]]) -> None:
    answer = validate(EVERY.question("things"), raw, NOW)
    assert [(each.code, each.part) for each in answer.errors] == faults


def test_any_one_thing_about_a_person_is_enough() -> None:
    nobody = dict.fromkeys(("given", "surname", "age", "description", "contact"), "")
    assert asked("suspects", age="about 20").value == [{**nobody, "age": "about 20"}]
    assert asked("suspects", description="tall\r\nred coat").value == [{**nobody, "description": "tall\nred coat"}]
    assert [each.part for each in asked("suspects", given="x" * 36).errors] == ["0-given"]


def test_vehicles() -> None:
    nothing = dict.fromkeys(("registration", "make", "model", "colour", "description"), "")
    assert asked("vehicles", registration="ab12cde", colour="blue").value == [
        {**nothing, "registration": "AB12 CDE", "colour": "blue"}
    ]
    assert asked("vehicles", registration="x" * 41).errors[0].part == "0-registration"


def test_rows_that_a_form_describes() -> None:
    answer = asked(
        "children",
        name="Sam",
        born__day="3",
        born__month="2",
        born__year="2019",
        next__day="3",
        next__month="2",
        next__year="2027",
        visits="12",
        lives="them",
        about="kind",
        fees="3.50",
    )
    assert answer.value == [
        {
            "name": "Sam",
            "born": "2019-02-03",
            "next": "2027-02-03",
            "visits": 12,
            "lives": "them",
            "about": "kind",
            "fees_pence": 350,
        }
    ]


@pytest.mark.parametrize(
    ("boxes", "fault", "field"),
    [
        ({"visits": "12"}, "column_missing", "children-0-name"),
        ({"name": "x" * 21}, "too_long", "children-0-name"),
        (
            NO_DAY,
            "no_such_date",
            "children-0-born-day",
        ),
        (
            TOMORROW,
            "in_future",
            "children-0-born-day",
        ),
        (SHORT_YEAR, "year_short", "children-0-born-year"),
        ({"name": "x", "visits": "many"}, "not_a_number", "children-0-visits"),
        ({"name": "x", "lives": "nowhere"}, "not_an_option", "children-0-lives"),
        ({"name": "x", "fees": "much"}, "not_money", "children-0-fees"),
    ],
)
def test_rows_refused(boxes: dict[str, str], fault: str, field: str) -> None:
    answer = asked("children", **boxes)
    assert answer.codes == [fault]
    [(name, message)] = error_messages(EVERY.question("children"), answer)
    assert name == field
    assert "{" not in message


def test_a_missing_box_is_named_in_both_languages() -> None:
    answer, question = asked("children", visits="1"), EVERY.question("children")
    assert error_messages(question, answer)[0][1] == "Fill in “Their name?”"
    assert error_messages(question, answer, "cy")[0][1] == "Llenwch “Eu henw?”"


def test_a_form_may_ask_only_some_boxes_of_a_row() -> None:
    question = tiny("rows").question("witnesses")
    assert field_names(question, rows=2) == (
        "witnesses-0-given",
        "witnesses-0-contact",
        "witnesses-1-given",
        "witnesses-1-contact",
    )
    raw = {f"witnesses-{row}-given": ["Sam"] for row in range(3)}
    answer = validate(question, raw, NOW)
    assert answer.errors == (Fault("too_many", "", {"limit": 2}),)
    assert error_messages(question, answer)[0] == (
        "witnesses-0-given",
        "Tell us about 2 people at most here. Write the rest in your own words later",
    )
    assert validate(question, {}, NOW).codes == ["required"]


def test_a_row_is_taken_away_and_the_others_close_up_with_all_that_was_typed() -> None:
    question = EVERY.question("children")
    raw = {
        "children-0-name": ["Ann"],
        "children-2-name": ["not a row that goes"],
        "children-2-born-day": ["31"],
        "children-5-visits": ["many"],
        "other": ["stays"],
    }
    assert close_up(question, raw, without=0) == {
        "children-0-name": ["not a row that goes"],
        "children-0-born-day": ["31"],
        "children-1-visits": ["many"],
        "other": ["stays"],
    }
    assert close_up(question, raw, without=9) == close_up(question, raw)


def test_the_theft_form_still_asks_for_things() -> None:
    assert any(question.columns for question in compile_form("theft").form.questions)


def test_a_thousand_rows_are_not_drawn() -> None:
    """No page offers so many; drawing them would hold up everybody else for seconds."""
    raw = {f"things-{number}-what": ["x"] for number in range(1_000)}
    assert row_numbers(EVERY.question("things"), raw) == list(range(100))
    assert validate(EVERY.question("things"), raw, NOW).codes == ["too_many"]
