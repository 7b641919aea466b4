"""An answer held against the answers before it: what does not fit, with the field it is told beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from forms.checks import Check, CheckKind
from forms.in_words import worded_date
from forms.parts import Question
from forms.phone import to_e164
from forms.rules import LOCAL_TIME, Answers, Value, evaluate
from forms.text import T
from forms.validation.answer import Fault

Row = Mapping[str, Any]


def check_faults(question: Question, value: Value, answers: Answers, now: datetime) -> tuple[Fault, ...]:
    """Everything about a kept ``value`` that does not fit. ``answers`` are those to earlier questions.

    What was not asked or not answered cannot be compared, and holds nobody up.
    """
    return tuple(
        each
        for check in question.checks
        if evaluate(check.when, answers, now)
        for each in _RUN[check.kind](check, question, value, answers, now.astimezone(LOCAL_TIME).date())
    )


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _all_chosen(_check: Check, question: Question, value: Value, _answers: Answers, _today: date) -> Iterator[Fault]:
    if {option.code for option in question.options} - set(value):
        yield Fault("not_all_chosen")


def _years_old(check: Check, _question: Question, value: Value, _answers: Answers, today: date) -> Iterator[Fault]:
    fewest, most = check.numbers
    born = date.fromisoformat(value)
    if born > years_before(today, fewest):
        yield Fault("too_young", "day", {"years": fewest})
    elif born <= years_before(today, most + 1):
        yield Fault("too_old", "year", {"years": most})


def _years_around(check: Check, _question: Question, value: Value, _answers: Answers, today: date) -> Iterator[Fault]:
    back, ahead = check.numbers
    day, first, last = date.fromisoformat(value), years_before(today, back), years_before(today, -ahead)
    if day < first:
        yield Fault("before_day", "day", _worded("day", first))
    elif day > last:
        yield Fault("after_day", "day", _worded("day", last))


def _not_before(check: Check, _question: Question, value: Value, answers: Answers, _today: date) -> Iterator[Fault]:
    other = answers.get(check.questions[0])
    if other and value < other:
        yield Fault("before_day", "day", _worded("day", date.fromisoformat(other)))


def _same_name(check: Check, _question: Question, value: Value, answers: Answers, _today: date) -> Iterator[Fault]:
    other = answers.get(check.questions[0])
    if other and _plain(value) != _plain(_full_name(other)):
        yield Fault("not_the_name", "", {"name": _full_name(other)})


def _ordered(check: Check, _question: Question, value: Value, _answers: Answers, _today: date) -> Iterator[Fault]:
    start, end = check.columns
    for number, row in enumerate(value):
        if row.get(start) and row.get(end) and row[end] < row[start]:
            yield Fault("end_before_start", f"{number}-{end}-day")


def _no_more(check: Check, _question: Question, value: Value, _answers: Answers, _today: date) -> Iterator[Fault]:
    fewer, most = check.columns
    for number, row in enumerate(value):
        if row.get(fewer) and row.get(most) and row[fewer] > row[most]:
            yield Fault("too_much", f"{number}-{fewer}", {"most": row[most]})


def _covers_years(check: Check, _question: Question, value: Value, answers: Answers, today: date) -> Iterator[Fault]:
    """A stay may begin on the day the last one ended, or the day after. The first gap alone is told."""
    start, end = check.columns
    until = answers.get(check.questions[0])
    if not until:
        return
    reached, missing_until = years_before(today, check.numbers[0]), date.fromisoformat(until)
    for row in sorted((row for row in value if row.get(start) and row.get(end)), key=lambda row: row[start]):
        begun, ended = date.fromisoformat(row[start]), date.fromisoformat(row[end])
        if begun > reached:
            break
        reached = max(reached, ended + timedelta(days=1))
    else:
        begun = missing_until
    if reached < missing_until:
        yield Fault("gap", f"0-{start}-day", {**_worded("start", reached), **_worded("end", min(begun, missing_until))})


def _apart(check: Check, _question: Question, value: Value, _answers: Answers, _today: date) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(value):
        for column, words in _marks(row, check.columns):
            if (column, words) in seen:
                yield Fault("same_person", f"{number}-{column}")
            seen.add((column, words))


def _not_self(check: Check, _question: Question, value: Value, answers: Answers, _today: date) -> Iterator[Fault]:
    own = {words for name in check.questions for words in _of_person(answers.get(name))}
    for number, row in enumerate(value):
        for column, words in _marks(row, ("phone", "email")):
            if words in own:
                yield Fault("is_yourself", f"{number}-{column}")


def _as_many_as(check: Check, _question: Question, value: Value, answers: Answers, _today: date) -> Iterator[Fault]:
    other = answers.get(check.questions[0])
    if other is not None and _count(value) != _count(other):
        yield Fault("other_number", "", {"count": _count(value), "other": _count(other)})


def _more_than(check: Check, _question: Question, value: Value, answers: Answers, _today: date) -> Iterator[Fault]:
    other = _count(answers.get(check.questions[0]))
    if _count(value) <= other:
        yield Fault("not_more", "", {"count": _count(value), "other": other})


def _marks(row: Row, columns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(box, what stands in it, as it is compared): the whole name, then each column that is filled in."""
    if row.get("given") and row.get("surname"):
        yield "given", _plain(f"{row['given']} {row['surname']}")
    yield from ((column, _plain(row[column])) for column in columns if row.get(column))


def _of_person(value: Value) -> Iterator[str]:
    """A person's whole name, number or address as it is compared, from any answer that tells one."""
    if isinstance(value, Mapping):
        words = value.get("value") or (_full_name(value) if value.get("given") and value.get("surname") else "")
    else:
        words = value or ""
    if words:
        yield _plain(to_e164(words) or words)


def _full_name(value: Mapping[str, str]) -> str:
    return f"{value.get('given', '')} {value.get('surname', '')}".strip()


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace("’", "'").split())


def _count(value: Value) -> int:
    """Rows, each as often as it says; or the number itself."""
    if isinstance(value, list):
        return sum(row.get("quantity") or 1 for row in value)
    return int(value or 0)


def _worded(name: str, day: date) -> dict[str, T]:
    return {name: T(worded_date(day.isoformat(), "en"), worded_date(day.isoformat(), "cy"))}


K = CheckKind
_RUN: Mapping[CheckKind, Callable[[Check, Question, Value, Answers, date], Iterator[Fault]]] = {
    K.ALL_CHOSEN: _all_chosen,
    K.YEARS_OLD: _years_old,
    K.YEARS_AROUND: _years_around,
    K.NOT_BEFORE: _not_before,
    K.SAME_NAME: _same_name,
    K.ORDERED: _ordered,
    K.NO_MORE: _no_more,
    K.COVERS_YEARS: _covers_years,
    K.APART: _apart,
    K.NOT_SELF: _not_self,
    K.AS_MANY_AS: _as_many_as,
    K.MORE_THAN: _more_than,
}
