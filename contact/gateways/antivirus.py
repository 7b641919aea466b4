"""The malware scanner: clamd over its socket, by INSTREAM, so that it never needs to read a file of ours."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

from contact.gateways.deadline import OutOfTime, within
from contact.gateways.failures import TryLater

_CHUNK = 1 << 16
_CONNECT_S = 3.0
_SILENCE_S = 60.0
SCAN_S = 180.0
"""The whole scan ends by then, however the scanner behaves."""


class Verdict(StrEnum):
    """What the scanner said. TOO_LONG: it takes no stream of that length, and looked at nothing."""

    CLEAN = "clean"
    INFECTED = "infected"
    TOO_LONG = "too_long"


class Scanner(Protocol):
    """Says whether a file carries malware."""

    def scan(self, chunks: Iterable[bytes]) -> Verdict:
        """Look at a whole file. Raises TryLater."""


class Clamd:
    """One clamd, at the path of its socket or at host:port."""

    def __init__(self, address: str, *, limit_s: float = SCAN_S) -> None:
        self._address = address
        self._limit_s = limit_s

    def scan(self, chunks: Iterable[bytes]) -> Verdict:
        """Send it the file and read its verdict, within the limit."""
        stop = threading.Event()
        try:
            return within(self._limit_s, "scan", lambda: self._ask(chunks, stop))
        except OutOfTime:
            raise TryLater("clamd", "out_of_time") from None
        finally:
            stop.set()

    def _ask(self, chunks: Iterable[bytes], stop: threading.Event) -> Verdict:
        try:
            with self._connected() as connection:
                # It stops listening when the stream is too long for it, and says so.
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    _send(connection, chunks, stop)
                return _verdict(_answer(connection))
        except OSError:
            raise TryLater("clamd", "away") from None

    def _connected(self) -> socket.socket:
        if self._address.startswith("/"):
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(_CONNECT_S)
            try:
                connection.connect(self._address)
            except OSError:
                connection.close()
                raise
        else:
            host, _, port = self._address.rpartition(":")
            connection = socket.create_connection((host, int(port)), timeout=_CONNECT_S)
        connection.settimeout(_SILENCE_S)
        return connection


def _send(connection: socket.socket, chunks: Iterable[bytes], stop: threading.Event) -> None:
    """Each piece after its length in four bytes, big end first; a length of nothing ends the stream."""
    connection.sendall(b"zINSTREAM\0")
    for chunk in chunks:
        for at in range(0, len(chunk), _CHUNK):
            if stop.is_set():
                raise OSError
            piece = chunk[at : at + _CHUNK]
            connection.sendall(struct.pack(">I", len(piece)) + piece)
    connection.sendall(struct.pack(">I", 0))


def _answer(connection: socket.socket) -> str:
    heard = b""
    while b"\0" not in heard and len(heard) < 4096:
        piece = connection.recv(4096)
        if not piece:
            break
        heard += piece
    return heard.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _verdict(answer: str) -> Verdict:
    if answer == "stream: OK":
        return Verdict.CLEAN
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return Verdict.INFECTED
    if "size limit exceeded" in answer:
        return Verdict.TOO_LONG
    raise TryLater("clamd", "not_understood")
