"""One agent: roles, lock, reset, and whether the account is open."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission, Role
from contact.domain.errors import ReasonNeeded
from contact.services import administration
from contact.web.admin.blueprint import room
from contact.web.admin.forms import ROLE_NAMES
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.addresses import public_prefix
from contact.web.shared.request_actor import current_actor

_REASONS = ("left", "leave", "conduct", "back")
_KNOWN_ROLES = {role.value for role in Role}


@room.get("/agents/<uuid:agent_id>")
@requires(Permission.ADMINISTER_AGENTS)
def agent(agent_id: UUID) -> ResponseReturnValue:
    """What the administrator may see and do about one agent."""
    orm, actor, now = database.session()(), current_actor(), clock.utcnow()
    found, held = administration.look_after(orm, actor=actor, agent_id=agent_id)
    forces = administration.administered_forces(orm, actor=actor)
    return render_template(
        "admin/agent.html",
        person=found,
        forces=[(force_id, name, held.get(force_id, frozenset())) for force_id, name in forces if force_id in held],
        other_forces=[(force_id, name) for force_id, name in forces if force_id not in held],
        role_names={role: ROLE_NAMES[role] for role in administration.roles_to_give(actor)},
        whole=administration.may_act_on_whole(orm, actor=actor, agent_id=agent_id, now=now),
        self_view=agent_id == actor.agent_id,
        now=now,
    )


@room.post("/agents/<uuid:agent_id>/roles")
@requires(Permission.ADMINISTER_AGENTS, step_up=True)
def set_roles(agent_id: UUID) -> ResponseReturnValue:
    """Hold exactly the ticked roles with one force."""
    wanted = request.form.getlist("roles")
    if not set(wanted) <= _KNOWN_ROLES:
        raise ReasonNeeded(what="roles")
    administration.set_roles(
        database.session()(),
        actor=current_actor(),
        agent_id=agent_id,
        force_id=request.form.get("force", ""),
        roles=frozenset(Role(role) for role in wanted),
        now=clock.utcnow(),
    )
    return _back(agent_id)


@room.post("/agents/<uuid:agent_id>/unlock")
@requires(Permission.ADMINISTER_AGENTS, step_up=True)
def unlock(agent_id: UUID) -> ResponseReturnValue:
    """Let them try again now."""
    administration.unlock(database.session()(), actor=current_actor(), agent_id=agent_id, now=clock.utcnow())
    return _back(agent_id)


@room.post("/agents/<uuid:agent_id>/reset")
@requires(Permission.ADMINISTER_AGENTS, step_up=True)
def reset(agent_id: UUID) -> ResponseReturnValue:
    """A link to set up anew, shown once."""
    orm, actor = database.session()(), current_actor()
    invited = administration.send_reset(orm, actor=actor, agent_id=agent_id, now=clock.utcnow())
    found, _ = administration.look_after(orm, actor=actor, agent_id=agent_id)
    return render_template(
        "admin/link.html", link=public_prefix() + invited.path, invited=invited, name=found.name, again=True
    )


@room.post("/agents/<uuid:agent_id>/account")
@requires(Permission.ADMINISTER_AGENTS, step_up=True)
def set_enabled(agent_id: UUID) -> ResponseReturnValue:
    """Close the account, or open it again, with a reason from the list."""
    reason = request.form.get("reason", "")
    if reason not in _REASONS:
        raise ReasonNeeded(what="account")
    administration.set_enabled(
        database.session()(),
        actor=current_actor(),
        agent_id=agent_id,
        enabled=reason == "back",
        reason=reason,
        now=clock.utcnow(),
    )
    return _back(agent_id)


def _back(agent_id: UUID) -> ResponseReturnValue:
    """To the agent's page, or to the list where the last role went and the agent is nobody's of ours now."""
    held = administration.list_agents(database.session()(), actor=current_actor())
    if any(row.id == agent_id for row in held):
        return redirect(url_for("admin.agent", agent_id=agent_id))
    return redirect(url_for("admin.agents"))
