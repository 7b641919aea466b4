"""Text that people type: cleaned of what nobody can see or store, counted as people count."""

from __future__ import annotations

import re
import unicodedata

from forms.parts import Question
from forms.validation.answer import Answer, Fault, Raw, fault

# Direction overrides and invisible spaces can make a text read as something else; joiners are needed by real scripts.
_INVISIBLE = {
    ord(each) for each in "\u200b\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
}
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[^\s@<>()\[\],;:\\\"]+\.[^\s@.<>()\[\],;:\\\"]{2,}")
EMAIL_LIMIT = 254
NAME_LIMIT = 35


def first(raw: Raw, name: str) -> str:
    """The first value sent under ``name``, or ""."""
    values = raw.get(name) or [""]
    return values[0]


def clean(text: str) -> str:
    """``text`` without control characters, NUL, lone surrogates and invisible marks; newlines as \\n; NFC; stripped."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(
        each
        for each in lines
        if each == "\n" or (ord(each) not in _INVISIBLE and unicodedata.category(each) not in ("Cc", "Cs"))
    )
    return unicodedata.normalize("NFC", kept).strip()


def clean_line(text: str) -> str:
    """``clean``, on one line."""
    return " ".join(clean(text).split())


def too_long(text: str, limit: int, part: str = "") -> tuple[Fault, ...]:
    """The counted fault, or nothing."""
    if len(text) <= limit:
        return ()
    count = len(text)
    return (Fault("too_long", part, {"limit": f"{limit:,}", "count": f"{count:,}", "over": f"{count - limit:,}"}),)


def validate_text(question: Question, raw: Raw) -> Answer:
    """One line."""
    return _limited(question, clean_line(first(raw, question.id)))


def validate_long_text(question: Question, raw: Raw) -> Answer:
    """Lines of words."""
    return _limited(question, clean(first(raw, question.id)))


def _limited(question: Question, text: str) -> Answer:
    if not text:
        return Answer()
    faults = too_long(text, question.limit)
    return Answer(None, faults) if faults else Answer(text)


def validate_name(question: Question, raw: Raw) -> Answer:
    """``{given, surname}``, 1 to 35 characters each. One of them is enough: not everybody has two."""
    parts = {part: clean_line(first(raw, f"{question.id}-{part}")) for part in ("given", "surname")}
    faults = tuple(each for part, text in parts.items() for each in too_long(text, NAME_LIMIT, part))
    if faults:
        return Answer(None, faults)
    return Answer(parts) if any(parts.values()) else Answer()


def read_email(text: str) -> str | None:
    """An address as it can be written to, its domain in small letters; None when it is none."""
    address = clean_line(text).removeprefix("mailto:")
    if len(address) > EMAIL_LIMIT or not _EMAIL.fullmatch(address) or ".." in address:
        return None
    name, _, domain = address.rpartition("@")
    return f"{name}@{domain.lower()}"


def validate_email(question: Question, raw: Raw) -> Answer:
    """One address."""
    text = clean_line(first(raw, question.id))
    if not text:
        return Answer()
    address = read_email(text)
    return Answer(address) if address else fault("not_an_email")
