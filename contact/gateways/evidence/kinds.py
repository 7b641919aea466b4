"""What a file really is, from its own bytes: a strict look of ours, and a second opinion for plain text."""

from __future__ import annotations

import codecs
import re

import puremagic

from contact.domain.evidence import Family, Kind

HEAD_BYTES = 4096
"""How much of a file its first look needs."""
TAIL_BYTES = 66_000
"""How much of its end may hold a ZIP's directory."""

_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_MP4 = (b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"mmp4")
_M4A = (b"M4A ", b"M4B ")
_BEGINNINGS = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Kind.PNG),
    (b"GIF87a", Kind.GIF),
    (b"GIF89a", Kind.GIF),
    (b"OggS\x00", Kind.OGG),
    (b"#!AMR", Kind.AMR),
    (b"ID3", Kind.MP3),
    (b"%PDF-", Kind.PDF),
)
_RUNNABLE = frozenset({".exe", ".dll", ".com", ".bat", ".cmd", ".ps1", ".sh", ".js", ".vbs", ".hta", ".svg", ".jar"})
_MARKUP = re.compile(r"\s*(<[!?a-z]|#!|\{\\rtf|MIME-Version:|\[InternetShortcut\])", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_SCRIPT = re.compile(rb"<\s*(!doctype\s+html|html|script|svg|iframe)[\s>]", re.IGNORECASE)


def sniffed(head: bytes) -> Kind | None:
    """The kind of a file by its first 4 kB (all of it where it is shorter); None: not on the allow-list."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    return _riff(head) or _iso_media(head) or _webm(head) or _mpeg_audio(head) or _zipped(head) or _text(head)


def hidden(kind: Kind, head: bytes, tail: bytes) -> str | None:
    """What else the file could be read as (`zip`, `pdf`, `html`), or None: a polyglot shows a second face elsewhere."""
    if kind is not Kind.PDF and b"%PDF-" in head[:1024]:
        return "pdf"
    if kind not in (Kind.DOCX, Kind.ODT) and b"PK\x05\x06" in tail:
        return "zip"
    if kind.family is not Family.DOCUMENT and (_SCRIPT.search(head) or _SCRIPT.search(tail)):
        return "html"
    return None


def _riff(head: bytes) -> Kind | None:
    if head[:4] != b"RIFF":
        return None
    return {b"WEBP": Kind.WEBP, b"WAVE": Kind.WAV}.get(head[8:12])


def _iso_media(head: bytes) -> Kind | None:
    """The ISO base media format: the major brand decides, or a compatible one where the major one is not known."""
    if head[4:8] != b"ftyp":
        return Kind.MOV if head[4:8] in (b"moov", b"wide", b"mdat") and len(head) > 16 else None
    box = head[8 : min(int.from_bytes(head[:4], "big"), 256)]
    brands = [box[:4], *(box[at : at + 4] for at in range(8, len(box), 4))]
    return next((found for each in brands if (found := _brand(each))), None)


def _brand(brand: bytes) -> Kind | None:
    if brand in _HEIF:
        return Kind.HEIC
    if brand == b"qt  ":
        return Kind.MOV
    if brand in _M4A:
        return Kind.M4A
    if brand[:3] in (b"3gp", b"3g2"):
        return Kind.THREE_GP
    return Kind.MP4 if brand in _MP4 else None


def _webm(head: bytes) -> Kind | None:
    return Kind.WEBM if head.startswith(b"\x1a\x45\xdf\xa3") and b"\x42\x82\x84webm" in head[:64] else None


def _mpeg_audio(head: bytes) -> Kind | None:
    """An MP3 without a tag: a frame header of layer III with a bit rate and a sampling rate that exist."""
    if len(head) < 4 or head[0] != 0xFF or head[1] not in (0xFB, 0xFA, 0xF3, 0xF2, 0xE3, 0xE2):
        return None
    return Kind.MP3 if head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3 else None


def _zipped(head: bytes) -> Kind | None:
    """Word and OpenDocument files, provisionally: `documents.check` reads their directory later."""
    if not head.startswith(b"PK\x03\x04"):
        return None
    if head[30:38] == b"mimetype":
        return Kind.ODT if head[38:].startswith(b"application/vnd.oasis.opendocument.textPK") else None
    word = b"[Content_Types].xml" in head or b"word/" in head or b"_rels/.rels" in head
    return Kind.DOCX if word and b"xl/" not in head and b"ppt/" not in head else None


def _text(head: bytes) -> Kind | None:
    if not is_text(head, whole=len(head) < HEAD_BYTES) or _MARKUP.match(_decoded(head)):
        return None
    return None if _second_opinion(head) & _RUNNABLE else Kind.TXT


def is_text(data: bytes, *, whole: bool = True) -> bool:
    """Whether these bytes are plain text: UTF-8, UTF-16 with its mark, or Windows' Western; no control characters."""
    try:
        text = _decoded(data, whole=whole)
    except UnicodeDecodeError:
        return False
    return bool(text) and _CONTROLS.search(text) is None


def _decoded(data: bytes, *, whole: bool = False) -> str:
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return codecs.getincrementaldecoder(name)().decode(data[2:], whole)
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(data, whole)
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _second_opinion(head: bytes) -> frozenset[str]:
    """What puremagic would call it, where it is nearly sure."""
    try:
        return frozenset(each.extension for each in puremagic.magic_string(head) if each.confidence >= 0.8)
    except puremagic.PureError:
        return frozenset()
