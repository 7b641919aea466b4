"""Numbers as people write them: how many, how much, what a phone or a vehicle is known by."""

from __future__ import annotations

import re
from decimal import Decimal

from forms.parts import Question
from forms.validation.answer import Answer, Raw, fault
from forms.validation.words import clean_line, first

_MONEY = re.compile(
    r"£?\s*([0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.([0-9]{1,2}))?\s*(?:p(?:ounds)?)?", re.IGNORECASE
)
_WHOLE = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(?:[, ][0-9]{3}){1,2}")
_BETWEEN = re.compile(r"[\s./-]")
_PLATE = re.compile(r"[A-Z0-9]{1,8}")
_PLATE_SINCE_2001 = re.compile(r"([A-Z]{2}[0-9]{2})([A-Z]{3})")


def read_pence(text: str) -> int | None:
    """Whole pence from 250, £1,250 or 19.99; None when it is no sum of money."""
    found = _MONEY.fullmatch(text)
    if found is None:
        return None
    return int(Decimal(f"{found[1].replace(',', '')}.{found[2] or 0}") * 100)


def read_whole(text: str) -> int | None:
    """A whole number from 3, 1,250 or 1 250; None when it is none."""
    return int(re.sub(r"[, ]", "", text)) if _WHOLE.fullmatch(text) else None


def read_imei(text: str) -> str | None:
    """The 15 digits of a phone's number, whose last one proves the others (Luhn); None when they do not fit."""
    digits = _BETWEEN.sub("", text)
    if not re.fullmatch(r"[0-9]{15}", digits):
        return None
    doubled = (int(each) * (1 + place % 2) for place, each in enumerate(digits))
    return digits if sum(each // 10 + each % 10 for each in doubled) % 10 == 0 else None


def read_registration(text: str) -> str:
    """A number plate in capitals, spaced as it is on the plate; what is not one, such as the part seen, stays."""
    capitals = text.upper() if text.isascii() else text
    letters = _BETWEEN.sub("", capitals)
    if not _PLATE.fullmatch(letters):
        return capitals
    found = _PLATE_SINCE_2001.fullmatch(letters)
    return f"{found[1]} {found[2]}" if found else letters


def validate_number(question: Question, raw: Raw) -> Answer:
    """A whole number between the question's ``minimum`` and ``maximum``."""
    text = clean_line(first(raw, question.id))
    if not text:
        return Answer()
    number = read_whole(text)
    if number is None:
        return fault("not_a_number")
    if number < question.minimum:
        return fault("too_small", minimum=f"{question.minimum:,}")
    if number > question.maximum:
        return fault("too_big", maximum=f"{question.maximum:,}")
    return Answer(number)
