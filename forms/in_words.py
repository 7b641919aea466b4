"""One stored value in words, as a person would read it, in either language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from forms.messages import MONTHS, PHRASES
from forms.parts import CHOOSING, IN_ROWS, Column, ColumnType, Question, QuestionType, SafeWay
from forms.phone import national_format
from forms.rules import Value


def worded(question: Question, value: Value, language: str = "en") -> str:
    """A stored value as a person would read it; the phrase for "not answered" where there is none."""
    if value in (None, "", [], {}):
        return _phrase("not_answered", language)
    if question.type in CHOOSING:
        codes = value if isinstance(value, list) else [value]
        return "\n".join(option.label.in_(language) for code in codes if (option := question.option(code)))
    return _WORDED.get(question.type, _as_it_is)(question, value, language)


def worded_date(iso: str, language: str = "en") -> str:
    """``2026-11-21`` as 21 November 2026, or 21 Tachwedd 2026."""
    day = date.fromisoformat(iso)
    return f"{day.day} {MONTHS[day.month - 1].in_(language)} {day.year}"


def _phrase(code: str, language: str, **values: object) -> str:
    return PHRASES[code].in_(language).format(**values)


def _moment(day: str | None, time: str | None, language: str) -> str:
    if not day:
        return _phrase("unknown_time", language)
    worded_day = worded_date(day, language)
    return _phrase("date_and_time", language, date=worded_day, time=time) if time else worded_day


def _worded_when(value: Mapping[str, str], language: str) -> str:
    start = _moment(value.get("date"), value.get("time"), language)
    match value["kind"]:
        case "exact":
            return start
        case "between":
            end = _moment(value.get("end_date"), value.get("end_time"), language)
            return _phrase("between", language, start=start, end=end)
        case "ongoing":
            return _phrase("ongoing_since" if value.get("date") else "ongoing", language, start=start)
        case _:
            return _phrase("not_sure", language)


def _worded_safe_contact(value: Mapping[str, str], language: str) -> str:
    how = SafeWay(value["how"])
    lines = [_phrase(f"way_{how}", language)]
    if value.get("value"):
        lines.append(national_format(value["value"]) if how in (SafeWay.PHONE, SafeWay.TEXT) else value["value"])
    if value.get("when"):
        lines.append(_phrase("safe_when", language, when=value["when"]))
    if value.get("safe_word"):
        lines.append(_phrase("safe_word", language, word=value["safe_word"]))
    return "\n".join(lines)


def worded_row(question: Question, row: Mapping[str, Any], language: str = "en") -> str:
    """One row on one line: what was given of a thing, a person or a vehicle; with the columns' labels in other rows."""
    said = []
    for column in question.columns:
        value = row.get(column.key)
        if value in (None, ""):
            continue
        words = _worded_box(column, value, language)
        if question.type is QuestionType.ROWS:
            words = _phrase("labelled", language, label=column.label.in_(language).rstrip("?:"), value=words)
        said.append(words)
    if question.type is QuestionType.PEOPLE and row.get("given") and row.get("surname"):
        said[:2] = [" ".join(said[:2])]
    return ("; " if question.type is QuestionType.ROWS else ", ").join(said)


def _worded_box(column: Column, value: Any, language: str) -> str:  # noqa: ANN401 - any value of a box
    match column.type:
        case ColumnType.DATE:
            return worded_date(value, language)
        case ColumnType.NUMBER:
            return f"{value:,}"
        case ColumnType.MONEY:
            return f"£{value / 100:,.2f}".removesuffix(".00")
        case ColumnType.PHONE:
            return national_format(value)
        case ColumnType.IMEI:
            return _phrase("imei", language, imei=value)
        case ColumnType.CHOICE:
            return next((each.label.in_(language) for each in column.options if each.code == value), value)
        case _:
            words = " ".join(str(value).split("\n"))
            return _phrase("serial", language, serial=words) if column.id == "serial" else words


def _as_it_is(_question: Question, value: Value, _language: str) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _worded_parts(*parts: str, between: str = "\n") -> Callable[[Question, Value, str], str]:
    def say(_question: Question, value: Value, _language: str) -> str:
        return between.join(value[part] for part in parts if value.get(part))

    return say


def _worded_point(_question: Question, value: Value, language: str) -> str:
    side = "point_west" if value["lon"] < 0 else "point"
    return _phrase(side, language, lat=f"{value['lat']:.5f}", lon=f"{abs(value['lon']):.5f}")


def _worded_rows(question: Question, value: Value, language: str) -> str:
    return "\n".join(worded_row(question, row, language) for row in value)


Q = QuestionType
_WORDED: dict[QuestionType, Callable[[Question, Value, str], str]] = {
    Q.DATE: lambda _question, value, language: worded_date(value, language),
    Q.WHEN: lambda _question, value, language: _worded_when(value, language),
    Q.SAFE_CONTACT: lambda _question, value, language: _worded_safe_contact(value, language),
    Q.PHONE: lambda _question, value, _language: national_format(value),
    Q.WHAT3WORDS: lambda _question, value, _language: f"///{value}",
    Q.NAME: _worded_parts("given", "surname", between=" "),
    Q.PLACE: _worded_parts("description", "address", "postcode"),
    Q.ADDRESS: _worded_parts("line1", "line2", "town", "postcode"),
    Q.POINT: _worded_point,
    **dict.fromkeys(IN_ROWS, _worded_rows),
}
