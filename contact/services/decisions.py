"""What a person decides beside the machine's proposal, and how queue and clocks follow."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import queueing, retention
from contact.domain.errors import ReasonNeeded
from contact.domain.events import Event
from contact.domain.queueing import LeaseKind
from contact.domain.states import ContactState, EntryState
from contact.domain.taxonomy import SENSITIVE, Category, Flag, Grade, Response, in_order
from contact.services import force_clocks, holding
from contact.services.typed import typed_words
from contact.store import audit, triage
from contact.store.contacts import Contact
from contact.store.triage import QueueEntry

_MOMENT = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the decision form asks. `reason` may be empty only where nothing differs from what stood before."""

    category: Category
    grade: Grade
    response: Response | None
    flags: tuple[Flag, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a decision is compared with: the former decision, else the machine's proposal, else the contact itself."""

    category: str
    grade: str
    flags: frozenset[str]
    response: str | None
    proposed: tuple[str, str] | None


def decide(session: Session, *, contact_id: UUID, agent_id: UUID, choice: Choice, now: dt.datetime) -> triage.Decision:
    """Write the decision down and let the queue follow it: band, clocks, flags, for every force it stands with.

    Former decisions and the proposal stay as they were; breached clocks stay breached (scenario 25). Raises NotYours or
    LeaseLost for anyone but the holder, ReasonNeeded where it differs from what stood before.
    """
    held = holding.lock_held(session, contact_id=contact_id, agent_id=agent_id, now=now)
    contact = held.contact
    basis = _basis(session, contact)
    flags = [flag.value for flag in in_order(choice.flags)]
    twice = _pressed_twice(session, contact_id, agent_id, choice, flags, now)
    if twice is not None:
        return twice
    chosen = (choice.category.value, choice.grade.value, frozenset(flags))
    differs = chosen != (basis.category, basis.grade, basis.flags)
    changed_response = basis.response is not None and choice.response != basis.response
    if (differs or changed_response) and not choice.reason.strip():
        raise ReasonNeeded(what="decision")
    decision = _write_down(session, contact, agent_id, choice, flags, basis, now)
    was = Grade(contact.grade)
    _recategorise(contact, choice.category)
    contact.grade, contact.flags = choice.grade.value, flags
    began = holding.clocks_began_at(session, contact=contact)
    for entry in held.entries:
        if entry.state != EntryState.CLOSED:
            _follow(session, contact, entry, was=was, began=began, now=now)
    triage.mirror(session, contact_id=contact_id, entry_id=held.entry.id)
    return decision


def _write_down(
    session: Session,
    contact: Contact,
    agent_id: UUID,
    choice: Choice,
    flags: list[str],
    basis: _Basis,
    now: dt.datetime,
) -> triage.Decision:
    """The decision's row, and an event for each force whose queue shows the grade."""
    reason = choice.reason.strip()
    decision = triage.add_decision(
        session,
        contact_id=contact.id,
        agent_id=agent_id,
        category=choice.category.value,
        grade=choice.grade.value,
        response=choice.response.value if choice.response else None,
        flags=flags,
        reason=typed_words(reason, "decision") if reason else "",
        now=now,
    )
    for force_id in contact.force_ids:
        audit.record(
            session,
            Event.DECIDED,
            force_id=force_id,
            contact_id=contact.id,
            at=now,
            decision_id=decision.id,
            response=choice.response,
            agrees=basis.proposed == (choice.category.value, choice.grade.value),
            regraded=choice.grade.value != contact.grade,
            category=choice.category,
            grade=choice.grade,
        )
    return decision


def _pressed_twice(
    session: Session, contact_id: UUID, agent_id: UUID, choice: Choice, flags: list[str], now: dt.datetime
) -> triage.Decision | None:
    """The same decision by the same person a moment ago: a double click adds nothing to the series."""
    last = next(iter(reversed(triage.list_decisions(session, contact_id=contact_id))), None)
    if last is None or last.agent_id != agent_id or now - last.at > _MOMENT:
        return None
    was = (last.category, last.grade, last.response, last.flags, last.reason)
    response = choice.response.value if choice.response else None
    return last if was == (choice.category.value, choice.grade.value, response, flags, choice.reason.strip()) else None


def _basis(session: Session, contact: Contact) -> _Basis:
    decisions = triage.list_decisions(session, contact_id=contact.id)
    proposals = triage.list_proposals(session, contact_id=contact.id)
    proposed = (proposals[-1].category, proposals[-1].grade) if proposals else None
    if decisions:
        last = decisions[-1]
        # A message may have raised the contact since: what stands now is what a new decision is compared with.
        return _Basis(last.category, contact.grade, frozenset(contact.flags), last.response, proposed)
    return _Basis(contact.category, contact.grade, frozenset(contact.flags), None, proposed)


def _recategorise(contact: Contact, category: Category) -> None:
    """How long it is kept follows what it is (practice 16); what has become sensitive is treated so from here on.

    A decision never ends that: who was once told so is not to be found by whoever holds the phone (practice 4).
    """
    if contact.category != category.value:
        kept = retention.assign(category, received_at=contact.received_at)
        contact.retention_group, contact.review_due = kept.group, kept.review_due
    contact.category = category.value
    contact.sensitive = contact.sensitive or category in SENSITIVE


def _follow(
    session: Session, contact: Contact, entry: QueueEntry, *, was: Grade, began: dt.datetime, now: dt.datetime
) -> None:
    """Bring one force's entry in line with the decision."""
    grade = Grade(contact.grade)
    entry.category, entry.grade, entry.flags = contact.category, contact.grade, list(contact.flags)
    entry.band = int(queueing.band(grade))
    if grade is was:
        return
    raised = grade.urgency > was.urgency
    due = force_clocks.due(session, force_id=entry.force_id, grade=grade, started_at=now if raised else began)
    entry.look_by = moved_clock(entry.look_by, due.look_by, done_at=entry.looked_at, raised=raised, now=now)
    entry.answer_by = moved_clock(entry.answer_by, due.answer_by, done_at=entry.answered_at, raised=raised, now=now)
    force_clocks.set_due(session, entry, policy=due.policy_id, reasons=["raised" if raised else "lowered"], now=now)
    if grade is Grade.EMERGENCY and entry.state == EntryState.HELD:
        _hold_emergency(contact, entry, now=now)


def moved_clock(
    stands: dt.datetime, anew: dt.datetime, *, done_at: dt.datetime | None, raised: bool, now: dt.datetime
) -> dt.datetime:
    """Where a clock stands after a new grade: one that was met or breached stays as it is (scenario 25).

    A graver grade counts from now and can only bring the clock forward; a lighter one counts from the beginning.
    """
    if done_at is not None or stands <= now:
        return stands
    return min(stands, anew) if raised else anew


def _hold_emergency(contact: Contact, entry: QueueEntry, *, now: dt.datetime) -> None:
    """An emergency is held by a live page; from a page without JavaScript it goes to the top of the queue."""
    if entry.lease_kind == LeaseKind.PAGE:
        entry.state = EntryState.WAITING.value
        entry.holder_id = entry.lease_kind = entry.lease_ends_at = None
        contact.state, contact.holder_id = ContactState.WAITING.value, None
        return
    ends = now + queueing.EMERGENCY_LEASE
    entry.lease_ends_at = min(entry.lease_ends_at or ends, ends)
