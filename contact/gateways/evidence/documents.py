"""Whether a Word or OpenDocument file is what it says, holds no macros, and does not blow up when opened."""

from __future__ import annotations

import io
import zipfile
from typing import IO

from contact.domain.evidence import Kind

MOST_ENTRIES = 2_000
MOST_UNPACKED = 400_000_000
MOST_TIMES = 200
"""How many times its packed size one entry may unpack to, beyond the first megabyte."""
_FREE = 1_000_000
_MOST_DIRECTORY = 1_000_000
"""Bytes of a directory: one of 2,000 entries is far smaller, and one of 90 MB held a worker for half a minute."""
_MACROS = ("vbaproject.bin", "basic/", "scripts/")


def is_sound(kind: Kind, file: IO[bytes]) -> bool:
    """Read the directory only: nothing is unpacked but the few bytes that name the type."""
    try:
        with zipfile.ZipFile(_InSmallReads(file.read())) as packed:
            entries = packed.infolist()
            return _sizes_are_sane(entries) and _names_fit(kind, packed, {each.filename for each in entries})
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError):
        return False


class _InSmallReads(io.BytesIO):
    """Refuses to read much at once: `zipfile` reads and unfolds a directory whole, however long it says it is."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Raises ValueError for more than a directory may hold."""
        here = self.getbuffer().nbytes - self.tell()
        if min(here, here if size is None or size < 0 else size) > _MOST_DIRECTORY:
            raise ValueError
        return super().read(size)


def _sizes_are_sane(entries: list[zipfile.ZipInfo]) -> bool:
    if len(entries) > MOST_ENTRIES or sum(each.file_size for each in entries) > MOST_UNPACKED:
        return False
    return all(each.file_size <= _FREE + MOST_TIMES * each.compress_size for each in entries)


def _names_fit(kind: Kind, packed: zipfile.ZipFile, names: set[str]) -> bool:
    small = {name.lower() for name in names}
    if any(name.startswith("/") or ".." in name.split("/") for name in small):
        return False
    if any(name.endswith(_MACROS[0]) or name.startswith(_MACROS[1:]) for name in small):
        return False
    if kind is Kind.DOCX:
        return "[Content_Types].xml" in names and "word/document.xml" in names
    with packed.open("mimetype") as file:
        named = file.read(64).strip() == b"application/vnd.oasis.opendocument.text"
    return named and "content.xml" in names
