"""Who holds a contact, asked by everything that only the holder may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import queueing
from contact.domain.errors import LeaseLost, NotYours
from contact.domain.events import Event
from contact.domain.queueing import LeaseKind
from contact.domain.taxonomy import Grade
from contact.store import audit, contacts, queue, triage
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
    _renew(session, contact, entry, mine, now=now)
    return Held(contact, entry, entries)


def _renew(
    session: Session, contact: Contact, entry: QueueEntry, mine: Sequence[QueueEntry], *, now: dt.datetime
) -> None:
    """Whatever the holder does is a sign of life: the lease runs anew, and never gets shorter (engineering 10)."""
    kind, grade = LeaseKind(entry.lease_kind or LeaseKind.LIVE.value), Grade(contact.grade)
    if kind is LeaseKind.PAGE and grade is Grade.EMERGENCY:
        return  # regraded in a page without JavaScript, which cannot hold it beyond the lease it has
    ends_at = now + queueing.lease(grade, kind, contact_id=contact.id)
    for each in mine:
        each.lease_ends_at = max(each.lease_ends_at or ends_at, ends_at)
    if len(contact.force_ids) > 1:
        queue.mirror_hold(session, contact_id=contact.id, entry_id=entry.id)


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
