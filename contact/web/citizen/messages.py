"""What a person adds to their report: stored, then acknowledged; screened for danger; sent twice, kept once."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain import screen
from contact.domain.errors import ContactClosedTooLong, OnlineAccessStopped, ReasonNeeded
from contact.domain.taxonomy import Desk
from contact.services import chat, incoming
from contact.services.keys import Keys
from contact.services.licensing import danger
from contact.services.typed import one_time_key
from contact.store import contacts
from contact.web.citizen.blueprint import room, settings
from contact.web.citizen.online_access import proven_id
from contact.web.citizen.progress import began_here, progress_page
from contact.web.citizen.typed import showable
from contact.web.shared import clock, database
from contact.web.shared.access import proven
from contact.web.shared.chat.talk import closed_too_long
from contact.web.shared.language import gettext
from contact.web.shared.limits import limit
from contact.web.shared.proofs import prove_contact
from contact.web.shared.request_actor import act_for_contact

LONGEST = 10_000


@room.post("/progress/<reference>/messages")
@proven
def send_message(reference: str) -> ResponseReturnValue:
    """Store it and put the report before people again; danger shows 999 first."""
    typed = showable(request.form.get("body", ""))
    if len(typed) > LONGEST:
        over = gettext("Your message is %(over)s characters too long") % {"over": f"{len(typed) - LONGEST:,}"}
        return progress_page(reference, body=typed, errors=[over])
    limit("message", at_most=60, window=timedelta(hours=1), subject=reference)
    session, now = database.session()(), clock.utcnow()
    contact_id = proven_id(reference)
    once = one_time_key(reference, request.form.get("key", "")[:40], words=typed)
    try:
        received = incoming.receive(
            session,
            contact_id=contact_id,
            body=typed,
            now=now,
            once_key=once,
        )
        if received.advise_999 and not received.again:
            keys = Keys.from_settings(settings())
            danger.tell_control_room(
                session, contact_id=contact_id, body=typed, heard=received.screening, keys=keys, now=now
            )
    except ReasonNeeded:
        return progress_page(reference, body=typed, errors=[gettext("Write your message")])
    except ContactClosedTooLong:
        return _go_on(reference, contact_id, typed, once, now)
    except OnlineAccessStopped:
        return render_template("citizen/access_stopped.html")
    if received.advise_999:
        return redirect(url_for("citizen.message_danger", reference=reference), 303)
    return redirect(url_for("citizen.progress", reference=reference, sent=1), 303)


def _go_on(reference: str, contact_id: UUID, typed: str, once: str, now: datetime) -> ResponseReturnValue:
    """It was closed too long ago: the message begins a chat that is linked to it (engineering 28), where one may be."""
    orm, keys = database.session()(), Keys.from_settings(settings())
    if contacts.get(orm, contact_id=contact_id).desk != Desk.CONTROL_ROOM:
        return _too_late(reference, typed)
    try:
        begun = chat.begin_anew(orm, contact_id=contact_id, body=typed, keys=keys, now=now, once=once)
    except ContactClosedTooLong:
        return _too_late(reference, typed)
    prove_contact(begun.reference, begun.contact_id, new_id=False)
    act_for_contact(begun.contact_id)
    began_here(begun.reference)
    danger = 1 if begun.screening.advise_999 else None
    return redirect(url_for("citizen.chat_talk", reference=begun.reference, danger=danger), 303)


def _too_late(reference: str, typed: str) -> ResponseReturnValue:
    """Nothing is begun: an application, or a source kept apart (practice 17). What was typed stays; danger is told."""
    words = [closed_too_long()]
    if screen.screen(typed).advise_999:
        words.insert(0, gettext("If anyone is in danger now, call 999."))
    return progress_page(reference, body=typed, errors=words)


@room.get("/progress/<reference>/danger")
@proven
def message_danger(reference: str) -> ResponseReturnValue:
    """A message tripped the screen: it was sent and stands at the top, yet 999 is faster (engineering 21)."""
    proven_id(reference)
    return render_template(
        "citizen/message_danger.html",
        reference=reference,
    )
