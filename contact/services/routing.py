"""Which force a matter goes to: by its place, asked where a border runs, chosen where nothing is known."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from contact.gateways import force_areas, gazetteer
from contact.store import forces
from contact.store.forces import ForceView


def forces_at(session: Session, *, postcode: str) -> list[ForceView]:
    """The forces whose ground a postcode may be on, likeliest first; empty when it says nothing."""
    return standing(session, gazetteer.force_for_postcode(postcode).candidates)


def forces_at_point(session: Session, *, latitude: float, longitude: float) -> list[ForceView]:
    """The forces whose ground a point on the map may be on, likeliest first; several near a border, none far out."""
    return standing(session, force_areas.forces_about(latitude, longitude))


def forces_in_words(session: Session, text: str) -> list[ForceView]:
    """The forces that free words point to by a postcode or a town, likeliest first; empty when they point nowhere."""
    return standing(session, gazetteer.force_in_words(text).candidates)


def for_emergency(session: Session, *, force_ids: Iterable[str | None], live_only: bool) -> str | None:
    """The first of these forces that exists; with `live_only` the first that is live, where there is one.

    In a service an emergency must not lie with a force that has not gone live while another could see to it.
    """
    known = standing(session, [force_id for force_id in force_ids if force_id])
    answering = [force for force in known if force.live] if live_only else []
    return next((force.id for force in (*answering, *known)), None)


def standing(session: Session, force_ids: Iterable[str]) -> list[ForceView]:
    """Forces as they stand today: one that was merged answers as its successor, an unknown one not at all."""
    found: dict[str, ForceView] = {}
    for force_id in force_ids:
        force = forces.find(session, force_id=force_id)
        while force is not None and force.successor_id is not None:
            force = forces.find(session, force_id=force.successor_id)
        if force is not None:
            found.setdefault(force.id, force)
    return list(found.values())
