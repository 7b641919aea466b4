"""Pages leave compressed where the browser can read it; streams and small answers do not."""

from __future__ import annotations

import gzip

import brotli
from flask import Flask, Response, request

_TEXT = {"text/html", "application/json", "text/plain", "text/css", "text/javascript"}
_WORTH_IT_BYTES = 860


def init_compression(app: Flask) -> None:
    """Compress whole text answers; `text/event-stream` and files are left alone (engineering 23)."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype not in _TEXT or response.is_streamed or response.direct_passthrough:
            return response
        response.vary.add("Accept-Encoding")
        if "Content-Encoding" in response.headers or len(response.get_data()) < _WORTH_IT_BYTES:
            return response
        accepted = request.accept_encodings
        if accepted["br"]:
            response.set_data(brotli.compress(response.get_data(), mode=brotli.MODE_TEXT, quality=4))
            response.headers["Content-Encoding"] = "br"
        elif accepted["gzip"]:
            response.set_data(gzip.compress(response.get_data(), 5, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
        return response
