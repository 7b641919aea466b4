"""Files as people send them, made in memory; a vault in a folder; and a draft of a form that asks for files."""

from __future__ import annotations

import datetime as dt
import io
import os
import socket
import struct
import threading
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from PIL import Image, ImageDraw, ImageFilter
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import Actor, ActorKind
from contact.gateways.antivirus import Scanner
from contact.gateways.evidence.folder import Folder
from contact.gateways.evidence.vault import Vault
from contact.services import drafts, evidence, evidence_examining, evidence_receiving, intake
from contact.services.evidence import DraftOwner, Owner, UploadView
from contact.services.intake import Receipt
from contact.store.engine import make_sessions
from tests.support.answers import complete
from tests.support.cases import KEYS, NOW, Cases

QUESTION = "evidenceFiles"
FORM = "burglary"
SENSITIVE_FORM = "child-protection"
ANONYMOUS_FORM = "weapons"
GPS = b"53.4084N"
# Split, so that no scanner takes this source for the thing.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-" + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()


def picture(size: tuple[int, int] = (64, 48), kind: str = "JPEG", *, orientation: int = 1) -> bytes:
    """A picture with a place, a camera and a comment in it."""
    image = Image.effect_noise(size, 90).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "A camera of Sam Example"
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[29] = GPS.decode()
    out = io.BytesIO()
    more = {"comment": b"taken by Sam"} if kind == "JPEG" else {}
    image.save(out, kind, exif=exif, **more)
    return out.getvalue()


def portrait(
    size: tuple[int, int] = (1200, 1600), *, blur: float = 0, light: float = 1.0, turned: bool = False
) -> bytes:
    """Nobody's face: drawn shapes where head, eyes and shoulders would be. `turned`: stored lying, EXIF says so."""
    wide, high = size
    image = Image.new("RGB", size, (200, 205, 210))
    pen = ImageDraw.Draw(image)
    pen.ellipse((wide * 0.28, high * 0.2, wide * 0.72, high * 0.72), fill=(190, 150, 130))
    pen.rectangle((wide * 0.1, high * 0.75, wide * 0.9, high), fill=(60, 70, 110))
    for at in (0.4, 0.6):
        pen.ellipse((wide * (at - 0.03), high * 0.4, wide * (at + 0.03), high * 0.43), fill=(30, 20, 20))
    image = image.filter(ImageFilter.GaussianBlur(blur)) if blur else image
    image = image.point([int(value * light) for value in range(256)] * 3)
    exif = Image.Exif()
    if turned:
        image = image.transpose(Image.Transpose.ROTATE_90)
        exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


def packed(entries: dict[str, bytes], *, stored_first: bool = False) -> bytes:
    """A ZIP with these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for number, (name, data) in enumerate(entries.items()):
            kind = zipfile.ZIP_STORED if stored_first and not number else zipfile.ZIP_DEFLATED
            made.writestr(name, data, compress_type=kind)
    return out.getvalue()


def document(**more: bytes) -> bytes:
    """A Word document with nothing in it but `more`."""
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>", **more})


def film(size: int = 3_000_000) -> bytes:
    """Something that begins as an MP4 does, then noise."""
    return b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + os.urandom(size - 24)


def in_chunks(data: bytes, size: int = 65_536) -> Iterator[bytes]:
    """As a server reads it."""
    for at in range(0, len(data), size):
        yield data[at : at + size]


class ConnectionLost(Exception):
    """The browser went away."""


def broken_off(data: bytes, size: int = 65_536) -> Iterator[bytes]:
    """All of `data`, and then the connection is lost."""
    yield from in_chunks(data, size)
    raise ConnectionLost


@dataclass
class Files:
    """Sending files and examining them, in the database of `cases`, with the store in a folder."""

    cases: Cases
    vault: Vault
    now: dt.datetime = NOW
    question: str = QUESTION

    @classmethod
    def below(cls, cases: Cases, folder: Path) -> Files:
        """With its store in that folder."""
        return cls(cases, Vault(Folder(folder), b"e" * 32))

    def draft(self, form_id: str = FORM) -> UUID:
        """A finished draft that a citizen has not sent yet."""
        with self.cases.web() as session:
            view = drafts.start(session, form_id=form_id, force_id=self.cases.north, language="en", now=self.now)
            answers = complete(view.form, {}, now=self.now)
            drafts.save(session, draft_id=view.id, page_id=view.form.first_page().id, answers=answers, now=self.now)
            session.commit()
        return view.id

    def answer(self, draft_id: UUID, **answers: object) -> None:
        """Change answers of a draft."""
        with self.cases.acting(holder(draft_id)) as session:
            drafts.save(session, draft_id=draft_id, page_id="any", answers=answers, now=self.now)

    def sessions(self, actor: Actor) -> sessionmaker[Session]:
        """The web's sessions of one actor."""
        return make_sessions(self.cases._web, actor)

    def begin(self, owner: Owner, actor: Actor, *, name: str = "a.jpg", size: int | None = None) -> UploadView:
        """Make room for a file."""
        with self.cases.acting(actor) as session:
            return evidence.begin(
                session, vault=self.vault, owner=owner, question_id=self.question, name=name, size=size, now=self.now
            )

    def receive(
        self, upload_id: UUID, owner: Owner, actor: Actor, chunks: Iterable[bytes], *, offset: int = 0
    ) -> UploadView:
        """Take one stretch."""
        return evidence_receiving.receive(
            self.sessions(actor),
            self.vault,
            owner=owner,
            upload_id=upload_id,
            offset=offset,
            chunks=chunks,
            now=self.now,
        )

    def send(self, draft_id: UUID, data: bytes, *, name: str = "a.jpg") -> UploadView:
        """A whole file in one stretch."""
        owner, actor = DraftOwner(draft_id), holder(draft_id)
        upload = self.begin(owner, actor, name=name, size=len(data))
        return self.receive(upload.id, owner, actor, in_chunks(data))

    def submit(self, draft_id: UUID) -> Receipt:
        """Send the report."""
        with self.cases.acting(holder(draft_id)) as session:
            return intake.submit(session, draft_id=draft_id, keys=KEYS, now=self.now)

    def examine(self, upload_id: UUID, scanner: Scanner | None = None) -> bool:
        """What the worker does."""
        return evidence_examining.examine(
            self.cases.system, self.vault, scanner, evidence_id=upload_id, keys=KEYS, now=self.now
        )

    def objects(self) -> set[str]:
        """Everything that lies in the store."""
        return set(self.vault.store.list_keys(dt.datetime.now(dt.UTC) + dt.timedelta(days=9)))


def holder(draft_id: UUID) -> Actor:
    """The citizen who has proven the draft."""
    return Actor(ActorKind.CITIZEN, draft_id=draft_id)


@dataclass
class FakeClamd:
    """A clamd at the network's edge: speaks INSTREAM, unpacks ZIPs, knows EICAR. `silent`: never answers."""

    path: str
    silent: bool = False
    most: int = 1 << 30
    seen: list[int] = field(default_factory=list)

    def __enter__(self) -> FakeClamd:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(self.path)
        self._socket.listen(8)
        self._held: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        for each in self._held:
            each.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            if self.silent:
                self._held.append(connection)
                continue
            with connection:
                connection.sendall(self._heard(connection.makefile("rb")) + b"\0")

    def _heard(self, stream: io.BufferedReader) -> bytes:
        if stream.read(10) != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND"
        data = b""
        while length := struct.unpack(">I", stream.read(4))[0]:
            piece = stream.read(length)
            assert len(piece) == length
            data += piece
            if len(data) > self.most:
                return b"INSTREAM size limit exceeded. ERROR"
        self.seen.append(len(data))
        return b"stream: Eicar-Test-Signature FOUND" if _carries(data) else b"stream: OK"


def _carries(data: bytes) -> bool:
    if EICAR in data:
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed_up:
            return any(EICAR in packed_up.read(name) for name in packed_up.namelist())
    except zipfile.BadZipFile:
        return False
