"""The floor of the live page: one LISTEN, and streams that pass each NOTIFY on without looking at it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import gevent
import psycopg
from gevent.queue import SimpleQueue

from contact.settings import Settings

_settings = Settings.from_env(os.environ)
_streams: set[SimpleQueue[bytes]] = set()
_started: list[object] = []


def _listen() -> None:
    with psycopg.connect(_settings.database_url, autocommit=True) as connection:
        connection.execute("LISTEN bench_bare")
        for _ in connection.notifies():
            for stream in list(_streams):
                stream.put(b"data: x\n\n")


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer 200 to /livez; anything else is a stream."""
    if environ["PATH_INFO"] == "/livez":
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]
    if not _started:
        _started.append(gevent.spawn(_listen))
    start_response("200 OK", [("Content-Type", "text/event-stream")])
    return _frames()


def _frames() -> Iterator[bytes]:
    mine: SimpleQueue[bytes] = SimpleQueue()
    _streams.add(mine)
    try:
        yield b": open\n\n"
        while True:
            yield mine.get()
    finally:
        _streams.discard(mine)
