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
_BUT = re.compile(r"\b(?:but|only|except|unless|before|after|until|ond|heblaw|cyn|ar ôl)\b", re.IGNORECASE)


def answer_of(words: str) -> Fact:
    """The whole answer as a fact, in the person's own words, its first 300 characters."""
    said = words.strip()[:LONGEST]
    start = words.find(said)
    return Fact(KIND, said, said, start, start + len(said))


def says_no_contact(words: str) -> bool:
    """Whether no way is safe (practice 13: that is an answer). "Don't ring, but text me" names one, and is none."""
    plain = words.replace("\u2019", "'")
    return bool(_NOT_AT_ALL.search(plain)) and not _BUT.search(plain)
