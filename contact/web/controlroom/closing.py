"""Letting a contact go: release, snooze, close, reopen; the rules stand in `services/letting_go.py`."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import MessageUnread, MoveNotAllowed, ReasonNeeded, ReleaseNeedsLogNumber
from contact.services import control_room
from contact.services.letting_go import CloseReason, ReleaseReason, SnoozeReason
from contact.web.controlroom.blueprint import room
from contact.web.controlroom.contact import back, shown_again
from contact.web.controlroom.forms import CloseForm, Form, ReleaseForm, SnoozeForm, in_utc
from contact.web.controlroom.opening import still_theirs
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent

_UNREAD = "A message has come in. Read it, and mark it as read"
_NO_LOG = "Enter the incident log number first: who was told, and when"


@room.post("/contacts/<uuid:contact_id>/release")
@requires(Permission.WORK_CONTACTS)
def release(contact_id: UUID) -> ResponseReturnValue:
    """Back to the queue, with a reason; an urgent one only once somebody who can deploy was told (practice 3)."""
    now, form = still_theirs(contact_id), ReleaseForm()
    if not form.validate():
        return shown_again(contact_id, "release", form)
    reason = ReleaseReason(form.release_reason.data)
    try:
        control_room.release(
            database.session()(), agent=current_agent().actor, contact_id=contact_id, reason=reason, now=now
        )
    except ReleaseNeedsLogNumber:
        return _refused(contact_id, "release", form, "release_reason", _NO_LOG)
    return _next()


@room.post("/contacts/<uuid:contact_id>/snooze")
@requires(Permission.WORK_CONTACTS)
def snooze(contact_id: UUID) -> ResponseReturnValue:
    """Out of sight until a time, at most four weeks; a message wakes it."""
    now, form = still_theirs(contact_id), SnoozeForm()
    if not form.validate():
        return shown_again(contact_id, "snooze", form)
    try:
        control_room.snooze(
            database.session()(),
            agent=current_agent().actor,
            contact_id=contact_id,
            until=in_utc(form.until),
            reason=SnoozeReason(form.snooze_reason.data),
            now=now,
        )
    except ReleaseNeedsLogNumber:
        return _refused(contact_id, "snooze", form, "until", _NO_LOG)
    except MessageUnread:
        return _refused(contact_id, "snooze", form, "until", _UNREAD)
    except ReasonNeeded:
        return _refused(contact_id, "snooze", form, "until", "Choose a time from now to four weeks ahead")
    return _next()


@room.post("/contacts/<uuid:contact_id>/close")
@requires(Permission.WORK_CONTACTS)
def close(contact_id: UUID) -> ResponseReturnValue:
    """End the matter; what is owed before stands beside the button (practice 18)."""
    now, form = still_theirs(contact_id), CloseForm()
    if not form.validate():
        return shown_again(contact_id, "close", form)
    try:
        control_room.close(
            database.session()(),
            agent=current_agent().actor,
            contact_id=contact_id,
            reason=CloseReason(form.close_reason.data),
            now=now,
        )
    except ReleaseNeedsLogNumber:
        return _refused(contact_id, "close", form, "close_reason", _NO_LOG)
    except MessageUnread:
        return _refused(contact_id, "close", form, "close_reason", _UNREAD)
    except MoveNotAllowed:
        words = "It is offered to another force. Wait until they accept or leave it"
        return _refused(contact_id, "close", form, "close_reason", words)
    return _next()


@room.post("/contacts/<uuid:contact_id>/reopen")
@requires(Permission.WORK_CONTACTS)
def reopen(contact_id: UUID) -> ResponseReturnValue:
    """Into its owner's queue again, its clocks begun anew."""
    now = still_theirs(contact_id)
    control_room.reopen(database.session()(), contact_id=contact_id, by="agent", now=now)
    return back(contact_id, "reopened")


def _next() -> ResponseReturnValue:
    """Whoever has let one go is shown the next at once (scenario 11)."""
    return redirect(url_for("controlroom.queue", let_go=1), 303)


def _refused(contact_id: UUID, name: str, form: Form, field: str, words: str) -> ResponseReturnValue:
    form[field].errors = [*form[field].errors, words]
    return shown_again(contact_id, name, form)
