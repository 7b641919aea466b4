"""The blueprint of the public's room, and what every page of it does first: after leaving, show nothing."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from contact.settings import Settings
from contact.store import forces
from contact.web.shared import database
from contact.web.shared.errors import error_page
from contact.web.shared.failures import NotProven
from contact.web.shared.frame import Brand, brand_page
from contact.web.shared.language import current_language

room = Blueprint("citizen", __name__)

LEFT = "contact_left"
"""The cookie that says: this browser left quickly. Nothing else is in it."""

# Where a person may come in after leaving: these pages say nothing about what was done before.
_DOORS = frozenset(
    {"front", "force_front", "find_force", "emergency", "emergency_send", "emergency_sent", "leave", "resume",
     "resume_send", "progress_sign_in", "progress_sign_in_send", "privacy", "cookies", "accessibility", "chat",
     "chat_begin"}
)  # fmt: skip


def settings() -> Settings:
    """The application's settings."""
    found: Settings = current_app.config["CONTACT_SETTINGS"]
    return found


@room.before_request
def show_nothing_after_leaving() -> ResponseReturnValue | None:
    """Back button after the exit: a neutral page, whatever the address (practice 14)."""
    endpoint = (request.endpoint or "").removeprefix("citizen.")
    if LEFT in request.cookies and endpoint not in _DOORS and request.method == "GET":
        return closed_page()
    return None


@room.before_request
def wear_the_force() -> None:
    """A service set up for one force carries its name everywhere; else `?force=` or the page itself says."""
    force_id = settings().force_id or request.args.get("force")
    if force_id:
        wear(force_id)


@room.after_request
def come_back_in(response: Response) -> Response:
    """Coming in again by a door ends what the exit set."""
    endpoint = (request.endpoint or "").removeprefix("citizen.")
    if LEFT in request.cookies and endpoint in _DOORS - {"leave"}:
        response.delete_cookie(LEFT, httponly=True, samesite="Lax")
    return response


@room.errorhandler(NotProven)
def not_proven(error: NotProven) -> ResponseReturnValue:
    """A link this browser has not proven shows nothing; a form keeps what was typed in sight."""
    if request.method == "GET":
        return closed_page()
    return error_page(403, "not_proven", error=error)


def closed_page() -> ResponseReturnValue:
    """Neutral: no brand, no word about what was here."""
    return make_response(render_template("citizen/closed.html"), 403)


def wear(force_id: str | None) -> bool:
    """Brand this page for a force; False when there is no such force."""
    force = forces.find(database.session()(), force_id=force_id) if force_id else None
    if force is None or force.successor_id is not None:
        return False
    brand_page(Brand(force_id=force.id, name=force.name_in(current_language()), live=force.live))
    return True
