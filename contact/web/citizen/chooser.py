"""Every door there is, group by group, and the way to one in the person's own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

import forms
from contact.domain.screen import screen_all
from contact.web.citizen.blueprint import room
from contact.web.citizen.start import known_force
from contact.web.citizen.typed import typed
from contact.web.shared.access import public
from contact.web.shared.language import current_language, gettext
from contact.web.shared.limits import limit
from forms.door_search import find_doors
from forms.doors import Door, load_doors


@dataclass(frozen=True, slots=True)
class Way:
    """A door as the page draws it. `minutes` is how long its form takes, 0 where it is no form."""

    label: str
    hint: str
    url: str
    minutes: int


@room.get("/report/")
@public
def chooser() -> ResponseReturnValue:
    """The doors, danger first."""
    return _page("", [], found=None, danger=False)


@room.post("/report/")
@public
def find_door() -> ResponseReturnValue:
    """Find it in one's own words. Posted, so that what somebody looks for stands in no log and no history."""
    limit("find", at_most=300, window=timedelta(hours=1))
    words = typed("words", 200)
    if not words:
        return _page("", [gettext("Enter a few words, like “bike stolen”")], found=None, danger=False)
    return _page(words, [], found=find_doors(words), danger=screen_all([words]).advise_999)


def _page(words: str, errors: list[str], *, found: list[Door] | None, danger: bool) -> ResponseReturnValue:
    language, force_id = current_language(), known_force()
    groups = [
        {"id": group.id, "title": group.title.in_(language), "ways": ways(group.doors, language, force_id)}
        for group in load_doors().groups
    ]
    return render_template(
        "citizen/chooser.html",
        groups=groups,
        found=None if found is None else ways(found, language, force_id),
        danger=danger,
        typed=words,
        errors=[{"text": text, "href": "#words"} for text in errors],
        force_id=force_id,
        action=url_for("citizen.find_door", force=request.args.get("force")),
    )


def ways(doors: Iterable[Door], language: str, force_id: str | None) -> list[Way]:
    served = forms.form_ids()
    return [_way(door, language, force_id) for door in doors if door.form is None or door.form in served]


def _way(door: Door, language: str, force_id: str | None) -> Way:
    if door.form is not None:
        url = url_for("citizen.start", form_id=door.form, force=force_id)
        minutes = forms.compile_for(door.form, force_id).form.estimated_minutes
    elif door.address is not None:
        url, minutes = door.address + (f"?{urlencode({'force': force_id})}" if force_id else ""), 0
    else:
        url, minutes = url_for("citizen.signpost", signpost_id=door.signpost, force=force_id), 0
    return Way(door.label.in_(language), door.hint.in_(language), url, minutes)
