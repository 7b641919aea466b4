"""Alarms: the banner above the queue, the page that lists them, and accepting one by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Actor, Permission, may
from contact.domain.alarms import AlarmKind, CallKind, CallState
from contact.domain.errors import NotFound
from contact.services import alarms
from contact.store import alarms as store
from contact.store import contacts, forces
from contact.store.alarms import Alarm
from contact.web.controlroom.blueprint import room
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.language import gettext as _
from contact.web.shared.request_actor import current_agent

_CALLS_SHOWN = 4
_WORDS = {
    "emergency_unopened": "An emergency has not been opened",
    "emergency_unattended": "An emergency came in and nobody is signed in",
    "worker_silent": "Background work has stopped: mails and calls may be late",
    "restricted_unnamed": "Nobody is named to open a restricted contact: ask a national administrator to name somebody",
    "reference_guessed": "A reference was closed after ten wrong tries",
    "source_repeated": "One source has told us again about the same matter: read both before anybody acts on them",
    "texts_filtered": "A network took a text of ours for spam: answer another way, and tell whoever runs the numbers",
    "payment_unexplained": "A payment does not fit our books: whoever sees to the force's takings must look at it",
    "route_test": "A test of the emergency telephone: answer the call and press 1",
}


_CALLED = {
    CallState.PLACING: "being rung",
    CallState.PLACED: "being rung",
    CallState.RINGING: "ringing",
    CallState.ANSWERED: "answered, not accepted",
    CallState.DONE: "ended without being accepted",
    CallState.NO_ANSWER: "no answer",
    CallState.FAILED: "THE CALL COULD NOT BE MADE. Ring them yourself",
    CallState.ACCEPTED: "accepted",
}
"""How far each call got; one that never left the building is said aloud (engineering 15)."""


@dataclass(frozen=True, slots=True)
class CallLine:
    """One telephone call of an alarm in words; whose number it is, never the number."""

    label: str
    words: str
    at: datetime
    failed: bool


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """One alarm in words."""

    id: UUID
    words: str
    force: str | None
    contact_id: UUID | None
    reference: str | None
    raised_at: datetime
    accepted_at: datetime | None
    accepted_by: str | None
    may_accept: bool


def open_alarms(*, accepted_too: bool = False) -> list[AlarmLine]:
    """Alarms this agent may see and accept; the oldest unaccepted first."""
    actor, session = current_agent().actor, database.session()()
    if not may(actor, Permission.ACCEPT_ALARM):
        return []
    stand = [
        alarm
        for alarm in alarms.list_open(session)
        if _may_know(actor, alarm) and (accepted_too or alarm.accepted_at is None)
    ]
    names = {force.id: force.name for force in forces.list_all(session)} if stand else {}
    return [_line(alarm, names) for alarm in stand]


def _may_know(actor: Actor, alarm: Alarm) -> bool:
    """That a restricted contact came in is for those who restrict, not for colleagues it may be about (practice 8)."""
    return alarm.kind != AlarmKind.RESTRICTED_UNNAMED or may(actor, Permission.RESTRICT, alarm.force_id)


def _line(alarm: Alarm, names: dict[str, str]) -> AlarmLine:
    actor, session = current_agent().actor, database.session()()
    contact = contacts.find(session, contact_id=alarm.contact_id) if alarm.contact_id else None
    words = _WORDS.get(alarm.kind)
    return AlarmLine(
        id=alarm.id,
        words=_(words) if words else alarm.kind.replace("_", " ").capitalize(),
        force=names.get(alarm.force_id) if alarm.force_id else None,
        contact_id=contact.id if contact else None,
        reference=contact.reference if contact else None,
        raised_at=alarm.raised_at,
        accepted_at=alarm.accepted_at,
        accepted_by=alarm.accepted_by,
        may_accept=may(actor, Permission.ACCEPT_ALARM, alarm.force_id),
    )


@room.get("/alarms", endpoint="alarms")
@requires(Permission.ACCEPT_ALARM)
def show_alarms() -> ResponseReturnValue:
    """Every alarm that stands, accepted or not, and how far its calls got."""
    lines = open_alarms(accepted_too=True)
    calls = {line.id: _calls(line.id) for line in lines}
    return render_template("controlroom/alarms.html", lines=lines, calls=calls, now=clock.utcnow())


def _calls(alarm_id: UUID) -> list[CallLine]:
    """The latest calls by voice, the newest first."""
    placed = [call for call in store.list_calls(database.session()(), alarm_id=alarm_id) if call.kind == CallKind.VOICE]
    return [
        CallLine(call.label, _(_CALLED[CallState(call.state)]), call.placed_at, call.state == CallState.FAILED)
        for call in placed[: -_CALLS_SHOWN - 1 : -1]
    ]


@room.post("/alarms/<uuid:alarm_id>/accept")
@requires(Permission.ACCEPT_ALARM)
def accept_alarm(alarm_id: UUID) -> ResponseReturnValue:
    """The person signed in takes the alarm on; the telephone stops ringing."""
    agent, session = current_agent(), database.session()()
    if not _may_know(agent.actor, store.get(session, alarm_id=alarm_id)):
        raise NotFound(kind="alarm", key=str(alarm_id))
    alarms.accept(session, alarm_id=alarm_id, name=agent.name, now=clock.utcnow())
    here = "controlroom.queue" if request.form.get("from") == "queue" else "controlroom.alarms"
    return redirect(url_for(here), 303)
