"""The registry of kinds, and the one way in: a page's questions in, rows to draw out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import wtforms
from werkzeug.datastructures import MultiDict

from contact.web.citizen.fields import choice, date, items, parts, safe_contact, text, when
from contact.web.citizen.fields.asking import Asking, Fields, FormOf, Row
from contact.web.shared.language import gettext
from forms.parts import Question, QuestionType
from forms.rules import Answers
from forms.validation import Answer, error_messages, raw_from_value, validate
from forms.validation.items import row_numbers

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
    Q.ITEMS: Kind(items.fields, items.row),
}


@dataclass(frozen=True, slots=True)
class Read:
    """What a question's boxes said: the value or faults, the messages by field name, and the boxes as they were."""

    question: Question
    answer: Answer
    messages: list[tuple[str, str]]
    raw: Mapping[str, list[str]]


def read(question: Question, posted: Mapping[str, list[str]], *, language: str, now: datetime) -> Read:
    """Validate what was posted for one question."""
    raw = dict(posted)
    if question.type is not Q.WHEN:
        answer = validate(question, raw, now)
        return Read(question, answer, error_messages(question, answer, language), raw)
    answer = validate(question, when.gathered(question.id, raw), now)
    kind = (raw.get(f"{question.id}-kind") or [""])[0]
    messages = [
        (when.placed(question.id, kind, name), message) for name, message in error_messages(question, answer, language)
    ]
    return Read(question, answer, messages, raw)


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
    more_rows: int = 0,
    said_above: bool = False,
) -> list[Row]:
    """Rows to draw. `raws` maps a question's id to its boxes; `more_rows` adds empty rows to a list of things."""
    errors: dict[str, str] = {}
    for name, message in messages:
        errors.setdefault(name, message)
    rows: list[Row] = []
    for question in questions:
        raw = raws.get(question.id, {})
        count = max([*row_numbers(question, raw), 0]) + 1 + more_rows if question.type is Q.ITEMS else 1
        hint, why = question.hint_for(answers, now), question.why
        asking = Asking(
            question=question,
            language=language,
            label=question.label_for(answers, now).in_(language),
            hint=hint.in_(language) if hint else "",
            why=why.in_(language) if why else "",
            is_heading=heading_in_question and not rows,
            raw=raw,
            errors=errors,
            rows=min(count, question.limit or 10) if question.type is Q.ITEMS else 1,
            is_said_above=said_above and not rows,
        )
        rows.append(_row(_optional(asking)))
    return rows


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
