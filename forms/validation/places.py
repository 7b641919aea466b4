"""Where something is: a postcode however it is written, an address, words, three words, or a point on the map."""

from __future__ import annotations

import re
import unicodedata

from forms.parts import Question
from forms.validation.answer import Answer, Fault, Raw, fault
from forms.validation.words import clean, clean_line, first, too_long

_OUT = r"[A-Z]{1,2}[0-9][A-Z0-9]?"
_WHOLE = re.compile(rf"(GIR|{_OUT})([0-9][ABD-HJLNP-UW-Z]{{2}})")
_HALF = re.compile(_OUT)
_HALF_AND_MORE = re.compile(rf"{_OUT}[0-9][A-Z]?")
_AT_THE_END = re.compile(rf"(.*?)[\s,]+({_OUT}\s?[0-9][ABD-HJLNP-UW-Z]{{2}})[\s.]*", re.IGNORECASE)
ADDRESS_LIMIT = 300
ADDRESS_PARTS = ("line1", "line2", "town", "postcode")
_LINE_LIMITS = {"line1": 300, "line2": 200, "town": 100}
_LETTERS = r"[^\W\d_]+"
_THREE_WORDS = re.compile(rf"({_LETTERS})\s?[.\u30fb\uff61]\s?({_LETTERS})\s?[.\u30fb\uff61]\s?({_LETTERS})")
# With spaces only, short words are more likely a sentence, such as "by the canal".
_THREE_SPACED = re.compile(r" ".join([r"([^\W\d_]{4,})"] * 3))
_THREE_WORDS_SITES = re.compile(r"(?:https?://)?(?:www\.)?(?:w3w\.co|what3words\.com)/|w3w://show\?threewords=")
THREE_WORDS_LIMIT = 500
_DEGREES = r"([+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?)\s*°?\s*([nsew])?"
_DEGREE = re.compile(_DEGREES, re.IGNORECASE)
_PAIR = re.compile(rf"(?:geo:|\()?\s*{_DEGREES}\s*[,;\s]\s*{_DEGREES}\s*\)?", re.IGNORECASE)
# The United Kingdom with its islands, the Scillies to Shetland, Northern Ireland to Lowestoft, and its inshore waters.
SOUTH, NORTH, WEST, EAST = 49.8, 61.0, -8.7, 2.0


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


def validate_address(question: Question, raw: Raw) -> Answer:
    """``{line1, line2, town, postcode}``. One abroad has no postcode here; a whole one pasted into a box is kept."""
    texts = {part: _one_line(first(raw, f"{question.id}-{part}")) for part in _LINE_LIMITS}
    written = first(raw, f"{question.id}-postcode")
    if (
        not clean_line(written)
        and len(texts["line1"]) <= 2 * ADDRESS_LIMIT
        and (found := _AT_THE_END.fullmatch(texts["line1"]))
    ):
        texts["line1"], written = found[1], found[2]
    kind, postcode = read_postcode(written)
    if not postcode and not any(texts.values()):
        return Answer()
    faults = [] if texts["line1"] else [Fault("line1_missing", "line1")]
    for part, limit in _LINE_LIMITS.items():
        faults += too_long(texts[part], limit, part)
    if kind in ("half", "cut"):
        faults.append(Fault("half_a_postcode", "postcode"))
    elif kind == "broken":
        faults.append(Fault("not_a_postcode", "postcode"))
    return Answer(None, tuple(faults)) if faults else Answer({**texts, "postcode": postcode})


def _one_line(text: str) -> str:
    """Lines of an address on one line, with commas."""
    lines = (clean_line(line).strip(", ") for line in clean(text).split("\n"))
    return ", ".join(line for line in lines if line)


def read_three_words(text: str) -> str | None:
    """``filled.count.soap`` from ///filled.count.soap, Filled Count Soap or the app's link; None when it is no such."""
    line = unicodedata.normalize("NFC", clean_line(text[:THREE_WORDS_LIMIT]).lower())
    after_link = _THREE_WORDS_SITES.split(line, maxsplit=1)
    shared = after_link[-1] if len(after_link) > 1 else line.partition("///")[2] if "///" in line else ""
    found = (
        _THREE_WORDS.match(shared.lstrip("/ ")) if shared else _THREE_WORDS.fullmatch(line.lstrip("/ ").rstrip(" ."))
    )
    found = found or _THREE_SPACED.fullmatch(line.strip("/ ."))
    return ".".join(found.groups()) if found else None


def validate_three_words(question: Question, raw: Raw) -> Answer:
    """``a.b.c``, as text: converted to nothing, and never the only location."""
    text = first(raw, question.id)
    if not clean_line(text):
        return Answer()
    words = read_three_words(text)
    return Answer(words) if words else fault("not_three_words")


def validate_point(question: Question, raw: Raw) -> Answer:
    """``{lat, lon}``: WGS84 degrees to five decimals, within the United Kingdom. Both may be pasted into ``lat``."""
    lat, lon = (clean_line(first(raw, f"{question.id}-{part}")).replace("\u2212", "-") for part in ("lat", "lon"))
    if not lat and not lon:
        return Answer()
    if not lon and (pair := _PAIR.fullmatch(lat)):
        north, east = _degrees(pair[1], pair[2]), _degrees(pair[3], pair[4])
    else:
        if not lat or (not lon and _DEGREE.fullmatch(lat)):
            return fault("half_a_point", "lon" if lat else "lat")
        first_number, second_number = _DEGREE.fullmatch(lat), _DEGREE.fullmatch(lon)
        if first_number is None or second_number is None:
            return fault("not_a_point", "lat" if first_number is None else "lon")
        north, east = _degrees(*first_number.groups()), _degrees(*second_number.groups())
    if not (SOUTH <= north <= NORTH and WEST <= east <= EAST):
        return fault("not_in_the_uk", "lat")
    return Answer({"lat": north, "lon": east})


def _degrees(number: str, side: str | None) -> float:
    """South and west are below zero. Never minus zero, which would read as another number."""
    value = round(float(number), 5) or 0.0
    return -abs(value) if side and side.casefold() in ("s", "w") and value else value


def point_boxes(value: dict[str, float]) -> dict[str, str]:
    """The two numbers as they are typed."""
    return {part: f"{value[part]:.5f}" for part in ("lat", "lon")}
