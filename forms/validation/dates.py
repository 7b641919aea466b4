"""Days and times as people write them: refused with a plain reason when they cannot be."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from forms.messages import MONTHS
from forms.parts import Question
from forms.rules import LOCAL_TIME
from forms.validation.answer import Answer, Fault, Raw, fault
from forms.validation.words import clean_line, first

OLDEST_YEAR = 1900
DATE_PARTS = ("day", "month", "year")
_TIME = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?\s*(am|pm|yb|yh)?", re.IGNORECASE)
_NAMED_TIMES = {"midnight": "00:00", "noon": "12:00", "midday": "12:00", "hanner nos": "00:00", "hanner dydd": "12:00"}
# A clock a little fast should not stop anybody.
_CLOCK_LEEWAY = timedelta(minutes=10)
DayOrFault = date | Fault | None


def validate_date(question: Question, raw: Raw, now: datetime) -> Answer:
    """``YYYY-MM-DD``."""
    day = read_date(raw, question.id, "", now, past_only=question.past_only)
    if isinstance(day, Fault):
        return Answer(None, (day,))
    return Answer(day.isoformat() if day else None)


def read_date(raw: Raw, prefix: str, before: str, now: datetime, *, past_only: bool) -> DayOrFault:
    """The day in fields ``prefix-{before}day`` and so on; a Fault that names its field; None when all are empty."""
    written = [clean_line(first(raw, f"{prefix}-{before}{part}")) for part in DATE_PARTS]
    if not any(written):
        return None
    for part, text in zip(DATE_PARTS, written, strict=True):
        if not text:
            return Fault("date_incomplete", f"{before}{part}")
    numbers = (_number(written[0]), _month(written[1]), _number(written[2]))
    for part, number in zip(DATE_PARTS, numbers, strict=True):
        if number is None:
            return Fault("date_not_numbers", f"{before}{part}")
    day_number, month, year = (number or 0 for number in numbers)
    if len(written[2]) < 4:
        return Fault("year_short", f"{before}year")
    if year < OLDEST_YEAR:
        return Fault("too_long_ago", f"{before}year", {"year": OLDEST_YEAR - 1})
    try:
        day = date(year, month, day_number)
    except (ValueError, OverflowError):
        return Fault("no_such_date", f"{before}day")
    if past_only and day > now.astimezone(LOCAL_TIME).date():
        return Fault("in_future", f"{before}day")
    return day


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 4 else None


def _month(text: str) -> int | None:
    """A month by number or by name in either language (three letters are enough)."""
    if text.isdecimal():
        return _number(text)
    word = text.casefold().rstrip(".")
    for number, name in enumerate(MONTHS, start=1):
        if len(word) >= 3 and any(name.in_(language).casefold().startswith(word) for language in ("en", "cy")):
            return number
    return None


def read_time(text: str) -> str | None:
    """``HH:MM`` from 14:30, 2.30pm, 2 pm, 1430, noon; None when it is no time of day."""
    word = clean_line(text).casefold().replace("a.m.", "am").replace("p.m.", "pm")
    if word in _NAMED_TIMES:
        return _NAMED_TIMES[word]
    found = _TIME.fullmatch(word)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").replace("yb", "am").replace("yh", "pm")
    if not half and found[2] is None:
        return None
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def validate_when(question: Question, raw: Raw, now: datetime) -> Answer:
    """``{kind: exact, date, time?}``, ``{kind: between, date, time?, end_date, end_time?}``, ``{kind: ongoing, date?}``
    or ``{kind: not_sure}``. Fields of a kind that was not chosen are left out."""
    kind = first(raw, f"{question.id}-kind")
    if kind == "":
        return Answer()
    if kind == "not_sure":
        return Answer({"kind": kind})
    if kind not in ("exact", "between", "ongoing"):
        return fault("not_an_option", "kind")
    value: dict[str, str] = {"kind": kind}
    faults: list[Fault] = []
    for before, prefix in (("", ""), ("end-", "end_")) if kind == "between" else (("", ""),):
        faults += _read_moment(question, raw, before, prefix, now, value, needed=kind != "ongoing")
    if not faults and kind == "between" and _end_before_start(value):
        faults.append(Fault("end_before_start", "end-day"))
    return Answer(None, tuple(faults)) if faults else Answer(value)


def _read_moment(
    question: Question, raw: Raw, before: str, prefix: str, now: datetime, value: dict[str, str], *, needed: bool
) -> list[Fault]:
    """Read one day and time into ``value``; what is wrong with them is given back."""
    day = read_date(raw, question.id, before, now, past_only=question.past_only)
    time_text = clean_line(first(raw, f"{question.id}-{before}time"))
    if isinstance(day, Fault):
        return [day]
    if day is None:
        if time_text:
            return [Fault("time_without_date", f"{before}day")]
        return [Fault("date_incomplete", f"{before}day")] if needed else []
    value[f"{prefix}date"] = day.isoformat()
    if not time_text:
        return []
    time = read_time(time_text)
    if time is None:
        return [Fault("no_such_time", f"{before}time")]
    moment = datetime.fromisoformat(f"{day.isoformat()}T{time}").replace(tzinfo=LOCAL_TIME)
    if question.past_only and moment > now + _CLOCK_LEEWAY:
        return [Fault("time_in_future", f"{before}time")]
    value[f"{prefix}time"] = time
    return []


def _end_before_start(value: dict[str, str]) -> bool:
    if value["end_date"] != value["date"]:
        return value["end_date"] < value["date"]
    return "time" in value and "end_time" in value and value["end_time"] < value["time"]
