"""Answers in words: rows for check-answers, plain text for the handler, one value at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from forms.journey import Walk
from forms.messages import MONTHS, PHRASES
from forms.parts import CHOOSING, Question, QuestionType, Role, SafeWay, Section
from forms.phone import national_format
from forms.rules import Value

if TYPE_CHECKING:
    from forms.schema import Form


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One line of check-answers. ``value`` may hold line breaks; ``answered`` is False where it says "not answered"."""

    page_id: str
    question_id: str
    label: str
    value: str
    answered: bool


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


def worded(question: Question, value: Value, language: str = "en") -> str:
    """A stored value as a person would read it; the phrase for "not answered" where there is none."""
    if value in (None, "", [], {}):
        return _phrase("not_answered", language)
    if question.type in CHOOSING:
        codes = value if isinstance(value, list) else [value]
        return "\n".join(option.label.in_(language) for code in codes if (option := question.option(code)))
    match question.type:
        case QuestionType.DATE:
            return worded_date(value, language)
        case QuestionType.WHEN:
            return _worded_when(value, language)
        case QuestionType.NAME:
            return " ".join(part for part in (value.get("given"), value.get("surname")) if part)
        case QuestionType.PHONE:
            return national_format(value)
        case QuestionType.PLACE:
            return "\n".join(value[part] for part in ("description", "address", "postcode") if value.get(part))
        case QuestionType.SAFE_CONTACT:
            return _worded_safe_contact(value, language)
        case QuestionType.ITEMS:
            return "\n".join(_worded_item(item, language) for item in value)
        case _:
            return str(value)


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


def _worded_item(item: Mapping[str, Any], language: str) -> str:
    words = [str(item["what"])]
    if item.get("value_pence"):
        words.append(f"£{item['value_pence'] / 100:,.2f}".removesuffix(".00"))
    if item.get("serial"):
        words.append(_phrase("serial", language, serial=item["serial"]))
    return ", ".join(words)


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
    address = form.by_role(Role.ADDRESS, answers, now) or {}
    safe = form.safe_contact(answers, now)
    by_safe_way = {"phone": "phone_e164", "text": "phone_e164", "email": "email", "post": "address"}
    return {
        "given_name": name.get("given", ""),
        "surname": name.get("surname", ""),
        "phone_e164": form.by_role(Role.PHONE, answers, now) or "",
        "email": form.by_role(Role.EMAIL, answers, now) or "",
        "postcode": address.get("postcode", ""),
        "address": address.get("address", ""),
    } | ({by_safe_way[safe["how"]]: safe["value"]} if safe["value"] and safe["how"] in by_safe_way else {})
