"""How a person may be reached: any phone layout, and the safe-contact answer of practice 13."""

from __future__ import annotations

from forms.parts import Question, SafeWay
from forms.phone import to_e164
from forms.validation.answer import Answer, Fault, Raw, fault
from forms.validation.places import ADDRESS_LIMIT
from forms.validation.words import clean, clean_line, first, read_email, too_long

WHEN_LIMIT = 200
SAFE_WORD_LIMIT = 40


def validate_phone(question: Question, raw: Raw) -> Answer:
    """E.164."""
    text = clean_line(first(raw, question.id))
    if not text:
        return Answer()
    number = to_e164(text)
    return Answer(number) if number else fault("not_a_phone")


def validate_safe_contact(question: Question, raw: Raw) -> Answer:
    """``{how, value, when, safe_word}``. Only the chosen way needs its value; "online" and "none" need nothing."""
    how = first(raw, f"{question.id}-how")
    if not how:
        return Answer()
    if how not in question.ways:
        return fault("not_an_option", "how")
    way = SafeWay(how)
    value, faults = _address_for(way, first(raw, f"{question.id}-{way}"))
    reached = way not in (SafeWay.ONLINE, SafeWay.NONE)
    when = clean_line(first(raw, f"{question.id}-when")) if reached else ""
    word = clean_line(first(raw, f"{question.id}-safe_word")) if reached and question.safe_word else ""
    faults += [*too_long(when, WHEN_LIMIT, "when"), *too_long(word, SAFE_WORD_LIMIT, "safe_word")]
    if faults:
        return Answer(None, tuple(faults))
    return Answer({"how": how, "value": value, "when": when, "safe_word": word})


def _address_for(way: SafeWay, text: str) -> tuple[str, list[Fault]]:
    match way:
        case SafeWay.EMAIL:
            email = read_email(text)
            return (email, []) if email else ("", [Fault("not_an_email", way)])
        case SafeWay.PHONE | SafeWay.TEXT:
            number = to_e164(clean_line(text))
            return (number, []) if number else ("", [Fault("not_a_phone", way)])
        case SafeWay.POST:
            address = clean(text)
            return (
                (address, list(too_long(address, ADDRESS_LIMIT, way)))
                if address
                else ("", [Fault("address_missing", way)])
            )
        case _:
            return "", []
