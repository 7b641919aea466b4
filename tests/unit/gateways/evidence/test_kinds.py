"""The allow-list looks at bytes, never at names; a second face is noticed."""

from __future__ import annotations

import io
import zipfile

import pytest

from contact.domain.evidence import Kind
from contact.gateways.evidence import documents
from contact.gateways.evidence.kinds import hidden, is_text, sniffed
from tests.support.evidence import document, film, packed, picture

ODT = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office/>"}


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (picture(), Kind.JPEG),
        (picture(kind="PNG"), Kind.PNG),
        (picture(kind="WEBP"), Kind.WEBP),
        (b"GIF89a" + bytes(20), Kind.GIF),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", Kind.HEIC),
        (film(100), Kind.MP4),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", Kind.MOV),
        (b"\x00\x00\x00\x14ftypM4A \x00\x00\x00\x00isom", Kind.M4A),
        (b"\x00\x00\x00\x14ftyp3gp5\x00\x00\x00\x00isom", Kind.THREE_GP),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(30), Kind.WEBM),
        (b"ID3\x04" + bytes(30), Kind.MP3),
        (b"\xff\xfb\x90\x64" + bytes(30), Kind.MP3),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", Kind.WAV),
        (b"OggS\x00\x02" + bytes(30), Kind.OGG),
        (b"#!AMR\n" + bytes(30), Kind.AMR),
        (b"%PDF-1.7\n%\xe2\xe3", Kind.PDF),
        (document(), Kind.DOCX),
        (packed(ODT, stored_first=True), Kind.ODT),
        ("Dwi'n gweld tŷ a ŵyn.\r\n".encode(), Kind.TXT),
        ("\ufeffWords".encode("utf-16"), Kind.TXT),
        ("He said £50 – no more".encode("cp1252"), Kind.TXT),
    ],
    ids=lambda each: getattr(each, "name", "file"),
)
def test_what_is_allowed(head: bytes, kind: Kind) -> None:
    assert sniffed(head[:4096]) is kind


@pytest.mark.parametrize(
    "head",
    [
        b"MZ\x90\x00" + bytes(100),
        b"\x7fELF\x02\x01" + bytes(100),
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"  <svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><x/>",
        b"#!/bin/sh\nrm -rf /\n",
        b"{\\rtf1 hello}",
        packed({"a.txt": b"words"}),
        packed({"[Content_Types].xml": b"", "xl/workbook.xml": b""}),
        b"Rar!\x1a\x07\x00" + bytes(50),
        b"\x1f\x8b\x08" + bytes(50),
        b"\x00\x00\x00\x14ftypavif\x00\x00\x00\x00avif",
        b"RIFF\x24\x00\x00\x00AVI LIST",
        b"plain\x00text",
        b"",
    ],
)
def test_what_is_not(head: bytes) -> None:
    assert sniffed(head) is None


def test_text_must_be_text_to_its_end() -> None:
    assert is_text(b"words " * 1000)
    assert not is_text(b"words " * 1000 + b"\x00\x01")


def test_second_faces() -> None:
    photo = picture()
    zipped = photo + packed({"a.js": b"alert(1)"})
    assert hidden(Kind.JPEG, zipped[:4096], zipped[-66_000:]) == "zip"
    paged = photo + b"<html><script>alert(1)</script>"
    assert hidden(Kind.JPEG, paged[:4096], paged[-66_000:]) == "html"
    assert hidden(Kind.JPEG, b"\xff\xd8\xff%PDF-1.4", b"") == "pdf"
    assert hidden(Kind.JPEG, photo[:4096], photo[-66_000:]) is None


def test_documents_are_what_they_say_hold_no_macros_and_do_not_blow_up() -> None:
    sound = [(Kind.DOCX, document()), (Kind.ODT, packed(ODT, stored_first=True))]
    bad = [
        (Kind.DOCX, document(**{"word/vbaProject.bin": b"x"})),
        (Kind.DOCX, document(**{"word/media/bomb": bytes(20_000_000)})),
        (Kind.DOCX, document(**{"../../etc/passwd": b"x"})),
        (Kind.DOCX, document(**{f"word/{n}": b"" for n in range(2_001)})),
        (Kind.DOCX, packed({"[Content_Types].xml": b"", "_rels/.rels": b""})),
        (Kind.DOCX, document()[:-30]),
        (Kind.ODT, packed({**ODT, "Basic/script.xml": b""}, stored_first=True)),
    ]
    for kind, data in sound:
        assert documents.is_sound(kind, io.BytesIO(data))
    for kind, data in bad:
        assert not documents.is_sound(kind, io.BytesIO(data))


def test_a_directory_too_long_to_be_read_is_no_document() -> None:
    """A million entries are a few bytes each in the file, and half a gigabyte unfolded."""
    sound = document()
    end = sound.rindex(b"PK\x05\x06")
    begin = int.from_bytes(sound[end + 16 : end + 20], "little")
    one = b"PK\x01\x02" + bytes(24) + (1).to_bytes(2, "little") + bytes(16) + b"a"
    listed = one * 30_000
    ending = sound[end : end + 12] + len(listed).to_bytes(4, "little") + begin.to_bytes(4, "little") + bytes(2)

    class Unread(zipfile.ZipInfo):
        def __init__(self, *_: object) -> None:
            raise AssertionError("an entry was unfolded")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zipfile, "ZipInfo", Unread)
        assert not documents.is_sound(Kind.DOCX, io.BytesIO(sound[:begin] + listed + ending))
