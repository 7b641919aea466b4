"""An application begins with the signed declaration and moves by its table; the applicant's words mark it unread."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.clocks import LONDON
from contact.domain.events import Event
from contact.domain.licensing.application_states import ApplicationEvent, ApplicationState, next_state
from contact.domain.licensing.kinds import CollectAt, Kind, Licence, Nation, PaymentStanding
from contact.domain.licensing.visits import VisitEvent, VisitState, next_visit
from contact.domain.states import ContactMove, ContactState
from contact.domain.states import next_state as next_contact_state
from contact.services.arrival import Arrival
from contact.services.licensing import linking, parents, referees
from contact.services.licensing.asked import Asked, asked
from contact.store import applications, audit, contacts, licensing_work
from contact.store import forces as known_forces
from contact.store.applications import Application
from contact.store.contacts import Contact
from contact.store.licensing_work import Visit
from contact.store.messages import Message

_VISITED_IN = frozenset({ApplicationState.CHECKS, ApplicationState.VISITED, ApplicationState.VISIT_BOOKED})
"""The states that a visit belongs to: outside them none is offered or booked."""
WAITS_FOR_APPLICANT = "applicant"
IN_TIME = dt.timedelta(weeks=8)
"""Declared at least this long before expiry, a renewal has the statutory extension (1968 Act s28B)."""


def begin(session: Session, arrival: Arrival, *, answers: Mapping[str, Any]) -> Application:
    """Write the application of a contact that arrived in this very transaction, for the citizen who sent it.

    The fee is not worked out here: payments do, when it is asked for. `in_time` is None where nothing expires.
    """
    wants = asked(str(arrival.form_id), answers)
    settings = applications.settings_of(session, force_id=arrival.force_id)
    nation = Nation(known_forces.get(session, force_id=arrival.force_id).nation)
    pays_first = CollectAt(settings.collect_at) is CollectAt.SUBMISSION and may_cost(wants.kind)
    application = Application(
        contact_id=arrival.contact_id,
        force_id=arrival.force_id,
        kind=wants.kind.value,
        licence=wants.licence.value,
        shotgun_kind=wants.shotgun_kind.value if wants.shotgun_kind else None,
        nation=nation.value,
        state=(ApplicationState.AWAITING_PAYMENT if pays_first else ApplicationState.SUBMITTED).value,
        state_since=arrival.now,
        declared_at=arrival.now,
        in_time=in_time(wants.expires, declared_at=arrival.now) if _extends(wants, nation) else None,
        group_size=wants.group_size,
        number_rises=wants.number_rises,
        certificate_number=wants.certificate_number,
        next_due=wants.expires,
        collect_at=settings.collect_at,
        payment=(PaymentStanding.DUE if pays_first else PaymentStanding.NOT_DUE).value,
        unread=True,
    )
    applications.add(session, application)
    audit.record(
        session,
        Event.APPLICATION_BEGUN,
        force_id=arrival.force_id,
        contact_id=arrival.contact_id,
        at=arrival.now,
        kind=wants.kind,
        licence=wants.licence,
        in_time=application.in_time,
    )
    _begin_outsiders(session, arrival, answers)
    return application


def _begin_outsiders(session: Session, arrival: Arrival, answers: Mapping[str, Any]) -> None:
    """Referees, and the parent of who is under 18, wait to be asked by links of their own."""
    applicant, safe = arrival.reporter or {}, str((arrival.safe_contact or {}).get("value") or "")
    referees.begin(
        session, contact_id=arrival.contact_id, answers=answers, applicant=applicant, language=arrival.language,
        now=arrival.now,
    )  # fmt: skip
    parents.begin(
        session, contact_id=arrival.contact_id, answers=answers, applicant=applicant, safe=safe,
        language=arrival.language, now=arrival.now,
    )  # fmt: skip


def _extends(wants: Asked, nation: Nation) -> bool:
    """Whether time matters at all: only a renewal of a certificate runs on, and only by Great Britain's law.

    Northern Ireland has firearms law of its own.
    """
    certificate = wants.licence in (Licence.FIREARM, Licence.SHOTGUN, Licence.COTERMINOUS)
    return certificate and Kind.RENEWAL in (wants.kind, wants.shotgun_kind) and nation is not Nation.NORTHERN_IRELAND


def may_cost(kind: Kind) -> bool:
    """Notices and changes of name or address cost nothing; whether the rest does is the fee table's to say."""
    return kind not in (Kind.CHANGE, Kind.TRANSFER_NOTICE, Kind.SURRENDER)


def in_time(expires: dt.date | None, *, declared_at: dt.datetime) -> bool | None:
    """Whether the declaration came eight weeks or more before expiry, by London's days; None where nothing expires."""
    if expires is None:
        return None
    return declared_at.astimezone(LONDON).date() <= expires - IN_TIME


def move(session: Session, *, contact_id: UUID, event: ApplicationEvent, now: dt.datetime) -> Application:
    """Move an application by its table, contact locked first; decided or withdrawn, its contact closes.

    A visit that is offered or booked ends where the application leaves the states that one belongs to: nobody is
    reminded of it, and nobody waits at home for it. The officer's reasons are the caller's to keep.

    Raises NotFound, MoveNotAllowed.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    application = applications.lock(session, contact_id=contact_id)
    was = ApplicationState(application.state)
    state = next_state(was, event)
    if state is not was:
        application.state, application.state_since = state.value, now
    if event in (ApplicationEvent.VALIDATE, ApplicationEvent.RETURN):  # an officer has looked
        linking.link_named(session, contact_id=contact_id, now=now)
        linking.judge(session, application=application)
    decided = state in (ApplicationState.GRANTED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN)
    if decided and contact.state != ContactState.CLOSED:
        contact.state = next_contact_state(ContactState(contact.state), ContactMove.CLOSE).value
        contact.closed_at, contact.closed_reason = now, f"application_{state.value}"
    session.flush()
    if was in _VISITED_IN and state not in _VISITED_IN:
        _end_visit(session, application, now=now)
    audit.record(
        session,
        Event.APPLICATION_MOVED,
        force_id=application.force_id,
        contact_id=contact_id,
        at=now,
        event=event,
        was=was,
        state=state,
    )
    return application


def _end_visit(session: Session, application: Application, *, now: dt.datetime) -> None:
    visit = licensing_work.find_open_visit(session, contact_id=application.contact_id)
    if visit is None:
        return
    visit.state, visit.changed_at = next_visit(VisitState(visit.state), VisitEvent.CANCEL).value, now
    if application.waiting_for == WAITS_FOR_APPLICANT:  # for the choice of a time
        application.waiting_for = application.waiting_since = None
    session.flush()
    note_visit(session, application, visit, now=now)


def note_visit(session: Session, application: Application, visit: Visit, *, now: dt.datetime) -> None:
    """Write down how a visit stands now."""
    audit.record(
        session,
        Event.VISIT_MOVED,
        force_id=application.force_id,
        contact_id=application.contact_id,
        at=now,
        visit_id=visit.id,
        state=visit.state,
        slots=len(visit.slots),
        starts_at=visit.starts_at,
    )


def heard_from(session: Session, *, contact: Contact, message: Message, reopened: bool, now: dt.datetime) -> None:
    """The applicant wrote: the team sees it as unread, in the log as any message. What was decided stays decided."""
    application = applications.lock(session, contact_id=contact.id)
    application.unread = True
    audit.record(
        session,
        Event.MESSAGE_RECEIVED,
        force_id=contact.force_id,
        contact_id=contact.id,
        at=now,
        message_id=message.id,
        channel=message.channel,
        reopened=reopened,
    )
