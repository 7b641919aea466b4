"""Words that people type: cleaned, counted, and required where they must be."""

from __future__ import annotations

import pytest

from forms.validation import error_messages, validate
from tests.unit.forms.validation.asking import EVERY, ask


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  plain  ", "plain"),
        ("two   spaces\tand a tab", "two spaces and a tab"),
        ("a\x00b\x07c\x1b[31m\x7f\x9f", "abc[31m"),
        ("over\u202eridden\u2066 and\u200b hidden\ufeff", "overridden and hidden"),
        ("e\u0301", "é"),
        ("half an emoji \ud83d", "half an emoji"),
        ("two\r\nlines", "two lines"),
        ("<script>alert(1)</script>'; DROP TABLE", "<script>alert(1)</script>'; DROP TABLE"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("", None),
        (" \t\r\n\x00 ", None),
    ],
)
def test_one_line(written: str, kept: str | None) -> None:
    assert validate(EVERY.question("line"), {"line": [written]}).value == kept


def test_lines_keep_their_breaks() -> None:
    answer = validate(EVERY.question("lines"), {"lines": ["one\r\ntwo\rthree\n\n\x00four"]})
    assert answer.value == "one\ntwo\nthree\n\nfour"


def test_too_long_is_counted_out() -> None:
    question = EVERY.question("lines")
    assert validate(question, {"lines": ["x" * 4000]}).value == "x" * 4000
    # Line ends that a browser sends as two characters count once, as the person sees them.
    assert validate(question, {"lines": ["x\r\n" * 1333 + "y"]}).value is not None
    answer = validate(question, {"lines": ["x" * 4212]})
    assert answer.value is None
    assert error_messages(question, answer) == [
        ("lines", "Use 4,000 characters or fewer. You have written 4,212, which is 212 too many")
    ]
    assert "212 yn ormod" in error_messages(question, answer, "cy")[0][1]


def test_required_uses_the_questions_own_words_and_optional_says_nothing() -> None:
    question = ask(errors={"required": {"en": "Say it", "cy": "Dywedwch"}})
    answer = validate(question, {})
    assert answer.codes == ["required"]
    assert error_messages(question, answer) == [("asked", "Say it")]
    assert error_messages(question, answer, "cy") == [("asked", "Dywedwch")]
    assert validate(ask(required=False), {}).errors == ()
