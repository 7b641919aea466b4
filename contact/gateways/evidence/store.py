"""What a place for evidence must do. It sees sealed bytes under random keys, and knows nothing of what they are."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Iterable, Iterator
from typing import Protocol

KEY = re.compile(r"[a-z2-7]{40}(\.part)?")
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


class StoreAway(Exception):
    """The place did not do as asked: full, unreachable, refusing. `code` says which, without words of anybody."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class NoSuchObject(StoreAway):
    """Nothing lies under that key."""

    def __init__(self) -> None:
        super().__init__("missing")


class Writing(Protocol):
    """An object being written: nobody can read it before `finish` returns."""

    def write(self, data: bytes) -> None:
        """Add to it. Raises StoreAway."""

    def finish(self) -> int:
        """Make it durable and readable; answers its size in bytes. Raises StoreAway."""

    def abandon(self) -> None:
        """Leave nothing behind; harmless after `finish` or twice."""


class EvidenceStore(Protocol):
    """A place for objects that never change once written. Where it `blocks`, call it off the event loop."""

    @property
    def blocks(self) -> bool:
        """True where it waits for a disk, False where it waits for a network."""

    def begin(self, key: str) -> Writing:
        """Begin a new object under a key of `new_key`. Raises StoreAway."""

    def put(self, key: str, chunks: Iterable[bytes]) -> int:
        """Write a whole object; durable when this returns. Answers its size. Raises StoreAway."""

    def open(self, key: str, offset: int = 0) -> Iterator[bytes]:
        """The bytes from `offset` on, in pieces of any size. Raises NoSuchObject, StoreAway."""

    def delete(self, key: str) -> None:
        """Remove it; harmless where there is none. Raises StoreAway."""

    def list_keys(self, older_than: dt.datetime) -> Iterator[str]:
        """Keys of all objects last written before then, half-written leftovers too. Raises StoreAway."""


def new_key() -> str:
    """A key of 200 random bits that nobody guesses and that names nothing."""
    return "".join(secrets.choice(_LETTERS) for _ in range(40))


def checked_key(key: str) -> str:
    """The key, when it can be one of ours; nothing else ever becomes part of a path. Raises ValueError."""
    if not KEY.fullmatch(key):
        raise ValueError("not a key of the evidence store")
    return key


def put_all(store: EvidenceStore, key: str, chunks: Iterable[bytes]) -> int:
    """`put` in terms of `begin`, for both backends."""
    writing = store.begin(key)
    try:
        for chunk in chunks:
            writing.write(chunk)
        return writing.finish()
    finally:
        writing.abandon()
