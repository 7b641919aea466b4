"""Contacts: reading one, locking one, and finding it again by its reference."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.store import models
from contact.store.models import Contact, QueueEntry, Reporter, Submission

__all__ = [
    "Contact",
    "Named",
    "Proof",
    "Reporter",
    "find",
    "find_entry",
    "find_key",
    "find_locked",
    "find_named",
    "find_proof",
    "find_reporter",
    "get",
    "get_entry",
    "list_submissions",
    "lock",
    "own_submission",
]

_ONE = sa.select(Contact).where(Contact.id == sa.bindparam("contact", type_=sa.Uuid()))
_LOCKED = _ONE.with_for_update().execution_options(populate_existing=True)
"""Composed once: nearly every request asks one of them."""

_NAMED = (
    "SELECT r.given_name, r.surname, r.email FROM contacts c LEFT JOIN reporters r ON r.contact_id = c.id"
    " WHERE c.id = %s"
)


def find(session: Session, *, contact_id: UUID) -> Contact | None:
    """The contact, where this actor may see it."""
    return session.scalar(_ONE, {"contact": contact_id})


def get(session: Session, *, contact_id: UUID) -> Contact:
    """The contact. Raises NotFound, the same whether there is none or none for this actor."""
    found = find(session, contact_id=contact_id)
    if found is None:
        raise NotFound(kind="contact", key=str(contact_id))
    return found


def lock(session: Session, *, contact_id: UUID) -> Contact:
    """The contact with its row locked: every change about it happens under this lock. Raises NotFound."""
    found = find_locked(session, contact_id=contact_id)
    if found is None:
        raise NotFound(kind="contact", key=str(contact_id))
    return found


def find_locked(session: Session, *, contact_id: UUID) -> Contact | None:
    """The contact with its row locked, or None once it is erased."""
    return session.scalar(_LOCKED, {"contact": contact_id})


@dataclass(frozen=True, slots=True)
class Named:
    """What a contact says of who reported it; all empty where nobody said."""

    name: str
    email: str


def find_named(session: Session, *, contact_id: UUID) -> Named | None:
    """Name and address of who reported, or None where this actor may not see the contact."""
    row = session.connection().exec_driver_sql(_NAMED, (contact_id,)).one_or_none()
    return Named(" ".join(part for part in row[:2] if part), row[2] or "") if row else None


def find_reporter(session: Session, *, contact_id: UUID) -> Reporter | None:
    """Who reported, as far as they said."""
    return session.get(Reporter, contact_id)


def list_submissions(session: Session, *, contact_id: UUID) -> list[Submission]:
    """The completed forms of a contact, oldest first."""
    query = sa.select(Submission).where(Submission.contact_id == contact_id).order_by(Submission.received_at)
    return list(session.scalars(query))


@dataclass(frozen=True, slots=True)
class OwnSubmission:
    """What a citizen sent, for the browser that sent it."""

    form_sha256: str
    answers: dict[str, Any]
    received_at: dt.datetime


def own_submission(session: Session) -> OwnSubmission | None:
    """The submission of the citizen who has proven both its draft and its contact; None for everybody else."""
    row = session.execute(sa.text("SELECT form_sha256, answers, received_at FROM own_submission()")).one_or_none()
    return OwnSubmission(*row) if row else None


def find_key(session: Session, *, contact_id: UUID) -> bytes | None:
    """The contact's wrapped key, or None once destroyed."""
    return session.scalar(sa.select(models.ContactKey.wrapped).where(models.ContactKey.contact_id == contact_id))


def find_entry(session: Session, *, contact_id: UUID, force_id: str) -> QueueEntry | None:
    """A contact's place with one force; an application has none."""
    query = sa.select(QueueEntry).where(QueueEntry.contact_id == contact_id, QueueEntry.force_id == force_id)
    return session.scalar(query)


def get_entry(session: Session, *, contact_id: UUID, force_id: str) -> QueueEntry:
    """A contact's place with one force. Raises NotFound."""
    found = find_entry(session, contact_id=contact_id, force_id=force_id)
    if found is None:
        raise NotFound(kind="queue_entry", key=str(contact_id))
    return found


@dataclass(frozen=True, slots=True)
class Proof:
    """What a reference must be proven against; nothing else of the contact is known before."""

    contact_id: UUID
    code_hash: str | None
    stopped: bool


def find_proof(session: Session, *, reference: str) -> Proof | None:
    """The proof a reference needs, or None where there is no such reference."""
    query = sa.text("SELECT contact_id, code_hash, stopped FROM contact_for_reference(:reference)")
    row = session.execute(query, {"reference": reference}).one_or_none()
    return None if row is None else Proof(row.contact_id, row.code_hash, row.stopped)
