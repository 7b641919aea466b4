"""Letting contacts go: released, snoozed, woken, closed, reopened, each by the rules of practice 3."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import queueing
from contact.domain.access import Actor, Permission, may
from contact.domain.errors import MessageUnread, MoveNotAllowed, NotYours, ReasonNeeded, ReleaseNeedsLogNumber
from contact.domain.events import Event
from contact.domain.queueing import IncidentLog
from contact.domain.states import ContactMove, ContactState, EntryMove, EntryState, next_entry_state, next_state
from contact.domain.taxonomy import Grade
from contact.services import force_clocks, holding, taking_over
from contact.services.holding import Held
from contact.store import audit, contacts, leases, queue, triage
from contact.store.contacts import Contact
from contact.store.queue import QueueEntry

LONGEST_SNOOZE = dt.timedelta(days=28)


class ReleaseReason(enum.StrEnum):
    """Why a person gives a contact back."""

    SHIFT_ENDS = "shift_ends"
    NEEDS_ANOTHER_SKILL = "needs_another_skill"
    OWN_CONFLICT = "own_conflict"
    TAKEN_BY_MISTAKE = "taken_by_mistake"
    DISTRESS = "distress"


class SnoozeReason(enum.StrEnum):
    """What a sleeping contact waits for."""

    WAITING_FOR_REPORTER = "waiting_for_reporter"
    WAITING_FOR_OFFICER = "waiting_for_officer"
    WAITING_FOR_OTHER_BODY = "waiting_for_other_body"
    CALL_BACK_ARRANGED = "call_back_arranged"


class CloseReason(enum.StrEnum):
    """How a matter ended."""

    ANSWERED = "answered"
    CRIME_RECORDED = "crime_recorded"
    INCIDENT_PASSED = "incident_passed"
    PASSED_ON = "passed_on"
    DUPLICATE = "duplicate"
    NO_POLICE_ACTION = "no_police_action"


def release(session: Session, *, agent: Actor, contact_id: UUID, reason: ReleaseReason, now: dt.datetime) -> None:
    """Give a contact back to the queue; a supervisor may do it for the holder.

    Raises NotFound, NotYours, LeaseLost, ReleaseNeedsLogNumber (practice 3).
    """
    held = _held(session, agent, contact_id, now=now)
    log_id = _ensure_told(session, held.contact)
    _let_go(
        session, held, ContactMove.RELEASE, EntryMove.RELEASE, Event.RELEASED, now,
        reason=reason, incident_log_id=log_id,
    )  # fmt: skip


def snooze(
    session: Session,
    *,
    agent: Actor,
    contact_id: UUID,
    until: dt.datetime,
    reason: SnoozeReason,
    now: dt.datetime,
) -> None:
    """Let a contact sleep until a time, at most four weeks.

    Raises as `release`, ReasonNeeded for a wrong time, and MessageUnread as `close`.
    """
    if not now < until <= now + LONGEST_SNOOZE:
        raise ReasonNeeded(what="snooze_until")
    held = holding.lock_held(session, contact_id=contact_id, agent_id=_id(agent), now=now)
    _ensure_read(held)
    log_id = _ensure_told(session, held.contact)
    for entry in held.entries:
        if entry.state == EntryState.HELD.value:
            entry.snoozed_until = until
    _let_go(
        session, held, ContactMove.SNOOZE, EntryMove.SNOOZE, Event.SNOOZED, now,
        until=until, reason=reason, incident_log_id=log_id,
    )  # fmt: skip


def close(session: Session, *, agent: Actor, contact_id: UUID, reason: CloseReason, now: dt.datetime) -> None:
    """End the matter; only its holder does.

    Raises as `release`, MoveNotAllowed while a transfer is open, and MessageUnread: a message that came in the moment
    of closing is not closed away.
    """
    held = holding.lock_held(session, contact_id=contact_id, agent_id=_id(agent), now=now)
    _ensure_read(held)
    transfers = triage.list_transfers(session, contact_id=contact_id) if len(held.contact.force_ids) > 1 else []
    if any(each.accepted_at is None for each in transfers):
        raise MoveNotAllowed(state=EntryState.OFFERED.value, move=ContactMove.CLOSE.value)
    log_id = _ensure_told(session, held.contact)
    held.contact.closed_at, held.contact.closed_reason = now, reason.value
    _let_go(session, held, ContactMove.CLOSE, EntryMove.CLOSE, Event.CLOSED, now, reason=reason, incident_log_id=log_id)


def reopen(session: Session, *, contact_id: UUID, by: str, now: dt.datetime, message_id: UUID | None = None) -> None:
    """Open a closed matter again in its owner's queue, never with the absent agent; its clocks begin anew.

    Scenarios 10 and 25. `by`: agent, citizen. Raises NotFound, MoveNotAllowed (it is not closed).
    """
    contact = contacts.lock(session, contact_id=contact_id)
    state = next_state(ContactState(contact.state), ContactMove.REOPEN)
    entry = queue.get_entry(session, contact_id=contact_id, force_id=contact.force_id)
    due = force_clocks.due(session, force_id=contact.force_id, grade=Grade(contact.grade), started_at=now)
    contact.state, contact.holder_id, contact.closed_at, contact.closed_reason = state.value, None, None, None
    entry.state = EntryState.WAITING.value
    entry.holder_id = entry.lease_kind = entry.lease_ends_at = entry.snoozed_until = entry.reason = None
    entry.looked_at = entry.answered_at = None
    entry.look_by, entry.answer_by, entry.due_at = due.look_by, due.answer_by, due.look_by
    entry.unread = by == "citizen"
    audit.record(
        session, Event.REOPENED, force_id=entry.force_id, contact_id=contact_id, at=now,
        entry_id=entry.id, by=by, message_id=message_id,
    )  # fmt: skip
    audit.record(
        session, Event.CLOCKS_SET, force_id=entry.force_id, contact_id=contact_id, at=now, entry_id=entry.id,
        look_by=due.look_by, answer_by=due.answer_by, policy=due.policy_id, reasons=["reopened"],
    )  # fmt: skip


def wake(session: Session, *, contact_id: UUID, by: str, now: dt.datetime) -> bool:
    """End a contact's sleep; False when it was awake. `by`: agent, clock, message. Raises NotFound."""
    contact = contacts.lock(session, contact_id=contact_id)
    entries = queue.list_entries(session, contact_id=contact_id, lock=True)
    asleep = [entry for entry in entries if entry.state == EntryState.SNOOZED.value]
    if not asleep:
        return False
    contact.state, contact.holder_id = ContactState.WAITING.value, None
    for entry in asleep:
        entry.state = next_entry_state(EntryState(entry.state), EntryMove.WAKE).value
        entry.snoozed_until = None
        _place(entry)
        audit.record(
            session, Event.WOKEN, force_id=entry.force_id, contact_id=contact_id, at=now, entry_id=entry.id, by=by
        )
    queue.mirror_hold(session, contact_id=contact_id, entry_id=asleep[0].id)
    return True


def wake_due(session: Session, *, now: dt.datetime, limit: int = 100) -> int:
    """Wake every contact whose time has come; answers how many."""
    return sum(
        wake(session, contact_id=contact_id, by="clock", now=now)
        for contact_id in leases.list_awake(session, now=now, limit=limit)
    )


def _id(agent: Actor) -> UUID:
    return agent.agent_id or UUID(int=0)


def _held(session: Session, agent: Actor, contact_id: UUID, *, now: dt.datetime) -> Held:
    """The contact in its holder's hands, or in a supervisor's who acts for the holder."""
    try:
        return holding.lock_held(session, contact_id=contact_id, agent_id=_id(agent), now=now)
    except NotYours as refused:
        entries = queue.list_entries(session, contact_id=contact_id, lock=True)
        held = [
            entry
            for entry in entries
            if entry.holder_id == refused.holder_id and may(agent, Permission.SUPERVISE, entry.force_id)
        ]
        if refused.holder_id is None or not held:
            raise
        return Held(contacts.get(session, contact_id=contact_id), held[0], tuple(entries))


def _ensure_read(held: Held) -> None:
    if any(entry.unread for entry in held.entries):
        raise MessageUnread(contact_id=held.contact.id)


def _ensure_told(session: Session, contact: Contact) -> UUID | None:
    """The incident log that shows somebody who can deploy was told, where one is needed (practice 3)."""
    since = holding.clocks_began_at(session, contact=contact)
    for log in triage.list_incident_logs(session, contact_id=contact.id):
        line = IncidentLog(log.number, log.logged_at, log.told_who)
        if line.is_complete and log.logged_at >= since:
            return log.id
    if not queueing.may_let_go(Grade(contact.grade), ()):
        raise ReleaseNeedsLogNumber(contact_id=contact.id, grade=contact.grade)
    return None


def _place(entry: QueueEntry) -> None:
    entry.due_at = queueing.due_at(look_by=entry.look_by, answer_by=entry.answer_by, looked_at=entry.looked_at)


def _let_go(
    session: Session,
    held: Held,
    move: ContactMove,
    entry_move: EntryMove,
    event: Event,
    now: dt.datetime,
    **data: Any,  # noqa: ANN401 - what events carry
) -> None:
    """Take the contact out of its holder's hands, with every force it stands with, and write it down for each."""
    contact = held.contact
    taking_over.silence(session, contact=contact, now=now, joins=False)
    contact.state, contact.holder_id = next_state(ContactState(contact.state), move).value, None
    for entry in held.entries:
        if entry.state != EntryState.HELD.value:
            continue
        entry.state = next_entry_state(EntryState.HELD, entry_move).value
        entry.holder_id = entry.lease_kind = entry.lease_ends_at = None
        _place(entry)
    followed = queue.mirror_hold(session, contact_id=contact.id, entry_id=held.entry.id)
    for force_id in dict.fromkeys([held.entry.force_id, *followed]):
        audit.record(session, event, force_id=force_id, contact_id=contact.id, at=now, entry_id=held.entry.id, **data)
