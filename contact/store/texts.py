"""Texts on their way out: written, tried, sent, and what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.store.identifiers import new_id
from contact.store.models import Force, Message, Text

__all__ = ["Text"]


def add(
    session: Session,
    *,
    contact_id: UUID,
    message_id: UUID | None,
    force_id: str,
    recipient: str,
    sender: str | None,
    body: str,
    fixed_text: str | None,
    state: str,
    error_code: str | None,
    segments: int,
    encoding: str,
    urgent: bool,
    not_before: dt.datetime | None,
    now: dt.datetime,
) -> Text:
    """Write a text down; nothing is sent here."""
    text = Text(
        id=new_id(),
        contact_id=contact_id,
        message_id=message_id,
        force_id=force_id,
        recipient=recipient,
        sender=sender,
        body=body,
        fixed_text=fixed_text,
        state=state,
        error_code=error_code,
        attempts=0,
        in_flight=False,
        segments=segments,
        encoding=encoding,
        urgent=urgent,
        not_before=not_before,
        may_be_duplicate=False,
        created_at=now,
    )
    session.add(text)
    session.flush()
    return text


def lock(session: Session, *, text_id: UUID) -> Text:
    """The text with its row locked. Raises NotFound, as after its contact was erased."""
    found = session.scalar(_locked(Text.id == text_id))
    if found is None:
        raise NotFound(kind="text", key=str(text_id))
    return found


def find_by_sid(session: Session, *, sid: str) -> Text | None:
    """The text that the company calls so, with its row locked."""
    return session.scalar(_locked(Text.sid == sid))


def _locked(which: sa.ColumnElement[bool]) -> sa.Select[Text]:
    return sa.select(Text).where(which).with_for_update().execution_options(populate_existing=True)


def lock_sid(session: Session, *, sid: str) -> None:
    """Let what the company says of one text, and our learning its name, pass one after the other."""
    session.execute(sa.text("SELECT pg_advisory_xact_lock(7005, hashtext(:sid))"), {"sid": sid})


def known_sids(session: Session, *, sids: Collection[str]) -> set[str]:
    """Which of these are texts that we know of already."""
    found = session.scalars(sa.select(Text.sid).where(Text.sid.in_(list(sids))))
    return {sid for sid in found if sid is not None}


def has_fixed(session: Session, *, contact_id: UUID, fixed_text: str) -> bool:
    """Whether these fixed words were written to this contact before, whatever became of them."""
    query = sa.select(Text.id).where(Text.contact_id == contact_id, Text.fixed_text == fixed_text).limit(1)
    return session.scalar(query) is not None


def list_for_contact(session: Session, *, contact_id: UUID) -> Sequence[Text]:
    """A contact's texts, in the order they were written."""
    query = sa.select(Text).where(Text.contact_id == contact_id).order_by(Text.created_at, Text.id)
    return session.scalars(query).all()


def list_for_message(session: Session, *, message_id: UUID) -> Sequence[Text]:
    """The texts that carry one message, in the order they were written."""
    query = sa.select(Text).where(Text.message_id == message_id).order_by(Text.created_at, Text.id)
    return session.scalars(query).all()


def last_heard(session: Session, *, contact_id: UUID) -> dt.datetime | None:
    """When the person last texted in this contact; None: never."""
    query = sa.select(sa.func.max(Message.created_at)).where(
        Message.contact_id == contact_id, Message.kind == "inbound", Message.channel == "sms"
    )
    return session.scalar(query)


def show_delivery(session: Session, *, message_id: UUID, state: str) -> None:
    """Note on a message how far the text about it got; not on one that the person has read in a browser since."""
    found = sa.update(Message).where(Message.id == message_id, Message.delivery_state != "read")
    session.execute(found.values(delivery_state=state))


def force_is_live(session: Session, *, force_id: str) -> bool:
    """Whether a force has gone live."""
    return session.scalar(sa.select(Force.live_since_utc).where(Force.id == force_id)) is not None


def find_contact_id(session: Session, *, text_id: UUID) -> UUID | None:
    """Whose text it is, so that the contact is locked first."""
    return session.scalar(sa.select(Text.contact_id).where(Text.id == text_id))


def said_by_bot_at(session: Session, *, text_id: UUID) -> dt.datetime | None:
    """When the assistant said what this text carries; None where it is a person's, or the platform's fixed words."""
    query = sa.select(Message.created_at).join(Text, Text.message_id == Message.id)
    return session.scalar(query.where(Text.id == text_id, Message.kind == "bot"))
