"""From a chat to the form that the assistant offered, with what was said already filled in."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

import forms
from contact.services import chat, form_from_chat
from contact.services.drafts import DraftView
from contact.web.citizen.blueprint import room
from contact.web.citizen.chat_talk import opened
from contact.web.citizen.start import served
from contact.web.shared import clock, database
from contact.web.shared.access import proven
from contact.web.shared.limits import limit
from contact.web.shared.proofs import prove_draft
from contact.web.shared.request_actor import act_for_draft


@room.post("/chat/<reference>/form")
@proven
def chat_form(reference: str) -> ResponseReturnValue:
    """Begin the offered form as a draft that this browser holds; the chat stays as it is. 404 where none is offered.

    Whoever asks for a certificate is told first how the force takes it, and answers on a form of its own (practice 24).
    """
    place, _ = opened(reference)
    draft = begun(place.contact_id)
    if draft is None:
        return redirect(url_for("citizen.firearms", force=place.force_id), 303)
    prove_draft(draft.id)
    act_for_draft(draft.id)
    first = draft.form.first_page()
    return redirect(url_for("citizen.question", form_id=draft.form.id, draft_id=draft.id, page_id=first.id), 303)


def begun(contact_id: UUID) -> DraftView | None:
    """The offered form, begun with what was said; None for a certificate, 404 where none is offered."""
    session = database.session()()
    talk = chat.get(session, contact_id=contact_id)
    if talk is None or talk.offered_form is None:
        abort(404)
    form = served(talk.offered_form)
    if form.desk is forms.Desk.LICENSING:
        return None
    limit("start", at_most=120, window=timedelta(hours=1))
    return form_from_chat.start(session, contact_id=contact_id, form_id=form.id, now=clock.utcnow())
