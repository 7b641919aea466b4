"""A break after a distressing contact: one button, no reason asked (practice 30)."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.services import breaks
from contact.web.controlroom.blueprint import room
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent


@room.post("/break")
@requires(Permission.WORK_CONTACTS)
def take_break() -> ResponseReturnValue:
    """Ten minutes, or back from them."""
    orm, agent_id, now = database.session()(), current_agent().id, clock.utcnow()
    if request.form.get("act") == "end":
        breaks.end(orm, agent_id=agent_id, now=now)
    else:
        breaks.take(orm, agent_id=agent_id, now=now)
    return redirect(url_for("controlroom.queue"), 303)
