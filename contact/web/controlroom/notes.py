"""Internal notes: they never leave the control room."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.services import conversations
from contact.web.controlroom.blueprint import room
from contact.web.controlroom.contact import back, shown_again
from contact.web.controlroom.forms import NoteForm, said
from contact.web.controlroom.opening import still_theirs
from contact.web.controlroom.reply import once_key
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent


@room.post("/contacts/<uuid:contact_id>/note")
@requires(Permission.WORK_CONTACTS)
def note(contact_id: UUID) -> ResponseReturnValue:
    """Add a note; whoever may see the contact may."""
    now, form, agent_id = still_theirs(contact_id), NoteForm(), current_agent().id
    if not form.validate():
        return shown_again(contact_id, "note", form)
    conversations.note(
        database.session()(),
        contact_id=contact_id,
        agent_id=agent_id,
        body=said(form.note),
        now=now,
        once_key=once_key(contact_id, agent_id, form.once, form.note),
    )
    return back(contact_id, "noted", anchor="last")
