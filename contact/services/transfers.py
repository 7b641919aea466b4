"""Asking another force to take a contact over: until it accepts, the sender's clock runs (practice 3)."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor, Permission, may
from contact.domain.errors import Forbidden, NotFound, TransferRefused
from contact.domain.events import Event
from contact.domain.states import ContactState, EntryState
from contact.services import holding, taking_over
from contact.store import audit, contacts, forces, triage


class Why(StrEnum):
    """Why a contact belongs elsewhere."""

    THEIR_GROUND = "their_ground"
    ON_THE_RAILWAY = "on_the_railway"
    THEIR_CASE = "their_case"
    INDEPENDENCE = "independence"
    NEAREST_UNIT = "nearest_unit"

    @property
    def label(self) -> str:
        """What people see, in English."""
        return _LABELS[self]


_LABELS = {
    Why.THEIR_GROUND: "It happened on their ground",
    Why.ON_THE_RAILWAY: "On a train, tram or station",
    Why.THEIR_CASE: "It belongs to a case of theirs",
    Why.INDEPENDENCE: "It is about somebody who works for us",
    Why.NEAREST_UNIT: "They can get there first",
}


def offer(session: Session, *, contact_id: UUID, agent_id: UUID, to_force_id: str, why: Why, now: dt.datetime) -> UUID:
    """Put the contact into the other force's queue as well; it stays ours, on our clock, until they accept.

    Needs nobody's consent. Raises NotYours, LeaseLost, TransferRefused (same_force, already_asked, already_there,
    unknown_force).
    """
    held = holding.lock_held(session, contact_id=contact_id, agent_id=agent_id, now=now)
    from_force_id = held.entry.force_id
    target = forces.find(session, force_id=to_force_id)
    if target is None or target.successor_id is not None:
        raise TransferRefused(to_force_id=to_force_id, reason="unknown_force")
    if to_force_id == from_force_id:
        raise TransferRefused(to_force_id=to_force_id, reason="same_force")
    if triage.find_open_transfer(session, contact_id=contact_id, to_force_id=to_force_id) is not None:
        raise TransferRefused(to_force_id=to_force_id, reason="already_asked")
    if any(each.force_id == to_force_id and each.state != EntryState.CLOSED for each in held.entries):
        raise TransferRefused(to_force_id=to_force_id, reason="already_there")
    transfer_id = triage.offer(
        session,
        contact_id=contact_id,
        from_force_id=from_force_id,
        to_force_id=to_force_id,
        reason=why.value,
        agent_id=agent_id,
        now=now,
    )
    for force_id in (from_force_id, to_force_id):
        audit.record(
            session,
            Event.TRANSFER_ASKED,
            force_id=force_id,
            contact_id=contact_id,
            at=now,
            transfer_id=transfer_id,
            from_force_id=from_force_id,
            to_force_id=to_force_id,
            reason=why,
        )
    return transfer_id


def accept(session: Session, *, contact_id: UUID, actor: Actor, to_force_id: str, now: dt.datetime) -> None:
    """Take the contact over: the sender's entry closes, the receiver's clock and hold are what count from here on.

    Whoever held it for the sender holds it no longer, and no bot goes on in it. Raises NotFound, Forbidden,
    TransferRefused.
    """
    transfer = _open_transfer(session, contact_id, actor, to_force_id)
    sender = triage.accept(session, contact_id=contact_id, to_force_id=to_force_id, now=now)
    if sender is None:
        raise TransferRefused(to_force_id=to_force_id, reason="unknown_force")
    contact = contacts.lock(session, contact_id=contact_id)
    taking_over.silence(session, contact=contact, now=now, joins=False)  # its holder had asked the assistant back
    entries = triage.list_entries(session, contact_id=contact_id, lock=True)
    entry = next((each for each in entries if each.force_id == to_force_id), None)
    if entry is not None and entry.state != EntryState.HELD:
        entry.state = EntryState.WAITING.value
        contact.state, contact.holder_id = ContactState.WAITING.value, None
    elif entry is not None and entry.holder_id != actor.agent_id:
        # The hold was the sender's, mirrored here: it ends with the sender's entry.
        entry.state = EntryState.WAITING.value
        entry.holder_id = entry.lease_kind = entry.lease_ends_at = None
        contact.state, contact.holder_id = ContactState.WAITING.value, None
    session.flush()
    _tell_both(session, Event.TRANSFER_ACCEPTED, transfer, contact_id, now)


def refuse(session: Session, *, contact_id: UUID, actor: Actor, to_force_id: str, why: str, now: dt.datetime) -> None:
    """Leave the contact with its sender; the force that refuses sees it no more. `why` is a code.

    Raises NotFound, Forbidden, TransferRefused.
    """
    transfer = _open_transfer(session, contact_id, actor, to_force_id)
    _tell_both(session, Event.TRANSFER_REFUSED, transfer, contact_id, now, reason=why)
    audit.write_now(session)
    if triage.refuse(session, contact_id=contact_id, to_force_id=to_force_id) is None:
        raise TransferRefused(to_force_id=to_force_id, reason="unknown_force")


def _open_transfer(session: Session, contact_id: UUID, actor: Actor, to_force_id: str) -> tuple[UUID, str, str]:
    contacts.lock(session, contact_id=contact_id)
    if not may(actor, Permission.WORK_CONTACTS, to_force_id):
        raise Forbidden(permission=Permission.WORK_CONTACTS.value, force_id=to_force_id)
    transfer = triage.find_open_transfer(session, contact_id=contact_id, to_force_id=to_force_id)
    if transfer is None:
        raise NotFound(kind="transfer", key=str(contact_id))
    return transfer.id, transfer.from_force_id, transfer.to_force_id


def _tell_both(
    session: Session, name: Event, transfer: tuple[UUID, str, str], contact_id: UUID, now: dt.datetime, **more: str
) -> None:
    transfer_id, sender, receiver = transfer
    for force_id in (sender, receiver):
        audit.record(
            session,
            name,
            force_id=force_id,
            contact_id=contact_id,
            at=now,
            transfer_id=transfer_id,
            from_force_id=sender,
            to_force_id=receiver,
            **dict[str, Any](more),
        )
