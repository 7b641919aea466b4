"""Answers that walk a real form to its end, for tests that need a finished draft. Invented people and places only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import forms
from forms import Column, ColumnType, Question, QuestionType
from forms.checks import CheckKind
from forms.parts import IN_ROWS
from forms.rules import evaluate
from forms.validation.checking import check_faults

EXAMPLES: dict[QuestionType, Any] = {
    QuestionType.TEXT: "Some words",
    QuestionType.LONG_TEXT: "My bike was taken from outside the library.",
    QuestionType.DATE: "1980-02-03",
    QuestionType.NAME: {"given": "Sam", "surname": "Example"},
    QuestionType.PHONE: "+447700900123",
    QuestionType.EMAIL: "sam@example.org",
    QuestionType.PLACE: {"postcode": "ME14 1XX", "address": "1 High Street", "description": ""},
    QuestionType.SAFE_CONTACT: {"how": "email", "value": "sam@example.org", "when": "evenings", "safe_word": ""},
    QuestionType.ADDRESS: {"line1": "1 High Street", "line2": "", "town": "Maidstone", "postcode": "ME14 1XX"},
    QuestionType.WHAT3WORDS: "filled.count.soap",
    QuestionType.POINT: {"lat": 51.27235, "lon": 0.52291},
}
_BOXES: dict[ColumnType, Any] = {
    ColumnType.NUMBER: 2,
    ColumnType.MONEY: 20000,
    ColumnType.IMEI: "490154203237518",
    ColumnType.REGISTRATION: "AB12 CDE",
}
_QUIET = ("no", "unseen", "online", "bike", "victim", "over_7_days", "none")


def a_row(question: Question, *, now: dt.datetime, number: int = 0) -> dict[str, Any]:
    """One row of a question with repeated rows, every box of it filled in. Rows of another `number` are another's."""
    boxes = {
        **_BOXES,
        ColumnType.DATE: _day_before(now),
        ColumnType.PHONE: f"+4477009009{number:02}",
        ColumnType.EMAIL: f"row{number}@example.org",
        ColumnType.POSTCODE: "ME14 1XX",
    }
    row = {
        column.key: _box(column, boxes.get(column.type, f"A {column.id} {number or ''}".strip()[:35]))
        for column in question.columns
    }
    if any(check.kind is CheckKind.COVERS_YEARS for check in question.checks):
        row["from"] = "1960-01-01"
    return row


def _box(column: Column, value: object) -> object:
    """An option that is not refused; a number within its bounds; anything else as it is."""
    if column.options:
        return next(option.code for option in column.options if option.refused is None)
    return max(value, column.minimum) if isinstance(value, int) else value


def example(question: Question, *, now: dt.datetime, answers: Mapping[str, Any] | None = None) -> object:
    """An answer that the question takes, and that leads nowhere in particular. What happened, happened yesterday.

    It fits beside the `answers` given before, where the question is held against them.
    """
    if question.type in IN_ROWS:
        return _rows(question, answers or {}, now)
    kinds = {check.kind for check in question.checks}
    if CheckKind.ALL_CHOSEN in kinds:
        return [option.code for option in question.options]
    if CheckKind.SAME_NAME in kinds:
        return " ".join(EXAMPLES[QuestionType.NAME].values())
    if CheckKind.NOT_BEFORE in kinds and question.past_only:
        return now.date().isoformat()
    if CheckKind.YEARS_AROUND in kinds or (question.type is QuestionType.DATE and not question.past_only):
        return (now + dt.timedelta(days=100)).date().isoformat()
    if question.type is QuestionType.WHEN:
        return {"kind": "exact", "date": _day_before(now), "time": "16:30"}
    if question.type is QuestionType.NUMBER:
        return max(1, question.minimum) if question.maximum else question.minimum
    if not question.options:
        if question.type in EXAMPLES:
            return EXAMPLES[question.type]
        return "no"
    codes = [option.code for option in question.options]
    chosen = next((code for code in _QUIET if code in codes), codes[-1])
    return [chosen] if question.type is QuestionType.CHOICES else chosen


def _rows(question: Question, answers: Mapping[str, Any], now: dt.datetime) -> list[dict[str, Any]]:
    """As many as are needed, and as many as the checks that count ask for."""
    needed = max(question.at_least, 1)
    for check in question.checks:
        if check.kind in (CheckKind.AS_MANY_AS, CheckKind.MORE_THAN) and evaluate(check.when, answers, now):
            other = answers.get(check.questions[0], 0)
            counted = len(other) if isinstance(other, list) else int(other)
            needed = max(needed, counted + (check.kind is CheckKind.MORE_THAN))
    rows = [a_row(question, now=now, number=number) for number in range(needed)]
    return [{**row, "quantity": 1} if "quantity" in row else row for row in rows]


def settle(form: forms.Form, given: Mapping[str, Any], *, now: dt.datetime) -> dict[str, Any]:
    """`given`, with an example for each answer that does not fit beside the others."""
    answers = dict(given)
    for question in form.questions:
        if question.checks and answers.get(question.id):
            counting = form.submitted(answers, now)
            if check_faults(question, answers[question.id], counting, now):
                answers[question.id] = example(question, now=now, answers=counting)
    return answers


def complete(form: forms.Form, given: Mapping[str, Any], *, now: dt.datetime) -> dict[str, Any]:
    """`given` with an example for everything else that the form then needs, page by page."""
    answers = dict(given)
    for _ in range(200):
        page = form.first_unanswered(answers, now)
        if page is None:
            return answers
        asked = form.asked_on(page.id, answers, now)
        missing = [question for question in asked if question.id not in answers]
        missing = missing or [question for question in asked if question.checks]
        assert missing, f"the form stops at {page.id}"
        counting = form.submitted(answers, now)
        answers |= {question.id: example(question, now=now, answers=counting) for question in missing}
    raise AssertionError("the form never ends")


def _day_before(now: dt.datetime) -> str:
    """Never a day of the calendar: rules count from today, and a fixed day would lead elsewhere tomorrow."""
    return (now - dt.timedelta(days=1)).date().isoformat()
