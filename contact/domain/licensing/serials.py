"""Serial numbers as guns carry them and as the register compares them: one held by another is flagged, never taken."""

from __future__ import annotations

import re
import unicodedata

_NOT_LETTERS = re.compile(r"[^0-9A-Z]")
_NONE = frozenset({"", "NA", "NONE", "NIL", "NO", "NONUMBER", "NOTKNOWN", "UNKNOWN", "NOTVISIBLE", "NSN"})
_ALIKE = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1", "S": "5", "B": "8", "Z": "2"})


def normalised(typed: str) -> str | None:
    """The number without spaces, dashes and case; None where the gun has none (`n/a`, `none` ...)."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    kept = _NOT_LETTERS.sub("", plain)
    return None if kept in _NONE else kept


def alike_key(serial: str | None) -> str | None:
    """Equal for two numbers that a person may have read off metal as each other: O and 0, I and 1 ...

    Only to find what a person should look at; two guns of other makers may well share it.
    """
    kept = normalised(serial) if serial else None
    return kept.translate(_ALIKE) if kept else None


def make_key(make: str) -> str:
    """The maker's name for comparing: letters and figures only."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", make).upper())


def may_be_same(serial: str | None, make: str, other_serial: str | None, other_make: str) -> bool:
    """Whether two rows may speak of one gun: numbers alike, and makers equal or one not said."""
    key = alike_key(serial)
    if key is None or key != alike_key(other_serial):
        return False
    mine, theirs = make_key(make), make_key(other_make)
    return not mine or not theirs or mine == theirs or mine in theirs or theirs in mine
