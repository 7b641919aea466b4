"""The frame's blueprint: only the sites that a force named may show it, and every page of it is the force's.

It stands in the corridor, since what a chat has beside it (files, a copy, a mail) has one page for both rooms.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.settings import Settings
from contact.store import forces
from contact.web.shared import database
from contact.web.shared.failures import NotProven
from contact.web.shared.frame import Brand, brand_page, never_store
from contact.web.shared.headers import allow_framing
from contact.web.shared.language import current_language

room = Blueprint("widget", __name__)


def settings() -> Settings:
    """The application's settings."""
    found: Settings = current_app.config["CONTACT_SETTINGS"]
    return found


@room.url_value_preprocessor
def let_its_sites_frame_it(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The address names the force; its sites may frame the page and its errors, and nobody else (engineering 12)."""
    if values and "force_id" in values:
        allow_framing(settings().widget_origins.get(str(values["force_id"]), ()))


@room.before_request
def wear_the_force() -> None:
    """Every page of the frame is the force's, and none is kept by the browser."""
    force_id = (request.view_args or {}).get("force_id")
    if force_id is None:
        return
    force = forces.find(database.session()(), force_id=force_id)
    if force is None or force.successor_id is not None:
        abort(404)
    never_store()
    brand_page(Brand(force_id=force.id, name=force.name_in(current_language()), live=force.live))


@room.errorhandler(NotProven)
def not_proven(error: NotProven) -> ResponseReturnValue:
    """This frame holds no such chat (any more): it may begin one; a form keeps what was typed in sight."""
    wear_the_force()
    force_id = str((request.view_args or {}).get("force_id", ""))
    typed = request.form.get("body", "") if request.method == "POST" else ""
    page_url = url_for("citizen.chat", force=force_id, lang=current_language())
    return render_template("widget/closed.html", force_id=force_id, typed=typed, page_url=page_url), 403
