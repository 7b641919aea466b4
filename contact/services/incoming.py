"""What the citizen adds to a contact: stored, screened for danger, and put before people again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import queueing, screen
from contact.domain.errors import ContactClosedTooLong, OnlineAccessStopped
from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.domain.screen import Screening
from contact.domain.states import ContactMove, ContactState, EntryMove, EntryState, next_entry_state, next_state
from contact.domain.taxonomy import Category, Desk, Flag, Grade, graver, in_order, is_sensitive
from contact.services import following, force_clocks, restriction
from contact.services.licensing import applications
from contact.services.typed import typed_words
from contact.store import audit, contacts, messages, outbox, triage
from contact.store.contacts import Contact
from contact.store.messages import Message
from contact.store.triage import QueueEntry


@dataclass(frozen=True, slots=True)
class Received:
    """What the page that follows must say. `again`: the same form was sent before and nothing was done."""

    message_id: UUID
    advise_999: bool
    screening: Screening
    reopened: bool = False
    again: bool = False


def receive(
    session: Session, *, contact_id: UUID, body: str, now: dt.datetime, channel: str = "web",
    once_key: str | None = None, by_itself: bool = False,
) -> Received:  # fmt: skip
    """Store what the citizen wrote and put the contact before people: to the queue, never to an agent who went home.

    Files that come are told of `by_itself`, by the page: such a line answers no question that was asked.

    The screen raises and never lowers; a closed contact reopens within 28 days (engineering 28, scenario 10). Raises
    NotFound, OnlineAccessStopped, ContactClosedTooLong, ReasonNeeded when nothing was typed.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    if contact.online_access_stopped_at is not None:
        raise OnlineAccessStopped
    words = typed_words(body, "message")
    heard = screen.screen(words)
    place = messages.find_place(session, contact_id=contact_id, once_key=once_key)
    if place.before is not None:
        return Received(place.before, heard.advise_999, heard, again=True)
    reopened = contact.state == ContactState.CLOSED
    if reopened and not queueing.reopens(closed_at=contact.closed_at or now, message_at=now):
        raise ContactClosedTooLong(contact_id=contact_id)
    message = messages.add(
        session, contact_id=contact_id, kind="inbound", channel=channel, body=words, now=now, once_key=once_key,
        place=place,
    )  # fmt: skip
    at_licensing = contact.desk == Desk.LICENSING
    # Danger that an applicant writes of is the control room's: `licensing.danger` takes it there.
    raised = not at_licensing and _raise_contact(contact, heard)
    move = ContactMove.MESSAGE_TO_LICENSING if at_licensing else ContactMove.MESSAGE
    contact.state = next_state(ContactState(contact.state), move).value
    contact.closed_at = contact.closed_reason = None
    for entry in _concerned(session, contact, reopened=reopened):
        _put_before_people(session, contact, entry, message, heard, reopened=reopened, raised=raised, now=now)
    if contact.state != ContactState.WITH_AGENT:
        contact.holder_id = None
    session.flush()
    if at_licensing:
        applications.heard_from(session, contact=contact, message=message, reopened=reopened, now=now)
        return Received(message.id, heard.advise_999, heard, reopened=reopened)
    if Flag.POLICE_SUSPECT in heard.flags:
        restriction.by_words(session, contact=contact, now=now)
    outbox.defer(session, JobName.MATCH_CERTIFICATES, contact_id=contact_id)
    following.after_message(
        session, contact=contact, message=message, heard=heard, reopened=reopened, by_itself=by_itself, now=now
    )
    return Received(message.id, heard.advise_999, heard, reopened=reopened)


def _raise_contact(contact: Contact, heard: Screening) -> bool:
    """Take over what the screen heard, where it is graver; True when the grade rose."""
    was = Grade(contact.grade)
    grade = graver(was, heard.grade) if heard.grade else was
    contact.grade = grade.value
    contact.flags = [flag.value for flag in in_order([*map(Flag, contact.flags), *heard.flags])]
    contact.sensitive = contact.sensitive or is_sensitive(Category(contact.category), heard.flags)
    return grade is not was


def _concerned(session: Session, contact: Contact, *, reopened: bool) -> list[QueueEntry]:
    """Open entries; when all are closed, the one of the force whose matter it is."""
    entries = triage.list_entries(session, contact_id=contact.id, lock=True)
    if reopened:
        return [entry for entry in entries if entry.force_id == contact.force_id]
    return [entry for entry in entries if entry.state != EntryState.CLOSED]


def _put_before_people(
    session: Session,
    contact: Contact,
    entry: QueueEntry,
    message: Message,
    heard: Screening,
    *,
    reopened: bool,
    raised: bool,
    now: dt.datetime,
) -> None:
    """Move one force's entry on: unread, at the top when danger was heard, its clocks begun again if they had ended."""
    grade = Grade(contact.grade)
    state = next_entry_state(EntryState(entry.state), EntryMove.MESSAGE)
    if state is EntryState.HELD and raised and grade is Grade.EMERGENCY and entry.lease_kind == queueing.LeaseKind.PAGE:
        # A page without JavaScript cannot hold an emergency (engineering 10): somebody who is surely there takes it.
        state = EntryState.WAITING
        contact.state, contact.holder_id = ContactState.WAITING.value, None
    if state is not EntryState.HELD:
        entry.holder_id = entry.lease_kind = entry.lease_ends_at = None
    entry.state = state.value
    entry.snoozed_until = None
    entry.unread = True
    entry.grade, entry.flags = contact.grade, list(contact.flags)
    entry.band = int(queueing.band(grade))
    _begin_clocks(session, contact, entry, reopened=reopened, raised=raised, now=now)
    message_id = message.id
    where: dict[str, Any] = {"force_id": entry.force_id, "contact_id": contact.id, "at": now}
    audit.record(
        session, Event.MESSAGE_RECEIVED, **where, message_id=message_id, channel=message.channel, reopened=reopened
    )
    if reopened:
        audit.record(session, Event.REOPENED, **where, entry_id=entry.id, by="citizen", message_id=message_id)
    if heard.found:
        audit.record(
            session,
            Event.SCREENED,
            **where,
            message_id=message_id,
            advise_999=heard.advise_999,
            reasons=heard.reasons,
            version=heard.version,
            grade=heard.grade,
        )


def _begin_clocks(
    session: Session, contact: Contact, entry: QueueEntry, *, reopened: bool, raised: bool, now: dt.datetime
) -> None:
    """A reopened or answered contact begins anew; a graver one is due sooner; otherwise the first clock runs on."""
    if not (reopened or raised or entry.answered_at is not None):
        return
    due = force_clocks.due(session, force_id=entry.force_id, grade=Grade(contact.grade), started_at=now)
    anew = reopened or entry.answered_at is not None
    entry.look_by = due.look_by if anew else min(entry.look_by, due.look_by)
    entry.answer_by = due.answer_by if anew else min(entry.answer_by, due.answer_by)
    entry.answered_at = None if anew else entry.answered_at
    if entry.state != EntryState.HELD:
        entry.looked_at = None
    force_clocks.set_due(
        session,
        entry,
        policy=due.policy_id,
        reasons=["reopened" if reopened else "raised" if raised else "new_message"],
        now=now,
    )
