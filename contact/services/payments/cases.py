"""Cases: money that does not fit is never passed over; a case with an alarm stands until a named person settles it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor, Permission, may
from contact.domain.alarms import AlarmKind
from contact.domain.errors import Forbidden, MoveNotAllowed
from contact.domain.events import Event
from contact.domain.payments import ExceptionKind
from contact.services import alarms
from contact.store import audit, payment_cases
from contact.store.payments import Payment


class Done(StrEnum):
    """What a person did about a case."""

    EXPLAINED = "explained"  # the books were right after all
    PAID_BACK = "paid_back"
    CORRECTED_AT_PROVIDER = "corrected_at_provider"
    WRITTEN_OFF = "written_off"


def open_case(
    session: Session,
    kind: ExceptionKind,
    *,
    subject: str,
    payment: Payment | None,
    pence: int | None,
    now: dt.datetime,
) -> bool:
    """Open a case and raise the alarm; False where this very case was opened before."""
    force_id = payment.force_id if payment else None
    payment_id = payment.id if payment else None
    opened = payment_cases.open_case(
        session, kind=kind.value, subject=subject, force_id=force_id, payment_id=payment_id, pence=pence, now=now
    )
    if opened is None:
        return False
    contact_id = payment.contact_id if payment else None
    audit.record(
        session,
        Event.PAYMENT_CASE_OPENED,
        force_id=force_id,
        contact_id=contact_id,
        at=now,
        payment_id=payment_id,
        pence=pence,
        kind=kind,
    )
    alarms.raise_alarm(session, kind=AlarmKind.PAYMENT_UNEXPLAINED, force_id=force_id, contact_id=contact_id, now=now)
    return True


def settle(session: Session, *, case_id: UUID, done: Done, actor: Actor, now: dt.datetime) -> None:
    """A named person of the force's finance says what was done. Raises NotFound, Forbidden, MoveNotAllowed."""
    case = payment_cases.lock_case(session, case_id=case_id)
    if not may(actor, Permission.FINANCE, case.force_id):
        raise Forbidden(permission=Permission.FINANCE.value, force_id=case.force_id)
    if case.settled_at is not None:
        raise MoveNotAllowed(state="settled", move="settle")
    case.settled_at, case.settled_by_id, case.what_was_done = now, actor.agent_id, done.value
    session.flush()
    audit.record(
        session,
        Event.PAYMENT_CASE_SETTLED,
        force_id=case.force_id,
        at=now,
        payment_id=case.payment_id,
        pence=case.amount_pence,
        kind=case.kind,
        done=done,
    )
