"""Inviting an agent: a link to hand over, shown once."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from contact.domain.access import Permission, Role
from contact.services import administration
from contact.store import agents
from contact.web.admin.blueprint import room
from contact.web.admin.forms import ROLE_NAMES, InviteForm, choices
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.addresses import public_prefix
from contact.web.shared.request_actor import current_actor


@room.get("/agents/invite")
@requires(Permission.ADMINISTER_AGENTS, step_up=True)
def invite() -> ResponseReturnValue:
    """Ask who."""
    return render_template("admin/invite.html", form=_form(fresh=True))


@room.post("/agents/invite")
@requires(Permission.ADMINISTER_AGENTS, step_up=True)
def make_invitation() -> ResponseReturnValue:
    """Make the agent and show the link."""
    orm, form = database.session()(), _form()
    if not form.validate():
        return render_template("admin/invite.html", form=form), 400
    if agents.find_by_email(orm, email=str(form.email.data)) is not None:
        return _known(form)
    try:
        invited = administration.invite(
            orm,
            actor=current_actor(),
            name=" ".join(str(form.name.data).split()),
            email=str(form.email.data),
            force_id=str(form.force.data),
            roles=frozenset(Role(role) for role in form.roles.data or ()),
            now=clock.utcnow(),
        )
    except IntegrityError:  # the same button pressed twice: the other press was first
        orm.rollback()
        return _known(form)
    return render_template(
        "admin/link.html", link=public_prefix() + invited.path, invited=invited, name=form.name.data, again=False
    )


def _known(form: InviteForm) -> ResponseReturnValue:
    form.email.errors = ["Somebody with that address has an account. A national administrator can add your force to it"]
    return render_template("admin/invite.html", form=form), 400


def _form(*, fresh: bool = False) -> InviteForm:
    actor = current_actor()
    form = InviteForm(formdata=None) if fresh else InviteForm()
    form.force.choices = choices(administration.administered_forces(database.session()(), actor=actor))
    form.roles.choices = choices((role.value, ROLE_NAMES[role]) for role in administration.roles_to_give(actor))
    return form
