"""What is another body's job: the danger question first, then whose it is, counted (practice 7, 20)."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

import forms
from contact.services import signposts
from contact.store import forces
from contact.web.citizen.blueprint import room
from contact.web.citizen.start import known_force
from contact.web.shared import clock, database
from contact.web.shared.access import public
from contact.web.shared.language import current_language, gettext
from forms.doors import Signpost, load_signposts
from forms.parts import Block


def _found(signpost_id: str) -> Signpost:
    return load_signposts().get(signpost_id) or abort(404)


@room.get("/signpost/<signpost_id>")
@public
def signpost(signpost_id: str) -> ResponseReturnValue:
    """Is anyone in danger? Before pointing anybody elsewhere."""
    return _gate(_found(signpost_id), [])


@room.post("/signpost/<signpost_id>")
@public
def pass_signpost(signpost_id: str) -> ResponseReturnValue:
    """Yes, or not sure, leads to the emergency door; no leads on, and is counted."""
    found, force_id = _found(signpost_id), known_force()
    answer = request.form.get("danger")
    if answer == "yes":
        return redirect(url_for("citizen.emergency", force=force_id), 303)
    if answer != "no":
        return _gate(found, [{"text": gettext("Choose yes or no"), "href": "#danger"}])
    signposts.count(database.session()(), signpost_id=found.id, force_id=force_id, now=clock.utcnow())
    return redirect(url_for("citizen.signpost_way", signpost_id=found.id, force=force_id), 303)


@room.get("/signpost/<signpost_id>/way")
@public
def signpost_way(signpost_id: str) -> ResponseReturnValue:
    """Whose job it is, how to reach them, and when it is for the police after all."""
    found, language = _found(signpost_id), current_language()
    still = [
        {"text": text.in_(language), "url": url_for("citizen.start", form_id=form_id, force=known_force())}
        for form_id, text in found.still
        if form_id in forms.form_ids()
    ]
    return render_template(
        "citizen/signpost.html", signpost=found, nations=_nations(found), still=still, force_id=known_force()
    )


def _gate(found: Signpost, errors: list[dict[str, str]]) -> ResponseReturnValue:
    question = found.danger_question.in_(current_language())
    return render_template(
        "citizen/gate.html", question=question, errors=errors, force_id=known_force(), caption=found.title
    )


def _nations(found: Signpost) -> list[tuple[str, tuple[Block, ...]]]:
    """(heading, blocks) of the nation of this page's force; all of them where no force is known."""
    here = _nation()
    names = {
        "england": gettext("In England"),
        "wales": gettext("In Wales"),
        "scotland": gettext("In Scotland"),
        "northern_ireland": gettext("In Northern Ireland"),
    }
    return [(names[nation], blocks) for nation, blocks in found.nations.items() if here in (None, nation)]


def _nation() -> str | None:
    """The nation of this page's force; None where no force is known, or it works in several."""
    force_id = known_force()
    force = forces.find(database.session()(), force_id=force_id) if force_id else None
    if force is None or not force.territorial:
        return None
    if force.nation != "england-and-wales":
        return force.nation.replace("-", "_")
    return "wales" if force.welsh else "england"
