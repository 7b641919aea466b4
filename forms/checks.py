"""What an answer must be beside other answers: a closed list of checks, as data on a question.

A check never looks at a question that comes later. What fails is told beside the field, and a page whose kept answer
no longer fits (because an earlier answer was changed) is asked again before anything is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from forms.errors import FormDefinitionError
from forms.rules import Rule, parse_rule


class CheckKind(StrEnum):
    """Every check a definition may use. In brackets what each is given.

    ``all_chosen`` [true]: every option is ticked. ``years_old`` [[fewest, most]]: the age on a date of birth.
    ``years_around`` [[back, ahead]]: a date not longer ago and not further away than so many years.
    ``not_before`` [question]: a date not before another. ``same_name`` [question]: a text that is the name given there.
    ``ordered`` [[column, column]]: in each row the second date is not before the first.
    ``no_more`` [[column, column]]: in each row the first number is not above the second.
    ``covers_years`` [[years, question]]: rows with ``from`` and ``to`` leave no day out, from so many years ago to the
    date given there. ``apart`` [columns]: no two rows have the same name (``given`` and ``surname``) or the same in one
    of the columns. ``not_self`` [questions]: no row has the name, the phone or the email given there.
    ``as_many_as``, ``more_than`` [question]: rows counted (by ``quantity``) beside other rows, or beside a number.
    """

    ALL_CHOSEN = "all_chosen"
    YEARS_OLD = "years_old"
    YEARS_AROUND = "years_around"
    NOT_BEFORE = "not_before"
    SAME_NAME = "same_name"
    ORDERED = "ordered"
    NO_MORE = "no_more"
    COVERS_YEARS = "covers_years"
    APART = "apart"
    NOT_SELF = "not_self"
    AS_MANY_AS = "as_many_as"
    MORE_THAN = "more_than"


@dataclass(frozen=True, slots=True)
class Check:
    """One check. It counts under ``when``, or always."""

    kind: CheckKind
    questions: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    when: Rule | None = None


def parse_check(raw: object, where: str) -> Check:
    """Read ``{kind: argument, when: rule}``; FormDefinitionError names ``where``."""
    if not isinstance(raw, Mapping):
        raise FormDefinitionError(where, "a check is one kind and its argument")
    given = dict(raw)
    rule = given.pop("when", None)
    kinds = [each for each in given if each in set(CheckKind)]
    if len(given) != 1 or not kinds:
        raise FormDefinitionError(where, "a check is one of: " + ", ".join(CheckKind))
    kind = CheckKind(kinds[0])
    try:
        found = dict(_READ[kind](given[kind]))
    except (TypeError, ValueError):
        raise FormDefinitionError(where, f"{kind} cannot be given {given[kind]!r}") from None
    return Check(kind, **found, when=None if rule is None else parse_rule(rule, where))


Found = Iterator[tuple[str, Any]]


def _nothing(raw: object) -> Found:
    if raw is not True:
        raise ValueError
    yield from ()


def _two_numbers(raw: object) -> Found:
    first, second = _list(raw)
    yield "numbers", (_number(first), _number(second))


def _question(raw: object) -> Found:
    yield "questions", (_word(raw),)


def _questions(raw: object) -> Found:
    yield "questions", tuple(map(_word, _list(raw)))


def _columns(raw: object) -> Found:
    yield "columns", tuple(map(_word, _list(raw)))


def _years_until(raw: object) -> Found:
    years, question = _list(raw)
    yield "numbers", (_number(years),)
    yield "questions", (_word(question),)
    yield "columns", ("from", "to")


def _list(raw: object) -> list[object]:
    if not isinstance(raw, list) or not raw:
        raise ValueError
    return raw


def _word(raw: object) -> str:
    if not isinstance(raw, str) or not raw:
        raise ValueError
    return raw


def _number(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 0:
        raise ValueError
    return raw


K = CheckKind
_READ: Mapping[CheckKind, Callable[[object], Found]] = {
    K.ALL_CHOSEN: _nothing,
    K.YEARS_OLD: _two_numbers,
    K.YEARS_AROUND: _two_numbers,
    K.NOT_BEFORE: _question,
    K.SAME_NAME: _question,
    K.ORDERED: _columns,
    K.NO_MORE: _columns,
    K.COVERS_YEARS: _years_until,
    K.APART: _columns,
    K.NOT_SELF: _questions,
    K.AS_MANY_AS: _question,
    K.MORE_THAN: _question,
}
