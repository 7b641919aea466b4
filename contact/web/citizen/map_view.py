"""The map of a question: where it opens, what it may ask of the browser, and the words its script says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contact.gateways import force_areas, gazetteer
from contact.services.drafts import DraftView
from contact.web.citizen.blueprint import settings
from contact.web.map_data import ATTRIBUTION, places_url, tiles_shown
from contact.web.shared import clock, database
from contact.web.shared.headers import allow_position
from contact.web.shared.language import current_language, gettext
from forms import Question, QuestionType, Role

DISTRICTS, STREETS = 11, 15
"""How near a map opens: among the neighbouring districts, or, where tiles show them, among streets."""


def map_of(draft: DraftView, asked: Sequence[Question]) -> dict[str, Any] | None:
    """What the script of a page with a map is told, None where no map is asked for.

    A sensitive form asks nothing of anybody else: neither the browser's position nor another server's pictures.
    """
    if not any(question.type is QuestionType.POINT for question in asked):
        return None
    sensitive = is_sensitive(draft)
    tiles = None if sensitive else tiles_shown(settings())
    if not sensitive:
        allow_position()
    return {
        "places": places_url(database.session()()),
        "language": current_language(),
        "open": _opening(draft, tiled=tiles is not None),
        "tiles": tiles,
        "locate": not sensitive,
        "words": words(),
        "source": ATTRIBUTION,
    }


def is_sensitive(draft: DraftView) -> bool:
    """Whether nobody else may learn of this report."""
    return draft.form.sensitive


def _opening(draft: DraftView, *, tiled: bool) -> dict[str, Any]:
    """At the postcode that was given, else over the force's ground, else over the whole country."""
    place = draft.form.by_role(Role.PLACE, draft.answers, clock.utcnow()) or {}
    centre = gazetteer.centre_of(place.get("postcode", ""))
    if centre is not None:
        return {"at": centre, "zoom": STREETS if tiled else DISTRICTS}
    return {"force": draft.force_id} if draft.force_id in force_areas.outlines() else {}


def words() -> dict[str, str]:
    """What the script says, in the language of the page; {place} and the like are filled in there."""
    return {
        "map": gettext("Map. Arrow keys move it, plus and minus change its size."),
        "none": gettext("There is no marker on the map yet."),
        "set": gettext("Marker: {place}"),
        "middle": gettext("Middle of the map: {place}"),
        "near": gettext("near {district}"),
        "sea": gettext("a place we have no name for"),
        "finding": gettext("Finding where you are…"),
        "lost": gettext("We cannot find where you are. Move the map instead."),
        "outside": gettext("That place is not in the United Kingdom. Move the map instead."),
        "closer": gettext("Zoom in"),
        "away": gettext("Zoom out"),
    }
