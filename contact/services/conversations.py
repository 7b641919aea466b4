"""What is said in a contact: replies by the way the person chose, notes that never leave, and what the citizen adds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.clocks import is_late
from contact.domain.errors import UnsafeToReply
from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.domain.taxonomy import Grade
from contact.services import holding, sources, speaking, taking_over
from contact.services.incoming import Received, receive
from contact.services.typed import LONGEST, typed_words
from contact.store import audit, contacts, mails, messages, outbox, reply_drafts, triage
from contact.store import conversations as talks
from contact.store.contacts import Contact
from contact.store.messages import Message
from contact.store.triage import QueueEntry

__all__ = [
    "CitizenLine",
    "Line",
    "Received",
    "Said",
    "citizen_thread",
    "keep_draft",
    "list_thread",
    "look",
    "may_message",
    "note",
    "receive",
    "reply",
    "tells_by_mail",
]


@dataclass(frozen=True, slots=True)
class Said:
    """A message that was stored. `again` is True when this very form had been sent before and nothing was done.

    `delivery_state`: `failed` where a text did not leave, as after STOP.
    """

    message_id: UUID
    mailed: bool = False
    again: bool = False
    channel: str = "web"
    delivery_state: str = "stored"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said, as an agent sees it. `kind`: inbound, outbound, bot, note, system; `name` of an agent."""

    id: UUID
    position: int
    kind: str
    channel: str
    body: str
    name: str | None
    at: dt.datetime
    read_at: dt.datetime | None
    delivery_state: str


@dataclass(frozen=True, slots=True)
class CitizenLine:
    """One thing said, as the citizen sees it: no note and no agent's name, ever (scenario 23)."""

    id: UUID
    mine: bool
    body: str
    at: dt.datetime
    read_at: dt.datetime | None


def may_message(contact: Contact) -> bool:
    """Whether an online message can still reach the person: not once they stopped online access (practice 5)."""
    return contact.online_access_stopped_at is None


def tells_by_mail(contact: Contact) -> bool:
    """Whether a reply sends "there is an answer": only where email was called safe and the matter is not sensitive."""
    safe = contact.safe_contact
    return safe.get("how") == "email" and bool(safe.get("value")) and not contact.sensitive and may_message(contact)


def reply(
    session: Session, *, contact_id: UUID, agent_id: UUID, body: str, now: dt.datetime, once_key: str | None = None
) -> Said:
    """Answer the person: in their chat, by text, or on their progress page with a mail that says so where that is safe.

    Where the assistant still talks it falls silent.

    Raises NotFound, NotYours or LeaseLost (only the holder replies), UnsafeToReply when online access was stopped,
    ReasonNeeded when nothing was typed, Forbidden where the source stands apart and the intelligence unit alone replies
    (practice 17). The same `once_key` again changes nothing.
    """
    held = holding.lock_held(session, contact_id=contact_id, agent_id=agent_id, now=now)
    contact = held.contact
    with session.no_autoflush:
        before = messages.find_by_once_key(session, contact_id=contact_id, once_key=once_key) if once_key else None
    if before is not None:
        return Said(before.id, again=True, channel=before.channel, delivery_state=before.delivery_state)
    sources.ensure_may_approach(session, contact)
    words = typed_words(body, "reply")
    if not may_message(contact):
        raise UnsafeToReply(contact_id=contact_id, how=str(contact.safe_contact.get("how", "none")))
    first = held.entry.answered_at is None
    with session.no_autoflush:  # lease, marks and clocks of an entry are one UPDATE, written with the message
        _mark_read(session, contact, held.entries, held.entry, now=now)
        _answer(session, held, now=now)
        message = _say(session, contact, agent_id=agent_id, body=words, now=now, once_key=once_key)
    audit.record(
        session,
        Event.REPLIED,
        force_id=held.entry.force_id,
        contact_id=contact_id,
        at=now,
        message_id=message.id,
        channel=message.channel,
        first=first,
    )
    mailed = message.channel == "web" and tells_by_mail(contact)
    if mailed:
        mail_answer(session, contact, message, now=now)
    reply_drafts.drop(session, agent_id=agent_id, contact_id=contact_id)
    if len(contact.force_ids) > 1:
        triage.mirror(session, contact_id=contact_id, entry_id=held.entry.id)
    return Said(message.id, mailed=mailed, channel=message.channel, delivery_state=message.delivery_state)


def _say(
    session: Session, contact: Contact, *, agent_id: UUID, body: str, now: dt.datetime, once_key: str | None
) -> Message:
    """Put it into the thread by the way the conversation goes; what is urgent leaves by text at any hour."""
    talk = talks.find(session, contact_id=contact.id, lock=True)
    if talk is None:
        return messages.add(
            session, contact_id=contact.id, kind="outbound", channel="web", body=body, agent_id=agent_id, now=now,
            once_key=once_key,
        )  # fmt: skip
    taking_over.silence(session, contact=contact, now=now)
    talk.asked = None  # what is said next answers the person who asks now
    urgent = Grade(contact.grade) in (Grade.EMERGENCY, Grade.PRIORITY)
    message = speaking.speak(
        session, contact=contact, conversation=talk, body=body, kind="outbound", agent_id=agent_id, now=now,
        once_key=once_key, urgent=urgent,
    )  # fmt: skip
    if message.channel == "sms":
        session.refresh(message)  # the text itself may have failed at once
    return message


def note(
    session: Session, *, contact_id: UUID, agent_id: UUID, body: str, now: dt.datetime, once_key: str | None = None
) -> Said:
    """Add an internal note, which never leaves the control room. Whoever may see the contact may add one."""
    contact = contacts.lock(session, contact_id=contact_id)
    before = messages.find_by_once_key(session, contact_id=contact_id, once_key=once_key) if once_key else None
    if before is not None:
        return Said(before.id, again=True)
    message = messages.add(
        session,
        contact_id=contact_id,
        kind="note",
        channel="web",
        body=typed_words(body, "note"),
        agent_id=agent_id,
        now=now,
        once_key=once_key,
    )
    audit.record(
        session, Event.NOTE_ADDED, force_id=contact.force_id, contact_id=contact_id, at=now, message_id=message.id
    )
    return Said(message.id)


def look(session: Session, *, contact_id: UUID, now: dt.datetime) -> None:
    """A person says that they have read all that was said: an act of its own, with its own clock (taxonomy).

    Showing the page is only an event, since a GET changes nothing (engineering 24). Raises NotFound.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    entries = triage.list_entries(session, contact_id=contact_id, lock=True)
    if entries:
        entry = next((each for each in entries if each.force_id == contact.force_id), entries[0])
        _mark_read(session, contact, entries, entry, now=now)
        triage.mirror(session, contact_id=contact_id, entry_id=entry.id)


def keep_draft(session: Session, *, contact_id: UUID, agent_id: UUID, body: str, now: dt.datetime) -> None:
    """Keep what an agent has typed, whether they still hold the contact or not (engineering 10). Raises NotFound."""
    contacts.get(session, contact_id=contact_id)
    reply_drafts.keep(session, agent_id=agent_id, contact_id=contact_id, body=body[:LONGEST], now=now)


def list_thread(session: Session, *, contact_id: UUID) -> list[Line]:
    """All that was said, notes included, oldest first: for agents only."""
    said = messages.list_thread(session, contact_id=contact_id)
    names = triage.names_of(session, agent_ids={each.agent_id for each in said if each.agent_id})
    return [
        Line(
            id=each.id,
            position=each.position,
            kind=each.kind,
            channel=each.channel,
            body=each.body,
            name=names.get(each.agent_id) if each.agent_id else None,
            at=each.created_at,
            read_at=each.read_at,
            delivery_state=each.delivery_state,
        )
        for each in said
    ]


def citizen_thread(session: Session, *, contact_id: UUID) -> list[CitizenLine]:
    """What the citizen and the force said to each other, oldest first; never a note (scenario 23).

    `read_at` of a citizen's own message is when a person said they had read it, and only then (practice 2).
    """
    said = messages.list_for_citizen(session, contact_id=contact_id)
    return [
        CitizenLine(id=each.id, mine=each.kind == "inbound", body=each.body, at=each.created_at, read_at=each.read_at)
        for each in said
        if each.kind in ("inbound", "outbound")
    ]


def _mark_read(
    session: Session, contact: Contact, entries: Sequence[QueueEntry], entry: QueueEntry, *, now: dt.datetime
) -> None:
    """Stop the look-by clock and say which message a person has read, once each."""
    if entry.looked_at is None:
        late = is_late(entry.look_by, now=now)
        audit.record(
            session,
            Event.LOOKED,
            force_id=entry.force_id,
            contact_id=contact.id,
            at=now,
            entry_id=entry.id,
            late=late,
        )
    for one in entries:
        one.unread = False
        if one.looked_at is None:
            one.looked_at = now
            one.due_at = one.answer_by
    last = messages.mark_read(session, contact_id=contact.id, now=now)
    if last is not None:
        audit.record(
            session,
            Event.MESSAGE_READ,
            force_id=entry.force_id,
            contact_id=contact.id,
            at=now,
            message_id=last,
            by="agent",
        )


def _answer(session: Session, held: holding.Held, *, now: dt.datetime) -> None:
    """Stop the answer-by clock at the first reply."""
    for entry in held.entries:
        if entry.answered_at is None:
            late = is_late(entry.answer_by, now=now)
            entry.answered_at = now
            audit.record(
                session,
                Event.ANSWERED,
                force_id=entry.force_id,
                contact_id=held.contact.id,
                at=now,
                entry_id=entry.id,
                late=late,
            )


def mail_answer(session: Session, contact: Contact, message: Message, *, now: dt.datetime) -> None:
    """A mail that says only that there is an answer: none of its words (practice 13, 15)."""
    mail_id = mails.add(
        session,
        recipient=str(contact.safe_contact["value"]),
        template="message_waiting",
        language=contact.language,
        now=now,
        contact_id=contact.id,
        force_id=contact.force_id,
        context={"message_id": str(message.id)},
    )
    outbox.defer(session, JobName.DELIVER_MAIL, mail_id=mail_id)
