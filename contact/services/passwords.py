"""Passwords by argon2id, worked out in gevent's thread pool so that no page waits for them (engineering 14)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeVar

import gevent
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from gevent.monkey import is_module_patched

Answer = TypeVar("Answer")
_HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)


def _apart(work: Callable[[], Answer]) -> Answer:
    """In the thread pool under gevent, at once elsewhere (commands, tests)."""
    if is_module_patched("threading"):
        answer: Answer = gevent.get_hub().threadpool.apply(work)
        return answer
    return work()


def hashed(password: str) -> str:
    """The argon2id hash, with its salt and costs."""
    return _apart(lambda: _HASHER.hash(password))


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")


def matches(password_hash: str | None, password: str) -> bool:
    """True when the password is right. Takes as long when there is no such account or no password yet."""

    def check() -> bool:
        try:
            return _HASHER.verify(password_hash or _nobody(), password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False

    return _apart(check)


def is_outdated(password_hash: str) -> bool:
    """True when the hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(password_hash)
