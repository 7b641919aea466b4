"""Mail on its way out, from `queued` to `sent` or `failed`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.store.identifiers import new_id
from contact.store.models import Contact, Draft, Force, Mail, Message, QueueEntry

__all__ = ["Mail"]


_ADD = (
    "INSERT INTO mails (id, contact_id, draft_id, force_id, recipient, template, context, language, created_at, state,"
    " attempts) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'queued', 0)"
)


def add(
    session: Session,
    *,
    recipient: str,
    template: str,
    language: str,
    now: dt.datetime,
    contact_id: UUID | None = None,
    draft_id: UUID | None = None,
    force_id: str | None = None,
    context: Mapping[str, Any] | None = None,
) -> UUID:
    """Write a mail down as `queued`; answers its id. A citizen may write one but not read it: nothing is read back."""
    mail_id = new_id()
    about = (mail_id, contact_id, draft_id, force_id, recipient, template, Jsonb(dict(context or {})), language, now)
    session.connection().exec_driver_sql(_ADD, about)
    return mail_id


def is_written(session: Session, *, template: str, attempt_id: str) -> bool:
    """Whether the mail of one attempt was written already."""
    query = sa.select(Mail.id).where(Mail.template == template, Mail.context["attempt_id"].astext == attempt_id)
    return session.scalar(query.limit(1)) is not None


def lock(session: Session, *, mail_id: UUID) -> Mail:
    """The mail with its row locked. Raises NotFound, as after its contact was erased."""
    query = sa.select(Mail).where(Mail.id == mail_id).with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(kind="mail", key=str(mail_id))
    return found


@dataclass(frozen=True, slots=True)
class About:
    """What a mail may say of its contact; `email_is_safe`: email is the way the person chose, still."""

    reference: str
    email_is_safe: bool
    access_stopped: bool
    sensitive: bool
    look_by: dt.datetime | None
    answer_by: dt.datetime | None
    live: bool
    force_id: str


def about(session: Session, *, contact_id: UUID) -> About:
    """The facts for a mail about a contact. Raises NotFound."""
    query = (
        sa.select(Contact, Force.live_since_utc, QueueEntry.look_by, QueueEntry.answer_by)
        .join(Force, Force.id == Contact.force_id)
        .outerjoin(QueueEntry, sa.and_(QueueEntry.contact_id == Contact.id, QueueEntry.force_id == Contact.force_id))
        .where(Contact.id == contact_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(kind="contact", key=str(contact_id))
    contact, live_since, look_by, answer_by = row
    return About(
        reference=contact.reference,
        email_is_safe=contact.safe_contact.get("how") == "email",
        access_stopped=contact.online_access_stopped_at is not None,
        sensitive=contact.sensitive,
        look_by=look_by,
        answer_by=answer_by,
        live=live_since is not None,
        force_id=contact.force_id,
    )


@dataclass(frozen=True, slots=True)
class AboutDraft:
    """What a mail may say of a saved draft: what its link is made of, and whether its force is live."""

    draft_id: UUID
    code_hash: bytes
    live: bool


def about_draft(session: Session, *, draft_id: UUID) -> AboutDraft:
    """The facts for a mail with a link to a saved draft. Raises NotFound once it was sent or forgotten."""
    query = (
        sa.select(Draft.code_hash, Force.live_since_utc)
        .outerjoin(Force, Force.id == Draft.force_id)
        .where(Draft.id == draft_id, Draft.contact_id.is_(None), Draft.code_hash.is_not(None))
    )
    row = session.execute(query).one_or_none()
    if row is None or row[0] is None:
        raise NotFound(kind="saved_draft", key=str(draft_id))
    return AboutDraft(draft_id, row[0], row[1] is not None)


def set_delivery(session: Session, *, message_id: UUID, state: str) -> None:
    """Note on a message how far the mail about it got."""
    session.execute(sa.update(Message).where(Message.id == message_id).values(delivery_state=state))


def words_of(session: Session, *, message_id: UUID) -> str:
    """The words of one outbound message, for the mail that carries it. Raises NotFound: a note never leaves."""
    query = sa.select(Message.body).where(Message.id == message_id, Message.kind == "outbound")
    found = session.scalar(query)
    if found is None:
        raise NotFound(kind="message", key=str(message_id))
    return found
