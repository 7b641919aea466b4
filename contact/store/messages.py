"""Messages of a contact, in the order they were said."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.store.identifiers import new_id
from contact.store.models import Message

__all__ = ["Message", "Place", "add", "find_by_once_key", "find_place", "list_for_citizen", "list_thread", "mark_read"]

_CONTACT = sa.bindparam("contact", type_=sa.Uuid())
_NEXT = sa.select(sa.func.next_position(_CONTACT))
_PLACE = "SELECT next_position(%s), (SELECT id FROM messages WHERE once_key = %s AND contact_id = %s)"
_ONCE = sa.select(Message).where(Message.once_key == sa.bindparam("once"), Message.contact_id == _CONTACT)
_READ = (
    "UPDATE messages SET read_at = %s WHERE contact_id = %s AND kind = 'inbound' AND read_at IS NULL"
    " RETURNING position, id"
)
"""Composed once: every message and reply asks them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next message of a contact goes. `before`: the message that the same form already made, if it did."""

    position: int
    before: UUID | None


def find_place(session: Session, *, contact_id: UUID, once_key: str | None) -> Place:
    """Asked under the contact's row lock; it holds until something is added to the thread."""
    given = (contact_id, once_key, contact_id)
    return Place(*session.connection().exec_driver_sql(_PLACE, given).one())


def add(
    session: Session,
    *,
    contact_id: UUID,
    kind: str,
    channel: str,
    body: str,
    now: dt.datetime,
    agent_id: UUID | None = None,
    once_key: str | None = None,
    delivery_state: str = "stored",
    place: Place | None = None,
) -> Message:
    """Append a message; the caller holds the contact's row lock, so positions are whole and in order.

    `place`: where the caller has just asked for it.
    """
    if place is None:
        if any(isinstance(each, Message) for each in session.new):
            session.flush()
        with session.no_autoflush:  # what else waits to be written does not bear on the position
            position = session.scalar(_NEXT, {"contact": contact_id})
    else:
        position = place.position
    message = Message(
        id=new_id(),
        contact_id=contact_id,
        position=position,
        kind=kind,
        channel=channel,
        body=body,
        agent_id=agent_id,
        created_at=now,
        delivery_state=delivery_state,
        once_key=once_key,
    )
    session.add(message)
    session.flush()
    return message


def mark_read(session: Session, *, contact_id: UUID, now: dt.datetime) -> UUID | None:
    """A person has read all that the citizen said so far; the last message that nobody had read before, if any."""
    rows = [tuple(row) for row in session.connection().exec_driver_sql(_READ, (now, contact_id))]
    if rows:  # said beside the session: what it has loaded of them is read anew when it is next asked for
        changed = {message_id for _, message_id in rows}
        for known in list(session.identity_map.values()):
            if isinstance(known, Message) and known.id in changed:
                session.expire(known, ["read_at"])
    return max(rows)[1] if rows else None


def find_by_once_key(session: Session, *, contact_id: UUID, once_key: str) -> Message | None:
    """The message that a form's one-time key already made, or None."""
    return session.scalar(_ONCE, {"contact": contact_id, "once": once_key})


def list_thread(session: Session, *, contact_id: UUID) -> list[Message]:
    """All that was said, notes included: for agents."""
    return list(session.scalars(sa.select(Message).where(Message.contact_id == contact_id).order_by(Message.position)))


def list_for_citizen(session: Session, *, contact_id: UUID, after: int = 0) -> list[Message]:
    """What was said after a position; never a note, here and by the database's own policy."""
    query = sa.select(Message).where(Message.contact_id == contact_id, Message.kind != "note", Message.position > after)
    return list(session.scalars(query.order_by(Message.position)))
