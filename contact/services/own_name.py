"""No agent works a contact that carries their own name or address of email (practice 8)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.services import control_room
from contact.store import contacts, triage


def is_named(session: Session, *, contact_id: UUID, name: str, email: str) -> bool:
    """Whether the person who reported has this name or address; a namesake counts, since nobody can tell."""
    reporter = contacts.find_named(session, contact_id=contact_id)
    return reporter is not None and _is_the_same(reporter, name=name, email=email)


def may_work(session: Session, *, contact_id: UUID, name: str, email: str) -> bool:
    """Whether the agent sees the contact at all, and is not the one who is named in it."""
    reporter = contacts.find_named(session, contact_id=contact_id)
    return reporter is not None and not _is_the_same(reporter, name=name, email=email)


def _is_the_same(reporter: contacts.Named, *, name: str, email: str) -> bool:
    same_name = bool(reporter.name) and reporter.name.casefold() == name.casefold()
    return same_name or reporter.email.casefold() == email.casefold()


def is_held(session: Session, *, contact_id: UUID, agent_id: UUID) -> bool:
    """Whether this agent holds it, having claimed it unseen."""
    entries = triage.list_entries(session, contact_id=contact_id)
    return any(entry.state == "held" and entry.holder_id == agent_id for entry in entries)


def give_back(session: Session, *, contact_id: UUID, agent_id: UUID, now: dt.datetime) -> None:
    """Put a contact claimed unseen back at its place at once, urgent or not: nothing was read or done.

    Raises NotFound where this agent does not hold it.
    """
    contacts.lock(session, contact_id=contact_id)
    held = [
        entry
        for entry in triage.list_entries(session, contact_id=contact_id, lock=True)
        if entry.state == "held" and entry.holder_id == agent_id
    ]
    if not held:
        raise NotFound(kind="contact", key=str(contact_id))
    for entry in held:
        entry.lease_ends_at = now
    session.flush()
    control_room.end_lease_of(session, contact_id=contact_id, now=now)
