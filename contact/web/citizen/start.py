"""How a form opens: the 999 gate, how to leave quickly, what is needed; and the draft is begun."""

from __future__ import annotations

from datetime import timedelta

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

import forms
from contact.services import drafts
from contact.services.licensing.approval import must_be_posted
from contact.web.citizen.blueprint import room
from contact.web.shared import clock, database
from contact.web.shared.access import public
from contact.web.shared.frame import Brand, show_exit
from contact.web.shared.language import current_language, gettext
from contact.web.shared.limits import limit
from contact.web.shared.proofs import prove_draft
from contact.web.shared.request_actor import act_for_draft


def known_force() -> str | None:
    """The force that `?force=` names, if there is one: this page then wears its brand."""
    brand: Brand | None = g.get("brand")
    return brand.force_id if brand and brand.force_id == request.args.get("force") else None


def served(form_id: str) -> forms.Form:
    """The form as served now; 404 for any other."""
    if form_id not in forms.form_ids():
        abort(404)
    return forms.compile_for(form_id, known_force()).form


@room.get("/report/<form_id>/start")
@public
def start(form_id: str) -> ResponseReturnValue:
    """Is anyone in danger now? A form that asks that itself, first thing, is not asked twice."""
    form = served(form_id)
    return redirect(_after_gate(form), 303) if form.asks_danger_itself else _gate(form, [])


@room.post("/report/<form_id>/start")
@public
def pass_gate(form_id: str) -> ResponseReturnValue:
    """Yes, or not sure, leads to the emergency door; no leads on."""
    form = served(form_id)
    answer = request.form.get("danger")
    if answer == "yes":
        return redirect(url_for("citizen.emergency", force=known_force()), 303)
    if answer == "no":
        return redirect(_after_gate(form), 303)
    return _gate(form, [{"text": gettext("Choose yes or no"), "href": "#danger"}])


def _after_gate(form: forms.Form) -> str:
    on = "citizen.leaving" if form.sensitive else "citizen.before_you_start"
    return url_for(on, form_id=form.id, force=known_force())


def _gate(form: forms.Form, errors: list[dict[str, str]]) -> ResponseReturnValue:
    question = form.danger_question.in_(current_language())
    return render_template("citizen/gate.html", caption=None, question=question, errors=errors, force_id=known_force())


@room.get("/report/<form_id>/leaving")
@public
def leaving(form_id: str) -> ResponseReturnValue:
    """The interruption page before the exit button's first appearance."""
    return render_template("citizen/leaving.html", form=served(form_id), force_id=known_force())


@room.get("/report/<form_id>/before-you-start")
@public
def before_you_start(form_id: str) -> ResponseReturnValue:
    """What is needed, how long, who sees it, why we ask, and the safe phone."""
    form = served(form_id)
    if form.sensitive:
        show_exit()
    blocks = form.blocks(form.start, {}, clock.utcnow())
    return render_template(
        "citizen/before_you_start.html", form=form, blocks=blocks, force_id=known_force(), posting=_posting(form)
    )


def _posting(form: forms.Form) -> str:
    """Whether it `must` be posted to this force, `may` have to be to some, or "" (practice 24)."""
    force_id = known_force()
    if form.desk is not forms.Desk.LICENSING or form.prescribed is None:
        return ""
    if force_id is None:
        return "may"
    return "must" if must_be_posted(database.session()(), form=form, force_id=force_id) else ""


@room.post("/report/<form_id>/begin")
@public
def begin(form_id: str) -> ResponseReturnValue:
    """Begin a draft that this browser holds, and go to its first page."""
    form = served(form_id)
    limit("start", at_most=120, window=timedelta(hours=1))
    draft = drafts.start(
        database.session()(), form_id=form.id, force_id=known_force(), language=current_language(), now=clock.utcnow()
    )
    prove_draft(draft.id)
    act_for_draft(draft.id)
    first = draft.form.first_page()
    return redirect(url_for("citizen.question", form_id=form.id, draft_id=draft.id, page_id=first.id), 303)
