"""The answer to "how is it safe to reach you, and when?", as it was said; "do not contact me" is one too."""

from __future__ import annotations

import re

from contact.domain.bot_turn import Fact

QUESTIONS = frozenset({"safe_contact", "reach"})
"""The names under which the assistant asks it (chatbot/questions/shared.yml)."""
KIND = "safe_contact"
LONGEST = 300
_NOT_AT_ALL = re.compile(
    r"\b(?:(?:do not|don'?t|never|please don'?t|not safe to)\s+(?:contact|call|ring|text|phone|message|reach)"
    r"|no contact|not contact me|peidiwch â chysylltu|paid â chysylltu|dim cysylltu)\b",
    re.IGNORECASE,
)
_BUT = re.compile(r"\b(?:but|only|except|unless|ond|heblaw)\b", re.IGNORECASE)
_WITHIN_HOURS = re.compile(
    r"(?:\s+\w+){0,3}\s+(?:before|after|until|cyn|ar ôl)\s+"
    r"(?:\d{1,2}(?:[.:]\d\d)?\s*(?:am|pm)?|noon|midday|midnight|dark|school|work|one|two|three|four|five|six|seven|"
    r"eight|nine|ten|eleven|twelve|un|dau|tri|pedwar|pump|chwech|saith|wyth|naw|deg|hanner)\b",
    re.IGNORECASE,
)
"""A time of day that belongs to the very words ("do not ring me after six"), not to what somebody else does then."""


def answer_of(words: str) -> Fact:
    """The whole answer as a fact, in the person's own words, its first 300 characters."""
    said = words.strip()[:LONGEST]
    start = words.find(said)
    return Fact(KIND, said, said, start, start + len(said))


def says_no_contact(words: str) -> bool:
    """Whether no way is safe (practice 13: that is an answer). "Don't ring, but text me" names one, and is none."""
    plain = words.replace("\u2019", "'")
    found = _NOT_AT_ALL.search(plain)
    return found is not None and not (_BUT.search(plain) or _WITHIN_HOURS.match(plain, found.end()))
