"""Asking the assistant back into a conversation; taking over again is a claim like any other."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import LeaseLost, MoveNotAllowed, NotYours
from contact.services import chat, handing_over
from contact.web.controlroom.blueprint import room
from contact.web.controlroom.contact import back
from contact.web.controlroom.opening import still_theirs
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent


@room.post("/contacts/<uuid:contact_id>/ask-back")
@requires(Permission.WORK_CONTACTS)
def ask_back(contact_id: UUID) -> ResponseReturnValue:
    """Let the assistant go on; refused calmly where it may not talk or is not there (practice 4)."""
    now, session = still_theirs(contact_id), database.session()()
    if not chat.bot_is_there(session, now=now):
        return back(contact_id, "no_bot")
    try:
        handing_over.ask_back(session, contact_id=contact_id, agent_id=current_agent().id, now=now)
    except (NotYours, LeaseLost):
        return back(contact_id, "not_yours")
    except MoveNotAllowed:
        return back(contact_id, "no_bot")
    return back(contact_id, "asked_back")
