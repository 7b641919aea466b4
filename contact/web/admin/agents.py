"""The list of agents an administrator looks after."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.services import administration
from contact.web.admin.blueprint import room
from contact.web.admin.forms import ROLE_NAMES
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_actor


@room.get("/agents")
@requires(Permission.ADMINISTER_AGENTS)
def agents() -> ResponseReturnValue:
    """Everybody, by name, with roles and whether they can sign in."""
    rows = administration.list_agents(database.session()(), actor=current_actor())
    return render_template("admin/agents.html", rows=rows, role_names=ROLE_NAMES, now=clock.utcnow())
