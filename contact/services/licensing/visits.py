"""The home visit from the offer to the report: the applicant chooses, an officer goes, and what was found is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.errors import MoveNotAllowed, NotFound, ReasonNeeded
from contact.domain.licensing.application_states import ApplicationEvent, ApplicationState
from contact.domain.licensing.telling import ToldBy
from contact.domain.licensing.visits import (
    NOTICE,
    REMIND_BEFORE,
    Found,
    LookedAt,
    Slot,
    SlotsNotPossible,
    VisitEvent,
    VisitState,
    missing_from,
    next_visit,
    slots_to_offer,
)
from contact.services.licensing import writing
from contact.services.licensing.applications import WAITS_FOR_APPLICANT, move, note_visit
from contact.store import applications, contacts, licensing_work
from contact.store.licensing_work import Visit

_LONGEST_NOTES = 10_000
_MAY_OFFER = frozenset({ApplicationState.CHECKS, ApplicationState.VISITED, ApplicationState.VISIT_BOOKED})


def offer(
    session: Session,
    *,
    contact_id: UUID,
    agent_id: UUID,
    slots: Sequence[Slot],
    words: str,
    now: dt.datetime,
    told: ToldBy | None = None,
    agreed: bool = False,
) -> Visit:
    """Offer times; the applicant is told in the thread, by the safe way alone. What was offered before ends.

    `agreed`: the one time was agreed with the applicant already, and is booked at once.

    Raises NotFound, MoveNotAllowed (no visit belongs to this state), SlotsNotPossible, UnsafeToReply, ReasonNeeded.
    """
    offered = slots_to_offer(slots, now=now)
    if agreed and len(offered) > 1:
        raise SlotsNotPossible(reason="one_agreed")
    contacts.lock(session, contact_id=contact_id)
    application = applications.lock(session, contact_id=contact_id)
    state = ApplicationState(application.state)
    before = licensing_work.find_open_visit(session, contact_id=contact_id)
    if before is not None:
        _move(session, before, VisitEvent.CANCEL, now=now)
    if state is ApplicationState.VISIT_BOOKED:
        application = move(session, contact_id=contact_id, event=ApplicationEvent.CANCEL_VISIT, now=now)
    elif state not in _MAY_OFFER:
        move(session, contact_id=contact_id, event=ApplicationEvent.BOOK_VISIT, now=now)  # raises by the table
    writing.write(session, contact_id=contact_id, agent_id=agent_id, body=words, now=now, told=told)
    visit = licensing_work.add_visit(session, contact_id=contact_id, slots=offered, now=now)
    if agreed:
        note_visit(session, application, visit, now=now)
        return choose(session, contact_id=contact_id, starts_at=offered[0].starts_at, now=now)
    application.waiting_for, application.waiting_since = WAITS_FOR_APPLICANT, now
    session.flush()
    note_visit(session, application, visit, now=now)
    return visit


def choose(session: Session, *, contact_id: UUID, starts_at: dt.datetime, now: dt.datetime) -> Visit:
    """The applicant takes one of the times offered. The same again changes nothing.

    Raises NotFound (nothing is offered, or not that time, or it has gone by), MoveNotAllowed.
    """
    contacts.lock(session, contact_id=contact_id)
    visit = licensing_work.get_open_visit(session, contact_id=contact_id)
    if visit.state == VisitState.BOOKED and visit.starts_at == starts_at:
        return visit
    slot = next((each for each in slots_of(visit) if each.starts_at == starts_at and starts_at > now), None)
    if slot is None:
        raise NotFound(kind="slot", key=str(visit.id))
    visit.starts_at, visit.ends_at = slot.starts_at, slot.ends_at
    _move(session, visit, VisitEvent.CHOOSE, now=now)
    application = move(session, contact_id=contact_id, event=ApplicationEvent.BOOK_VISIT, now=now)
    application.waiting_for = application.waiting_since = None
    session.flush()
    note_visit(session, application, visit, now=now)
    return visit


def ask_for_others(session: Session, *, contact_id: UUID, now: dt.datetime) -> None:
    """None of the times suits: the application stands as unread until somebody offers others. Raises as `choose`."""
    contacts.lock(session, contact_id=contact_id)
    visit = licensing_work.get_open_visit(session, contact_id=contact_id)
    if visit.state == VisitState.NONE_SUITS:
        return
    _move(session, visit, VisitEvent.ASK_OTHERS, now=now)
    application = applications.lock(session, contact_id=contact_id)
    application.unread = True
    application.waiting_for = application.waiting_since = None
    session.flush()
    note_visit(session, application, visit, now=now)


def move_to(
    session: Session,
    *,
    contact_id: UUID,
    agent_id: UUID,
    slot: Slot,
    words: str,
    now: dt.datetime,
    told: ToldBy | None = None,
) -> None:
    """Move the visit that is booked to a time that was agreed with the applicant; they are reminded of the new one.

    Raises NotFound, MoveNotAllowed (none is booked), SlotsNotPossible, ReasonNeeded, UnsafeToReply.
    """
    (agreed,) = slots_to_offer([slot], now=now)
    contacts.lock(session, contact_id=contact_id)
    visit = licensing_work.get_open_visit(session, contact_id=contact_id)
    next_visit(VisitState(visit.state), VisitEvent.MOVE)
    writing.write(session, contact_id=contact_id, agent_id=agent_id, body=words, now=now, told=told)
    if agreed not in slots_of(visit):
        visit.slots = [each.as_json() for each in (*slots_of(visit), agreed)]
    _place(session, visit, agreed, now=now)
    note_visit(session, applications.lock(session, contact_id=contact_id), visit, now=now)


def move_to_another(session: Session, *, contact_id: UUID, starts_at: dt.datetime, now: dt.datetime) -> None:
    """The applicant takes another of the times offered; the team sees it as unread. The same again changes nothing.

    Raises NotFound (not a time of `others_of`), MoveNotAllowed (none is booked, or it has begun).
    """
    visit = _to_change(session, contact_id, VisitEvent.MOVE, now)
    if visit.starts_at == starts_at:
        return
    slot = next((each for each in others_of(visit, now=now) if each.starts_at == starts_at), None)
    if slot is None:
        raise NotFound(kind="slot", key=str(visit.id))
    _place(session, visit, slot, now=now)
    application = applications.lock(session, contact_id=contact_id)
    application.unread = True
    session.flush()
    note_visit(session, application, visit, now=now)


def call_off(session: Session, *, contact_id: UUID, now: dt.datetime) -> None:
    """The applicant calls the visit off: nobody comes, and the application waits, unread, for an officer.

    Raises NotFound, MoveNotAllowed (none is booked, or it has begun).
    """
    visit = _to_change(session, contact_id, VisitEvent.CANCEL, now)
    applications.lock(session, contact_id=contact_id).unread = True
    _move(session, visit, VisitEvent.CANCEL, now=now)
    application = move(session, contact_id=contact_id, event=ApplicationEvent.CANCEL_VISIT, now=now)
    note_visit(session, application, visit, now=now)


def others_of(visit: Visit, *, now: dt.datetime) -> tuple[Slot, ...]:
    """The times that were offered too and are still a day away or more, the earliest first."""
    return tuple(
        each for each in slots_of(visit) if each.starts_at != visit.starts_at and each.starts_at >= now + NOTICE
    )


def _to_change(session: Session, contact_id: UUID, event: VisitEvent, now: dt.datetime) -> Visit:
    """The visit that is booked and has not begun, its contact locked. Raises NotFound, MoveNotAllowed."""
    contacts.lock(session, contact_id=contact_id)
    visit = licensing_work.get_open_visit(session, contact_id=contact_id)
    if visit.state != VisitState.BOOKED or visit.starts_at is None or visit.starts_at <= now:
        raise MoveNotAllowed(state=visit.state, move=event.value)
    return visit


def _place(session: Session, visit: Visit, slot: Slot, *, now: dt.datetime) -> None:
    """Another time, of which nobody was reminded yet."""
    visit.starts_at, visit.ends_at, visit.reminded_at = slot.starts_at, slot.ends_at, None
    _move(session, visit, VisitEvent.MOVE, now=now)


def cancel(
    session: Session,
    *,
    contact_id: UUID,
    agent_id: UUID,
    words: str,
    now: dt.datetime,
    told: ToldBy | None = None,
) -> None:
    """Take back the offer or the appointment, and say so. Raises NotFound, ReasonNeeded, UnsafeToReply."""
    contacts.lock(session, contact_id=contact_id)
    visit = licensing_work.get_open_visit(session, contact_id=contact_id)
    writing.write(session, contact_id=contact_id, agent_id=agent_id, body=words, now=now, told=told)
    booked = visit.state == VisitState.BOOKED
    _move(session, visit, VisitEvent.CANCEL, now=now)
    if booked:
        application = move(session, contact_id=contact_id, event=ApplicationEvent.CANCEL_VISIT, now=now)
    else:
        application = applications.lock(session, contact_id=contact_id)
        application.waiting_for = application.waiting_since = None
    session.flush()
    note_visit(session, application, visit, now=now)


def keep_notes(
    session: Session,
    *,
    contact_id: UUID,
    agent_id: UUID,
    checklist: Mapping[str, str],
    notes: str,
    now: dt.datetime,
) -> None:
    """Keep what is noted of the visit so far, however little: a phone may lose it. Raises NotFound."""
    contacts.lock(session, contact_id=contact_id)
    visit = licensing_work.get_open_visit(session, contact_id=contact_id)
    known = {each.value for each in Found}
    said = {each.value: checklist[each.value] for each in LookedAt if checklist.get(each.value) in known}
    licensing_work.keep_visit_draft(
        session, visit=visit, agent_id=agent_id, checklist=said, notes=notes[:_LONGEST_NOTES], now=now
    )


def report(
    session: Session,
    *,
    contact_id: UUID,
    agent_id: UUID,
    checklist: Mapping[str, str],
    notes: str,
    now: dt.datetime,
) -> None:
    """What was found at the visit that is booked. Raises NotFound, MoveNotAllowed, ReasonNeeded.

    ReasonNeeded names `checklist` where a point says nothing, `notes` where one is not in order and no words say why.
    """
    contacts.lock(session, contact_id=contact_id)
    visit = licensing_work.get_open_visit(session, contact_id=contact_id)
    found = {each.value: checklist.get(each.value, "") for each in LookedAt}
    if missing_from(found):
        raise ReasonNeeded(what="checklist")
    if Found.NOT_IN_ORDER.value in found.values() and not notes.strip():
        raise ReasonNeeded(what="notes")
    _move(session, visit, VisitEvent.VISIT, now=now)
    licensing_work.add_report(
        session, visit=visit, agent_id=agent_id, checklist=found, notes=notes.strip()[:_LONGEST_NOTES], now=now
    )
    licensing_work.drop_visit_draft(session, visit_id=visit.id)
    application = move(session, contact_id=contact_id, event=ApplicationEvent.VISITED, now=now)
    note_visit(session, application, visit, now=now)


def missed(
    session: Session,
    *,
    contact_id: UUID,
    agent_id: UUID,
    words: str,
    now: dt.datetime,
    told: ToldBy | None = None,
) -> None:
    """Nobody was there: the application goes back to its checks, and other times may be offered.

    `words` go to the applicant by the safe way; empty sends nothing, for what happened is recorded all the same.
    Raises NotFound, MoveNotAllowed (not booked, or its time has not come), UnsafeToReply.
    """
    contacts.lock(session, contact_id=contact_id)
    visit = licensing_work.get_open_visit(session, contact_id=contact_id)
    if visit.starts_at is None or visit.starts_at > now:
        raise MoveNotAllowed(state=visit.state, move=VisitEvent.MISS.value)
    if words.strip():
        writing.write(session, contact_id=contact_id, agent_id=agent_id, body=words, now=now, told=told)
    _move(session, visit, VisitEvent.MISS, now=now)
    application = move(session, contact_id=contact_id, event=ApplicationEvent.CANCEL_VISIT, now=now)
    note_visit(session, application, visit, now=now)


_REMINDER = {
    "en": "A reminder: our visit is soon. The day and time stand on this page.",
    "cy": "Nodyn atgoffa: mae ein hymweliad yn fuan. Mae'r dydd a'r amser ar y dudalen hon.",
}


def remind_due(session: Session, *, now: dt.datetime, limit: int = 50) -> int:
    """Remind of visits that begin within two days, once each; answers how many.

    The words stand in the thread; a mail says that there is an answer, only where email was called safe (practice 13).
    """
    due = licensing_work.list_to_remind(session, before=now + REMIND_BEFORE, after=now, limit=limit)
    for visit in due:
        contact = contacts.lock(session, contact_id=visit.contact_id)
        session.refresh(visit)
        if visit.state != VisitState.BOOKED:  # called off while this was waiting for the lock
            continue
        visit.reminded_at = now
        words = _REMINDER.get(contact.language, _REMINDER["en"])
        if writing.may_write(contact):
            writing.say(session, contact, agent_id=None, body=words, now=now, once_key=_reminder_key(visit))
    session.flush()
    return len(due)


def _reminder_key(visit: Visit) -> str:
    """Once for a visit and its time: one that was moved is reminded of again."""
    return f"remind:{visit.id}:{visit.starts_at:%Y%m%dT%H%M}"


def slots_of(visit: Visit) -> tuple[Slot, ...]:
    """The times that were offered, the earliest first."""
    return tuple(Slot.from_json(each) for each in visit.slots)


def _move(session: Session, visit: Visit, event: VisitEvent, *, now: dt.datetime) -> None:
    visit.state, visit.changed_at = next_visit(VisitState(visit.state), event).value, now
    session.flush()
