"""The fronts: national, and one for each force; and the way from a place or a name to its force."""

from __future__ import annotations

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contact.services import routing
from contact.store import forces
from contact.store.forces import ForceView
from contact.web.citizen.blueprint import room, wear
from contact.web.citizen.typed import typed
from contact.web.shared import database
from contact.web.shared.access import public
from contact.web.shared.language import current_language, gettext


@room.get("/")
@public
def front() -> ResponseReturnValue:
    """The national front, or the one force's that this service is set up for."""
    return _front("", [])


@room.get("/force/<force_id>/")
@public
def force_front(force_id: str) -> ResponseReturnValue:
    """A force's own front. One that was merged leads to its successor."""
    force = forces.find(database.session()(), force_id=force_id)
    if force is None:
        abort(404)
    if force.successor_id is not None:
        return redirect(url_for("citizen.force_front", force_id=force.successor_id), 303)
    wear(force.id)
    return _front("", [])


@room.post("/force/find")
@public
def find_force() -> ResponseReturnValue:
    """By postcode or name. Posted, so that where somebody lives stands in no log."""
    where = typed("where", 80)
    if not where:
        return _front("", [gettext("Enter a postcode, or the name of a force or place")])
    found = _forces_for(where)
    if len(found) == 1:
        return redirect(url_for("citizen.force_front", force_id=found[0].id), 303)
    if found:
        return render_template("citizen/choose_force.html", forces=_named(found))
    return _front(where, [gettext("We do not know that place. Try another, or choose from the list below")])


def _forces_for(where: str) -> list[ForceView]:
    """By a force's own name, then by postcode, then by a place in the words."""
    session, wanted = database.session()(), where.casefold()
    named = [
        force
        for force in forces.list_all(session)
        if wanted == force.id or any(wanted in name.casefold() for name in (force.name, force.name_cy or ""))
    ]
    return named or routing.forces_at(session, postcode=where) or routing.forces_in_words(session, where)


def _front(where: str, messages: list[str]) -> ResponseReturnValue:
    return render_template(
        "citizen/front.html",
        force=g.get("brand"),
        forces=_named(forces.list_all(database.session()())),
        typed=where,
        errors=[{"text": text, "href": "#where"} for text in messages],
    )


def _named(found: list[ForceView]) -> list[dict[str, str]]:
    language = current_language()
    return [{"id": force.id, "name": force.name_in(language)} for force in found]
