"""Proves the checks of a question sound: they look back at questions of a kind they can compare, and at its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from forms.checks import Check, CheckKind
from forms.parts import ColumnType, Question, QuestionType

K, Q = CheckKind, QuestionType
_ROWS = frozenset({Q.ROWS, Q.PEOPLE, Q.ITEMS, Q.VEHICLES})
# Each check: the types of question that may have it, and those it may be held against.
_FITS: Mapping[CheckKind, tuple[frozenset[QuestionType], frozenset[QuestionType]]] = {
    K.ALL_CHOSEN: (frozenset({Q.CHOICES}), frozenset()),
    K.YEARS_OLD: (frozenset({Q.DATE}), frozenset()),
    K.YEARS_AROUND: (frozenset({Q.DATE}), frozenset()),
    K.NOT_BEFORE: (frozenset({Q.DATE}), frozenset({Q.DATE})),
    K.SAME_NAME: (frozenset({Q.TEXT}), frozenset({Q.NAME})),
    K.ORDERED: (frozenset({Q.ROWS}), frozenset()),
    K.NO_MORE: (frozenset({Q.ROWS}), frozenset()),
    K.COVERS_YEARS: (frozenset({Q.ROWS}), frozenset({Q.DATE})),
    K.APART: (_ROWS, frozenset()),
    K.NOT_SELF: (_ROWS, frozenset({Q.NAME, Q.PHONE, Q.EMAIL, Q.SAFE_CONTACT})),
    K.AS_MANY_AS: (_ROWS, _ROWS | {Q.NUMBER}),
    K.MORE_THAN: (_ROWS, _ROWS | {Q.NUMBER}),
}
# Checks whose columns are of one type.
_COLUMNS: Mapping[CheckKind, tuple[ColumnType, str]] = {
    K.ORDERED: (ColumnType.DATE, "dates"),
    K.COVERS_YEARS: (ColumnType.DATE, "dates"),
    K.NO_MORE: (ColumnType.NUMBER, "numbers"),
}


def check_faults_of(question: Question, earlier: Mapping[str, Question]) -> Iterator[tuple[str, str]]:
    """What is wrong with the checks, with the question's id. ``earlier`` are the questions of earlier pages."""
    for check in question.checks:
        yield from ((question.id, what) for what in _faults(check, question, earlier))
    for column in question.columns:
        if column.maximum and column.minimum > column.maximum:
            yield question.id, f"min of {column.id} is more than max"
    if any(option.refused for option in question.options):
        yield question.id, "only a column's option can be refused: a page of its own tells the rest"
    if question.at_least > question.limit:
        yield question.id, "at_least is more than limit"


def _faults(check: Check, question: Question, earlier: Mapping[str, Question]) -> Iterator[str]:
    own, others = _FITS[check.kind]
    if question.type not in own:
        yield f"{check.kind} does not fit a question of type {question.type}"
    for name in check.questions:
        other = earlier.get(name)
        if other is None:
            yield f"its check looks at {name!r}, which is no question of an earlier page"
        elif other.type not in others:
            yield f"{check.kind} cannot compare {name}"
    columns = {column.id: column.type for column in question.columns}
    for name in check.columns:
        if name not in columns:
            yield f"its check looks at the column {name!r}, which is not there"
        elif check.kind in _COLUMNS and columns[name] is not _COLUMNS[check.kind][0]:
            yield f"{check.kind} needs {_COLUMNS[check.kind][1]}: {name}"
