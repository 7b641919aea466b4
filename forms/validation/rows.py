"""Repeated rows of boxes: things, people, vehicles, and what a form describes itself. One mechanism for all of them.

The boxes of row n are ``id-n-column`` (``id-n-column-day`` and so on for a date). Rows beyond the hundredth are
none: no page of ours offers so many, and drawing a thousand would hold up everybody else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from forms.parts import Column, ColumnType, Question
from forms.phone import national_format, to_e164
from forms.validation.answer import Answer, Fault, Raw
from forms.validation.dates import DATE_PARTS, read_date
from forms.validation.numbers import read_imei, read_pence, read_registration, read_whole
from forms.validation.places import read_postcode
from forms.validation.words import clean, clean_line, first, read_email, too_long

C = ColumnType
_NUMBERS = frozenset({C.NUMBER, C.MONEY})
_Reader = Callable[[Column, str, str], tuple[Any, list[Fault]]]
"""What reads one box: the value to keep and what is wrong with it."""


def row_numbers(question: Question, raw: Raw) -> list[int]:
    """The rows that were sent, in order."""
    names = "|".join(re.escape(part) for part in row_parts(question))
    pattern = re.compile(rf"{re.escape(question.id)}-([0-9]{{1,2}})-(?:{names})")
    return sorted({int(found[1]) for name in raw if (found := pattern.fullmatch(name))})


def row_parts(question: Question) -> Iterator[str]:
    """The boxes of one row, in order, after ``id-n-``."""
    for column in question.columns:
        if column.type is C.DATE:
            yield from (f"{column.id}-{part}" for part in DATE_PARTS)
        else:
            yield column.id


def close_up(question: Question, raw: Raw, without: int | None = None) -> dict[str, list[str]]:
    """The same boxes with the rows numbered from 0; the row ``without`` is left out, nothing else that was typed."""
    found = {name: list(sent) for name, sent in raw.items() if not _is_row(question, name)}
    kept = [number for number in row_numbers(question, raw) if number != without]
    for place, number in enumerate(kept):
        for part in row_parts(question):
            sent = raw.get(f"{question.id}-{number}-{part}")
            if sent is not None:
                found[f"{question.id}-{place}-{part}"] = list(sent)
    return found


def _is_row(question: Question, name: str) -> bool:
    return re.fullmatch(rf"{re.escape(question.id)}-[0-9]{{1,2}}-.+", name) is not None


def validate_rows(question: Question, raw: Raw, now: datetime) -> Answer:
    """``[{column: value}]``: text "" and numbers None where left empty. Rows with nothing in them are left out."""
    rows: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for number in row_numbers(question, raw):
        if not any(clean_line(first(raw, f"{question.id}-{number}-{part}")) for part in row_parts(question)):
            continue
        row: dict[str, Any] = {}
        for column in question.columns:
            row[column.key], found = _read(question, column, number, raw, now)
            faults += found
        rows.append(row)
    if len(rows) > question.limit:
        faults.append(Fault("too_many", "", {"limit": question.limit}))
    if rows and len(rows) < question.at_least:
        faults.append(Fault("too_few", "", {"least": question.at_least}))
    if faults:
        return Answer(None, tuple(faults))
    return Answer(rows) if rows else Answer()


def _read(question: Question, column: Column, number: int, raw: Raw, now: datetime) -> tuple[Any, list[Fault]]:
    """The value of one box and what is wrong with it."""
    part = f"{number}-{column.id}"
    if column.type is C.DATE:
        day = read_date(raw, question.id, f"{part}-", now, past_only=column.past_only)
        if isinstance(day, Fault):
            return "", [day]
        return (day.isoformat(), []) if day else ("", _missing(column, f"{part}-{DATE_PARTS[0]}"))
    sent = first(raw, f"{question.id}-{part}")
    text = clean(sent) if column.type is C.LONG_TEXT else clean_line(sent)
    if not text:
        return None if column.type in _NUMBERS else "", _missing(column, part)
    reader = _READERS.get(column.type)
    if reader is not None:
        return reader(column, text, part)
    if column.type is C.REGISTRATION:
        text = read_registration(text)
    return text, list(too_long(text, column.limit, part))


def _number(column: Column, text: str, part: str) -> tuple[int | None, list[Fault]]:
    number = read_whole(text)
    if number is None:
        return None, [Fault("not_a_number", part)]
    if number < column.minimum:
        return None, [Fault("too_small", part, {"minimum": f"{column.minimum:,}"})]
    if column.maximum and number > column.maximum:
        return None, [Fault("too_big", part, {"maximum": f"{column.maximum:,}"})]
    return number, []


def _chosen(column: Column, text: str, part: str) -> tuple[str | None, list[Fault]]:
    option = next((each for each in column.options if each.code == text), None)
    if option is None:
        return None, [Fault("not_an_option", part)]
    if option.refused is not None:
        return None, [Fault("refused", part, {"reason": option.refused})]
    return text, []


def _postcode(_column: Column, text: str, part: str) -> tuple[str | None, list[Fault]]:
    kind, postcode = read_postcode(text)
    return _or_fault(postcode if kind == "whole" else None, "not_a_whole_postcode", part)


def _by(read: Callable[[str], Any], code: str) -> _Reader:
    return lambda _column, text, part: _or_fault(read(text), code, part)


def _or_fault(value: Any, code: str, part: str) -> tuple[Any, list[Fault]]:  # noqa: ANN401 - any value of a box
    return (value, []) if value is not None else (value, [Fault(code, part)])


_READERS: dict[ColumnType, _Reader] = {
    C.NUMBER: _number,
    C.CHOICE: _chosen,
    C.POSTCODE: _postcode,
    C.MONEY: _by(read_pence, "not_money"),
    C.IMEI: _by(read_imei, "not_an_imei"),
    C.PHONE: _by(to_e164, "not_a_phone"),
    C.EMAIL: _by(read_email, "not_an_email"),
}


def _missing(column: Column, part: str) -> list[Fault]:
    if not column.required:
        return []
    if column.id == "what":
        return [Fault("what_missing", part)]
    return [Fault("column_missing", part, {"column": column.label})]


def boxes_of(question: Question, rows: list[dict[str, Any]]) -> dict[str, str]:
    """The boxes, after ``id-``, that show stored rows again. Rows stored before a column was there have none of it."""
    return {
        f"{number}-{name}": text
        for number, row in enumerate(rows)
        for column in question.columns
        for name, text in _boxes(column, row.get(column.key))
    }


def _boxes(column: Column, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any value of a box
    if value in (None, ""):
        return
    match column.type:
        case C.DATE:
            year, month, day = value.split("-")
            numbers = (str(int(day)), str(int(month)), year)
            yield from ((f"{column.id}-{part}", text) for part, text in zip(DATE_PARTS, numbers, strict=True))
        case C.MONEY:
            yield column.id, f"{value // 100}.{value % 100:02}".removesuffix(".00")
        case C.PHONE:
            yield column.id, national_format(value)
        case _:
            yield column.id, str(value)
