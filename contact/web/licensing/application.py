"""The page of one application, why it is opened, and the forms about its case, messages and notes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import ReasonNeeded, UnsafeToReply
from contact.services import conversations
from contact.services.licensing import casework, writing
from contact.services.typed import LONGEST, one_time_key
from contact.web.licensing.application_page import Typed, context
from contact.web.licensing.blueprint import room
from contact.web.licensing.opening import justify, open_application, still_theirs
from contact.web.licensing.telling import UNSAFE, told
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent
from contact.web.shared.transaction import commit_anyway

ONE = "/applications/<uuid:contact_id>"
REASONS = {
    "related_matter": "It bears on an application I am working on",
    "asked_by_colleague": "A colleague asked me to look",
    "appeal": "There is an appeal or a complaint",
    "quality_check": "I am checking the quality of our work",
}


@room.get(ONE)
@requires(Permission.LICENSING)
def application(contact_id: UUID) -> ResponseReturnValue:
    """One application, or the question why, where it is decided and no work of the officer's leads there."""
    if not open_application(contact_id):
        return _why(contact_id, "")
    return page(contact_id, done=request.args.get("done", ""))


def page(contact_id: UUID, *, typed: Typed | None = None, done: str = "") -> str:
    """The page in words; `typed` is the form that could not be taken."""
    return render_template("licensing/application.html", **context(contact_id, typed=typed, done=done))


def shown_again(contact_id: UUID, form: str, **errors: str) -> ResponseReturnValue:
    """The page with a form that could not be taken: nothing typed is lost, and nothing was changed."""
    database.session().rollback()
    open_application(contact_id)
    commit_anyway()
    several: dict[str, Any] = {name: request.form.getlist(name) for name in request.form}
    return page(contact_id, typed=Typed(form, request.form.to_dict(), several, errors)), 400


def back(contact_id: UUID, done: str, *, anchor: str | None = None) -> ResponseReturnValue:
    """To the page after a form was taken (post, redirect, get)."""
    return redirect(url_for("licensing.application", contact_id=contact_id, done=done, _anchor=anchor), 303)


def _why(contact_id: UUID, error: str) -> str:
    reasons = list(REASONS.items())
    return render_template("licensing/why_open.html", contact_id=contact_id, reasons=reasons, error=error)


@room.post(f"{ONE}/open")
@requires(Permission.LICENSING)
def give_reason(contact_id: UUID) -> ResponseReturnValue:
    """Why the officer opens what is decided."""
    still_theirs(contact_id)
    given = request.form.get("justification", "")
    if given not in REASONS:
        return _why(contact_id, "Choose why you open it"), 400
    justify(contact_id, given)
    return redirect(url_for("licensing.application", contact_id=contact_id), 303)


@room.post(f"{ONE}/take")
@requires(Permission.LICENSING)
def take(contact_id: UUID) -> ResponseReturnValue:
    """Make it this officer's case."""
    now = still_theirs(contact_id)
    casework.take(database.session()(), contact_id=contact_id, agent_id=current_agent().id, now=now)
    return back(contact_id, "taken")


@room.post(f"{ONE}/write")
@requires(Permission.LICENSING)
def write(contact_id: UUID) -> ResponseReturnValue:
    """A message to the applicant, by the safe way; what cannot be sent stays as the officer's draft."""
    now, orm, agent_id = still_theirs(contact_id), database.session()(), current_agent().id
    body = request.form.get("body", "")[:LONGEST]
    if request.form.get("act") == "draft":
        conversations.keep_draft(orm, contact_id=contact_id, agent_id=agent_id, body=body, now=now)
        return back(contact_id, "drafted", anchor="write")
    try:
        sent = writing.write(
            orm, contact_id=contact_id, agent_id=agent_id, body=body, now=now,
            once_key=one_time_key(contact_id, agent_id, request.form.get("once", "")[:40], words=body), told=told(),
        )  # fmt: skip
    except ReasonNeeded:
        return shown_again(contact_id, "write", body="Write the message")
    except UnsafeToReply:
        return shown_again(contact_id, "write", told=UNSAFE)
    conversations.keep_draft(orm, contact_id=contact_id, agent_id=agent_id, body="", now=now)
    done = "told" if sent.channel == "note" else "written_mail" if sent.mailed else "written"
    return back(contact_id, done, anchor="last")


@room.post(f"{ONE}/note")
@requires(Permission.LICENSING)
def note(contact_id: UUID) -> ResponseReturnValue:
    """An internal note: it never leaves the licensing team."""
    now, agent_id = still_theirs(contact_id), current_agent().id
    words = request.form.get("note", "")[:LONGEST]
    try:
        conversations.note(
            database.session()(), contact_id=contact_id, agent_id=agent_id, body=words, now=now,
            once_key=one_time_key(contact_id, agent_id, request.form.get("once", "")[:40], words=words),
        )  # fmt: skip
    except ReasonNeeded:
        return shown_again(contact_id, "note", note="Write the note")
    return back(contact_id, "noted", anchor="last")


@room.post(f"{ONE}/read")
@requires(Permission.LICENSING)
def read(contact_id: UUID) -> ResponseReturnValue:
    """A person has read all that the applicant wrote."""
    now = still_theirs(contact_id)
    writing.mark_read(database.session()(), contact_id=contact_id, now=now)
    return back(contact_id, "read")
