"""The calls and texts of an alarm: whom to ring next, and what became of each, whoever tells it first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.alarms import (
    EMERGENCY_KINDS,
    NEXT_NUMBER_AFTER,
    NEXT_NUMBER_AFTER_FAILURE,
    RUNG_KINDS,
    AlarmKind,
    CallKind,
    CallState,
    moves_forward,
    state_from_company,
)
from contact.domain.events import Event
from contact.services import alarms as alarm_services
from contact.store import alarms, audit
from contact.store.alarms import Alarm, AlarmCall, Number

TEXT_AGAIN_AFTER = dt.timedelta(minutes=5)
"""Networks block a number's repeats: the voice repeats every time, the text beside it does not."""


@dataclass(frozen=True, slots=True)
class ToPlace:
    """A call or text that stands in the database as `placing`: not asked for yet, or its answer never came."""

    call_id: UUID
    kind: CallKind
    number: str
    placed_at: dt.datetime
    alarm_kind: str
    live: bool


def plan(session: Session, *, now: dt.datetime) -> list[ToPlace]:
    """Write down, as `placing`, the calls due now: the next number of each force with an alarm that still rings.

    A force is rung for its oldest emergency, and for a test only while there is none; whoever presses 1 takes all its
    emergencies on, so that ten do not make ten calls to one telephone. The caller commits before asking the company: a
    crash leaves a trace to settle.
    """
    planned: list[ToPlace] = []
    rung: set[str | None] = set()
    for alarm in _ringing(session):
        if alarm.force_id not in rung:
            rung.add(alarm.force_id)
            planned += _plan_for(session, alarm, now)
    return planned


def _ringing(session: Session) -> Sequence[Alarm]:
    ringing = alarms.list_unaccepted(session, kinds=[kind.value for kind in RUNG_KINDS])
    return sorted(ringing, key=lambda alarm: alarm.kind not in EMERGENCY_KINDS)


def _plan_for(session: Session, alarm: Alarm, now: dt.datetime) -> list[ToPlace]:
    numbers = alarms.list_numbers(session, force_id=alarm.force_id) if alarm.force_id else []
    calls = alarms.list_calls(session, alarm_id=alarm.id)
    voices = [call for call in calls if call.kind == CallKind.VOICE.value]
    if not numbers or (voices and voices[-1].next_at is not None and voices[-1].next_at > now):
        return []
    number = numbers[len(voices) % len(numbers)]
    _, live = alarms.force_name(session, force_id=alarm.force_id)
    texted = [
        call.placed_at
        for call in calls
        if call.kind == CallKind.SMS.value and call.number == number.number and call.state != CallState.FAILED.value
    ]
    kinds = [CallKind.VOICE]
    if not texted or now - max(texted) >= TEXT_AGAIN_AFTER:
        kinds.append(CallKind.SMS)
    return [_write(session, alarm, number, kind, live, now) for kind in kinds]


def _write(session: Session, alarm: Alarm, number: Number, kind: CallKind, live: bool, now: dt.datetime) -> ToPlace:
    call_id = alarms.add_call(
        session,
        alarm_id=alarm.id,
        number=number.number,
        label=number.label,
        kind=kind.value,
        now=now,
        next_at=now + NEXT_NUMBER_AFTER if kind is CallKind.VOICE else None,
    )
    return ToPlace(call_id=call_id, kind=kind, number=number.number, placed_at=now, alarm_kind=alarm.kind, live=live)


def list_unsettled(session: Session) -> list[ToPlace]:
    """Calls and texts of which it is not known whether the company ever got them, in the order they were written."""
    found = []
    for call in alarms.list_unsettled(session):
        alarm = alarms.get(session, alarm_id=call.alarm_id)
        _, live = alarms.force_name(session, force_id=alarm.force_id)
        found.append(ToPlace(call.id, CallKind(call.kind), call.number, call.placed_at, alarm.kind, live))
    return found


def placed(session: Session, *, call_id: UUID, sid: str, status: str, now: dt.datetime) -> None:
    """The company has it. What its own report said before this answer arrived stays (scenario 3)."""
    call = alarms.get_call(session, call_id=call_id, lock=True)
    call.sid = call.sid or sid
    _move(call, state_from_company(status) or CallState.PLACED, now)
    _record(session, Event.ALARM_CALL_PLACED, call, now)


def not_placed(
    session: Session,
    *,
    call_id: UUID,
    error: str,
    now: dt.datetime,
    wait: dt.timedelta = NEXT_NUMBER_AFTER_FAILURE,
) -> None:
    """The company refused it, or never got it: the next number need not wait its minute, only `wait`."""
    call = alarms.get_call(session, call_id=call_id, lock=True)
    if not _move(call, CallState.FAILED, now):
        return
    if call.next_at is not None and not _every_number_fails(session, call.alarm_id):
        call.next_at = min(call.next_at, now + wait)
    _record(session, Event.ALARM_CALL_FAILED, call, now, error=error.lower())


def _every_number_fails(session: Session, alarm_id: UUID) -> bool:
    """One whole turn of numbers failed: from here on the ordinary minute passes between two calls."""
    force_id = alarms.get(session, alarm_id=alarm_id).force_id
    numbers = alarms.list_numbers(session, force_id=force_id) if force_id else []
    calls = [call for call in alarms.list_calls(session, alarm_id=alarm_id) if call.kind == CallKind.VOICE.value]
    last_turn = calls[-max(len(numbers), 2) :]
    return len(last_turn) >= max(len(numbers), 2) and all(call.state == CallState.FAILED.value for call in last_turn)


def reported(session: Session, *, call_id: UUID, sid: str, status: str, now: dt.datetime) -> str:
    """The company's report about a call or text; answers what came of it. A report never moves a call back."""
    state = state_from_company(status)
    if state is None:
        return "unknown_status"
    call = alarms.get_call(session, call_id=call_id, lock=True)
    if call.sid is not None and call.sid != sid:
        return "other_call"
    call.sid = sid
    if not _move(call, state, now):
        return "already_further"
    if state is CallState.FAILED:
        _record(session, Event.ALARM_CALL_FAILED, call, now, error=status)
    elif state is CallState.ANSWERED:
        _record(session, Event.ALARM_CALL_ANSWERED, call, now)
    return "applied"


def key_pressed(session: Session, *, call_id: UUID, sid: str, digits: str, now: dt.datetime) -> str:
    """A key was pressed in a call: `accepted` by 1 (`tested` in a test), `over` where somebody was first.

    `not_accepted` for any other key. A test takes no emergency on.
    """
    call = alarms.get_call(session, call_id=call_id, lock=True)
    if call.sid is not None and call.sid != sid:
        return "not_accepted"
    call.sid = sid
    if digits != "1":
        return "not_accepted"
    alarm = alarms.get(session, alarm_id=call.alarm_id)
    taken = "tested" if alarm.kind == AlarmKind.ROUTE_TEST else "accepted"
    if alarm_services.accept(session, alarm_id=call.alarm_id, name=call.label, now=now, call_id=call.id):
        _move(call, CallState.ACCEPTED, now)
        for other in _ringing(session) if alarm.kind in EMERGENCY_KINDS else ():
            if other.force_id == alarm.force_id and other.kind in EMERGENCY_KINDS:
                alarm_services.accept(session, alarm_id=other.id, name=call.label, now=now, call_id=call.id)
        return taken
    # The same person pressing twice, or the same report delivered twice, hears the same answer.
    return taken if call.state == CallState.ACCEPTED.value else "over"


def _move(call: AlarmCall, state: CallState, now: dt.datetime) -> bool:
    if not moves_forward(CallState(call.state), state):
        return False
    call.state = state.value
    if state in (CallState.ANSWERED, CallState.ACCEPTED) and call.answered_at is None:
        call.answered_at = now
    return True


def _record(session: Session, event: Event, call: AlarmCall, now: dt.datetime, **more: Any) -> None:  # noqa: ANN401 - event fields
    alarm = alarms.get(session, alarm_id=call.alarm_id)
    numbers = alarms.list_numbers(session, force_id=alarm.force_id) if alarm.force_id else []
    position = next((number.position for number in numbers if number.number == call.number), None)
    audit.record(
        session,
        event,
        force_id=alarm.force_id,
        at=now,
        alarm_id=alarm.id,
        alarm_call_id=call.id,
        kind=call.kind,
        position=position,
        **more,
    )
