"""What was told and recorded: incident logs, crime numbers or why there are none, and what is owed before closing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import recording
from contact.domain.events import Event
from contact.domain.queueing import IncidentLog
from contact.domain.recording import NotRecorded, Owed, Standing, TimeNotPossible
from contact.domain.taxonomy import Category, Grade
from contact.services import holding
from contact.services.typed import typed_words
from contact.store import audit, contacts, triage
from contact.store.contacts import Contact
from contact.store.triage import QueueEntry

LONGEST_NAME = 120
_CLOCK_SKEW = dt.timedelta(minutes=2)
_MOMENT = dt.timedelta(minutes=1)


def log_incident(
    session: Session,
    *,
    contact_id: UUID,
    agent_id: UUID,
    number: str,
    logged_at: dt.datetime,
    told_who: str,
    now: dt.datetime,
) -> triage.IncidentLog:
    """Note the incident log number of command and control, when, and who was told (practice 3).

    `logged_at` is a UTC time typed to the minute. Raises MalformedNumber, TimeNotPossible, ReasonNeeded (nobody named).
    """
    contact = contacts.lock(session, contact_id=contact_id)
    kept = recording.incident_number(number)
    told = typed_words(told_who, "told_who")[:LONGEST_NAME]
    for each in triage.list_incident_logs(session, contact_id=contact_id):
        if (each.number, each.told_who, each.agent_id) == (kept, told, agent_id) and now - each.at <= _MOMENT:
            return each
    began = holding.clocks_began_at(session, contact=contact)
    log = triage.add_incident_log(
        session,
        contact_id=contact_id,
        agent_id=agent_id,
        number=kept,
        logged_at=_possible(logged_at, what="logged_at", began=began, now=now),
        told_who=told,
        now=now,
    )
    audit.record(
        session,
        Event.INCIDENT_LOGGED,
        force_id=contact.force_id,
        contact_id=contact_id,
        at=now,
        incident_log_id=log.id,
        logged_at=log.logged_at,
    )
    return log


def record_crime(
    session: Session, *, contact_id: UUID, agent_id: UUID, number: str, recorded_at: dt.datetime, now: dt.datetime
) -> triage.Crime:
    """Enter a crime number from the force's records system, and when it was recorded there (practice 18).

    Raises MalformedNumber, TimeNotPossible.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    kept = recording.crime_number(number)
    at = _possible(recorded_at, what="recorded_at", began=contact.received_at, now=now)
    known = next((each for each in triage.list_crimes(session, contact_id=contact_id) if each.number == kept), None)
    if known is not None:
        return known
    crime = triage.add_crime(
        session,
        contact_id=contact_id,
        agent_id=agent_id,
        number=kept,
        recorded_at=at,
        not_recorded_reason=None,
        decided_by=None,
        now=now,
    )
    audit.record(
        session,
        Event.CRIME_RECORDED,
        force_id=contact.force_id,
        contact_id=contact_id,
        at=now,
        crime_id=crime.id,
        recorded_at=at,
        late=recording.recorded_late(received_at=contact.received_at, recorded_at=at),
    )
    return crime


def decide_not_to_record(
    session: Session, *, contact_id: UUID, agent_id: UUID, reason: NotRecorded, decided_by: str, now: dt.datetime
) -> triage.Crime:
    """Say why no crime is recorded and who decided so. Raises ReasonNeeded (nobody named)."""
    contact = contacts.lock(session, contact_id=contact_id)
    decider = typed_words(decided_by, "decided_by")[:LONGEST_NAME]
    for each in triage.list_crimes(session, contact_id=contact_id):
        if (each.not_recorded_reason, each.decided_by) == (reason.value, decider) and now - each.at <= _MOMENT:
            return each
    crime = triage.add_crime(
        session,
        contact_id=contact_id,
        agent_id=agent_id,
        number=None,
        recorded_at=None,
        not_recorded_reason=reason.value,
        decided_by=decider,
        now=now,
    )
    audit.record(
        session,
        Event.CRIME_NOT_RECORDED,
        force_id=contact.force_id,
        contact_id=contact_id,
        at=now,
        crime_id=crime.id,
        reason=reason,
    )
    return crime


def owed_before_close(session: Session, *, contact_id: UUID) -> tuple[Owed, ...]:
    """What stands open, in the order it should be dealt with (practice 3, 18). Raises NotFound."""
    contact = contacts.get(session, contact_id=contact_id)
    return owed(
        contact,
        entries=triage.list_entries(session, contact_id=contact_id),
        crimes=triage.list_crimes(session, contact_id=contact_id),
        logs=triage.list_incident_logs(session, contact_id=contact_id),
        decided=bool(triage.list_decisions(session, contact_id=contact_id)),
        since=holding.clocks_began_at(session, contact=contact),
    )


def owed(
    contact: Contact,
    *,
    entries: Sequence[QueueEntry],
    crimes: Sequence[triage.Crime],
    logs: Sequence[triage.IncidentLog],
    decided: bool,
    since: dt.datetime,
) -> tuple[Owed, ...]:
    """The same from rows already read. `since` is when the present matter began."""
    return recording.owed_before_close(
        Standing(
            category=Category(contact.category),
            grade=Grade(contact.grade),
            logs=told(logs),
            since=since,
            decided=decided,
            answered=any(entry.answered_at is not None for entry in entries),
            unread=any(entry.unread for entry in entries),
            crime_numbers=sum(crime.number is not None for crime in crimes),
            crime_settled=bool(crimes),
        )
    )


def told(logs: Sequence[triage.IncidentLog]) -> tuple[IncidentLog, ...]:
    """Stored logs as the domain's rules read them."""
    return tuple(IncidentLog(each.number, each.logged_at, each.told_who) for each in logs)


def _possible(at: dt.datetime, *, what: str, began: dt.datetime, now: dt.datetime) -> dt.datetime:
    """A time typed to the minute as it is kept: within the matter's first minute it is the beginning itself.

    Raises TimeNotPossible for one in the future, or more than a day before the matter began (a typing error).
    """
    if at > now + _CLOCK_SKEW:
        raise TimeNotPossible(what=what, reason="future")
    if at < began - dt.timedelta(days=1):
        raise TimeNotPossible(what=what, reason="too_early")
    return began if began - dt.timedelta(minutes=1) <= at < began else min(at, now)
