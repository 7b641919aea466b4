"""Replying, and keeping what was typed: a reply leaves once however often its form is sent."""

from __future__ import annotations

from uuid import UUID

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from wtforms import Field

from contact.domain.access import Permission
from contact.domain.errors import LeaseLost, NotYours, UnsafeToReply
from contact.services import conversations, linked, suggestions
from contact.services.typed import one_time_key
from contact.store import contacts
from contact.store.engine import plan_once
from contact.web.controlroom.blueprint import room
from contact.web.controlroom.contact import back, shown_again
from contact.web.controlroom.forms import ReplyForm, said
from contact.web.controlroom.opening import still_theirs
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent


@room.post("/contacts/<uuid:contact_id>/reply")
@requires(Permission.WORK_CONTACTS)
def reply(contact_id: UUID) -> ResponseReturnValue:
    """Send the reply; what cannot be sent stays as the agent's draft, also when the lease was lost."""
    plan_once(database.session()())
    now, orm, agent_id = still_theirs(contact_id), database.session()(), current_agent().id
    form = ReplyForm()
    if request.form.get("insert"):
        contact = contacts.get(orm, contact_id=contact_id)
        words = suggestions.insert(said(form.body), reply_id=request.form["insert"], contact=contact)
        conversations.keep_draft(orm, contact_id=contact_id, agent_id=agent_id, body=words, now=now)
        return back(contact_id, "inserted", anchor="reply")
    if request.form.get("act") == "draft":
        conversations.keep_draft(orm, contact_id=contact_id, agent_id=agent_id, body=said(form.body), now=now)
        return back(contact_id, "drafted", anchor="reply")
    if not form.validate():
        return shown_again(contact_id, "reply", form)
    if not form.aware.data and (betrayed := _betrayed(contact_id, said(form.body))):
        form.aware.errors = [betrayed]
        return shown_again(contact_id, "reply", form)
    try:
        sent = conversations.reply(
            orm,
            contact_id=contact_id,
            agent_id=agent_id,
            body=said(form.body),
            now=now,
            once_key=once_key(contact_id, agent_id, form.once, form.body),
        )
    except (NotYours, LeaseLost, UnsafeToReply) as refused:
        conversations.keep_draft(orm, contact_id=contact_id, agent_id=agent_id, body=said(form.body), now=now)
        return back(contact_id, "unsafe" if isinstance(refused, UnsafeToReply) else "lost", anchor="reply")
    return back(contact_id, _done(sent), anchor="last")


def _betrayed(contact_id: UUID, words: str) -> str:
    """What the words would give away to whoever reads them, for the agent to think of first (practice 15)."""
    betrayed = linked.betrayed_in(database.session()(), contact_id=contact_id, words=words)
    if betrayed.reference:
        return f"{betrayed.reference} is another contact of this person: whoever reads this may not know of it"
    if betrayed.name:
        return f"{betrayed.name} must not learn of what this person told us, and may be the one who reads this"
    return ""


def _done(sent: conversations.Said) -> str:
    """What the page says of a reply by where it went."""
    if sent.channel == "sms":
        return "not_texted" if sent.delivery_state == "failed" else "texted"
    if sent.channel == "chat":
        return "said"
    return "replied_mail" if sent.mailed else "replied"


@room.post("/contacts/<uuid:contact_id>/draft")
@requires(Permission.WORK_CONTACTS, background=True)
def draft(contact_id: UUID) -> ResponseReturnValue:
    """Keep what stands in the reply box just now; sent by the page itself while somebody types."""
    now = still_theirs(contact_id)
    body = request.form.get("body", "")
    conversations.keep_draft(
        database.session()(), contact_id=contact_id, agent_id=current_agent().id, body=body, now=now
    )
    return jsonify(kept=True)


def once_key(contact_id: UUID, agent_id: UUID, once: Field, words: Field) -> str | None:
    """The form's one-time key, apart for each contact, agent and text."""
    return one_time_key(contact_id, agent_id, once.data, words=said(words)) if once.data else None
