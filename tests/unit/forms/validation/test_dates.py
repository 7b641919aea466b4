"""Days and times: what can be is kept, what cannot is refused beside its box."""

from __future__ import annotations

import pytest

from forms.validation import error_messages, validate
from tests.unit.forms.tiny import NOW
from tests.unit.forms.validation.asking import EVERY, ask, sent


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


IMPOSSIBLE = [
    (("31", "2", "2026"), "no_such_date", "day"),
    (("22", "11", "2026"), "in_future", "day"),
    (("1", "1", "1066"), "too_long_ago", "year"),
    (("1", "1", "26"), "year_short", "year"),
    (("1", "Brumaire", "2026"), "date_not_numbers", "month"),
]


@pytest.mark.parametrize("before", ["", "end__"])
@pytest.mark.parametrize("kind", ["exact", "between", "ongoing"])
@pytest.mark.parametrize(("written", "fault", "box"), IMPOSSIBLE)
def test_an_impossible_day_is_refused_beside_its_box_in_every_kind(
    kind: str, before: str, written: tuple[str, str, str], fault: str, box: str
) -> None:
    if before and kind != "between":
        return
    day = {f"{before}{part}": text for part, text in zip(("day", "month", "year"), written, strict=True)}
    question = EVERY.question("moment")
    answer = validate(question, sent("moment", kind=kind, **{**DAY, **END, **day}), NOW)
    assert answer.codes == [fault]
    [(name, message)] = error_messages(question, answer)
    assert name == f"moment-{before.replace('__', '-')}{box}"
    assert "{" not in message


def test_both_ends_are_told_what_is_wrong_with_each() -> None:
    wrong = {"kind": "between", **DAY, **END, "day": "31", "end__year": "26"}
    answer = validate(EVERY.question("moment"), sent("moment", **wrong), NOW)
    assert [(each.code, each.part) for each in answer.errors] == [("no_such_date", "day"), ("year_short", "end-year")]


@pytest.mark.parametrize("kind", ["exact", "between", "ongoing"])
def test_a_question_about_what_is_to_come_takes_days_and_times_ahead(kind: str) -> None:
    question = ask(type="when", past_only=False)
    ahead = {"day": "1", "month": "1", "year": "2031", "time": "9am"}
    ends = {f"end__{part}": text for part, text in {**ahead, "day": "2"}.items()}
    answer = validate(question, sent("asked", kind=kind, **ahead, **(ends if kind == "between" else {})), NOW)
    assert answer.errors == ()
    assert (answer.value["date"], answer.value["time"]) == ("2031-01-01", "09:00")
    for written, fault, _ in IMPOSSIBLE:
        day, month, year = written
        refused = validate(question, sent("asked", kind="exact", day=day, month=month, year=year), NOW)
        assert refused.codes == ([] if fault == "in_future" else [fault])


def test_the_clock_may_be_a_little_fast() -> None:
    today = {**DAY, "day": "21"}
    assert validate(EVERY.question("moment"), sent("moment", kind="exact", **today, time="18:05"), NOW).errors == ()
    late = validate(EVERY.question("moment"), sent("moment", kind="ongoing", **today, time="18:30"), NOW)
    assert late.codes == ["time_in_future"]
