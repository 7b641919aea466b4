"""What the licensing team says to an applicant: into the thread of the contact, and told of by mail only where safe."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.errors import UnsafeToReply
from contact.domain.events import Event
from contact.domain.licensing.telling import ToldBy
from contact.domain.taxonomy import Channel
from contact.services import conversations
from contact.services.conversations import Said
from contact.services.typed import typed_words
from contact.store import applications, audit, contacts, messages
from contact.store.contacts import Contact


def write(
    session: Session,
    *,
    contact_id: UUID,
    agent_id: UUID,
    body: str,
    now: dt.datetime,
    once_key: str | None = None,
    told: ToldBy | None = None,
) -> Said:
    """Write to the applicant; it stands on their status page, and a mail says so where email was called safe.

    No lease: whoever works at this desk may write. Where nothing reaches them online nothing leaves: the words become a
    note of what the person was told, by `told`, so that the work goes on. The same `once_key` again changes nothing.
    Raises NotFound, ReasonNeeded when nothing was typed, UnsafeToReply where nothing does and `told` is None.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    applications.get(session, contact_id=contact_id)  # another desk's contact is not written to from here
    before = messages.find_by_once_key(session, contact_id=contact_id, once_key=once_key) if once_key else None
    if before is not None:
        return Said(before.id, again=True)
    words = typed_words(body, "reply")
    if not may_write(contact) and told is not None:
        return _told(session, contact, agent_id=agent_id, words=words, how=told, now=now, once_key=once_key)
    if not may_write(contact):
        raise UnsafeToReply(contact_id=contact_id, how=str(contact.safe_contact.get("how", "none")))
    return say(session, contact, agent_id=agent_id, body=words, now=now, once_key=once_key)


def may_write(contact: Contact) -> bool:
    """Whether words reach the applicant online: not once they stopped that, and not who applied on paper."""
    return conversations.may_message(contact) and contact.channel != Channel.LETTER


def _told(
    session: Session,
    contact: Contact,
    *,
    agent_id: UUID,
    words: str,
    how: ToldBy,
    now: dt.datetime,
    once_key: str | None,
) -> Said:
    """A note, which never leaves, of what somebody was told and by whom."""
    message = messages.add(
        session, contact_id=contact.id, kind="note", channel="web", body=f"{how.label}: {words}", agent_id=agent_id,
        now=now, once_key=once_key,
    )  # fmt: skip
    audit.record(
        session, Event.APPLICANT_TOLD, force_id=contact.force_id, contact_id=contact.id, at=now,
        message_id=message.id, how=how,
    )  # fmt: skip
    return Said(message.id, channel="note")


def say(
    session: Session,
    contact: Contact,
    *,
    agent_id: UUID | None,
    body: str,
    now: dt.datetime,
    once_key: str | None = None,
) -> Said:
    """Put words into the thread of a locked contact and tell of them where that is safe."""
    first = not any(each.kind == "outbound" for each in messages.list_thread(session, contact_id=contact.id))
    message = messages.add(
        session, contact_id=contact.id, kind="outbound", channel="web", body=body, agent_id=agent_id, now=now,
        once_key=once_key,
    )  # fmt: skip
    audit.record(
        session, Event.REPLIED, force_id=contact.force_id, contact_id=contact.id, at=now, message_id=message.id,
        channel="web", first=first,
    )  # fmt: skip
    mailed = conversations.tells_by_mail(contact)
    if mailed:
        conversations.mail_answer(session, contact, message, now=now)
    return Said(message.id, mailed=mailed)


def mark_read(session: Session, *, contact_id: UUID, now: dt.datetime) -> None:
    """An officer says that they have read all that the applicant wrote. Raises NotFound."""
    contacts.lock(session, contact_id=contact_id)
    application = applications.lock(session, contact_id=contact_id)
    application.unread = False
    unread = [
        each
        for each in messages.list_thread(session, contact_id=contact_id)
        if each.kind == "inbound" and each.read_at is None
    ]
    for each in unread:
        each.read_at = now
    session.flush()
    if unread:
        audit.record(
            session, Event.MESSAGE_READ, force_id=application.force_id, contact_id=contact_id, at=now,
            message_id=unread[-1].id, by="agent",
        )  # fmt: skip
