"""Keeping a contact to named people (practice 8)."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.services import contact_view, restriction
from contact.web.controlroom.blueprint import room
from contact.web.controlroom.choices import people_to_name
from contact.web.controlroom.contact import back, shown_again
from contact.web.controlroom.forms import RestrictForm, codes
from contact.web.controlroom.opening import still_theirs
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent


@room.post("/contacts/<uuid:contact_id>/restrict")
@requires(Permission.RESTRICT)
def restrict(contact_id: UUID) -> ResponseReturnValue:
    """A supervisor restricts it, or names more people on a restricted one."""
    now, orm, agent = still_theirs(contact_id), database.session()(), current_agent()
    view = contact_view.load(orm, contact_id=contact_id, agent_id=agent.id, now=now)
    form = RestrictForm()
    form.people.choices = codes(code for code, _name in people_to_name(view))
    if not form.validate():
        return shown_again(contact_id, "restrict", form)
    restriction.restrict(
        orm,
        contact_id=contact_id,
        actor=agent.actor,
        why=restriction.Why(form.restrict_reason.data),
        names=[UUID(each) for each in form.people.data or ()],
        now=now,
    )
    return back(contact_id, "restricted", anchor="restrict")
