"""Marks on what we said in a chat: delivered when it reached the person's page, read when it was before their eyes."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.events import Event
from contact.store import audit, chats, contacts


def reached(session: Session, *, contact_id: UUID, up_to: int, read: bool, now: dt.datetime) -> bool:
    """The person's page shows what was said up to a position; `read` only while the page is before their eyes.

    True where a mark moved. Handlers hear of what was read. Raises NotFound.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    message_id = chats.mark_reached(session, contact_id=contact_id, up_to=up_to, read=read, now=now)
    if message_id is None:
        return False
    if read:  # that a page received it changes nothing for anybody; that a person read it is told
        where = {"force_id": contact.force_id, "contact_id": contact_id, "at": now}
        audit.record(session, Event.MESSAGE_READ, **where, message_id=message_id, by="citizen")  # type: ignore[arg-type]  # one dict of three typed names
    return True
