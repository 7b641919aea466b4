"""Answers held against earlier ones: ages, dates, years without a gap, people who must be two, sums that must fit."""

from __future__ import annotations

from typing import Any

import pytest

from forms.checks import parse_check
from forms.compiler import compile_raw
from forms.errors import FormDefinitionError
from forms.parts import Question
from forms.schema import Form
from forms.validation import error_messages, raw_from_value, validate
from forms.validation.checking import check_faults
from tests.unit.forms.tiny import NOW, with_pages

ERRORS = {"required": "Answer it"}
SINCE = {"id": "since", "type": "date", "label": "Since?", "required": False}
NAME = {"id": "name", "type": "name", "label": "Name?", "required": False}
PHONE = {"id": "phone", "type": "phone", "label": "Phone?", "required": False}
REACH = {"id": "reach", "type": "safe_contact", "label": "Reach?", "required": False}
OUT = {
    "id": "out",
    "type": "rows",
    "label": "Out?",
    "required": False,
    "columns": [{"id": "a", "type": "text", "label": "A"}],
}
GROUP = {"id": "group", "type": "number", "label": "How many?", "required": False}
STAYS = [{"id": name, "type": "date", "label": name} for name in ("from", "to")]
_KINDS = {"given": "text", "surname": "text", "phone": "phone", "email": "email"}
PERSON = [{"id": name, "type": kind, "label": name} for name, kind in _KINDS.items()]
GUNS: list[dict[str, Any]] = [
    {"id": "what", "type": "text", "label": "What"},
    {"id": "quantity", "type": "number", "label": "How many", "min": 1, "max": 20},
]
PLAIN = {"code": "a", "label": "A"}
SAM: dict[str, Any] = {"name": {"given": "Sam", "surname": "Example"}, "phone": "+447700900123"}


def form_with(**question: object) -> Form:
    """A form that asks the questions above and then this one."""
    pages = [{"id": each["id"], "questions": [each]} for each in (SINCE, NAME, PHONE, REACH, OUT, GROUP)]
    asked = {"id": "asked", "label": "Asked", "errors": ERRORS, **question}
    return compile_raw(with_pages(*pages, {"id": "last", "questions": [asked]}), "made").form


def faults(value: Any, given: dict[str, Any] | None = None, **question: object) -> list[tuple[str, str]]:  # noqa: ANN401
    """(fault, part) for each thing that does not fit."""
    asked = form_with(**question).question("asked")
    return [(each.code, each.part) for each in check_faults(asked, value, given or {}, NOW)]


@pytest.mark.parametrize(
    ("born", "found"),
    [
        ("2012-11-21", []),
        ("2012-11-22", [("too_young", "day")]),
        ("1906-11-22", []),
        ("1905-11-22", []),
        ("1905-11-21", [("too_old", "year")]),
    ],
)
def test_ages(born: str, found: list[tuple[str, str]]) -> None:
    assert faults(born, type="date", checks=[{"years_old": [14, 120]}]) == found


@pytest.mark.parametrize(
    ("day", "found"),
    [("2025-11-20", ["before_day"]), ("2025-11-21", []), ("2031-11-21", []), ("2031-11-22", ["after_day"])],
)
def test_a_day_not_too_far_away(day: str, found: list[str]) -> None:
    asked: dict[str, Any] = {"type": "date", "past_only": False, "checks": [{"years_around": [1, 5]}]}
    assert [code for code, _ in faults(day, **asked)] == found


def test_a_day_not_before_another() -> None:
    asked: dict[str, Any] = {"type": "date", "checks": [{"not_before": "since"}]}
    assert faults("2020-01-01", {"since": "2020-01-02"}, **asked) == [("before_day", "day")]
    assert faults("2020-01-02", {"since": "2020-01-02"}, **asked) == []
    assert faults("2020-01-01", {}, **asked) == []


def stays(*pairs: str) -> list[dict[str, str]]:
    """Rows of "from/to"."""
    return [dict(zip(("from", "to"), pair.split("/"), strict=True)) for pair in pairs]


@pytest.mark.parametrize(
    ("rows", "gap"),
    [
        (["2021-11-21/2024-06-01"], None),
        (["2019-01-01/2024-06-01"], None),
        (["2021-11-21/2022-01-01", "2022-01-01/2024-06-01"], None),
        (["2021-11-21/2022-01-01", "2022-01-02/2024-05-31"], None),
        (["2022-01-02/2024-06-01", "2021-11-21/2022-01-01"], None),
        (["2021-11-21/2022-01-01", "2022-01-03/2024-06-01"], ("2 January 2022", "3 January 2022")),
        (["2021-11-22/2024-06-01"], ("21 November 2021", "22 November 2021")),
        (["2021-11-21/2024-05-30"], ("31 May 2024", "1 June 2024")),
        (["2019-01-01/2020-01-01"], ("21 November 2021", "1 June 2024")),
        (["2021-11-21/2024-06-01", "2021-12-01/2022-01-01"], None),
    ],
)
def test_five_years_without_a_gap(rows: list[str], gap: tuple[str, str] | None) -> None:
    asked = form_with(type="rows", columns=STAYS, checks=[{"covers_years": [5, "since"]}]).question("asked")
    found = check_faults(asked, stays(*rows), {"since": "2024-06-01"}, NOW)
    assert [(each.values["start"].en, each.values["end"].en) for each in found] == ([gap] if gap else [])  # type: ignore[attr-defined]


def test_a_gap_is_told_in_both_languages_beside_the_first_box() -> None:
    asked = form_with(type="rows", columns=STAYS, checks=[{"covers_years": [5, "since"]}]).question("asked")
    raw = raw_from_value(asked, stays("2022-11-21/2024-06-01"))
    answer = validate(asked, raw, NOW, {"since": "2024-06-01"})
    [(field, english)] = error_messages(asked, answer, "en")
    assert field == "asked-0-from-day"
    assert "21 November 2021" in english
    assert "21 Tachwedd 2021" in error_messages(asked, answer, "cy")[0][1]


def test_a_stay_that_ends_before_it_begins() -> None:
    asked: dict[str, Any] = {"type": "rows", "columns": STAYS, "checks": [{"ordered": ["from", "to"]}]}
    assert faults(stays("2022-01-02/2022-01-01"), **asked) == [("end_before_start", "0-to-day")]
    assert faults(stays("2022-01-01/2022-01-01", "2022-01-01/"), **asked) == []


REFEREE = {"given": "Kim", "surname": "Other", "phone": "+447700900777", "email": "kim@example.org"}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"given": "sam", "surname": " Example"}, [("is_yourself", "0-given")]),
        ({"given": "Sam", "surname": "Other"}, []),
        ({"phone": "+447700900123"}, [("is_yourself", "0-phone")]),
        ({"email": "SAM@example.org"}, [("is_yourself", "0-email")]),
        ({"email": "", "phone": ""}, []),
    ],
)
def test_a_referee_is_somebody_else(changes: dict[str, str], found: list[tuple[str, str]]) -> None:
    asked: dict[str, Any] = {"type": "rows", "columns": PERSON, "checks": [{"not_self": ["name", "phone", "reach"]}]}
    given = {**SAM, "reach": {"how": "email", "value": "sam@example.org", "when": "", "safe_word": ""}}
    assert faults([REFEREE | changes], given, **asked) == found


@pytest.mark.parametrize(
    ("second", "found"),
    [
        ({"given": "Jo", "surname": "Third", "phone": "+447700900778", "email": "jo@example.org"}, []),
        ({"given": "KIM", "surname": "other", "phone": "", "email": ""}, [("same_person", "1-given")]),
        ({"given": "Jo", "surname": "Third", "phone": "+447700900777", "email": ""}, [("same_person", "1-phone")]),
        ({"given": "Jo", "surname": "Third", "phone": "", "email": "Kim@example.org"}, [("same_person", "1-email")]),
    ],
)
def test_two_referees_are_two_people(second: dict[str, str], found: list[tuple[str, str]]) -> None:
    asked: dict[str, Any] = {"type": "rows", "columns": PERSON, "checks": [{"apart": ["phone", "email"]}]}
    assert faults([REFEREE, second], **asked) == found


@pytest.mark.parametrize(
    ("kind", "given", "found"),
    [
        ("as_many_as", {"group": 3}, []),
        ("as_many_as", {"group": 4}, [("other_number", "")]),
        ("as_many_as", {"out": [{"a": "x"}, {"a": "y"}, {"a": "z"}]}, []),
        ("as_many_as", {"out": [{"a": "x"}]}, [("other_number", "")]),
        ("as_many_as", {}, []),
        ("more_than", {}, []),
        ("more_than", {"group": 2}, []),
        ("more_than", {"group": 3}, [("not_more", "")]),
    ],
)
def test_sums(kind: str, given: dict[str, Any], found: list[tuple[str, str]]) -> None:
    other = "out" if "out" in given else "group"
    rows = [{"what": "Rifle", "quantity": 2}, {"what": "Other", "quantity": None}]
    assert faults(rows, given, type="rows", columns=GUNS, checks=[{kind: other}]) == found


def test_every_line_of_a_declaration() -> None:
    options = [{"code": code, "label": code} for code in ("a", "b")]
    asked: dict[str, Any] = {"type": "choices", "options": options, "checks": [{"all_chosen": True}]}
    assert faults(["a"], **asked) == [("not_all_chosen", "")]
    assert faults(["a", "b"], **asked) == []


def test_a_signature_is_the_name_that_was_given() -> None:
    asked: dict[str, Any] = {"type": "text", "checks": [{"same_name": "name"}]}
    assert faults("sam  EXAMPLE", SAM, **asked) == []
    assert faults("Sam", SAM, **asked) == [("not_the_name", "")]


def test_a_check_counts_under_its_rule_alone() -> None:
    check = {"years_old": [14, 120], "when": {"answered": "phone"}}
    assert faults("2020-01-01", {}, type="date", checks=[check]) == []
    assert faults("2020-01-01", SAM, type="date", checks=[check]) == [("too_young", "day")]


def boxes(**changes: str) -> dict[str, list[str]]:
    return {f"asked-0-{name}": [text] for name, text in changes.items()}


COLUMNS = [
    *GUNS,
    {"id": "phone", "type": "phone", "label": "Phone"},
    {"id": "email", "type": "email", "label": "Email"},
    {"id": "postcode", "type": "postcode", "label": "Postcode"},
    {
        "id": "kin",
        "type": "choice",
        "label": "Kin?",
        "options": [{"code": "no", "label": "No"}, {"code": "yes", "label": "Yes", "refused": "Not your family"}],
    },
]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"quantity": "0"}, "Enter 1 or more"),
        ({"quantity": "21"}, "Enter 20 or less"),
        ({"phone": "12"}, "Enter a phone number"),
        ({"email": "sam@"}, "Enter an email address"),
        ({"postcode": "ME14"}, "Write all of the postcode"),
        ({"kin": "yes"}, "Not your family"),
        ({"kin": "perhaps"}, "Choose one of the answers"),
    ],
)
def test_boxes_of_rows_that_cannot_be(sent: dict[str, str], message: str) -> None:
    asked = form_with(type="rows", columns=COLUMNS).question("asked")
    [(field, words)] = error_messages(asked, validate(asked, boxes(**sent), NOW))
    assert field == f"asked-0-{next(iter(sent))}"
    assert words.startswith(message)


def test_boxes_of_rows_are_kept_and_shown_again() -> None:
    asked = form_with(type="rows", columns=COLUMNS).question("asked")
    sent = boxes(what="Rifle", quantity="2", phone="07700 900123", email="a@Example.org", postcode="me141xx", kin="no")
    kept = validate(asked, sent, NOW).value
    assert kept == [
        {
            "what": "Rifle",
            "quantity": 2,
            "phone": "+447700900123",
            "email": "a@example.org",
            "postcode": "ME14 1XX",
            "kin": "no",
        }
    ]
    assert validate(asked, raw_from_value(asked, kept), NOW).value == kept


def test_as_many_rows_as_are_needed() -> None:
    asked = form_with(type="rows", columns=GUNS, at_least=2).question("asked")
    answer = validate(asked, boxes(what="Rifle"), NOW)
    assert error_messages(asked, answer) == [("asked-0-what", "Fill in 2 of these")]


def test_a_page_that_no_longer_fits_is_asked_again() -> None:
    form = form_with(type="rows", columns=PERSON, checks=[{"not_self": ["phone"]}])
    answers = {"asked": [REFEREE]}
    assert form.is_complete(answers, NOW)
    page = form.first_unanswered({**answers, "phone": REFEREE["phone"]}, NOW)
    assert page is not None
    assert page.id == "last"


@pytest.mark.parametrize(
    "check",
    [
        "all_chosen", {"no_such": True}, {"all_chosen": False}, {"years_old": [14]}, {"years_old": [True, 2]},
        {"not_before": ["a"]}, {"ordered": []}, {"no_more": []}, {"covers_years": ["since", 5]},
        {"years_old": [1, 2], "not_before": "a"},
    ],
)  # fmt: skip
def test_what_is_no_check_is_refused(check: object) -> None:
    with pytest.raises(FormDefinitionError):
        parse_check(check, "here")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ({"type": "text", "checks": [{"years_old": [1, 2]}]}, "does not fit"),
        ({"type": "date", "checks": [{"not_before": "nowhere"}]}, "no question of an earlier page"),
        ({"type": "date", "checks": [{"not_before": "name"}]}, "cannot compare name"),
        ({"type": "rows", "columns": PERSON, "checks": [{"apart": ["shoe"]}]}, "'shoe'"),
        ({"type": "rows", "columns": PERSON, "checks": [{"ordered": ["given", "surname"]}]}, "needs dates"),
        ({"type": "rows", "columns": PERSON, "checks": [{"no_more": ["given", "surname"]}]}, "needs numbers"),
        ({"type": "rows", "columns": PERSON, "at_least": 11}, "at_least is more"),
        ({"type": "rows", "columns": [{**GUNS[1], "min": 21}]}, "min of quantity"),
        ({"type": "date", "checks": [{"years_old": [1, 2], "when": {"answered": "asked"}}]}, "no question of"),
        ({"type": "choice", "options": [PLAIN, {"code": "b", "label": "B", "refused": "No"}]}, "refused"),
    ],
)  # fmt: skip
def test_checks_that_cannot_work_are_told_by_name(question: dict[str, Any], told: str) -> None:
    with pytest.raises(FormDefinitionError, match=told):
        form_with(**question)


def test_a_question_without_checks_takes_what_it_took() -> None:
    asked: Question = form_with(type="text").question("asked")
    assert check_faults(asked, "words", {}, NOW) == ()
