"""How a report is going, looked up beside a chat: by reference and four words in boxes of their own, never as chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from contact.domain.taxonomy import Desk
from contact.services import progress as reports
from contact.services.progress import Proven
from contact.store import audit
from contact.store.contacts import Contact
from contact.web.citizen.blueprint import room
from contact.web.citizen.chat_copy import opened_chat
from contact.web.citizen.progress import keys, sign_in_form
from contact.web.citizen.progress_words import state_in_words, timeline
from contact.web.citizen.typed import typed
from contact.web.shared import clock, database
from contact.web.shared.access import proven
from contact.web.shared.language import gettext
from contact.web.shared.limits import limit
from contact.web.shared.request_actor import act_for_contact
from contact.web.shared.transaction import commit_anyway


@dataclass(frozen=True, slots=True)
class Found:
    """What may be shown of the report: of a sensitive one, and of an application, no more than that we have it."""

    reference: str
    state: str
    timeline: list[Any]


@room.get("/chat/<reference>/lookup")
@proven
def chat_lookup(reference: str) -> ResponseReturnValue:
    """Ask for both."""
    return _page(opened_chat(reference), {}, "", None)


@room.post("/chat/<reference>/lookup")
@proven
def chat_lookup_send(reference: str) -> ResponseReturnValue:
    """Show how it stands, this once: the chat learns nothing of it, and this browser proves nothing more by it.

    The same answer, as slowly, whatever was wrong (engineering 25).
    """
    limit("progress", at_most=60, window=timedelta(hours=1))
    contact = opened_chat(reference)
    sent = {name: typed(name, 200) for name in ("reference", "words")}
    commit_anyway()
    session, now = database.session()(), clock.utcnow()
    shown = reports.prove(session, typed_reference=sent["reference"], words=sent["words"], keys=keys(), now=now)
    if shown is None:
        wrong = gettext("Those two do not go together. Check the reference and the four words")
        return _page(contact, sent, wrong, None)
    found = _found(shown)
    audit.write_now(session)  # that the code was given, before this request stops speaking for that report
    act_for_contact(contact.id)
    return _page(contact, {}, "", found)


def _found(shown: Proven) -> Found:
    report = reports.read(database.session()(), contact_id=shown.contact_id)
    if report.sensitive or report.desk is not Desk.CONTROL_ROOM:
        return Found(shown.reference, gettext("We have your message"), [])
    return Found(shown.reference, state_in_words(report), timeline(report))


def _page(contact: Contact, sent: dict[str, str], error: str, found: Found | None) -> str:
    return render_template(
        "citizen/chat_lookup.html",
        form=sign_in_form(sent, error),
        errors=[{"text": error, "href": "#reference"}] if error else [],
        found=found,
        timeline=found.timeline if found else [],
        back_url=url_for("citizen.chat_talk", reference=contact.reference),
    )
