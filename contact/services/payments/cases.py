"""Cases: money that does not fit is never passed over; a case with an alarm stands until a named person settles it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor, Permission, may
from contact.domain.alarms import AlarmKind
from contact.domain.errors import Forbidden, MoveNotAllowed, ReasonNeeded
from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.domain.payments import ExceptionKind, PaymentState
from contact.services import alarms
from contact.services.payments import second_page, unasked
from contact.store import audit, contacts, outbox, payment_cases, payments
from contact.store.applications import Application
from contact.store.payment_cases import PaymentException
from contact.store.payments import Payment


class Done(StrEnum):
    """What a person did about a case."""

    EXPLAINED = "explained"  # the books were right after all
    PAID_BACK = "paid_back"
    CORRECTED_AT_PROVIDER = "corrected_at_provider"
    WRITTEN_OFF = "written_off"
    ACCEPTED = "accepted"  # these three by a verdict alone
    SENT_BACK = "sent_back"
    ATTACHED = "attached"


_BY_HAND = (Done.EXPLAINED, Done.PAID_BACK, Done.CORRECTED_AT_PROVIDER, Done.WRITTEN_OFF)
_PLACING = {
    Done.PAID_BACK: unasked.place_as_refund,
    Done.CORRECTED_AT_PROVIDER: unasked.put_back,
    Done.WRITTEN_OFF: unasked.write_off,
}
_WAYS_OUT = {
    ExceptionKind.OTHER_WAY_BACK: (Done.PAID_BACK, Done.EXPLAINED),
    ExceptionKind.REFUND_UNKNOWN: tuple(_PLACING),
}


def ways_out(case: PaymentException) -> tuple[Done, ...]:
    """What may be said of a case.

    A fee that came another way is paid back, with a reference, or never was. Money that left without our asking was
    the payer's, came back, or is lost, and money of a second page goes back: neither stays between the accounts.
    """
    if second_page.is_about(case):
        return (Done.PAID_BACK, Done.CORRECTED_AT_PROVIDER)
    return _WAYS_OUT.get(ExceptionKind(case.kind), _BY_HAND)


def open_case(
    session: Session,
    kind: ExceptionKind,
    *,
    subject: str,
    payment: Payment | None,
    pence: int | None,
    now: dt.datetime,
    application: Application | None = None,
) -> bool:
    """Open a case and raise the alarm; False where this very case was opened before.

    `application`: what it is about where there is no payment of ours.
    """
    about = payment or application
    force_id = about.force_id if about else None
    reference = contacts.get(session, contact_id=application.contact_id).reference if application else None
    payment_id = payment.id if payment else None
    opened = payment_cases.open_case(
        session, kind=kind.value, subject=subject, force_id=force_id, payment_id=payment_id, pence=pence, now=now,
        contact_id=application.contact_id if application else None, reference=reference,
    )  # fmt: skip
    if opened is None:
        return False
    contact_id = about.contact_id if about else None
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


def settle(
    session: Session,
    *,
    case_id: UUID,
    done: Done,
    actor: Actor,
    now: dt.datetime,
    reference: str = "",
    note: str = "",
) -> None:
    """A named person of the force's finance says what was done. `reference`: of the transfer that paid it back.

    Raises NotFound, Forbidden, MoveNotAllowed (settled already; a payment that waits for a verdict; no such way out),
    ReasonNeeded (`reference`) where money went back by hand.
    """
    case = payment_cases.lock_case(session, case_id=case_id)
    if not may(actor, Permission.FINANCE, case.force_id):
        raise Forbidden(permission=Permission.FINANCE.value, force_id=case.force_id)
    kind = ExceptionKind(case.kind)
    if case.settled_at is not None or done not in ways_out(case) or waits_for_verdict(session, case):
        raise MoveNotAllowed(state="settled" if case.settled_at else case.kind, move="settle")
    told = " ".join(reference.split())[:100]
    by_hand = kind is ExceptionKind.OTHER_WAY_BACK or second_page.is_about(case)
    if by_hand and done is Done.PAID_BACK and not told:
        raise ReasonNeeded(what="reference")
    _move_money(session, case, done, now)
    close(session, case, done=done, note=note.strip()[:2000], reference=told, actor=actor, now=now)


def _move_money(session: Session, case: PaymentException, done: Done, now: dt.datetime) -> None:
    """What was done, in the books; what it means for the application follows in a job, since finance sees none."""
    if case.kind == ExceptionKind.OTHER_WAY_BACK and done is Done.PAID_BACK:
        outbox.defer(session, JobName.FEE_WENT_BACK, case_id=case.id)
    if case.payment_id is None:
        return
    if case.kind == ExceptionKind.REFUND_UNKNOWN:
        payment = payments.lock(session, payment_id=case.payment_id)
        _PLACING[done](session, payment, case, now=now)
        outbox.defer(session, JobName.FOLLOW_MONEY, payment_id=payment.id)
    elif second_page.is_about(case):
        second_page.sent_back(session, payments.lock(session, payment_id=case.payment_id), case, now=now)


def waits_for_verdict(session: Session, case: PaymentException) -> bool:
    """Whether the money of the case is still to be accepted, sent back or attached: that settles it."""
    if case.kind != ExceptionKind.AMOUNT_DIFFERS or case.payment_id is None:
        return False
    return payments.get(session, payment_id=case.payment_id).state == PaymentState.QUERIED


def close(
    session: Session,
    case: PaymentException,
    *,
    done: Done,
    note: str,
    reference: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Write down how a locked case ended."""
    case.settled_at, case.settled_by_id, case.what_was_done = now, actor.agent_id, done.value
    case.note, case.settled_reference = note or None, reference or None
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
