"""Which force a matter goes to: by its place, asked where a border runs, chosen where nothing is known."""

from __future__ import annotations

from sqlalchemy.orm import Session

from contact.gateways import gazetteer
from contact.store import forces
from contact.store.forces import ForceView


def forces_at(session: Session, *, postcode: str) -> list[ForceView]:
    """The forces whose ground a postcode may be on, likeliest first; empty when it says nothing."""
    return _standing(session, gazetteer.force_for_postcode(postcode))


def forces_in_words(session: Session, text: str) -> list[ForceView]:
    """The forces that free words point to by a postcode or a town, likeliest first; empty when they point nowhere."""
    return _standing(session, gazetteer.force_in_words(text))


def _standing(session: Session, located: gazetteer.Located) -> list[ForceView]:
    """Forces as they stand today: one that was merged answers as its successor."""
    found: dict[str, ForceView] = {}
    for force_id in located.candidates:
        force = forces.find(session, force_id=force_id)
        while force is not None and force.successor_id is not None:
            force = forces.find(session, force_id=force.successor_id)
        if force is not None:
            found.setdefault(force.id, force)
    return list(found.values())
