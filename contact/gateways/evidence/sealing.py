"""Sealing: AES-256-GCM in frames of 1 MiB, so that a file of any size is written and read piece by piece.

Each object has a key of its own, derived from the file's key and the object's random name, so no nonce is ever used
twice under one key. A frame's nonce is its number and a mark on the last one (the STREAM construction): frames that are
cut off, left out, exchanged or altered do not open. What an object is (which file, which stretch) is bound to each
frame, so objects cannot take each other's place either.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from contact.domain.errors import EvidenceDamaged

FRAME = 1 << 20
"""Plain bytes in every frame but the last."""
TAG = 16
SEALED_FRAME = FRAME + TAG
_VERSION = b"contact evidence 1"


def wrap(master: bytes, evidence_id: UUID) -> bytes:
    """A fresh key for one file, sealed under EVIDENCE_KEY and bound to the file's id."""
    nonce = os.urandom(12)
    return nonce + AESGCM(master).encrypt(nonce, os.urandom(32), _VERSION + evidence_id.bytes)


def unwrap(master: bytes, evidence_id: UUID, wrapped: bytes) -> bytes:
    """The file's key. Raises EvidenceDamaged where EVIDENCE_KEY or the row is another."""
    try:
        return AESGCM(master).decrypt(wrapped[:12], wrapped[12:], _VERSION + evidence_id.bytes)
    except InvalidTag:
        raise EvidenceDamaged(key="wrapped_key") from None


def sealed_size(size: int) -> int:
    """How many bytes an object of `size` plain bytes takes; an empty one is one empty frame."""
    return size + TAG * frames_of(size)


def frames_of(size: int) -> int:
    """How many frames `size` plain bytes make."""
    return max(1, -(-size // FRAME))


class ObjectCipher:
    """Seals and opens the frames of one object. `what` is bound to each: `preview`, or where a stretch begins."""

    def __init__(self, file_key: bytes, *, evidence_id: UUID, object_key: str, what: str) -> None:
        self._gcm = AESGCM(hmac.new(file_key, _VERSION + object_key.encode(), hashlib.sha256).digest())
        self._bound = b"|".join((_VERSION, evidence_id.bytes, what.encode()))
        self._name = object_key

    def seal(self, number: int, plain: bytes | bytearray, *, last: bool) -> bytes:
        """One frame of at most 1 MiB; only the last may be shorter."""
        return self._gcm.encrypt(_nonce(number, last), bytes(plain), self._bound)

    def open(self, number: int, sealed: bytes, *, last: bool) -> bytes:
        """The plain frame. Raises EvidenceDamaged."""
        try:
            return self._gcm.decrypt(_nonce(number, last), sealed, self._bound)
        except InvalidTag:
            raise EvidenceDamaged(key=self._name) from None


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def opened(cipher: ObjectCipher, sealed: Iterator[bytes], *, size: int, first: int = 0) -> Iterator[bytes]:
    """The plain frames from number `first` on, given the sealed bytes from there to the end of the object.

    `size` is what the whole object holds, as its row says. Raises EvidenceDamaged for a byte too few or too many.
    """
    total = frames_of(size)
    held = bytearray()
    for number in range(first, total):
        last = number == total - 1
        wanted = (size - number * FRAME if last else FRAME) + TAG
        while len(held) < wanted:
            piece = next(sealed, b"")
            if not piece:
                raise EvidenceDamaged(key="short")
            held += piece
        frame = cipher.open(number, bytes(held[:wanted]), last=last)
        del held[:wanted]
        yield frame
    if held or next(sealed, b""):
        raise EvidenceDamaged(key="long")
