"""The forces an administrator answers for, and whether each is live."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.services import go_live
from contact.web.admin.blueprint import room
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_actor


@room.get("/forces")
@requires(Permission.ADMINISTER_FORCE)
def forces() -> ResponseReturnValue:
    """Every one, by name."""
    return render_template("admin/forces.html", forces=go_live.list_forces(database.session()(), actor=current_actor()))
