"""Validators as tables: what people write, what is kept, and what they are told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.compiler import compile_raw
from forms.parts import Question
from forms.validation import error_messages, field_names, raw_from_value, validate
from tests.unit.forms.tiny import NOW, one_page, tiny

EVERY = tiny("every_type")


def ask(**question: object) -> Question:
    return compile_raw(one_page(**question), "one").form.question("asked")


def sent(name: str, **parts: str) -> dict[str, list[str]]:
    return {f"{name}-{part.replace('__', '-')}": [text] for part, text in parts.items()}


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


@pytest.mark.parametrize(
    ("day", "month", "year", "kept", "fault", "field"),
    [
        ("21", "11", "2026", "2026-11-21", None, None),
        (" 1 ", "02", "2024", "2024-02-01", None, None),
        ("29", "2", "2024", "2024-02-29", None, None),
        ("3", "March", "2025", "2025-03-03", None, None),
        ("3", "maw", "2025", "2025-03-03", None, None),
        ("31", "2", "2026", None, "no_such_date", "day-day"),
        ("29", "2", "2026", None, "no_such_date", "day-day"),
        ("0", "1", "2026", None, "no_such_date", "day-day"),
        ("1", "13", "2026", None, "no_such_date", "day-day"),
        ("22", "11", "2026", None, "in_future", "day-day"),
        ("1", "1", "1066", None, "too_long_ago", "day-year"),
        ("1", "1", "26", None, "year_short", "day-year"),
        ("1", "", "2026", None, "date_incomplete", "day-month"),
        ("", "1", "2026", None, "date_incomplete", "day-day"),
        ("1", "1", "", None, "date_incomplete", "day-year"),
        ("first", "1", "2026", None, "date_not_numbers", "day-day"),
        ("1", "x", "2026", None, "date_not_numbers", "day-month"),
        ("1", "1", "99999", None, "date_not_numbers", "day-year"),
        ("-1", "1", "2026", None, "date_not_numbers", "day-day"),
        ("", "", "", None, None, None),
    ],
)
def test_dates(day: str, month: str, year: str, kept: str | None, fault: str | None, field: str | None) -> None:
    question = EVERY.question("day")
    answer = validate(question, sent("day", day=day, month=month, year=year), NOW)
    assert (answer.value, answer.codes) == (kept, [fault] if fault else [])
    if field:
        [(name, message)] = error_messages(question, answer)
        assert name == field
        assert "{" not in message


def test_today_is_today_in_london_even_when_utc_is_a_day_behind() -> None:
    summer_night = NOW.replace(month=7, day=1, hour=23, minute=30)
    raw = sent("day", day="2", month="7", year="2026")
    assert validate(EVERY.question("day"), raw, summer_night).value == "2026-07-02"


def test_a_date_may_be_allowed_to_lie_ahead() -> None:
    question = ask(type="date", past_only=False)
    assert validate(question, sent("asked", day="1", month="1", year="2031"), NOW).value == "2031-01-01"


DAY = {"day": "20", "month": "11", "year": "2026"}
END = {"end__day": "21", "end__month": "11", "end__year": "2026"}


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        ({"kind": "exact", **DAY, "time": "2.30pm"}, {"kind": "exact", "date": "2026-11-20", "time": "14:30"}),
        ({"kind": "exact", **DAY}, {"kind": "exact", "date": "2026-11-20"}),
        # What was typed for a kind that was not chosen in the end is left out.
        ({"kind": "exact", **DAY, **END}, {"kind": "exact", "date": "2026-11-20"}),
        (
            {"kind": "between", **DAY, **END, "end__time": "9am"},
            {"kind": "between", "date": "2026-11-20", "end_date": "2026-11-21", "end_time": "09:00"},
        ),
        ({"kind": "ongoing"}, {"kind": "ongoing"}),
        ({"kind": "ongoing", **DAY}, {"kind": "ongoing", "date": "2026-11-20"}),
        ({"kind": "not_sure", **DAY}, {"kind": "not_sure"}),
        ({}, None),
    ],
)
def test_when(parts: dict[str, str], kept: dict[str, str] | None) -> None:
    answer = validate(EVERY.question("moment"), sent("moment", **parts), NOW)
    assert (answer.value, answer.codes) == (kept, [])


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        ({"kind": "exact"}, [("date_incomplete", "day")]),
        ({"kind": "exact", "time": "9am"}, [("time_without_date", "day")]),
        ({"kind": "exact", **DAY, "time": "25:00"}, [("no_such_time", "time")]),
        ({"kind": "exact", **DAY, "day": "21", "time": "18:30"}, [("time_in_future", "time")]),
        ({"kind": "exact", **DAY, "day": "31"}, [("no_such_date", "day")]),
        ({"kind": "between", **DAY}, [("date_incomplete", "end-day")]),
        ({"kind": "between", **END}, [("date_incomplete", "day")]),
        (
            {"kind": "between", **DAY, **END, "day": "22", "month": "10", "end__month": "9"},
            [("end_before_start", "end-day")],
        ),
        (
            {"kind": "between", **DAY, **END, "end__day": "20", "time": "9:00", "end__time": "8:59"},
            [("end_before_start", "end-day")],
        ),
        ({"kind": "perhaps"}, [("not_an_option", "kind")]),
    ],
)
def test_when_refused(parts: dict[str, str], faults: list[tuple[str, str]]) -> None:
    question = EVERY.question("moment")
    answer = validate(question, sent("moment", **parts), NOW)
    assert [(each.code, each.part) for each in answer.errors] == faults
    assert [name for name, _ in error_messages(question, answer)] == [f"moment-{part}" for _, part in faults]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("14:30", "14:30"),
        ("14.30", "14:30"),
        ("1430", "14:30"),
        ("2pm", "14:00"),
        ("2:05 PM", "14:05"),
        ("12am", "00:00"),
        ("12pm", "12:00"),
        ("noon", "12:00"),
        ("midnight", "00:00"),
        ("9yh", "21:00"),
        ("14", None),
        ("13pm", None),
        ("24:00", None),
        ("12:60", None),
        ("lunch", None),
    ],
)
def test_times_of_day(written: str, kept: str | None) -> None:
    answer = validate(EVERY.question("moment"), sent("moment", kind="exact", **DAY, time=written), NOW)
    assert (answer.value or {}).get("time") == kept
    assert answer.codes == ([] if kept else ["no_such_time"])


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("07700 900123", "+447700900123"),
        ("07700-900-123", "+447700900123"),
        ("(01632) 960 001", "+441632960001"),
        ("020 7946 0018", "+442079460018"),
        ("+44 (0)7700 900123", "+447700900123"),
        ("0044 7700 900 123", "+447700900123"),
        ("+353 20 910 0000", "+353209100000"),
        ("\u200e07700\u00a0900123", "+447700900123"),
        ("0770", None),
        ("999", None),
        ("not a number", None),
        ("07700 900123 or 07700 900456", None),
        ("", ""),
    ],
)
def test_phones(written: str, kept: str | None) -> None:
    answer = validate(EVERY.question("phone"), {"phone": [written]})
    assert answer.value == (kept or None)
    assert answer.codes == (["not_a_phone"] if kept is None else [])


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ceri@example.org", "ceri@example.org"),
        (" Ceri.Example+one@EXAMPLE.ORG ", "Ceri.Example+one@example.org"),
        ("o'neil@mail.example.org", "o'neil@mail.example.org"),
        ("ceri", None),
        ("ceri@example", None),
        ("ceri@@example.org", None),
        ("ceri@exa mple.org", None),
        ("a@b..example", None),
        ("a@example.org, b@example.org", None),
        ("x" * 250 + "@example.org", None),
    ],
)
def test_emails(written: str, kept: str | None) -> None:
    answer = validate(EVERY.question("email"), {"email": [written]})
    assert (answer.value, answer.codes) == (kept, [] if kept else ["not_an_email"])


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        ({"postcode": "sw1a2aa"}, ("SW1A 2AA", "", "")),
        ({"postcode": " SW1A-2AA. "}, ("SW1A 2AA", "", "")),
        ({"postcode": "CF10 OAA"}, ("CF10 0AA", "", "")),
        ({"postcode": "m1 1ae"}, ("M1 1AE", "", "")),
        ({"address": "1 High Street\r\nTown"}, ("", "1 High Street\nTown", "")),
        ({"description": "by the canal"}, ("", "", "by the canal")),
        # Half a postcode is all some people know: beside words it helps.
        ({"postcode": "sw1a", "description": "by the park"}, ("SW1A", "", "by the park")),
    ],
)
def test_places(parts: dict[str, str], kept: tuple[str, str, str]) -> None:
    answer = validate(EVERY.question("place"), sent("place", **parts))
    assert answer.value == dict(zip(("postcode", "address", "description"), kept, strict=True))


@pytest.mark.parametrize(
    ("parts", "fault", "field"),
    [
        ({"postcode": "SW1A"}, "half_a_postcode", "place-postcode"),
        ({"postcode": "CF10"}, "half_a_postcode", "place-postcode"),
        ({"postcode": "SW1A 2"}, "half_a_postcode", "place-postcode"),
        ({"postcode": "SW1A 2A"}, "half_a_postcode", "place-postcode"),
        ({"postcode": "90210"}, "not_a_postcode", "place-postcode"),
        ({"postcode": "nowhere", "description": "x"}, "not_a_postcode", "place-postcode"),
        ({"address": "x" * 301}, "too_long", "place-address"),
        ({"description": "x" * 501}, "too_long", "place-description"),
    ],
)
def test_places_refused(parts: dict[str, str], fault: str, field: str) -> None:
    question = EVERY.question("place")
    answer = validate(question, sent("place", **parts))
    assert answer.codes == [fault]
    assert error_messages(question, answer)[0][0] == field


def test_a_name_needs_one_of_its_parts_and_fits_the_records() -> None:
    question = ask(type="name")
    assert validate(question, sent("asked", given=" Siân ", surname="O’Example")).value == {
        "given": "Siân",
        "surname": "O’Example",
    }
    assert validate(question, sent("asked", surname="Madonna")).value == {"given": "", "surname": "Madonna"}
    assert validate(question, sent("asked", given=" ")).codes == ["required"]
    answer = validate(question, sent("asked", given="x" * 36))
    assert [(each.code, each.part) for each in answer.errors] == [("too_long", "given")]


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        (
            {"how": "email", "email": "a@example.org", "when": " mornings ", "safe_word": "tulip"},
            ("a@example.org", "mornings", "tulip"),
        ),
        ({"how": "text", "text": "07700 900123", "email": "broken"}, ("+447700900123", "", "")),
        ({"how": "phone", "phone": "07700 900123"}, ("+447700900123", "", "")),
        ({"how": "post", "post": "1 High Street\nTown"}, ("1 High Street\nTown", "", "")),
        # Ways that reach nobody keep nothing that could be used by mistake.
        ({"how": "online", "phone": "07700 900123", "when": "mornings", "safe_word": "tulip"}, ("", "", "")),
        ({"how": "none", "email": "a@example.org"}, ("", "", "")),
    ],
)
def test_safe_contact(parts: dict[str, str], kept: tuple[str, str, str]) -> None:
    answer = validate(EVERY.question("reach"), sent("reach", **parts))
    value, when, safe_word = kept
    assert answer.value == {"how": parts["how"], "value": value, "when": when, "safe_word": safe_word}


@pytest.mark.parametrize(
    ("parts", "fault", "field"),
    [
        ({"how": "email", "phone": "07700 900123"}, "not_an_email", "reach-email"),
        ({"how": "phone", "phone": "12"}, "not_a_phone", "reach-phone"),
        ({"how": "text"}, "not_a_phone", "reach-text"),
        ({"how": "post"}, "address_missing", "reach-post"),
        ({"how": "pigeon"}, "not_an_option", "reach-how"),
        ({"how": "phone", "phone": "07700 900123", "when": "x" * 201}, "too_long", "reach-when"),
    ],
)
def test_safe_contact_refused(parts: dict[str, str], fault: str, field: str) -> None:
    question = EVERY.question("reach")
    answer = validate(question, sent("reach", **parts))
    assert answer.codes == [fault]
    assert error_messages(question, answer)[0][0] == field


def test_a_way_that_a_question_does_not_offer_is_refused() -> None:
    question = ask(type="safe_contact", ways=["online", "none"])
    assert validate(question, sent("asked", how="email", email="a@example.org")).codes == ["not_an_option"]
    assert field_names(question) == ("asked-how", "asked-when")


def test_things_row_by_row() -> None:
    raw = {
        "things-0-what": ["Bicycle"],
        "things-0-value": ["£1,250.50"],
        "things-0-serial": [" WTU123 "],
        "things-1-what": [" "],
        "things-7-what": ["Helmet"],
        "things-x-what": ["not a row"],
    }
    assert validate(EVERY.question("things"), raw).value == [
        {"what": "Bicycle", "value_pence": 125050, "serial": "WTU123"},
        {"what": "Helmet", "value_pence": None, "serial": ""},
    ]


@pytest.mark.parametrize(
    ("raw", "faults"),
    [
        ({"things-0-value": ["20"]}, [("what_missing", "0-what")]),
        ({"things-0-what": ["a"], "things-0-value": ["lots"]}, [("not_money", "0-value")]),
        ({"things-0-what": ["a"], "things-0-value": ["-5"]}, [("not_money", "0-value")]),
        ({"things-2-what": ["x" * 201]}, [("too_long", "2-what")]),
        ({f"things-{row}-what": ["a"] for row in range(11)}, [("too_many", "")]),
    ],
)
def test_things_refused(raw: dict[str, list[str]], faults: list[tuple[str, str]]) -> None:
    answer = validate(EVERY.question("things"), raw)
    assert [(each.code, each.part) for each in answer.errors] == faults


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
        [{"what": "Phone", "value_pence": 19999, "serial": "35"}, {"what": "Case", "value_pence": None, "serial": ""}],
    ),
]


@pytest.mark.parametrize(("name", "value"), ROUND_TRIPS)
def test_a_stored_value_shown_again_gives_the_same_value(name: str, value: Any) -> None:  # noqa: ANN401
    question = EVERY.question(name)
    raw = raw_from_value(question, value)
    assert set(raw) <= set(field_names(question, rows=2))
    assert validate(question, raw, NOW).value == value
    assert raw_from_value(question, None) == {}


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from([f for q in EVERY.questions for f in field_names(q, rows=2)]), st.lists(st.text()))
)
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
