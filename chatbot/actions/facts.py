"""Takes facts out of a message, each with the words it came from; a correction replaces what was said before."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from actions.heard import Entity, Heard
from actions.words import words_of

LONGEST_WORDS = 300

_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|weds?|thurs?|fri|sat|sun"
_DAYS_CY = "llun|mawrth|mercher|iau|gwener|sadwrn|sul"
_PARTS = "morning|afternoon|evening|night|week|month|year"
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_TIME = re.compile(
    rf"\b(?:(?:about|around|at|on|since|between|ar|tua)\s+)?"
    rf"(?:yesterday(?:\s+(?:{_PARTS}))?|today|tonight|just now|(?:last|this)\s+(?:{_PARTS}|{_DAYS})"
    rf"|(?:{_DAYS})(?:\s+(?:{_PARTS}))?|\d+\s+(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?)\s+ago"
    rf"|(?:half|quarter)\s+past\s+\w+|\d{{1,2}}[:.]\d{{2}}\s*(?:am|pm)?|\d{{1,2}}\s?(?:am|pm|o'?clock)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS})\b(?:\s+\d{{4}})?|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}|midnight|noon"
    rf"|ddoe|neithiwr|heddiw|heno|bore\s+(?:ma|yma|ddoe)|(?:dydd|nos|bore)\s+(?:{_DAYS_CY})|wythnos\s+diwethaf)"
    r"(?:\s+(?:at|about|around|tua|am)\s+(?:half\s+past\s+\w+|\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm|o'?clock)?))?(?!\w)",
    re.IGNORECASE,
)
# "Outside tesco in canterbury", "near Bell Lane", and never "outside my house": that is no place anybody else finds.
_OWN = r"(?:my|our|his|her|their|your|me|us|him|them|you|here|there|where|it|work|home|and|in|on|at|to|a|an)\b"
_BESIDE = r"\b(?i:outside|near|behind|opposite|next to|in front of)\s+(?i:the\s+)?"
_TOWN = r"\s+(?:in|on)\s+(?!the\b|a\b|an\b|my\b|our\b|broad\b|foot\b|and\b)[^\W\d_][\w'’-]+"
_STREET = r"(?:\s+(?i:road|street|lane|avenue|close|way|square)\b)?"
_BY = re.compile(
    rf"{_BESIDE}(?:(?!(?i:{_OWN}))[^\W\d_][\w'’-]+{_TOWN}{_STREET}|(?!(?i:{_OWN}))[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)?)"
)
_NO_TOWN = rf"(?i:{_MONTHS}|{_DAYS}|english|welsh|danger|pain|person|hospital|prison)"
_IN = re.compile(rf"\b[Ii]n\s+(?!{_NO_TOWN}\b)[A-Z][a-z][\w'’-]+(?:\s+[A-Z][a-z][\w'’-]+){{0,2}}")
_PATTERNS = (
    ("email", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")),
    ("phone", re.compile(r"(?<![\w.+/-])(?:\+44[ ]?|0)(?:\d[ ]?){8,9}\d(?![\w-])")),
    ("postcode", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}\b", re.IGNORECASE)),
    ("registration", re.compile(r"\b[A-Z]{2}\d{2}[ ]?[A-Z]{3}\b", re.IGNORECASE)),
    ("money", re.compile(r"£[ ]?\d[\d,]{0,12}(?:\.\d{2})?k?|\b\d[\d,]{0,12}[ ]?(?:pounds?|quid)\b", re.IGNORECASE)),
    (
        "reference",
        re.compile(
            r"\b(?:ref(?:erence)?|crime|log|incident|cyfeirnod)\W{1,3}(?:(?:no|number|is)\W{1,3})?"
            r"([A-Z0-9/-]{0,20}\d[A-Z0-9/-]{0,20})",
            re.IGNORECASE,
        ),
    ),
    (
        "name",
        re.compile(
            r"\b(?:my name is|my name's|fy enw i yw|fy enw yw)\s+([^\W\d_][\w'’-]*(?:\s+[A-Z][\w'’-]*)?)", re.IGNORECASE
        ),
    ),
    ("time", _TIME),
    (
        "place",
        re.compile(
            r"\b\d{1,4}[a-z]?\s+(?:[A-Z][\w'’]+\s+){1,3}(?:Road|Rd|Street|St|Lane|Ln|Avenue|Ave|Close|Drive|Way|Place"
            r"|Court|Terrace|Crescent|Gardens|Hill|Row|Walk|Grove|Square)\b(?:,?\s+[A-Z]\w+)?"
        ),
    ),
)
# A short message that begins with one of these tells a place, unless it tells a time.
_WHERE = re.compile(
    r"(?:just |right )?(?:outside|near|behind|opposite|next to|in front of|round the back|at the|in the|on the|by the"
    r"|tu allan|ger|wrth ymyl|tu ôl)\b",
    re.IGNORECASE,
)
_SHORT = 60
_LONG = 7  # words from which on a place is sought within them; fewer are an answer as they stand
_WORD = re.compile(r"[^\W_]+(?:['\u2019\u02bc][^\W_]+)*")
_NOT = frozenset({"no", "not", "without", "isnt", "wasnt", "nobody", "dim", "ddim", "heb"})
Phrases = tuple[tuple[str, ...], ...]
_SHAPED = frozenset({"postcode", "registration", "phone", "email", "reference", "money"})


@dataclass(frozen=True)
class Fact:
    """One thing that was said; `words` are the person's own, from `start` to `end` of the message it came in."""

    kind: str
    value: str
    words: str
    start: int
    end: int

    @classmethod
    def read(cls, raw: object) -> "Fact | None":
        """Read one from a slot; None when it is none."""
        if isinstance(raw, Fact):
            return raw
        if not isinstance(raw, Mapping):
            return None
        kind, value, words, start, end = (raw.get(name) for name in ("kind", "value", "words", "start", "end"))
        if isinstance(kind, str) and isinstance(start, int) and isinstance(end, int):
            return cls(kind, str(value), str(words), start, end)
        return None


def facts_in(heard: Heard, cues: Mapping[str, Phrases] | None = None) -> tuple[Fact, ...]:
    """Answer what this message says, in order of place: the model's entities, what can be told by its form, and the
    phrases of `cues` (weapon, injury), which are sought last.
    """
    by_form = (
        Entity(kind, found.group(found.lastindex or 0), *found.span(found.lastindex or 0))
        for kind, pattern in _PATTERNS
        for found in pattern.finditer(heard.text)
    )
    kept: list[Entity] = []
    # What has a form of its own is surer than what a model guesses, and the pipeline has brought it into one shape; of
    # two guesses the longer one is kept.
    longest_first = sorted(heard.entities, key=lambda each: each.start - each.end)
    shaped = [each for each in longest_first if each.kind in _SHAPED]
    for one in [*shaped, *by_form, *longest_first, *_cued(heard.text, cues or {})]:
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    if not kept and len(heard.text) <= _SHORT and _WHERE.match(heard.text.strip()):
        whole = whole_as("place", heard.text)
        return (whole,) if whole else ()
    if not any(one.kind in {"place", "postcode"} for one in kept) and len(words_of(heard.text)) >= _LONG:
        found = next((found for each in (_BY, _IN) if (found := each.search(heard.text))), None)
        if found and not any(found.start() < other.end and other.start < found.end() for other in kept):
            kept.append(Entity("place", found.group(), *found.span()))
    return tuple(_fact(one.kind, one.value, heard.text, one.start, one.end) for one in sorted(kept, key=_place))


def _cued(text: str, cues: Mapping[str, Phrases]) -> list[Entity]:
    """Where a phrase stands in the words, the longest first; not after "no" or "not": nothing was said of it then."""
    told = [(word, found.start(), found.end()) for found in _WORD.finditer(text) for word in words_of(found.group())]
    plain = [word for word, _, _ in told]
    found = []
    for kind, phrases in cues.items():
        for phrase in sorted(phrases, key=len, reverse=True):
            for place in range(len(plain) - len(phrase) + 1):
                if tuple(plain[place : place + len(phrase)]) != phrase or _NOT & set(plain[max(0, place - 2) : place]):
                    continue
                start, end = told[place][1], told[place + len(phrase) - 1][2]
                found.append(Entity(kind, text[start:end], start, end))
    return found


def whole_as(kind: str, text: str, begin: int = 0) -> Fact | None:
    """Take all that was said from `begin` on as the answer to a question for `kind`; None when nothing was said."""
    start = begin + len(text[begin:]) - len(text[begin:].lstrip(" ,.;:-\n\t"))
    end = min(len(text.rstrip()), start + LONGEST_WORDS)
    return _fact(kind, text[start:end], text, start, end) if start < end else None


def with_new(known: Iterable[Fact], new: Iterable[Fact], *, correcting: bool) -> tuple[Fact, ...]:
    """Answer all facts with the new ones last; when correcting, earlier facts of the same kinds go."""
    new = tuple(new)
    gone = {fact.kind for fact in new} if correcting else set()
    kept = [fact for fact in known if fact.kind not in gone]
    return (*kept, *(fact for fact in new if fact not in kept))


def _fact(kind: str, value: str, text: str, start: int, end: int) -> Fact:
    return Fact(kind, value.strip()[:LONGEST_WORDS], text[start:end][:LONGEST_WORDS], start, end)


def _place(one: Entity) -> int:
    return one.start
