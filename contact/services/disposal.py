"""Holding a contact from disposal, and disposing of it: a person decides, the worker erases (practice 16)."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import reference as references
from contact.domain.access import Permission, may
from contact.domain.clocks import LONDON
from contact.domain.errors import Forbidden, MoveNotAllowed, NotFound
from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.domain.retention import may_dispose
from contact.domain.states import ContactState
from contact.services import destroyed_keys
from contact.store import agents, audit, contacts, disposal, outbox, text_numbers
from contact.store.contacts import Contact

_MOVE = "dispose"


class HoldReason(StrEnum):
    """Why a contact must be kept although its review is due."""

    COURT = "court"
    COMPLAINT = "complaint"
    INQUIRY = "inquiry"
    UNSOLVED = "unsolved"


class DisposalReason(StrEnum):
    """Why a contact may go: its review is due, or the person's right to erasure was granted before."""

    RETENTION_OVER = "retention_over"
    ERASURE_GRANTED = "erasure_granted"


def find(session: Session, *, reference: str) -> UUID:
    """The contact of a reference, however it was typed. Raises MalformedReference, NotFound."""
    plain = references.parse(reference)
    found = disposal.find_by_reference(session, reference=plain)
    if found is None:
        raise NotFound(kind="contact")
    return found.id


def decider(session: Session, *, email: str) -> UUID:
    """The agent with that address. Raises NotFound."""
    agent = agents.find_by_email(session, email=email)
    if agent is None or agent.disabled_at is not None:
        raise NotFound(kind="agent")
    return agent.id


def hold(session: Session, *, contact_id: UUID, reason: HoldReason | None, now: dt.datetime) -> None:
    """Hold a contact from disposal, or end the hold with None; takes back a disposal that is not carried out yet."""
    contact = contacts.lock(session, contact_id=contact_id)
    was = contact.hold_reason
    contact.hold_reason = reason.value if reason else None
    if reason is not None:
        contact.disposed_at = None
    session.flush()
    audit.record(
        session,
        Event.HELD_FROM_DISPOSAL,
        force_id=contact.force_id,
        contact_id=contact_id,
        at=now,
        held=reason is not None,
        reason=reason or was,
    )


def dispose(
    session: Session, *, contact_id: UUID, reason: DisposalReason, decided_by_id: UUID, now: dt.datetime
) -> None:
    """Decide that a contact goes: closed to its reporter at once, erased by the worker.

    Raises NotFound, Forbidden unless the decider supervises or administers the contact's force, MoveNotAllowed for one
    that is open, held, or not due yet.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    decider = agents.actor_for(session, agent_id=decided_by_id, now=now)
    if not any(may(decider, each, contact.force_id) for each in (Permission.SUPERVISE, Permission.ADMINISTER_FORCE)):
        raise Forbidden(permission=Permission.SUPERVISE.value, force_id=contact.force_id)
    _must_be_free(contact, reason, now)
    contact.disposed_at = now
    session.flush()
    outbox.defer(
        session, JobName.ERASE_CONTACT, contact_id=contact_id, reason=reason.value, decided_by_id=decided_by_id
    )


def erase(
    session: Session, *, contact_id: UUID, reason: DisposalReason, decided_by_id: UUID, home: Path, now: dt.datetime
) -> int:
    """Destroy a contact's key and rows, once listed outside the database; answers how many rows went.

    0, and nothing erased, where it is gone already or the decision was taken back: by a hold, or by somebody who opened
    it again meanwhile. Its events stay, and the chain with them. For the worker.
    """
    contact = contacts.find_locked(session, contact_id=contact_id)
    if contact is None or contact.disposed_at is None:
        return 0
    if contact.state != ContactState.CLOSED:
        contact.disposed_at = None
        return 0
    force_ids, group = sorted({contact.force_id, *contact.force_ids}), contact.retention_group
    destroyed_keys.note(contact_id, home=home, at=now)
    reporter = contacts.find_reporter(session, contact_id=contact_id)
    if reporter is not None and reporter.phone_e164:
        text_numbers.forget_opt_outs(session, force_ids=force_ids, number=reporter.phone_e164, but=contact_id)
    rows = disposal.delete(session, contact_id=contact_id)
    outbox.defer(session, JobName.FORGET_TRACKER, contact_id=contact_id)
    for force_id in force_ids:
        audit.record(
            session,
            Event.ERASED,
            force_id=force_id,
            contact_id=contact_id,
            at=now,
            reason=reason,
            retention_group=group,
            decided_by_id=decided_by_id,
            rows=rows,
        )
    return rows


def _must_be_free(contact: Contact, reason: DisposalReason, now: dt.datetime) -> None:
    if contact.disposed_at is not None:
        raise MoveNotAllowed(state="disposed", move=_MOVE)
    if contact.hold_reason:
        raise MoveNotAllowed(state="held_from_disposal", move=_MOVE)
    is_open = contact.state != ContactState.CLOSED
    if is_open:
        raise MoveNotAllowed(state=contact.state, move=_MOVE)
    today = now.astimezone(LONDON).date()
    due = contact.review_due if reason is DisposalReason.RETENTION_OVER else today
    if not may_dispose(review_due=due, today=today, hold_reason=contact.hold_reason, is_open=is_open):
        raise MoveNotAllowed(state="review_not_due", move=_MOVE)
