"""Messages of a contact, in the order they were said."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.store.identifiers import new_id
from contact.store.models import Message

__all__ = ["Message", "add", "find_by_once_key", "list_for_citizen", "list_thread"]


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
) -> Message:
    """Append a message; the caller holds the contact's row lock, so positions are whole and in order."""
    session.flush()
    place = session.scalar(sa.select(sa.func.next_position(contact_id)))
    message = Message(
        id=new_id(),
        contact_id=contact_id,
        position=place,
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


def find_by_once_key(session: Session, *, contact_id: UUID, once_key: str) -> Message | None:
    """The message that a form's one-time key already made, or None."""
    query = sa.select(Message).where(Message.once_key == once_key, Message.contact_id == contact_id)
    return session.scalar(query)


def list_thread(session: Session, *, contact_id: UUID) -> list[Message]:
    """All that was said, notes included: for agents."""
    return list(session.scalars(sa.select(Message).where(Message.contact_id == contact_id).order_by(Message.position)))


def list_for_citizen(session: Session, *, contact_id: UUID, after: int = 0) -> list[Message]:
    """What was said after a position; never a note, here and by the database's own policy."""
    query = sa.select(Message).where(Message.contact_id == contact_id, Message.kind != "note", Message.position > after)
    return list(session.scalars(query.order_by(Message.position)))
