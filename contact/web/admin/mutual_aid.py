"""Mutual aid: an agent of another force works this force's queue for a while; the grant ends by itself."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import NotFound
from contact.services import administration
from contact.store import agents
from contact.web.admin.blueprint import room
from contact.web.admin.forms import MutualAidForm, choices
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_actor


@room.get("/mutual-aid")
@requires(Permission.ADMINISTER_AGENTS, step_up=True)
def mutual_aid() -> ResponseReturnValue:
    """Who helps now, and a form to ask one more."""
    return _page(_form(fresh=True))


@room.post("/mutual-aid")
@requires(Permission.ADMINISTER_AGENTS, step_up=True)
def grant() -> ResponseReturnValue:
    """Grant it."""
    form, now = _form(), clock.utcnow()
    if not form.validate():
        return _page(form), 400
    try:
        administration.grant_mutual_aid(
            database.session()(),
            actor=current_actor(),
            email=str(form.email.data),
            force_id=str(form.force.data),
            reason=str(form.reason.data),
            ends_at=now + timedelta(hours=int(form.hours.data)),
            now=now,
        )
    except NotFound:
        form.email.errors = ["Nobody with that address has an account"]
        return _page(form), 400
    return redirect(url_for("admin.mutual_aid"))


@room.post("/mutual-aid/<uuid:grant_id>/end")
@requires(Permission.ADMINISTER_AGENTS, step_up=True)
def end(grant_id: UUID) -> ResponseReturnValue:
    """End it before its time."""
    administration.end_mutual_aid(database.session()(), actor=current_actor(), grant_id=grant_id, now=clock.utcnow())
    return redirect(url_for("admin.mutual_aid"))


def _form(*, fresh: bool = False) -> MutualAidForm:
    form = MutualAidForm(formdata=None) if fresh else MutualAidForm()
    form.force.choices = choices(administration.administered_forces(database.session()(), actor=current_actor()))
    return form


def _page(form: MutualAidForm) -> str:
    orm = database.session()()
    forces = dict(administration.administered_forces(orm, actor=current_actor()))
    grants = agents.list_grants_of_forces(orm, force_ids=list(forces), now=clock.utcnow())
    return render_template("admin/mutual_aid.html", form=form, grants=grants, forces=forces)
