"""Who told us, where that is kept apart: a page of its own, for the intelligence unit, each reading written down."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import Forbidden
from contact.services import sources
from contact.store import contacts
from contact.web.controlroom.blueprint import room
from contact.web.controlroom.choices import justifications
from contact.web.controlroom.opening import open_contact, refused
from contact.web.shared import database
from contact.web.shared.access import requires
from forms.phone import national_format


@room.get("/contacts/<uuid:contact_id>/source")
@requires(Permission.READ_SOURCES)
def source(contact_id: UUID) -> ResponseReturnValue:
    """Who told us and how they know; the reading is written down with its reason before a word is shown."""
    session = database.session()()
    if not open_contact(contact_id, kind="source"):
        return render_template("controlroom/why_open.html", contact_id=contact_id, reasons=justifications(), error="")
    try:
        told = sources.read(session, contact_id=contact_id)
    except Forbidden:
        session.rollback()
        raise refused(contact_id, why="no_source_of_theirs", kind="source") from None
    contact = contacts.get(session, contact_id=contact_id)
    telephone = told.source.phone_e164
    return render_template(
        "controlroom/source.html",
        contact=contact,
        told=told,
        telephone=national_format(telephone) if telephone else "",
    )
