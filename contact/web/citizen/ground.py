"""Whose ground a report belongs to: worked out from its place, asked at a border, chosen where nothing is known."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from contact.gateways.gazetteer import railway_in_words
from contact.services import routing
from contact.services.drafts import DraftView
from contact.store import forces
from contact.store.forces import ForceView
from contact.web.shared import clock, database
from contact.web.shared.language import gettext
from forms import Desk, Role

RAILWAY_POLICE = "btp"
_ON_RAILS = {"train", "tram"}


@dataclass(frozen=True, slots=True)
class Ground:
    """The force, if it is settled; else those to choose from, and why a person is asked."""

    force_id: str | None
    choice: tuple[ForceView, ...] = ()
    why: str = ""

    @property
    def asks(self) -> bool:
        """Whether the page asks which force."""
        return bool(self.choice)


def ground_of(draft: DraftView) -> Ground:
    """One candidate is an answer; several are a question; none asks among all. What was posted is the choice made."""
    session = database.session()()
    place = draft.form.by_role(Role.PLACE, draft.answers, clock.utcnow()) or {}
    words = " ".join(place.get(part, "") for part in ("description", "address", "town"))
    found = _found(draft, place.get("postcode", ""), words)
    if draft.form.desk is Desk.LICENSING:
        return _where_one_lives(draft, found)
    rails = forces.find(session, force_id=RAILWAY_POLICE) if _on_rails(draft, words) else None
    if rails is not None:
        why = gettext("Trains, trams and stations have a police force of their own. Choose the one you think is right.")
        return _asked(draft, (rails, *(force for force in found if force.id != rails.id)), why)
    if len(found) == 1:
        return Ground(found[0].id)
    if found:
        why = gettext("The place is near a border. If you choose the wrong force, we pass it on.")
        return _asked(draft, tuple(found), why)
    why = gettext("Choose where it happened. If you are not sure, choose where you live. We pass it on if we must.")
    return _asked(draft, tuple(forces.list_all(session)), why)


def _where_one_lives(draft: DraftView, found: list[ForceView]) -> Ground:
    """A certificate is asked of the force of one's home: a Station Road makes it no matter for the railway's police."""
    homes = [force for force in found if force.territorial]
    if len(homes) == 1:
        return Ground(homes[0].id)
    why = gettext("Choose the police force where you live. Not sure? Call 101 and ask.")
    return _asked(
        draft, tuple(homes or (each for each in forces.list_all(database.session()()) if each.territorial)), why
    )


def _found(draft: DraftView, postcode: str, words: str) -> list[ForceView]:
    """By postcode, else by the point on the map, else by words. A point also settles what a postcode leaves open."""
    session = database.session()()
    by_postcode = routing.forces_at(session, postcode=postcode)
    point = draft.form.by_role(Role.POINT, draft.answers, clock.utcnow())
    if len(by_postcode) == 1 or not point:
        return by_postcode or routing.forces_in_words(session, words)
    by_point = routing.forces_at_point(session, latitude=point["lat"], longitude=point["lon"])
    if not by_point:
        return by_postcode or routing.forces_in_words(session, words)
    if by_postcode and not {force.id for force in by_point} <= {force.id for force in by_postcode}:
        return list({force.id: force for force in (*by_postcode, *by_point)}.values())
    return by_point


def _asked(draft: DraftView, choice: tuple[ForceView, ...], why: str) -> Ground:
    chosen = request.form.get("force") or draft.force_id
    return Ground(chosen if any(force.id == chosen for force in choice) else None, choice, why)


def _on_rails(draft: DraftView, words: str) -> bool:
    return draft.answers.get("incidentOnPublicTransport") in _ON_RAILS or railway_in_words(words)
