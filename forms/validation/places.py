"""Where something is: a postcode however it is written, an address, or words."""

from __future__ import annotations

import re

from forms.parts import Question
from forms.validation.answer import Answer, Fault, Raw
from forms.validation.words import clean, clean_line, first, too_long

_OUT = r"[A-Z]{1,2}[0-9][A-Z0-9]?"
_WHOLE = re.compile(rf"(GIR|{_OUT})([0-9][ABD-HJLNP-UW-Z]{{2}})")
_HALF = re.compile(_OUT)
_HALF_AND_MORE = re.compile(rf"{_OUT}[0-9][A-Z]?")
ADDRESS_LIMIT = 300


def read_postcode(text: str) -> tuple[str, str]:
    """(kind, postcode): kind is "whole" (``SW1A 2AA``), "half" (``SW1A``), "broken" or "" for nothing written."""
    letters = re.sub(r"[\W_]", "", clean_line(text).upper())
    if not letters:
        return "", ""
    # People write the letter O for the figure 0 in the second half.
    if len(letters) >= 5 and letters[-3] == "O":
        letters = f"{letters[:-3]}0{letters[-2:]}"
    whole = _WHOLE.fullmatch(letters)
    if whole:
        return "whole", f"{whole[1]} {whole[2]}"
    if _HALF.fullmatch(letters):
        return "half", letters
    return ("cut", letters) if _HALF_AND_MORE.fullmatch(letters) else ("broken", letters)


def validate_place(question: Question, raw: Raw) -> Answer:
    """``{postcode, address, description}`` with at least one not empty. Half a postcode counts only beside words."""
    address = clean(first(raw, f"{question.id}-address"))
    description = clean(first(raw, f"{question.id}-description"))
    kind, postcode = read_postcode(first(raw, f"{question.id}-postcode"))
    faults = [*too_long(address, ADDRESS_LIMIT, "address"), *too_long(description, question.limit, "description")]
    if kind == "cut" or (kind == "half" and not (address or description)):
        faults.append(Fault("half_a_postcode", "postcode"))
    elif kind == "broken":
        faults.append(Fault("not_a_postcode", "postcode"))
    if faults:
        return Answer(None, tuple(faults))
    value = {"postcode": postcode, "address": address, "description": description}
    return Answer(value) if any(value.values()) else Answer()
