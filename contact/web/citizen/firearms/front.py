"""The front of firearms licensing: what one can do here, what one needs, how long it takes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

import forms
from contact.domain.licensing.kinds import Nation
from contact.store import forces
from contact.web.citizen.blueprint import room
from contact.web.citizen.firearms.costs import costs
from contact.web.citizen.start import known_force
from contact.web.shared import clock, database
from contact.web.shared.access import public
from contact.web.shared.language import current_language

MAIN = "firearms-certificate"
OTHERS = (
    "firearms-variation",
    "firearms-replacement",
    "firearms-change",
    "firearms-visitor",
    "firearms-transfer",
    "firearms-surrender",
    "firearms-dealer",
    "firearms-loss",
)
"""In the order they are looked for."""
EVERYWHERE = ("firearms-surrender", "firearms-loss")
"""What holds under any law: in Northern Ireland the others are asked on forms of its own."""


@dataclass(frozen=True, slots=True)
class Way:
    """A form as the page lists it."""

    label: str
    minutes: int
    url: str


@room.get("/firearms/")
@public
def firearms() -> ResponseReturnValue:
    """Every licensing form that is served, and what to have ready."""
    served, force_id = forms.form_ids(), known_force()
    nation = _nation(force_id)
    listed = EVERYWHERE if nation is Nation.NORTHERN_IRELAND else (MAIN, *OTHERS)
    ways = [_way(form_id) for form_id in listed if form_id in served]
    minutes = ways[0].minutes if MAIN in served else None
    return render_template(
        "citizen/firearms/front.html",
        ways=ways,
        minutes=minutes,
        force_id=force_id,
        another_law=nation is Nation.NORTHERN_IRELAND,
        costs=costs(nation=nation, now=clock.utcnow()),
    )


def _nation(force_id: str | None) -> Nation:
    """Whose fees are shown: those of the force whose page it is, else those of England and Wales, as of Scotland."""
    return Nation(forces.get(database.session()(), force_id=force_id).nation) if force_id else Nation.ENGLAND_AND_WALES


def _way(form_id: str) -> Way:
    force_id = known_force()
    form = forms.compile_for(form_id, force_id).form
    url = url_for("citizen.start", form_id=form_id, force=force_id)
    return Way(form.title.in_(current_language()), form.estimated_minutes, url)
