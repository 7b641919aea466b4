"""The registry of kinds, and the one way in: a page's questions in, rows to draw out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import wtforms
from werkzeug.datastructures import MultiDict

from contact.web.citizen.fields import address, choice, date, files, parts, point, rows, safe_contact, text, when
from contact.web.citizen.fields.asking import Asking, Fields, FormOf, Row
from contact.web.shared.language import gettext
from forms.parts import IN_ROWS, Question, QuestionType
from forms.rules import Answers
from forms.validation import Answer, error_messages, raw_from_value, validate
from forms.validation.rows import close_up, row_numbers

Q = QuestionType


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of question makes its fields and its row."""

    fields: Callable[[Asking], Fields]
    row: Callable[[Asking, FormOf], Row]


_TEXT, _CHOICE, _PARTS = Kind(text.fields, text.row), Kind(choice.fields, choice.row), Kind(parts.fields, parts.row)
KINDS: Mapping[QuestionType, Kind] = {
    Q.TEXT: _TEXT,
    Q.LONG_TEXT: _TEXT,
    Q.PHONE: _TEXT,
    Q.EMAIL: _TEXT,
    Q.CHOICE: _CHOICE,
    Q.CHOICES: _CHOICE,
    Q.YES_NO: _CHOICE,
    Q.YES_NO_NOT_SURE: _CHOICE,
    Q.NAME: _PARTS,
    Q.PLACE: _PARTS,
    Q.DATE: Kind(date.fields, date.row),
    Q.WHEN: Kind(when.fields, when.row),
    Q.SAFE_CONTACT: Kind(safe_contact.fields, safe_contact.row),
    Q.ADDRESS: Kind(address.fields, address.row),
    Q.FILES: Kind(files.fields, files.row),
    Q.NUMBER: _TEXT,
    Q.POINT: Kind(point.fields, point.row),
    Q.WHAT3WORDS: _TEXT,
    **dict.fromkeys(IN_ROWS, Kind(rows.fields, rows.row)),
}


@dataclass(frozen=True, slots=True)
class Read:
    """What a question's boxes said: the value or faults, the messages by field name, and the boxes as they were."""

    question: Question
    answer: Answer
    messages: list[tuple[str, str]]
    raw: Mapping[str, list[str]]


def read(
    question: Question,
    posted: Mapping[str, list[str]],
    *,
    language: str,
    now: datetime,
    answers: Answers | None = None,
) -> Read:
    """Validate what was posted for one question, held against the ``answers`` that count so far."""
    raw = close_up(question, posted) if question.type in IN_ROWS else dict(posted)
    if question.type is not Q.WHEN:
        answer = validate(question, raw, now, answers)
        return Read(question, answer, error_messages(question, answer, language), raw)
    answer = validate(question, when.gathered(question.id, raw), now)
    kind = (raw.get(f"{question.id}-kind") or [""])[0]
    messages = [
        (when.placed(question.id, kind, name), message) for name, message in error_messages(question, answer, language)
    ]
    return Read(question, answer, messages, raw)


def changed_rows(reads: Sequence[Read], pressed: str) -> dict[str, Mapping[str, list[str]]]:
    """Every question's boxes, without the row whose button was pressed (``remove:question:row``)."""
    _, name, number = (*pressed.split(":"), "", "")[:3] if pressed.startswith("remove:") else ("", "", "")
    return {
        each.question.id: close_up(each.question, each.raw, int(number))
        if each.question.id == name and each.question.type in IN_ROWS and re.fullmatch("[0-9]{1,3}", number)
        else each.raw
        for each in reads
    }


def kept(question: Question, value: object) -> dict[str, list[str]]:
    """The page's boxes for a stored value."""
    raw = raw_from_value(question, value)
    return when.spread(question.id, raw) if question.type is Q.WHEN else raw


def draw(
    questions: Sequence[Question],
    *,
    answers: Answers,
    raws: Mapping[str, Mapping[str, list[str]]],
    messages: Sequence[tuple[str, str]],
    heading_in_question: bool,
    language: str,
    now: datetime,
    one_more: str = "",
    said_above: bool = False,
) -> list[Row]:
    """Rows to draw. `raws` maps a question's id to its boxes; `one_more` is the question that gets an empty row."""
    errors: dict[str, str] = {}
    for name, message in messages:
        errors.setdefault(name, message)
    drawn: list[Row] = []
    for question in questions:
        raw = raws.get(question.id, {})
        hint, why = question.hint_for(answers, now), question.why
        asking = Asking(
            question=question,
            language=language,
            label=question.label_for(answers, now).in_(language),
            hint=hint.in_(language) if hint else "",
            why=why.in_(language) if why else "",
            is_heading=heading_in_question and not drawn,
            raw=raw,
            errors=errors,
            rows=_rows(question, raw, one_more),
            is_said_above=said_above and not drawn,
        )
        drawn.append(_row(_optional(asking)))
    return drawn


def _rows(question: Question, raw: Mapping[str, list[str]], one_more: str) -> int:
    """How many rows to draw: those that were typed, even too many of them; one at least, or as many as are needed."""
    if question.type not in IN_ROWS:
        return 1
    typed = max(len(row_numbers(question, raw)), question.at_least, 1)
    return typed + 1 if question.id == one_more and typed < question.limit else typed


def _optional(asking: Asking) -> Asking:
    """Say that a question may be left empty: beside its label, or in the hint where the label is the page's heading."""
    if asking.question.required:
        return asking
    if not asking.is_heading:
        return replace(asking, label=f"{asking.label} {gettext('(optional)')}")
    return asking if asking.hint else replace(asking, hint=gettext("You can leave this empty."))


def _row(asking: Asking) -> Row:
    kind = KINDS[asking.question.type]
    page = type("Page", (wtforms.Form,), kind.fields(asking))
    form: FormOf = page(formdata=MultiDict({name: list(sent) for name, sent in asking.raw.items()} or {"": [""]}))
    for name, message in asking.errors.items():
        if name in form:
            form[name].errors = [message]
    return kind.row(asking, form)
