"""What the worker finds out about a file: kind, digest, malware, a picture without hidden details."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

import pillow_heif
import pytest
from PIL import Image

from contact.domain.evidence import Refusal, Scan, State
from contact.gateways.antivirus import Clamd, Verdict
from contact.store import evidence as rows
from contact.store.evidence import Evidence
from tests.support.cases import Cases
from tests.support.evidence import (
    EICAR,
    GPS,
    SENSITIVE_FORM,
    FakeClamd,
    Files,
    document,
    film,
    packed,
    picture,
)


@pytest.fixture
def files(cases: Cases, tmp_path: Path) -> Files:
    """A store in a folder."""
    return Files.below(cases, tmp_path / "evidence")


def row_of(files: Files, evidence_id: UUID) -> Evidence:
    """The row as it stands."""
    with files.cases.system() as session:
        return rows.get(session, evidence_id=evidence_id)


def examined(files: Files, data: bytes, *, form_id: str = "burglary") -> Evidence:
    """Send it and examine it."""
    sent = files.send(files.draft(form_id), data)
    files.examine(sent.id)
    return row_of(files, sent.id)


def preview(files: Files, row: Evidence) -> bytes:
    """The picture made anew."""
    assert row.preview_key is not None
    assert row.preview_size is not None
    key = files.vault.file_key(row.id, row.wrapped_key)
    return b"".join(files.vault.read_preview(key, object_key=row.preview_key, size=row.preview_size))


def heic() -> bytes:
    """A photo as an iPhone takes it."""
    made = pillow_heif.from_pillow(Image.open(io.BytesIO(picture((320, 240)))))
    out = io.BytesIO()
    made.save(out, quality=60)
    return out.getvalue()


@pytest.mark.parametrize("data", [picture(), picture(kind="PNG"), picture(kind="WEBP"), heic()])
def test_a_picture_is_shown_made_anew_without_what_it_hid(files: Files, data: bytes) -> None:
    row = examined(files, data)
    assert (row.state, row.scan, row.sha256) == (State.READY, Scan.NOT_SCANNED, hashlib.sha256(data).digest())
    shown = preview(files, row)
    with Image.open(io.BytesIO(shown)) as picture_shown:
        assert picture_shown.format == "JPEG"
        assert not picture_shown.getexif()
        assert set(picture_shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for hidden in (b"camera", b"Exif", GPS, b"taken by"):
        assert hidden not in shown


def test_it_is_upright_and_not_larger_than_a_screen(files: Files) -> None:
    row = examined(files, picture((3000, 1000), orientation=6))
    with Image.open(io.BytesIO(preview(files, row))) as shown:
        assert shown.size == (683, 2048)


def test_a_picture_with_a_second_face_is_shown_made_anew_only(files: Files) -> None:
    tail = packed({"evil.js": b"alert(1)"})
    row = examined(files, picture() + tail)
    assert (row.state, row.also) == (State.READY, "zip")
    assert b"PK\x05\x06" not in preview(files, row)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7\n" + packed({"a": b"b"}), Refusal.WRONG_TYPE),
        (film(9000) + b"<html><script>alert(1)</script>", Refusal.WRONG_TYPE),
        (b"words " * 2000 + b"\x00\x01\x02", Refusal.WRONG_TYPE),
        (picture()[:-400], Refusal.DAMAGED),
        (document(**{"word/media/bomb": bytes(20_000_000)}), Refusal.DAMAGED),
        (document(**{"word/vbaProject.bin": b"x"}), Refusal.DAMAGED),
    ],
)
def test_what_is_not_what_it_says_is_refused_and_not_kept(files: Files, data: bytes, reason: Refusal) -> None:
    row = examined(files, data)
    assert (row.state, row.refused, row.preview_key) == (State.REFUSED, reason, None)
    with files.cases.system() as session:
        assert rows.segments(session, evidence_id=row.id) == []


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = zlib.compress(bytes(4_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(30_000, 30_000), (60_000, 2_000), (2**31 - 1, 1)])
def test_a_pixel_bomb_goes_off_nowhere(files: Files, size: tuple[int, int]) -> None:
    row = examined(files, bomb(*size))
    assert (row.state, row.refused) == (State.REFUSED, Refusal.DAMAGED)


def test_malware_is_refused_also_within_a_document(files: Files, tmp_path: Path) -> None:
    with FakeClamd(str(tmp_path / "c.sock")) as clamd:
        for data in (b"words\n" + EICAR, document(**{"word/media/a.bin": EICAR})):
            sent = files.send(files.draft(), data)
            assert files.examine(sent.id, Clamd(clamd.path))
            row = row_of(files, sent.id)
            assert (row.state, row.refused, row.scan) == (State.REFUSED, Refusal.INFECTED, Scan.INFECTED)
        clean = files.send(files.draft(), picture())
        files.examine(clean.id, Clamd(clamd.path))
        assert row_of(files, clean.id).scan == Scan.CLEAN


def test_a_scan_that_never_answers_is_told_and_asked_again(files: Files, tmp_path: Path) -> None:
    sent = files.send(files.draft(), picture())
    with FakeClamd(str(tmp_path / "s.sock"), silent=True) as silent:
        assert files.examine(sent.id, Clamd(silent.path, limit_s=0.2)) is False
    row = row_of(files, sent.id)
    assert (row.state, row.scan, row.preview_key) == (State.EXAMINING, Scan.FAILED, None)

    class Awake:
        def scan(self, chunks: Iterable[bytes]) -> Verdict:
            assert b"".join(chunks)
            return Verdict.CLEAN

    assert files.examine(sent.id, Awake())
    row = row_of(files, sent.id)
    assert (row.state, row.scan) == (State.READY, Scan.CLEAN)
    assert row.preview_key


def test_no_database_connection_is_held_while_the_scanner_works(files: Files) -> None:
    sent = files.send(files.draft(), picture())

    class Looking:
        def scan(self, chunks: Iterable[bytes]) -> Verdict:
            assert files.cases._worker.pool.checkedout() == 0  # type: ignore[attr-defined]
            return Verdict.CLEAN

    assert files.examine(sent.id, Looking())


def test_pictures_of_a_sensitive_report_are_not_decoded_before_a_person_looked(files: Files) -> None:
    row = examined(files, picture(), form_id=SENSITIVE_FORM)
    assert (row.state, row.preview_key, row.sensitive) == (State.READY, None, True)


def test_examined_twice_is_examined_once(files: Files) -> None:
    sent = files.send(files.draft(), picture())
    files.examine(sent.id)
    before = row_of(files, sent.id)
    assert files.examine(sent.id)
    assert row_of(files, sent.id).preview_key == before.preview_key
    assert len(files.objects()) == 2


def test_a_file_taken_back_meanwhile_leaves_nothing_to_do(files: Files) -> None:
    assert files.examine(UUID(int=5))
