"""Rules of signing in: how long a lock lasts, which passwords are refused, what a recovery code looks like."""

from __future__ import annotations

import re
from datetime import timedelta

TRIES_BEFORE_LOCK = 5
_LONGEST_LOCK = timedelta(hours=1)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
_COMMON = (
    "password",
    "qwerty",
    "letmein",
    "iloveyou",
    "welcome",
    "police",
    "control room",
    "123456",
    "abcdef",
    "111111",
)

RECOVERY_CODES = 10
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no I, L, O or U, so that a code read aloud or from paper is read right."""


def lock_after(failed_attempts: int) -> timedelta | None:
    """How long the account stays shut after so many failures in a row; the wait doubles, up to an hour."""
    over = failed_attempts - TRIES_BEFORE_LOCK
    if over < 0:
        return None
    return min(timedelta(minutes=1 << min(over, 10)), _LONGEST_LOCK)


def password_problem(password: str, *, name: str, email: str) -> str | None:
    """Why a password is refused: short, long, common, contains_name, contains_email; None when it is not.

    Length is what counts; no rule about kinds of characters (NCSC guidance).
    """
    plain = password.casefold()
    if len(password) < SHORTEST_PASSWORD:
        return "short"
    if len(password) > LONGEST_PASSWORD:
        return "long"
    if any(len(part) > 3 and part in plain for part in name.casefold().split()):
        return "contains_name"
    local = email.casefold().partition("@")[0]
    if len(local) > 3 and local in plain:
        return "contains_email"
    rest = plain
    for common in _COMMON:
        rest = rest.replace(common, "")
    if len(rest) < SHORTEST_PASSWORD - 6 or len(set(plain)) < 5:
        return "common"
    return None


def plain_code(typed: str) -> str:
    """A code as typed, without spaces and dashes, letters that look like digits set right."""
    bare = re.sub(r"[\s-]", "", typed).upper()
    return bare.translate(str.maketrans("ILO", "110"))


def is_recovery_code(code: str) -> bool:
    """True for a plain code of the right shape; an authenticator's is six digits."""
    return len(code) == 12 and all(symbol in ALPHABET for symbol in code)
