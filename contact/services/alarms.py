"""Alarms: raised once, rung until a named person accepts, cleared when there is nothing left to see (practice 2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import ActorKind
from contact.domain.alarms import (
    EMERGENCY_KINDS,
    RAISED_AGAIN_AFTER,
    ROUTE_TEST_LASTS,
    SECRET_KINDS,
    SHOWN_AFTER_ACCEPTED,
    UNOPENED_AFTER,
    WORKER_SILENT_AFTER,
    AlarmKind,
    CallState,
)
from contact.domain.events import Event
from contact.store import alarms, audit, go_live, heartbeats
from contact.store.alarms import Alarm, Unopened
from contact.store.engine import actor_of

_SEES_CONTACTS = (ActorKind.SYSTEM, ActorKind.AGENT)


def raise_alarm(
    session: Session, *, kind: AlarmKind, force_id: str | None, now: dt.datetime, contact_id: UUID | None = None
) -> UUID | None:
    """Raise an alarm; answers its id, or None where an open one of this kind and subject stands already.

    Anybody may raise one. Who may not see the contact leaves it out of the event, not out of the alarm.
    """
    alarm_id = alarms.add(session, kind=kind.value, force_id=force_id, contact_id=contact_id, now=now)
    if alarm_id is not None:
        told = _told(session, kind, contact_id)
        audit.record(
            session, Event.ALARM_RAISED, force_id=force_id, contact_id=told, at=now, alarm_id=alarm_id, kind=kind
        )
    return alarm_id


def _told(session: Session, kind: str, contact_id: UUID | None) -> UUID | None:
    """The contact as the log may name it: by somebody who sees it, and not where the alarm is secret."""
    actor = actor_of(session)
    sees = actor is not None and actor.kind in _SEES_CONTACTS
    return contact_id if sees and kind not in SECRET_KINDS else None


def list_open(session: Session) -> Sequence[Alarm]:
    """Alarms that stand, accepted or not, as far as the actor may see them; unaccepted ones first."""
    return alarms.list_open(session)


def accept(session: Session, *, alarm_id: UUID, name: str, now: dt.datetime, call_id: UUID | None = None) -> bool:
    """A named person takes the alarm on; False where somebody has already, or it is over. Raises NotFound.

    `call_id` is the call in which the key was pressed; without one it was accepted on the alarms page.
    """
    alarm = alarms.get(session, alarm_id=alarm_id, lock=True)
    if alarm.accepted_at is not None or alarm.cleared_at is not None:
        return False
    alarm.accepted_at, alarm.accepted_by = now, name
    audit.record(
        session,
        Event.ALARM_ACCEPTED,
        force_id=alarm.force_id,
        contact_id=_told(session, alarm.kind, alarm.contact_id),
        at=now,
        alarm_id=alarm_id,
        alarm_call_id=call_id,
        by="telephone" if call_id else "page",
        after_seconds=int((now - alarm.raised_at).total_seconds()),
    )
    return True


def raise_for_emergencies(session: Session, *, now: dt.datetime) -> list[UUID]:
    """Raise what practice 2 wants: unopened for sixty seconds, or in a room with nobody in it, at first or later."""
    since = now - RAISED_AGAIN_AFTER
    unseen = alarms.list_unopened_emergencies(session, accepted_since=since, now=now)
    unseen += alarms.list_abandoned_emergencies(session, accepted_since=since, now=now)
    raised = [_raise_for(session, emergency, now) for emergency in unseen]
    return [alarm_id for alarm_id in raised if alarm_id is not None]


def _raise_for(session: Session, emergency: Unopened, now: dt.datetime) -> UUID | None:
    if not emergency.attended:
        kind = AlarmKind.EMERGENCY_UNATTENDED
    elif now - emergency.received_at >= UNOPENED_AFTER:
        kind = AlarmKind.EMERGENCY_UNOPENED
    else:
        return None
    return raise_alarm(session, kind=kind, force_id=emergency.force_id, contact_id=emergency.contact_id, now=now)


def clear_needless(session: Session, *, now: dt.datetime) -> int:
    """Clear alarms about emergencies that somebody sees to, and others a day after acceptance; answers how many."""
    seen_to = alarms.list_needless(session, kinds=[kind.value for kind in EMERGENCY_KINDS], now=now)
    for alarm in seen_to:
        _clear(session, alarm, "opened", now)
    keep = [kind.value for kind in (*EMERGENCY_KINDS, AlarmKind.WORKER_SILENT)]
    old = alarms.list_done(session, but=keep, accepted_before=now - SHOWN_AFTER_ACCEPTED)
    for alarm in old:
        _clear(session, alarm, "accepted", now)
    return len(seen_to) + len(old)


def settle_route_tests(session: Session, *, now: dt.datetime) -> int:
    """Note for go-live which forces' telephones were answered in a test, and end tests that nobody answered.

    Pressing `accept` on the page proves no telephone. Answers how many tests ended; for the watch.
    """
    ended = 0
    for alarm in alarms.list_of_kind(session, kind=AlarmKind.ROUTE_TEST.value):
        calls = alarms.list_calls(session, alarm_id=alarm.id)
        rung = any(call.state == CallState.ACCEPTED.value for call in calls)
        if rung and alarm.force_id is not None:
            go_live.note(session, force_id=alarm.force_id, emergency_route_tested_at=alarm.accepted_at)
        if rung or alarm.accepted_at is not None or now - alarm.raised_at >= ROUTE_TEST_LASTS:
            _clear(session, alarm, "tested" if rung else "not_answered", now)
            ended += 1
    return ended


def watch_worker(session: Session, *, now: dt.datetime, since: dt.datetime) -> bool:
    """Raise `worker silent` when due work or the worker's own sign of life is over sixty seconds old, and clear it.

    `since` is when this watch began to look: a worker is given as long to give its first sign. True while silent.
    """
    oldest = heartbeats.oldest_due_job(session)
    beat = max(heartbeats.last_beat(session, kind="worker") or since, since)
    silent = now - beat > WORKER_SILENT_AFTER or (oldest is not None and now - oldest > WORKER_SILENT_AFTER)
    if silent:
        raise_alarm(session, kind=AlarmKind.WORKER_SILENT, force_id=None, contact_id=None, now=now)
    else:
        for alarm in alarms.list_open(session):
            if alarm.kind == AlarmKind.WORKER_SILENT.value:
                _clear(session, alarm, "working", now)
    return silent


def _clear(session: Session, alarm: Alarm, reason: str, now: dt.datetime) -> None:
    alarm.cleared_at = now
    audit.record(
        session,
        Event.ALARM_CLEARED,
        force_id=alarm.force_id,
        contact_id=None if alarm.kind in SECRET_KINDS else alarm.contact_id,
        at=now,
        alarm_id=alarm.id,
        reason=reason,
    )
