"""Answers in words: rows for check-answers, plain text for the handler, what was typed, who reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from forms.in_words import worded
from forms.journey import Walk
from forms.parts import IN_ROWS, ColumnType, Question, QuestionType, Role, Section
from forms.rules import Value

if TYPE_CHECKING:
    from forms.schema import Form

_TYPED_COLUMNS = frozenset({ColumnType.TEXT, ColumnType.LONG_TEXT})


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One line of check-answers. ``value`` may hold line breaks; ``answered`` is False where it says "not answered".

    ``files``: the answer is files, which are kept beside the answers: only who knows them can say what it is.
    """

    page_id: str
    question_id: str
    label: str
    value: str
    answered: bool
    files: bool = False


@dataclass(frozen=True, slots=True)
class SummarySection:
    """The rows of one section that the answers reach."""

    id: str
    title: str
    rows: tuple[SummaryRow, ...]


def summary(sections: Sequence[Section], walked: Walk, language: str, now: datetime) -> list[SummarySection]:
    """Sections with at least one question asked, in the form's order."""
    found = []
    for section in sections:
        rows = tuple(
            SummaryRow(
                page_id=step.page.id,
                question_id=question.id,
                label=question.label_for(walked.answers, now).in_(language),
                value=worded(question, walked.answers.get(question.id), language),
                answered=question.id in walked.answers,
                files=question.type is QuestionType.FILES,
            )
            for step in walked.steps
            if step.page.section_id == section.id
            for question in step.questions
        )
        if rows:
            found.append(SummarySection(section.id, section.title.in_(language), rows))
    return found


def plain_words(sections: Sequence[SummarySection], language: str) -> str:
    """Headings and "label: value" lines of what was answered; long answers stand below their label."""
    lines: list[str] = []
    for section in sections:
        answered = [row for row in section.rows if row.answered]
        if not answered:
            continue
        lines += ["", section.title.upper()]
        for row in answered:
            separator = "\n" if "\n" in row.value or len(row.value) > 80 else " "
            label = row.label if row.label.endswith(("?", ":")) else f"{row.label}:"
            lines.append(f"{label}{separator}{row.value}")
    return "\n".join(lines).strip()


def typed_in(question: Question, value: Value) -> Iterator[str]:
    """Every piece of text that the person typed in an answer, for the emergency screen."""
    if question.type not in IN_ROWS:
        yield from typed_words(value)
        return
    for row in value:
        typed = [row.get(column.key) for column in question.columns if column.type in _TYPED_COLUMNS]
        yield from (words for words in typed if words)


def typed_words(value: Value) -> Iterator[str]:
    """Every piece of text inside an answer."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from typed_words(each)
    elif isinstance(value, list):
        for each in value:
            yield from typed_words(each)


def reporter(form: Form, answers: Mapping[str, Any], now: datetime | None) -> dict[str, str]:
    """The reporter's details from the questions with those roles, and from safe contact where it gave them."""
    if form.is_anonymous(answers, now):
        return dict.fromkeys(("given_name", "surname", "phone_e164", "email", "postcode", "address"), "")
    name = form.by_role(Role.NAME, answers, now) or {}
    address = form.by_role(Role.ADDRESS, answers, now) or _home(form, answers, now)
    safe = form.safe_contact(answers, now)
    by_safe_way = {"phone": "phone_e164", "text": "phone_e164", "email": "email", "post": "address"}
    return {
        "given_name": name.get("given", ""),
        "surname": name.get("surname", ""),
        "phone_e164": form.by_role(Role.PHONE, answers, now) or "",
        "email": form.by_role(Role.EMAIL, answers, now) or "",
        "postcode": address.get("postcode", ""),
        "address": _postal(address),
    } | ({by_safe_way[safe["how"]]: safe["value"]} if safe["value"] and safe["how"] in by_safe_way else {})


def _home(form: Form, answers: Mapping[str, Any], now: datetime | None) -> Mapping[str, str]:
    """The place, where the form asks for it as a postal address: that is the person's own."""
    place: Mapping[str, str] = form.by_role(Role.PLACE, answers, now) or {}
    return place if "line1" in place else {}


def _postal(address: Mapping[str, str]) -> str:
    """The lines of an address or of a place, without the postcode."""
    return "\n".join(address[part] for part in ("address", "line1", "line2", "town") if address.get(part))
