"""The floor of an upload: a bare WSGI view that copies each body to a file of the store's folder, durably."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from contact.settings import Settings

_PIECE = 262_144
_folder = Settings.from_env(os.environ).evidence_folder


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer 200 once the body is on the disk."""
    _folder.mkdir(parents=True, exist_ok=True)
    path = _folder / f"bare-{os.urandom(8).hex()}"
    if environ["REQUEST_METHOD"] == "PATCH":
        stream = environ["wsgi.input"]
        with path.open("wb", buffering=0) as file:
            while piece := stream.read(_PIECE):
                file.write(piece)
            os.fsync(file.fileno())
        path.unlink()
    answer = b'{"done": true}'
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]
