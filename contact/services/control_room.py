"""Taking contacts and keeping them: one winner for each claim, leases that end with their holder's signs of life."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import queueing
from contact.domain.access import Actor, ActorKind, Permission
from contact.domain.clocks import is_late
from contact.domain.errors import (
    AtCapacity,
    ContactAlreadyTaken,
    Forbidden,
    LeaseLost,
    MoveNotAllowed,
    NotFound,
    NothingWaiting,
    NotYours,
)
from contact.domain.events import Event
from contact.domain.queueing import Band, LeaseKind
from contact.domain.states import ContactState, EntryMove, EntryState, next_entry_state
from contact.domain.taxonomy import Grade
from contact.services import holding, taking_over
from contact.services.letting_go import close, release, reopen, snooze, wake, wake_due
from contact.store import audit, contacts, leases, queue, triage
from contact.store.contacts import Contact
from contact.store.queue import Bands, Claimed, QueueEntry, Row, View

__all__ = ["close", "release", "reopen", "snooze", "wake", "wake_due"]

_TRIES = 8


def claim_next(session: Session, *, agent: Actor, kind: LeaseKind, now: dt.datetime) -> Claimed:
    """Take the first waiting contact of the agent's forces: emergencies, then by due time (engineering 4).

    A page without JavaScript is given the first that is no emergency; an agent at capacity only emergencies.
    Raises NothingWaiting, AtCapacity.
    """
    agent_id, forces = _agent_id(agent), agent.forces_with(Permission.WORK_CONTACTS)
    holds = queue.lock_holding(session, agent_id=agent_id, now=now)
    if holds.expired:
        end_expired_leases(session, now=now, limit=20)
    full = holds.held >= queueing.CAPACITY
    claimed = None
    for attempt in range(_TRIES):
        bands = _bands(kind, full=full)
        if bands is None:
            break
        claimed = queue.claim_first(
            session,
            force_ids=forces,
            agent_id=agent_id,
            bands=bands,
            candidates=queue.CANDIDATES[min(attempt, len(queue.CANDIDATES) - 1)],
            lease_kind=kind.value,
            emergency_until=now + queueing.EMERGENCY_LEASE,
            until=now + (queueing.LIVE_LEASE if kind is LeaseKind.LIVE else queueing.PAGE_LEASE),
        )
        if claimed or not queue.is_any_waiting(session, force_ids=forces, bands=bands):
            break
    if claimed is None:
        raise AtCapacity(held=holds.held, limit=queueing.CAPACITY) if full else NothingWaiting()
    _take(session, claimed, how="next", now=now)
    return claimed


def claim(
    session: Session, *, agent: Actor, contact_id: UUID, kind: LeaseKind, now: dt.datetime, how: str = "chosen"
) -> Claimed:
    """Take this very contact. One's own is kept, a foreign one refused by name (scenario 8).

    Raises NotFound, ContactAlreadyTaken, AtCapacity, EmergencyNeedsLivePage, MoveNotAllowed (it is closed).
    """
    agent_id = _agent_id(agent)
    holds = queue.lock_holding(session, agent_id=agent_id, now=now)
    contact = contacts.lock(session, contact_id=contact_id)
    entries = queue.list_entries(session, contact_id=contact_id, lock=True)
    _end_if_expired(session, contact, entries, now=now)
    entry, offered = _entry_to_claim(session, agent, contact, entries)
    if contact.holder_id not in (None, agent_id) and not offered:
        raise _taken(session, contact, entries)
    mine_already = entry.holder_id == agent_id
    if not mine_already:
        next_entry_state(EntryState(entry.state), EntryMove.CLAIM)
        if holds.held >= queueing.CAPACITY and entry.band != Band.EMERGENCY:
            raise AtCapacity(held=holds.held, limit=queueing.CAPACITY)
    ends_at = now + queueing.lease(Grade(contact.grade), kind, contact_id=contact_id)
    taking_over.silence(session, contact=contact, now=now)
    entry.state, entry.holder_id, entry.snoozed_until = EntryState.HELD.value, agent_id, None
    entry.lease_kind, entry.lease_ends_at = kind.value, ends_at
    contact.state, contact.holder_id = ContactState.WITH_AGENT.value, agent_id
    claimed = Claimed(
        entry_id=entry.id,
        contact_id=contact_id,
        force_id=entry.force_id,
        force_ids=list(contact.force_ids),
        reference=entry.reference,
        category=entry.category,
        grade=entry.grade,
        lease_kind=kind.value,
        lease_ends_at=ends_at,
    )
    session.flush()
    if mine_already:
        queue.mirror_hold(session, contact_id=contact_id, entry_id=entry.id)
    else:
        _take(session, claimed, how=how, now=now)
    return claimed


def renew(session: Session, *, agent: Actor, contact_id: UUID, now: dt.datetime) -> dt.datetime:
    """A sign of life from the holder's open page: the lease runs anew; answers its end.

    The first one says that the contact was opened (practice 2). Raises NotFound, LeaseLost naming who has it now.
    """
    agent_id = _agent_id(agent)
    try:
        held = holding.lock_held(session, contact_id=contact_id, agent_id=agent_id, now=now)
    except NotYours as lost:
        raise LeaseLost(contact_id=contact_id, holder_id=lost.holder_id, holder_name=lost.holder_name) from None
    ends_at = now + queueing.lease(Grade(held.contact.grade), LeaseKind.LIVE, contact_id=contact_id)
    for entry in held.entries:
        if entry.holder_id == agent_id:
            entry.lease_kind, entry.lease_ends_at = LeaseKind.LIVE.value, ends_at
    _note_look(session, held, now=now)
    if len(held.contact.force_ids) > 1:
        queue.mirror_hold(session, contact_id=contact_id, entry_id=held.entry.id)
    return ends_at


def keep(session: Session, *, agent: Actor, contact_id: UUID, kind: LeaseKind, now: dt.datetime) -> Claimed:
    """`Keep this contact`: a page lease runs anew, and a lost one is taken back if nobody else has (engineering 10).

    Raises NotFound, LeaseLost naming who has it now, AtCapacity, EmergencyNeedsLivePage.
    """
    before = contacts.lock(session, contact_id=contact_id).holder_id
    try:
        claimed = claim(session, agent=agent, contact_id=contact_id, kind=kind, now=now, how="kept")
    except ContactAlreadyTaken as taken:
        raise LeaseLost(contact_id=contact_id, holder_id=taken.holder_id, holder_name=taken.holder_name) from None
    audit.record(
        session,
        Event.KEPT,
        force_id=claimed.force_id,
        contact_id=contact_id,
        at=now,
        entry_id=claimed.entry_id,
        lease_ends_at=claimed.lease_ends_at,
        taken_back=before != agent.agent_id,
    )
    return claimed


def end_expired_leases(session: Session, *, now: dt.datetime, limit: int = 100) -> int:
    """Put contacts back whose holder has gone silent, each at its own place; answers how many (scenario 9)."""
    ended = 0
    for contact_id in leases.list_expired(session, now=now, limit=limit):
        contact = leases.lock_if_free(session, contact_id=contact_id)
        if contact is not None:
            entries = queue.list_entries(session, contact_id=contact_id, lock=True)
            ended += _end_if_expired(session, contact, entries, now=now)
    return ended


def end_lease_of(session: Session, *, contact_id: UUID, now: dt.datetime) -> bool:
    """End this contact's lease if it has run out; True when it had. Raises NotFound."""
    contact = contacts.lock(session, contact_id=contact_id)
    entries = queue.list_entries(session, contact_id=contact_id, lock=True)
    return _end_if_expired(session, contact, entries, now=now)


def find_offer(session: Session, *, agent: Actor) -> Row | None:
    """The contact an agent with room for one more should take next: the first of the queue (scenario 11)."""
    forces = agent.forces_with(Permission.WORK_CONTACTS)
    rows = queue.page(session, view=View.WAITING, force_ids=forces).rows
    return rows[0] if rows else None


def _agent_id(agent: Actor) -> UUID:
    if agent.kind is not ActorKind.AGENT or agent.agent_id is None:
        raise Forbidden(permission=Permission.WORK_CONTACTS.value)
    return agent.agent_id


def _bands(kind: LeaseKind, *, full: bool) -> Bands | None:
    """What this agent may take now: a page cannot hold an emergency, and full hands take nothing else."""
    if kind is LeaseKind.PAGE:
        return None if full else Bands.OTHERS
    return Bands.EMERGENCIES if full else Bands.ALL


def _entry_to_claim(
    session: Session, agent: Actor, contact: Contact, entries: list[QueueEntry]
) -> tuple[QueueEntry, bool]:
    """The entry to claim: one's own, one offered to us, the owner's; and whether a transfer offers it."""
    forces = set(agent.forces_with(Permission.WORK_CONTACTS))
    open_ones = [entry for entry in entries if entry.force_id in forces and entry.state != EntryState.CLOSED.value]
    if not open_ones:
        if not any(entry.force_id in forces for entry in entries):
            raise NotFound(kind="contact", key=str(contact.id))
        raise MoveNotAllowed(state=contact.state, move=EntryMove.CLAIM.value)
    transfers = triage.list_transfers(session, contact_id=contact.id) if len(contact.force_ids) > 1 else []
    offered = {each.to_force_id for each in transfers if each.accepted_at is None}
    open_ones.sort(
        key=lambda entry: (
            entry.holder_id != agent.agent_id or agent.agent_id is None,
            entry.force_id not in offered,
            entry.force_id != contact.force_id,
        )
    )
    return open_ones[0], open_ones[0].force_id in offered


def _taken(session: Session, contact: Contact, entries: list[QueueEntry]) -> ContactAlreadyTaken:
    holder_id = contact.holder_id or UUID(int=0)
    return ContactAlreadyTaken(
        contact_id=contact.id,
        holder_id=holder_id,
        holder_name=queue.holder_name(session, agent_id=holder_id),
        force_id=next((entry.force_id for entry in entries if entry.holder_id == holder_id), None),
    )


def _take(session: Session, claimed: Claimed, *, how: str, now: dt.datetime) -> None:
    """Settle an open transfer, tell the contact's other forces, and write it all down."""
    told = [claimed.force_id]
    if len(claimed.force_ids) > 1:
        _accept_transfer(session, claimed, now=now)
        told += queue.mirror_hold(session, contact_id=claimed.contact_id, entry_id=claimed.entry_id)
    for force_id in told:
        audit.record(
            session,
            Event.CLAIMED,
            force_id=force_id,
            contact_id=claimed.contact_id,
            at=now,
            entry_id=claimed.entry_id,
            how=how,
            lease_kind=claimed.lease_kind,
            lease_ends_at=claimed.lease_ends_at,
            category=claimed.category,
            grade=claimed.grade,
        )


def _accept_transfer(session: Session, claimed: Claimed, *, now: dt.datetime) -> None:
    offer = triage.find_open_transfer(session, contact_id=claimed.contact_id, to_force_id=claimed.force_id)
    if offer is None:
        return
    transfer_id = offer.id
    sender = triage.accept(session, contact_id=claimed.contact_id, to_force_id=claimed.force_id, now=now)
    for force_id in (sender, claimed.force_id):
        audit.record(
            session,
            Event.TRANSFER_ACCEPTED,
            force_id=force_id,
            contact_id=claimed.contact_id,
            at=now,
            transfer_id=transfer_id,
            from_force_id=sender,
            to_force_id=claimed.force_id,
        )


def _note_look(session: Session, held: holding.Held, *, now: dt.datetime) -> None:
    """Somebody has it open before them. Its place in the queue stays until a person lets it go (scenario 9)."""
    if held.entry.looked_at is not None:
        return
    audit.record(
        session,
        Event.LOOKED,
        force_id=held.entry.force_id,
        contact_id=held.contact.id,
        at=now,
        entry_id=held.entry.id,
        late=is_late(held.entry.look_by, now=now),
    )
    for entry in held.entries:
        entry.looked_at = entry.looked_at or now


def _end_if_expired(session: Session, contact: Contact, entries: list[QueueEntry], *, now: dt.datetime) -> bool:
    """Return a contact to its place when its lease has run out. Caller holds the contact's row lock."""
    ended = [entry for entry in entries if entry.state == EntryState.HELD.value]
    if not ended or any(entry.lease_ends_at is not None and entry.lease_ends_at > now for entry in ended):
        return False
    for entry in ended:
        audit.record(
            session,
            Event.LEASE_ENDED,
            force_id=entry.force_id,
            contact_id=contact.id,
            at=now,
            entry_id=entry.id,
            holder_id=entry.holder_id,
            lease_kind=entry.lease_kind,
            lease_ended_at=entry.lease_ends_at,
            grade=entry.grade,
        )
        entry.state = next_entry_state(EntryState(entry.state), EntryMove.LEASE_ENDED).value
        entry.holder_id = entry.lease_kind = entry.lease_ends_at = None
        if entry.band == Band.EMERGENCY:
            entry.looked_at = None  # nobody has it open any more: the room is alarmed anew (practice 2)
    taking_over.silence(session, contact=contact, now=now, by="system", joins=False)
    contact.state, contact.holder_id = ContactState.WAITING.value, None
    queue.mirror_hold(session, contact_id=contact.id, entry_id=ended[0].id)
    return True
