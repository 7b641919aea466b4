"""What people type, as it is kept: their own words without what no person types."""

from __future__ import annotations

import hashlib
import unicodedata

from contact.domain.errors import ReasonNeeded

LONGEST = 10_000
"""Characters of one message or note."""


def typed_words(body: str, what: str) -> str:
    """The words, without control characters and with plain line ends.

    Raises ReasonNeeded(what) when nothing is left that a person could see: a zero-width space is no name.
    """
    plain = body.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(each for each in plain if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cs"))
    words = kept[:LONGEST].strip()
    if all(unicodedata.category(each)[0] in "CZ" for each in words):
        raise ReasonNeeded(what=what)
    return words


def one_time_key(*form: object, words: str) -> str:
    """The key under which a form's words are kept once. Gone back to and sent with other words, they are new words."""
    return ":".join([*map(str, form), hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32]])
