"""The points of a contact as its page draws them, read-only."""

from __future__ import annotations

from typing import Any

from flask import current_app

from contact.services import points
from contact.services.contact_view import ContactView
from contact.web.map_data import ATTRIBUTION, places_url, tiles_shown
from contact.web.shared import database

_WORDS = {
    "map": "Map. Arrow keys move it, plus and minus change its size.",
    "closer": "Zoom in",
    "away": "Zoom out",
}


def map_of(view: ContactView) -> dict[str, Any]:
    """`points` and what the map's script is told. A sensitive contact's place is asked of no other server."""
    session = database.session()()
    found = [
        point
        for sent in view.sent
        for point in points.points_of(session, sent.form, sent.answers, "en", sent.received_at)
    ]
    if not found:
        return {"points": [], "map": None}
    told = {
        "places": places_url(session),
        "language": "en",
        "tiles": None if view.contact.sensitive else tiles_shown(current_app.config["CONTACT_SETTINGS"]),
        "words": _WORDS,
        "source": ATTRIBUTION,
    }
    return {"points": found, "map": told}
