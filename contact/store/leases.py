"""Leases: the contacts whose holder has gone silent, and those whose sleep is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.states import EntryState
from contact.store.models import Contact, QueueEntry
from contact.store.models.queue import in_state


def list_expired(session: Session, *, now: dt.datetime, limit: int = 100) -> Sequence[UUID]:
    """Contacts with a lease that ended, emergencies and the longest silent first, as far as this actor sees them."""
    wanted = sa.select(QueueEntry.contact_id).where(in_state(EntryState.HELD), QueueEntry.lease_ends_at <= now)
    rows = session.scalars(wanted.order_by(QueueEntry.band, QueueEntry.lease_ends_at).limit(limit))
    return list(dict.fromkeys(rows))


def list_awake(session: Session, *, now: dt.datetime, limit: int = 100) -> Sequence[UUID]:
    """Snoozed contacts whose time has come, the earliest first."""
    wanted = sa.select(QueueEntry.contact_id).where(in_state(EntryState.SNOOZED), QueueEntry.snoozed_until <= now)
    rows = session.scalars(wanted.order_by(QueueEntry.snoozed_until).limit(limit))
    return list(dict.fromkeys(rows))


def lock_if_free(session: Session, *, contact_id: UUID) -> Contact | None:
    """The contact, locked, unless somebody is busy with it now: they will see the ended lease."""
    wanted = sa.select(Contact).where(Contact.id == contact_id).with_for_update(skip_locked=True)
    return session.scalar(wanted.execution_options(populate_existing=True))
