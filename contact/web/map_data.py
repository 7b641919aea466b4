"""What a map is drawn from without any map server: force areas, postcode districts and towns, in one kept answer."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from contact.gateways import force_areas, gazetteer
from contact.services import routing
from contact.settings import Settings
from contact.store import forces
from contact.web.shared import database
from contact.web.shared.access import public
from contact.web.shared.headers import allow_pictures

room = Blueprint("map", __name__)

ATTRIBUTION = (
    "Contains Ordnance Survey data © Crown copyright and database right 2014. Boundaries: M. Chorley, UK-GeoJSON, "
    "CC BY 4.0, simplified. Districts and forces: ONS, Open Government Licence v3.0."
)
"""Said wherever the drawing is shown (contact/gateways/data/README.md)."""
_FOR_GOOD = "public, max-age=31536000, immutable"
Names = tuple[tuple[str, str, str], ...]
"""Area, English name, Welsh name."""


@dataclass(frozen=True, slots=True)
class _Drawing:
    text: str
    digest: str


@room.get("/map/<digest>/places.json")
@public
def places(digest: str) -> ResponseReturnValue:
    """The drawing. Its address changes with its content; an address of another version is answered, and not kept.

    Areas are rings of ten-thousandths of a degree, longitude first, each point as its way from the one before.
    """
    drawing = _drawing(_names(database.session()()))
    answer = Response(drawing.text, mimetype="application/json")
    answer.headers["Cache-Control"] = _FOR_GOOD if digest == drawing.digest else "no-cache"
    return answer


def places_url(session: Session) -> str:
    """Where this version's drawing is."""
    return url_for("map.places", digest=_drawing(_names(session)).digest)


def tiles_shown(settings: Settings) -> dict[str, str] | None:
    """The map server that was set, its origin let into this page's policy; None without one."""
    if settings.map_tiles_url is None:
        return None
    address = urlsplit(settings.map_tiles_url)
    allow_pictures(f"{address.scheme}://{address.netloc}")
    return {"url": settings.map_tiles_url, "attribution": settings.map_tiles_attribution}


def _names(session: Session) -> Names:
    """Each area's force by its names of today, English and Welsh: forces merge and are renamed."""
    known = {force.id: force for force in forces.list_all(session)}
    found = []
    for force_id in force_areas.outlines():
        stands = [known[force_id]] if force_id in known else routing.standing(session, [force_id])
        found += [(force_id, force.name_in("en"), force.name_in("cy")) for force in stands]
    return tuple(found)


@lru_cache(maxsize=4)
def _drawing(names: Names) -> _Drawing:
    named = {force_id: both for force_id, *both in names}
    areas = [
        {"id": force_id, "name": named.get(force_id, ["", ""]), "rings": rings}
        for force_id, rings in force_areas.outlines().items()
    ]
    towns = [[town.name, town.name_cy, town.latitude, town.longitude, town.rank] for town in gazetteer.map_towns()]
    drawn = {"areas": areas, "districts": gazetteer.district_centres(), "towns": towns}
    text = json.dumps(drawn, ensure_ascii=False, separators=(",", ":"))
    return _Drawing(text, hashlib.sha256(text.encode()).hexdigest()[:12])
