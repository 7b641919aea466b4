"""Answers chosen from a list."""

from __future__ import annotations

import pytest

from forms.validation import error_messages, validate
from tests.unit.forms.validation.asking import EVERY


@pytest.mark.parametrize(
    ("codes", "kept", "faults"),
    [
        (["a"], "a", []),
        (["a", "a"], "a", []),
        ([], None, []),
        ([""], None, []),
        (["z"], None, ["not_an_option"]),
        (["a", "b"], None, ["not_an_option"]),
        (["a\x00"], None, ["not_an_option"]),
    ],
)
def test_one_choice(codes: list[str], kept: str | None, faults: list[str]) -> None:
    answer = validate(EVERY.question("one"), {"one": codes})
    assert (answer.value, answer.codes) == (kept, faults)


@pytest.mark.parametrize(
    ("codes", "kept", "faults"),
    [
        (["b", "a"], ["a", "b"], []),
        (["none"], ["none"], []),
        (["none", "a"], None, ["exclusive"]),
        (["a", "z"], None, ["not_an_option"]),
        ([], None, []),
    ],
)
def test_several_choices(codes: list[str], kept: list[str] | None, faults: list[str]) -> None:
    question = EVERY.question("some")
    answer = validate(question, {"some": codes})
    assert (answer.value, answer.codes) == (kept, faults)
    if faults == ["exclusive"]:
        assert error_messages(question, answer)[0][1] == "Choose either “None” or the other answers, not both"
