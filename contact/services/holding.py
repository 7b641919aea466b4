"""Who holds a contact, asked by everything that only the holder may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.errors import LeaseLost, NotYours
from contact.domain.events import Event
from contact.store import audit, contacts, triage
from contact.store.contacts import Contact
from contact.store.triage import QueueEntry


@dataclass(frozen=True, slots=True)
class Held:
    """A contact locked by its holder. `entry` is the one it is worked from, `entries` all that this agent sees."""

    contact: Contact
    entry: QueueEntry
    entries: tuple[QueueEntry, ...]


def lock_held(session: Session, *, contact_id: UUID, agent_id: UUID, now: dt.datetime) -> Held:
    """Lock the contact for its holder. Raises NotFound, NotYours (naming who has it), LeaseLost (nobody else has)."""
    contact = contacts.lock(session, contact_id=contact_id)
    entries = tuple(triage.list_entries(session, contact_id=contact_id, lock=True))
    held = [entry for entry in entries if entry.state == "held"]
    mine = [entry for entry in held if entry.holder_id == agent_id]
    if not mine:
        others = [entry.holder_id for entry in held if entry.holder_id is not None]
        name = triage.names_of(session, agent_ids=others).get(others[0]) if others else None
        raise NotYours(contact_id=contact_id, holder_id=others[0] if others else None, holder_name=name)
    entry = next((each for each in mine if each.force_id == contact.force_id), mine[0])
    if entry.lease_ends_at is not None and entry.lease_ends_at <= now:
        raise LeaseLost(contact_id=contact_id, ended_at=entry.lease_ends_at)
    return Held(contact, entry, entries)


def clocks_began_at(session: Session, *, contact: Contact) -> dt.datetime:
    """When the present matter began: last reopened, else received (engineering 28, practice 3)."""
    return began_at(contact, audit.list_for_contact(session, contact_id=contact.id))


class _Logged(Protocol):
    """A line of the log, from wherever it was read."""

    @property
    def name(self) -> str: ...
    @property
    def at(self) -> dt.datetime: ...


def began_at(contact: Contact, log: Iterable[_Logged]) -> dt.datetime:
    """The same from lines already read."""
    return max([contact.received_at, *(line.at for line in log if line.name == Event.REOPENED)])
