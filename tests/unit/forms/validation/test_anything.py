"""What holds for every type of answer, whatever is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import worded
from forms.validation import error_messages, field_names, raw_from_value, validate
from forms.wording import typed_in
from tests.support.answers import a_row
from tests.unit.forms.tiny import NOW
from tests.unit.forms.validation.asking import EVERY

IMEI = "490154203237518"
ROUND_TRIPS: list[tuple[str, Any]] = [
    ("line", "words"),
    ("lines", "words\nand lines"),
    ("one", "b"),
    ("some", ["a", "b"]),
    ("sure", "not_sure"),
    ("day", "2026-02-03"),
    ("moment", {"kind": "exact", "date": "2026-02-03", "time": "04:05"}),
    ("moment", {"kind": "between", "date": "2026-02-03", "end_date": "2026-02-04", "end_time": "23:59"}),
    ("moment", {"kind": "ongoing"}),
    ("moment", {"kind": "not_sure"}),
    ("name", {"given": "Ceri", "surname": ""}),
    ("phone", "+447700900123"),
    ("email", "ceri@example.org"),
    ("place", {"postcode": "SW1A 2AA", "address": "", "description": "by the park"}),
    ("reach", {"how": "text", "value": "+447700900123", "when": "mornings", "safe_word": "tulip"}),
    ("reach", {"how": "none", "value": "", "when": "", "safe_word": ""}),
    (
        "things",
        [
            {
                "what": "Phone",
                "make": "A",
                "model": "B",
                "value_pence": 19999,
                "serial": "35",
                "imei": IMEI,
            },
            {"what": "Case", "make": "", "model": "", "value_pence": None, "serial": "", "imei": ""},
        ],
    ),
    ("home", {"line1": "1 High Street", "line2": "", "town": "Maidstone", "postcode": "ME14 1XX"}),
    ("words3", "filled.count.soap"),
    ("point", {"lat": 51.0, "lon": -0.00001}),
    ("many", 1200),
    ("suspects", [a_row(EVERY.question("suspects"), now=NOW)]),
    ("vehicles", [a_row(EVERY.question("vehicles"), now=NOW), a_row(EVERY.question("vehicles"), now=NOW)]),
    ("children", [a_row(EVERY.question("children"), now=NOW)]),
]


@pytest.mark.parametrize(("name", "value"), ROUND_TRIPS)
def test_a_stored_value_shown_again_gives_the_same_value(name: str, value: Any) -> None:  # noqa: ANN401
    question = EVERY.question(name)
    raw = raw_from_value(question, value)
    assert set(raw) <= set(field_names(question, rows=2))
    assert validate(question, raw, NOW).value == value
    assert raw_from_value(question, None) == {}


# What people write, beside what nobody would.
BOXES = st.one_of(
    st.text(),
    st.integers(min_value=-5, max_value=2100).map(str),
    st.floats(min_value=-10, max_value=70).map(str),
    st.from_regex(r"[A-Za-z]{1,2}[0-9]{1,2} ?[0-9][A-Za-z]{2}", fullmatch=True),
    st.from_regex(r"/{0,3}\w{1,6}[. ]\w{1,6}[. ]\w{1,6}", fullmatch=True),
    st.sampled_from(["a", "b", "me", "exact", "between", "email", "2pm", IMEI, "1 High St, ME14 1XX", "ß ŉ ǆ"]),
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([f for q in EVERY.questions for f in field_names(q, rows=2)]), st.lists(BOXES)))
def test_nothing_that_can_be_sent_breaks_a_validator(raw: dict[str, list[str]]) -> None:
    for question in EVERY.questions:
        answer = validate(question, raw, NOW)
        assert answer.value is None or answer.errors == ()
        for name, message in error_messages(question, answer, "cy"):
            assert name == question.id or name.startswith(f"{question.id}-")
            assert message
        if answer.value is not None:
            assert "\x00" not in repr(answer.value).replace("\\x00", "\x00")
            assert validate(question, raw_from_value(question, answer.value), NOW).value == answer.value
            for language in ("en", "cy"):
                assert worded(question, answer.value, language).strip()
            assert all(isinstance(words, str) for words in typed_in(question, answer.value))
            json.dumps(answer.value, allow_nan=False)
