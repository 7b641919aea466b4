"""Asking the assistant back into a conversation, and from a text to the web; taking over is a claim like any other."""

from __future__ import annotations

from uuid import UUID

from flask import current_app
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import LeaseLost, MoveNotAllowed, NotYours, UnsafeToReply
from contact.domain.text_states import TextState
from contact.services import chat, handing_over, text_link
from contact.settings import Settings
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


@room.post("/contacts/<uuid:contact_id>/to-web")
@requires(Permission.WORK_CONTACTS)
def move_to_web(contact_id: UUID) -> ResponseReturnValue:
    """Text a link by which the person goes on in a browser; refused where whoever holds the phone must not find it."""
    now, session = still_theirs(contact_id), database.session()()
    settings: Settings = current_app.config["CONTACT_SETTINGS"]
    try:
        state = text_link.send_as_agent(
            session, contact_id=contact_id, agent_id=current_agent().id, public_url=settings.public_url, now=now
        )
    except (NotYours, LeaseLost):
        return back(contact_id, "not_yours")
    except UnsafeToReply:
        return back(contact_id, "no_link")
    return back(contact_id, "not_texted" if state is TextState.SUPPRESSED else "link_texted")
