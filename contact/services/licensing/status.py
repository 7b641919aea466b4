"""What an applicant may learn of their own application: a few plain words, what they are asked for, and their visit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.domain.events import Event
from contact.domain.licensing.application_states import OPEN_STATES, ApplicationState, PublicState, public_state
from contact.domain.licensing.kinds import Kind, Licence, PaymentStanding
from contact.domain.licensing.visits import Slot, VisitState
from contact.services import incoming
from contact.services.incoming import Received
from contact.services.licensing.applications import WAITS_FOR_APPLICANT
from contact.services.licensing.visits import others_of, slots_of
from contact.store import applications, audit, licensing_work
from contact.store.licensing_work import Visit


@dataclass(frozen=True, slots=True)
class VisitStatus:
    """A visit that is offered or booked, or was called off. `slots` still to choose from; `slot` once chosen.

    `others`: times it may be moved to. `sequence` rises with each change, for calendars. `may_change`: not begun.
    """

    state: VisitState
    slots: tuple[Slot, ...]
    slot: Slot | None
    visit_id: UUID
    others: tuple[Slot, ...] = ()
    sequence: int = 0
    may_change: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """One application for its applicant: never a check, a referee, a concern or an officer."""

    contact_id: UUID
    force_id: str
    kind: Kind
    licence: Licence
    public: PublicState
    declared_at: dt.datetime
    in_time: bool | None
    decided: str | None
    pays_now: bool
    paid: bool
    paid_back: bool
    visit: VisitStatus | None
    called_off: VisitStatus | None
    open: bool


def of_application(session: Session, *, contact_id: UUID, now: dt.datetime) -> Status:
    """The facts of a proven application. Raises NotFound."""
    application = applications.get(session, contact_id=contact_id)
    state = ApplicationState(application.state)
    visit = _visit(session, contact_id, now)
    choosing = visit is not None and visit.state is VisitState.OFFERED and bool(visit.slots)
    pays = application.payment == PaymentStanding.DUE
    asked = (pays or application.waiting_for == WAITS_FOR_APPLICANT) and state in OPEN_STATES
    return Status(
        contact_id=contact_id,
        force_id=application.force_id,
        kind=Kind(application.kind),
        licence=Licence(application.licence),
        public=PublicState.ACTION_NEEDED if choosing or asked else public_state(state),
        declared_at=application.declared_at,
        in_time=application.in_time,
        decided=None if state in OPEN_STATES else state.value,
        pays_now=pays,
        paid=application.payment in (PaymentStanding.PAID, PaymentStanding.OWED_BACK),
        paid_back=application.payment == PaymentStanding.REFUNDED,
        visit=visit,
        called_off=_called_off(session, contact_id, now),
        open=state in OPEN_STATES,
    )


def _visit(session: Session, contact_id: UUID, now: dt.datetime) -> VisitStatus | None:
    found = licensing_work.find_open_visit(session, contact_id=contact_id)
    return _told(found, now) if found is not None else None


def _called_off(session: Session, contact_id: UUID, now: dt.datetime) -> VisitStatus | None:
    """The last booked visit that was called off, until its time is over: somebody may stay at home for it."""
    every = licensing_work.list_visits(session, contact_id=contact_id)
    off = [each for each in every if each.state == VisitState.CANCELLED and each.ends_at and each.ends_at > now]
    return _told(off[-1], now) if off else None


def _told(found: Visit, now: dt.datetime) -> VisitStatus:
    chosen = Slot(found.starts_at, found.ends_at) if found.starts_at and found.ends_at else None
    left = tuple(each for each in slots_of(found) if each.starts_at > now)
    booked = found.state == VisitState.BOOKED and chosen is not None and chosen.starts_at > now
    return VisitStatus(
        VisitState(found.state), left, chosen, found.id,
        others=others_of(found, now=now) if booked else (),
        sequence=int((found.changed_at - found.offered_at).total_seconds()),
        may_change=booked,
    )  # fmt: skip


def visit_with_time(session: Session, *, contact_id: UUID, off: bool, now: dt.datetime) -> VisitStatus:
    """The visit that is booked, or the one that was called off, for a calendar. Raises NotFound."""
    found = _called_off(session, contact_id, now) if off else _visit(session, contact_id, now)
    if found is None or found.slot is None:
        raise NotFound(kind="visit", key=str(contact_id))
    return found


def ask_to_withdraw(
    session: Session, *, contact_id: UUID, words: str, reason: str, now: dt.datetime, once_key: str | None
) -> Received:
    """Pass on that the applicant wants to withdraw: a message for a person, which closes nothing (practice 5).

    `words` open the message, in the applicant's language. Raises NotFound, OnlineAccessStopped, ContactClosedTooLong.
    """
    application = applications.get(session, contact_id=contact_id)
    body = f"{words}\n\n{reason}".strip()
    received = incoming.receive(session, contact_id=contact_id, body=body, now=now, once_key=once_key)
    audit.record(
        session, Event.WITHDRAWAL_ASKED, force_id=application.force_id, contact_id=contact_id, at=now,
        message_id=received.message_id,
    )  # fmt: skip
    return received
