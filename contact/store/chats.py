"""Where a conversation stands, in the one look that its citizen's stream takes each time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.store.models import Message

_STANDING = (
    "SELECT c.state, c.online_access_stopped_at IS NOT NULL, c.force_ids, coalesce((SELECT max(m.position) FROM"
    " messages m WHERE m.contact_id = c.id AND m.kind = 'inbound' AND m.read_at IS NOT NULL), 0),"
    " v.offered_form, v.advised_999_at"
    " FROM contacts c LEFT JOIN conversations v ON v.contact_id = c.id WHERE c.id = %s"
)

_SINCE = (
    "SELECT c.state, c.online_access_stopped_at IS NOT NULL, c.force_ids, coalesce((SELECT max(r.position) FROM"
    " messages r WHERE r.contact_id = %(contact)s AND r.kind = 'inbound' AND r.read_at IS NOT NULL), 0),"
    " v.offered_form, v.advised_999_at, m.id, m.position, m.kind, m.body, m.created_at, m.read_at, m.delivery_state"
    " FROM contacts c LEFT JOIN conversations v ON v.contact_id = c.id"
    " LEFT JOIN messages m ON m.contact_id = c.id AND m.kind <> 'note' AND m.position > %(after)s"
    " WHERE c.id = %(contact)s ORDER BY m.position"
)
"""Both questions of a stream in one: its page waits for the answer."""

_PACE = (
    "SELECT count(*), min(created_at) FROM messages"
    " WHERE contact_id = %s AND created_at > %s AND kind = 'inbound' AND channel = 'chat' AND position > 1"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """`read_to`: the last of the person's messages that somebody has read; `stopped`: online access is at its end.

    `offered_form`: the form that the bot offered last; `advised_at`: when 999 was advised.
    """

    state: str
    stopped: bool
    force_ids: tuple[str, ...]
    read_to: int
    offered_form: str | None
    advised_at: dt.datetime | None


def standing(session: Session, *, contact_id: UUID) -> Standing | None:
    """Where it stands, or None where this actor may not see it."""
    row = session.connection().exec_driver_sql(_STANDING, (contact_id,)).one_or_none()
    return Standing(row[0], row[1], tuple(row[2]), *row[3:]) if row else None


@dataclass(frozen=True, slots=True)
class Line:
    """One message as its citizen may see it."""

    id: UUID
    position: int
    kind: str
    body: str
    created_at: dt.datetime
    read_at: dt.datetime | None
    delivery_state: str


def since(session: Session, *, contact_id: UUID, after: int) -> tuple[Standing, list[Line]] | None:
    """Where it stands, and what was said after a position, in order and never a note; None as `standing`."""
    rows = session.connection().exec_driver_sql(_SINCE, {"contact": contact_id, "after": after}).all()
    if not rows:
        return None
    found = Standing(rows[0][0], rows[0][1], tuple(rows[0][2]), *rows[0][3:6])
    return found, [Line(*row[6:]) for row in rows if row[6] is not None]


@dataclass(frozen=True, slots=True)
class Pace:
    """How many messages the person sent since a time, the first of the conversation not counted, and the first then."""

    count: int
    first_at: dt.datetime | None


def pace(session: Session, *, contact_id: UUID, since: dt.datetime) -> Pace:
    """What the person sent by chat after `since`."""
    row = session.connection().exec_driver_sql(_PACE, (contact_id, since)).one()
    return Pace(*row)


def mark_reached(session: Session, *, contact_id: UUID, up_to: int, read: bool, now: dt.datetime) -> UUID | None:
    """Note that what we said up to a position was shown to the person, read or not; answers the last one that moved.

    The caller holds the contact's row lock. Marks only move forward.
    """
    behind = ("stored", "queued", "sending", "sent", "delivered") if read else ("stored", "queued", "sending", "sent")
    query = (
        sa.select(Message)
        .where(
            Message.contact_id == contact_id,
            Message.kind == "outbound",
            Message.position <= up_to,
            Message.delivery_state.in_(behind),
        )
        .order_by(Message.position)
    )
    moved = list(session.scalars(query))
    for message in moved:
        message.delivery_state = "read" if read else "delivered"
        if read:
            message.read_at = now
    session.flush()
    return moved[-1].id if moved else None
