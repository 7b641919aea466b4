"""Evidence in a folder: fan-out directories of 0700, files of 0600, fsynced before anybody can see them."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from contact.gateways.evidence.store import KEY, NoSuchObject, StoreAway, checked_key, put_all

_READ_BYTES = 1 << 20
PART = ".part"


class Folder:
    """Objects below one folder, which web and worker share."""

    blocks = True

    def __init__(self, root: Path) -> None:
        self.root = root

    def begin(self, key: str) -> _File:
        """Begin a new object."""
        return _File(self._path(key))

    def put(self, key: str, chunks: Iterable[bytes]) -> int:
        """Write a whole object."""
        return put_all(self, key, chunks)

    def open(self, key: str, offset: int = 0) -> Iterator[bytes]:
        """Read it; the file is opened when the first piece is asked for."""
        try:
            with open(self._path(key), "rb", buffering=0) as file:
                file.seek(offset)
                while piece := file.read(_READ_BYTES):
                    yield piece
        except FileNotFoundError:
            raise NoSuchObject from None
        except OSError as error:
            raise StoreAway(_code(error)) from error

    def has(self, key: str) -> bool:
        """Whether it is there, whole."""
        return self._path(key).is_file()

    def delete(self, key: str) -> None:
        """Remove it."""
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise StoreAway(_code(error)) from error

    def list_keys(self, older_than: dt.datetime) -> Iterator[str]:
        """Every object and every half-written one, by the time of its last write."""
        before = older_than.timestamp()
        for folder, _folders, names in os.walk(self.root):
            for name in sorted(names):
                if not KEY.fullmatch(name):
                    continue
                with contextlib.suppress(FileNotFoundError):
                    if (Path(folder) / name).stat().st_mtime < before:
                        yield name

    def _path(self, key: str) -> Path:
        name = checked_key(key)
        return self.root / name[:2] / name


class _File:
    """Written under another name in the same directory, renamed when durable."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(path.name + PART)
        self._size = 0
        self._file: int | None = None
        try:
            _make_folder(path.parent)
            self._file = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise StoreAway(_code(error)) from error

    def write(self, data: bytes) -> None:
        """Add to it."""
        try:
            view = memoryview(data)
            while view:
                written = os.write(self._descriptor(), view)
                self._size += written
                view = view[written:]
        except OSError as error:
            raise StoreAway(_code(error)) from error

    def finish(self) -> int:
        """File, name and directory are on the disk when this returns."""
        try:
            os.fsync(self._descriptor())
            self._close()
            os.rename(self._part, self._path)
            _sync_folder(self._path.parent)
        except OSError as error:
            raise StoreAway(_code(error)) from error
        return self._size

    def abandon(self) -> None:
        """Remove what was half written."""
        if self._file is not None:
            self._close()
            with contextlib.suppress(OSError):
                self._part.unlink()

    def _descriptor(self) -> int:
        if self._file is None:
            raise StoreAway("closed")
        return self._file

    def _close(self) -> None:
        if self._file is not None:
            descriptor, self._file = self._file, None
            os.close(descriptor)


def _make_folder(folder: Path) -> None:
    """Make the fan-out directories; a directory that is new is on the disk before anything is put into it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder, 0o700)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _code(error: OSError) -> str:
    return f"errno_{error.errno}"
