"""The floor of a report: a bare WSGI view that replays the captured statements for the draft in its address."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from gevent.queue import LifoQueue

from contact.bench.captured import Captured, replay
from contact.domain import reference
from contact.settings import Settings

_settings = Settings.from_env(os.environ)
_captured = Captured.load(Path(os.environ["BENCH_CAPTURED"])) if "BENCH_CAPTURED" in os.environ else Captured()
_swaps = json.loads(Path(os.environ["BENCH_SWAPS"]).read_text()) if "BENCH_SWAPS" in os.environ else {}
_idle: LifoQueue[psycopg.Connection] = LifoQueue()
_DRAFT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _id_hash(cookie: str) -> bytes:
    sid = cookie.partition("=")[2].split(".")[0]
    return hashlib.sha256(sid.encode()).digest()


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer 200 to /livez and 303 to a report once it is committed."""
    path = environ["PATH_INFO"]
    match = _DRAFT.search(path)
    if match is None:
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]
    environ["wsgi.input"].read()
    draft_id, was = UUID(match.group()), UUID(_swaps["draft"])
    swap: dict[Any, Any] = {was: draft_id, str(was): str(draft_id), _swaps["reference"]: reference.new()}
    swap[_id_hash(_swaps["cookie"])] = _id_hash(environ.get("HTTP_COOKIE", ""))
    connection = _idle.get() if not _idle.empty() else psycopg.connect(_settings.database_url, prepare_threshold=3)
    try:
        replay(connection, _captured, swap)
    finally:
        _idle.put(connection)
    start_response("303 See Other", [("Content-Length", "0"), ("Location", path + "/sent")])
    return []
