"""Validation shared by web, tests and every other door: raw form values in, a JSON value or plain faults out.

Field names: a question with one box uses its id; one with parts uses ``id-part`` (see ``field_names``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from forms.messages import default_message
from forms.parts import IN_ROWS, Question, QuestionType
from forms.rules import Answers
from forms.text import T
from forms.validation.answer import Answer, Fault, Raw, fault
from forms.validation.boxes import field_names, first_part, raw_from_value
from forms.validation.checking import check_faults
from forms.validation.choosing import validate_choice, validate_choices
from forms.validation.dates import validate_date, validate_when
from forms.validation.numbers import validate_number
from forms.validation.people import validate_phone, validate_safe_contact
from forms.validation.places import validate_address, validate_place, validate_point, validate_three_words
from forms.validation.rows import validate_rows
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
    Q.ADDRESS: validate_address,
    Q.NUMBER: validate_number,
    Q.WHAT3WORDS: validate_three_words,
    Q.POINT: validate_point,
    Q.FILES: lambda _question, _raw: Answer(),
}
_TIMED: dict[QuestionType, Callable[[Question, Raw, datetime], Answer]] = {
    Q.DATE: validate_date,
    Q.WHEN: validate_when,
    **dict.fromkeys(IN_ROWS, validate_rows),
}


def validate(question: Question, raw: Raw, now: datetime | None = None, answers: Answers | None = None) -> Answer:
    """The answer in ``raw`` (form field name to the values sent). Other questions' fields are ignored.

    ``answers`` are those that count so far: what the question's checks hold this one against.
    """
    timed, moment = _TIMED.get(question.type), now or datetime.now(UTC)
    answer = timed(question, raw, moment) if timed else _TIMELESS[question.type](question, raw)
    if answer.value is None and not answer.errors and question.required:
        return fault("required")
    if answer.value is not None and (faults := check_faults(question, answer.value, answers or {}, moment)):
        return Answer(None, faults)
    return answer


def error_text(question: Question, error: Fault, language: str = "en") -> str:
    """The words for a fault: the question's own if it has them, else the default table's."""
    text = question.errors.get(error.code) or default_message(question.type, error.code)
    values = {name: value.in_(language) if isinstance(value, T) else value for name, value in error.values.items()}
    return text.in_(language).format(**values) if values else text.in_(language)


def error_messages(question: Question, answer: Answer, language: str = "en") -> list[tuple[str, str]]:
    """(form field name, message) for each fault, in order: what the error summary links to and says."""
    found = []
    for error in answer.errors:
        part = error.part or first_part(question)
        found.append((f"{question.id}-{part}" if part else question.id, error_text(question, error, language)))
    return found
