"""The vault: the evidence store behind the seal. Plain bytes go in and come out; the store sees sealed ones only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from contact.domain.errors import EvidenceDamaged
from contact.gateways.evidence.folder import Folder
from contact.gateways.evidence.s3 import S3
from contact.gateways.evidence.sealing import FRAME, SEALED_FRAME, ObjectCipher, opened, unwrap, wrap
from contact.gateways.evidence.store import EvidenceStore, Writing, new_key
from contact.settings import Settings

_PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class Stretch:
    """`size` plain bytes of a file from `start` on, lying sealed under `key`."""

    start: int
    size: int
    key: str


@dataclass(frozen=True, slots=True)
class FileKey:
    """A file's own key, unwrapped; it lives no longer than the request or job that reads the file."""

    evidence_id: UUID
    secret: bytes


class Vault:
    """Made from the settings. Its methods block: call them through `services/apart`."""

    def __init__(self, store: EvidenceStore, master: bytes) -> None:
        self.store = store
        self._master = master

    @classmethod
    def from_settings(cls, settings: Settings) -> Vault:
        """The store that EVIDENCE_STORE names, behind EVIDENCE_KEY."""
        place = settings.evidence_store
        store: EvidenceStore
        if place.startswith("s3://"):
            store = S3.from_address(place, key_id=settings.s3_key_id, secret=settings.s3_secret, spool=settings.home)
        else:
            store = Folder(settings.evidence_folder)
        return cls(store, settings.evidence_key)

    def new_wrapped_key(self, evidence_id: UUID) -> bytes:
        """A fresh key for one file, as its row keeps it."""
        return wrap(self._master, evidence_id)

    def file_key(self, evidence_id: UUID, wrapped: bytes) -> FileKey:
        """Unwrap a file's key. Raises EvidenceDamaged."""
        return FileKey(evidence_id, unwrap(self._master, evidence_id, wrapped))

    def begin_stretch(self, key: FileKey, *, start: int) -> Sealing:
        """Begin writing what arrives of a file from `start` on. Raises StoreAway."""
        return self._begin(key, str(start))

    def put_preview(self, key: FileKey, picture: bytes) -> str:
        """Keep a picture made for showing; answers its object key. Raises StoreAway."""
        sealing = self._begin(key, _PREVIEW)
        try:
            for at in range(0, len(picture), FRAME):
                sealing.add(picture[at : at + FRAME])
            sealing.finish()
        finally:
            sealing.abandon()
        return sealing.key

    def read(
        self, key: FileKey, stretches: Sequence[Stretch], *, offset: int = 0, length: int | None = None
    ) -> Iterator[bytes]:
        """Plain bytes of a file, any part of it; frames that are not asked for are not read.

        Raises EvidenceDamaged where the stretches do not follow each other or do not open, NoSuchObject, StoreAway.
        """
        size = sum(each.size for each in stretches)
        end = size if length is None else min(size, offset + length)
        at = 0
        for each in stretches:
            if each.start != at:
                raise EvidenceDamaged(key=each.key)
            at += each.size
            if each.start < end and at > offset:
                yield from self._part(key, each, max(offset - each.start, 0), min(end, at) - each.start)

    def read_preview(self, key: FileKey, *, object_key: str, size: int) -> Iterator[bytes]:
        """The picture made for showing. Raises EvidenceDamaged, NoSuchObject, StoreAway."""
        cipher = self._cipher(key, object_key, _PREVIEW)
        return opened(cipher, self.store.open(object_key), size=size)

    def _part(self, key: FileKey, stretch: Stretch, begin: int, end: int) -> Iterator[bytes]:
        """Bytes `begin` to `end` of one stretch."""
        first = begin // FRAME
        cipher = self._cipher(key, stretch.key, str(stretch.start))
        at = first * FRAME
        sealed = self.store.open(stretch.key, first * SEALED_FRAME)
        for frame in opened(cipher, sealed, size=stretch.size, first=first):
            piece = frame[max(begin - at, 0) : end - at]
            at += len(frame)
            if piece:
                yield piece
            if at >= end < stretch.size:
                return

    def _begin(self, key: FileKey, what: str) -> Sealing:
        object_key = new_key()
        return Sealing(object_key, self.store.begin(object_key), self._cipher(key, object_key, what))

    @staticmethod
    def _cipher(key: FileKey, object_key: str, what: str) -> ObjectCipher:
        return ObjectCipher(key.secret, evidence_id=key.evidence_id, object_key=object_key, what=what)


class Sealing:
    """One object on its way into the store. Holds one frame back, since only the end says which is the last."""

    def __init__(self, key: str, writing: Writing, cipher: ObjectCipher) -> None:
        self.key = key
        self.size = 0
        self._writing = writing
        self._cipher = cipher
        self._number = 0
        self._held = b""

    def add(self, frame: bytes) -> None:
        """Add whole frames of 1 MiB; a shorter one may only come last. Raises StoreAway."""
        if self.size:
            self._write(last=False)
        self._held = frame
        self.size += len(frame)

    def finish(self) -> int:
        """Seal the last frame and make the object durable; answers its plain size. Raises StoreAway."""
        self._write(last=True)
        self._writing.finish()
        return self.size

    def abandon(self) -> None:
        """Leave nothing behind; harmless after `finish`."""
        self._writing.abandon()

    def _write(self, *, last: bool) -> None:
        self._writing.write(self._cipher.seal(self._number, self._held, last=last))
        self._number += 1
