"""Rules compare answers by a closed vocabulary; nothing unknown is read, nothing is evaluated."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from forms.errors import FormDefinitionError
from forms.rules import evaluate, parse_rule, references
from tests.unit.forms.tiny import NOW

ANSWERS: dict[str, Any] = {
    "colour": "red",
    "things": ["bag", "coat"],
    "reach": {"how": "none", "value": ""},
    "day": "2026-11-14",
    "born": "2008-11-22",
    "exact": {"kind": "exact", "date": "2026-11-20"},
    "between": {"kind": "between", "date": "2026-10-01", "end_date": "2026-11-19"},
    "ongoing": {"kind": "ongoing", "date": "2020-01-01"},
    "unsure": {"kind": "not_sure"},
    "empty": "",
}


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ({"is": ["colour", "red"]}, True),
        ({"is": ["colour", "blue"]}, False),
        ({"is": ["missing", "red"]}, False),
        ({"is_not": ["colour", "blue"]}, True),
        ({"is_not": ["colour", "red"]}, False),
        ({"is_not": ["missing", "red"]}, True),
        ({"includes": ["things", "bag"]}, True),
        ({"includes": ["things", "hat"]}, False),
        ({"includes": ["colour", "red"]}, False),
        ({"any_of": ["colour", ["blue", "red"]]}, True),
        ({"any_of": ["things", ["hat", "coat"]]}, True),
        ({"any_of": ["things", ["hat"]]}, False),
        ({"any_of": ["missing", ["hat"]]}, False),
        ({"answered": "colour"}, True),
        ({"answered": "empty"}, False),
        ({"answered": "missing"}, False),
        ({"is": ["reach.how", "none"]}, True),
        ({"is": ["colour.how", "none"]}, False),
        ({"all": [{"answered": "colour"}, {"answered": "day"}]}, True),
        ({"all": [{"answered": "colour"}, {"answered": "missing"}]}, False),
        ({"any": [{"answered": "colour"}, {"answered": "missing"}]}, True),
        ({"any": [{"answered": "empty"}, {"answered": "missing"}]}, False),
        ({"not": {"answered": "missing"}}, True),
        ({"within_days": ["day", 7]}, True),
        ({"within_days": ["day", 6]}, False),
        ({"older_than_days": ["day", 6]}, True),
        ({"older_than_days": ["day", 7]}, False),
        ({"within_days": ["exact", 1]}, True),
        ({"within_days": ["between", 2]}, True),
        ({"within_days": ["ongoing", 0]}, True),
        ({"within_days": ["unsure", 9999]}, False),
        ({"older_than_days": ["unsure", 0]}, False),
        ({"within_days": ["missing", 9999]}, False),
        ({"under_years": ["born", 18]}, True),
        ({"under_years": ["born", 17]}, False),
    ],
)
def test_each_operator(rule: dict[str, Any], holds: bool) -> None:
    assert evaluate(parse_rule(rule, "here"), ANSWERS, NOW) is holds


def test_a_birthday_ends_being_under_eighteen() -> None:
    rule = parse_rule({"under_years": ["born", 18]}, "here")
    assert not evaluate(rule, ANSWERS, datetime(2026, 11, 22, 9, tzinfo=UTC))


def test_days_are_days_in_the_united_kingdom() -> None:
    rule = parse_rule({"within_days": ["day", 0]}, "here")
    just_past_midnight_in_london = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert evaluate(rule, {"day": "2026-07-02"}, just_past_midnight_in_london)
    assert not evaluate(rule, {"day": "2026-07-01"}, just_past_midnight_in_london)


@pytest.mark.parametrize(
    "rule",
    [
        "__import__('os')",
        {},
        {"eval": "1"},
        {"is": ["a", "b"], "is_not": ["a", "b"]},
        {"is": ["a"]},
        {"is": ["a", 3]},
        {"is": "a"},
        {"any_of": ["a", []]},
        {"any_of": ["a", "b"]},
        {"all": []},
        {"all": {"answered": "a"}},
        {"answered": ["a"]},
        {"within_days": ["a", "7"]},
        {"within_days": ["a", True]},
        {"within_days": ["a", -1]},
        {"not": "a"},
    ],
)
def test_what_is_no_rule_is_refused_by_place(rule: object) -> None:
    with pytest.raises(FormDefinitionError, match=r"^here:"):
        parse_rule(rule, "here")


def test_a_rule_names_what_it_looks_at() -> None:
    rule = parse_rule({"any": [{"is": ["a.how", "x"]}, {"not": {"any_of": ["b", ["y", "z"]]}}]}, "here")
    assert list(references(rule)) == [("a.how", ("x",)), ("b", ("y", "z"))]
