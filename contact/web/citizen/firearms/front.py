"""The front of firearms licensing: what one can do here, what one needs, how long it takes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

import forms
from contact.web.citizen.blueprint import room
from contact.web.citizen.start import known_force
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
    served = forms.form_ids()
    ways = [_way(form_id) for form_id in (MAIN, *OTHERS) if form_id in served]
    minutes = ways[0].minutes if MAIN in served else None
    return render_template("citizen/firearms/front.html", ways=ways, minutes=minutes, force_id=known_force())


def _way(form_id: str) -> Way:
    force_id = known_force()
    form = forms.compile_for(form_id, force_id).form
    url = url_for("citizen.start", form_id=form_id, force=force_id)
    return Way(form.title.in_(current_language()), form.estimated_minutes, url)
