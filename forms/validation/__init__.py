"""Validation shared by web, tests and every other door: raw form values in, a JSON value or plain faults out.

Field names: a question with one box uses its id; one with parts uses ``id-part`` (see ``field_names``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from forms.messages import default_message
from forms.parts import Question, QuestionType, SafeWay
from forms.rules import Value
from forms.text import T
from forms.validation.answer import Answer, Fault, Raw, fault
from forms.validation.choosing import validate_choice, validate_choices
from forms.validation.dates import DATE_PARTS, validate_date, validate_when
from forms.validation.items import ITEM_PARTS, validate_items
from forms.validation.people import validate_phone, validate_safe_contact
from forms.validation.places import validate_place
from forms.validation.words import validate_email, validate_long_text, validate_name, validate_text

__all__ = ["Answer", "Fault", "Raw", "error_messages", "error_text", "field_names", "raw_from_value", "validate"]

Q = QuestionType
_TIMELESS: dict[QuestionType, Callable[[Question, Raw], Answer]] = {
    Q.TEXT: validate_text,
    Q.LONG_TEXT: validate_long_text,
    Q.CHOICE: validate_choice,
    Q.CHOICES: validate_choices,
    Q.YES_NO: validate_choice,
    Q.YES_NO_NOT_SURE: validate_choice,
    Q.NAME: validate_name,
    Q.PHONE: validate_phone,
    Q.EMAIL: validate_email,
    Q.PLACE: validate_place,
    Q.SAFE_CONTACT: validate_safe_contact,
    Q.ITEMS: validate_items,
}
_TIMED: dict[QuestionType, Callable[[Question, Raw, datetime], Answer]] = {Q.DATE: validate_date, Q.WHEN: validate_when}
_MOMENT = (*DATE_PARTS, "time")
_PARTS: dict[QuestionType, tuple[str, ...]] = {
    Q.DATE: DATE_PARTS,
    Q.WHEN: ("kind", *_MOMENT, *(f"end-{part}" for part in _MOMENT)),
    Q.NAME: ("given", "surname"),
    Q.PLACE: ("postcode", "address", "description"),
}
# Where the message's link goes when the whole question is at fault.
_FIRST_PARTS = {
    Q.DATE: "day",
    Q.WHEN: "kind",
    Q.NAME: "given",
    Q.PLACE: "postcode",
    Q.SAFE_CONTACT: "how",
    Q.ITEMS: "0-what",
}


def validate(question: Question, raw: Raw, now: datetime | None = None) -> Answer:
    """The answer in ``raw`` (form field name to the values sent). Other questions' fields are ignored."""
    timed = _TIMED.get(question.type)
    answer = timed(question, raw, now or datetime.now(UTC)) if timed else _TIMELESS[question.type](question, raw)
    if answer.value is None and not answer.errors and question.required:
        return fault("required")
    return answer


def field_names(question: Question, rows: int = 1) -> tuple[str, ...]:
    """Every form field name of the question, in order; ``rows`` counts the rows shown of an items question."""
    parts = _PARTS.get(question.type, ())
    if question.type is Q.SAFE_CONTACT:
        ways = tuple(str(way) for way in question.ways if way not in (SafeWay.ONLINE, SafeWay.NONE))
        parts = ("how", *ways, "when", *(("safe_word",) if question.safe_word else ()))
    elif question.type is Q.ITEMS:
        parts = tuple(f"{number}-{part}" for number in range(rows) for part in ITEM_PARTS)
    return tuple(f"{question.id}-{part}" for part in parts) or (question.id,)


def raw_from_value(question: Question, value: Value) -> dict[str, list[str]]:
    """The form fields that show a stored value again; ``validate`` of them gives the same value."""
    if value in (None, "", [], {}):
        return {}
    if question.type is Q.CHOICES:
        return {question.id: list(value)}
    parts: dict[str, str] = {}
    match question.type:
        case Q.DATE:
            parts = _date_parts(value, "")
        case Q.WHEN:
            parts = {"kind": value["kind"], "time": value.get("time", ""), "end-time": value.get("end_time", "")}
            parts |= _date_parts(value.get("date"), "") | _date_parts(value.get("end_date"), "end-")
        case Q.NAME | Q.PLACE:
            parts = dict(value)
        case Q.SAFE_CONTACT:
            parts = {
                "how": value["how"],
                value["how"]: value["value"],
                "when": value["when"],
                "safe_word": value["safe_word"],
            }
        case Q.ITEMS:
            for number, item in enumerate(value):
                pence = item["value_pence"]
                money = "" if pence is None else f"{pence // 100}.{pence % 100:02}".removesuffix(".00")
                parts |= {f"{number}-what": item["what"], f"{number}-value": money, f"{number}-serial": item["serial"]}
        case _:
            return {question.id: [value]}
    return {f"{question.id}-{part}": [text] for part, text in parts.items() if text}


def _date_parts(iso: str | None, before: str) -> dict[str, str]:
    if not iso:
        return {}
    year, month, day = iso.split("-")
    return {f"{before}day": str(int(day)), f"{before}month": str(int(month)), f"{before}year": year}


def error_text(question: Question, error: Fault, language: str = "en") -> str:
    """The words for a fault: the question's own if it has them, else the default table's."""
    text = question.errors.get(error.code) or default_message(question.type, error.code)
    values = {name: value.in_(language) if isinstance(value, T) else value for name, value in error.values.items()}
    return text.in_(language).format(**values) if values else text.in_(language)


def error_messages(question: Question, answer: Answer, language: str = "en") -> list[tuple[str, str]]:
    """(form field name, message) for each fault, in order: what the error summary links to and says."""
    found = []
    for error in answer.errors:
        part = error.part or _FIRST_PARTS.get(question.type, "")
        found.append((f"{question.id}-{part}" if part else question.id, error_text(question, error, language)))
    return found
