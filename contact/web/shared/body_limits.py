"""How much a request may carry, and what happens to one that carries more: our page, not a broken connection."""

from __future__ import annotations

from flask import Flask, request

from contact.settings import Settings

PAGE_BYTES = 1_000_000
"""All that one page's form may hold: about 150,000 words."""
_DRAINED_BYTES = 64_000_000
_DRAINED_FILE_BYTES = 512_000_000
_CHUNK_BYTES = 65_536


def init_body_limits(app: Flask, settings: Settings) -> None:
    """Limit every request; an endpoint for files reads and limits its body itself (`streamed_body.py`)."""
    app.config["MAX_CONTENT_LENGTH"] = PAGE_BYTES + 64_000
    app.config["MAX_FORM_MEMORY_SIZE"] = PAGE_BYTES
    app.config["MAX_FORM_PARTS"] = 1_000


def drain_body(at_most: int = _DRAINED_BYTES) -> None:
    """Read the rest of a body that was refused and drop it.

    A server that answers and closes while the browser is still sending resets the connection, and the person sees
    the browser's own error instead of our page.
    """
    stream = request.environ["wsgi.input"]
    left = min(request.content_length or 0, at_most)
    while left > 0:
        piece = stream.read(min(_CHUNK_BYTES, left))
        if not piece:
            return
        left -= len(piece)


def drain_file() -> None:
    """The same for a file: a video that is too big is read to its end, so that the person reads why.

    One that says it is far longer is not waited for.
    """
    if (request.content_length or 0) <= _DRAINED_FILE_BYTES:
        drain_body(_DRAINED_FILE_BYTES)
