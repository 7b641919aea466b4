"""The one script that a force's site puts on its pages; any site may load it, and the frame decides who may show it."""

from __future__ import annotations

from functools import lru_cache

from flask import Response, make_response
from flask.typing import ResponseReturnValue

from contact.web.shared.access import public
from contact.web.shared.chat.frame_room import room
from contact.web.shared.static_files import STATIC


@room.get("/widget.js")
@public
def script() -> ResponseReturnValue:
    """`<script src="…/widget.js" data-force="kent" async></script>`."""
    answer: Response = make_response(_text())
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@lru_cache(maxsize=1)
def _text() -> str:
    return (STATIC / "widget.js").read_text(encoding="utf-8")
