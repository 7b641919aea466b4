"""Invented certificate holders for the demonstration's register, by the road of an import."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

from sqlalchemy.orm import Session

from contact.services.licensing import importing

_SHOTGUNS: list[dict[str, str]] = [
    {"type": "shotgun", "action": "over and under", "calibre": "12", "make": "Browning", "serial": "BR-40117"},
    {"type": "shotgun", "action": "side by side", "calibre": "20", "make": "AYA", "serial": "AY-5512"},
]
_RIFLE = {"type": "rifle", "action": "bolt", "calibre": ".308", "make": "Tikka", "serial": "TK-99120"}


def fill(session: Session, *, force_id: str, now: dt.datetime) -> None:
    """Put a few holders into the register; again it changes nothing that stands there."""
    lines = io.StringIO("\n".join(json.dumps(each) for each in _holders(force_id, now.date())))
    found, bad = importing.read(lines, json_lines=True)
    if bad:
        raise ValueError(f"the demonstration's register: line {bad[0].number}: {bad[0].what}")
    importing.load(session, found, now=now)


def _holders(force_id: str, today: dt.date) -> list[dict[str, Any]]:
    def holder(
        kind: str, number: str, name: str, address: tuple[str, str], days: int, *guns: dict[str, str]
    ) -> dict[str, Any]:
        given, surname = name.split(" ")
        expires = today + dt.timedelta(days=days)
        issued = expires - dt.timedelta(days=5 * 365 + 1)
        return {
            "force": force_id, "kind": kind, "number": number, "given_name": given, "surname": surname,
            "born": "1971-04-09", "address": address[0], "postcode": address[1], "phone": "07700 900871",
            "issued": issued.isoformat(), "expires": expires.isoformat(), "guns": list(guns),
        }  # fmt: skip

    return [
        holder("shotgun", "SG-70411", "Hazel Thorne", ("Orchard Farm, Ulcombe", "ME17 1XX"), 96, *_SHOTGUNS),
        holder("firearm", "FA-20973", "Hazel Thorne", ("Orchard Farm, Ulcombe", "ME17 1XX"), 96, _RIFLE),
        holder("shotgun", "SG-70555", "Ivor Penhale", ("2 Quay Cottages, Faversham", "ME13 1XX"), 700),
    ]
