"""The way out: ends the session here, leaves nothing to come back to, and goes to a neutral site (practice 14)."""

from __future__ import annotations

import re

from flask import redirect, request
from flask.typing import ResponseReturnValue

from contact.store import sessions
from contact.web.citizen.blueprint import LEFT, room, settings
from contact.web.shared import database
from contact.web.shared.access import public
from contact.web.shared.language import COOKIE as LANGUAGE
from contact.web.shared.session import web_session

_DIGEST = re.compile(r"[0-9a-f]{64}")


@room.get("/exit")
@public
def leave() -> ResponseReturnValue:
    """The one GET that ends something: the session (engineering 24). Drafts stay, for whoever has their four words.

    `frame` names the session of a chat's frame by its digest: its own cookie does not come along to the whole tab.
    """
    web_session().end()
    frame = request.args.get("frame", "")
    if _DIGEST.fullmatch(frame):
        sessions.end(database.session()(), id_hash=bytes.fromhex(frame))
    response = redirect(settings().exit_url, 303)
    secure = settings().secure_cookies
    response.set_cookie(LEFT, "1", httponly=True, samesite="Lax", secure=secure)
    response.delete_cookie(LANGUAGE, httponly=True, samesite="Lax", secure=secure)
    # No Clear-Site-Data: browsers may take seconds over it, and a person in danger has none. Our pages are not stored.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
