"""The renewal clock at work on one certificate: its notices, extension and end, each felt once (practice 28)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor
from contact.domain.events import Event
from contact.domain.licensing import renewal_clock
from contact.domain.licensing.application_states import OPEN_STATES, ApplicationState
from contact.domain.licensing.certificate_states import CertificateEvent, CertificateState
from contact.domain.licensing.kinds import Licence, Nation
from contact.domain.licensing.letter_kinds import LetterKind
from contact.domain.licensing.renewal_clock import Action, NoticeKind, Standing
from contact.services.licensing import certificates as register
from contact.services.licensing import letters, linking
from contact.store import (
    application_certificates,
    applications,
    audit,
    certificate_clock,
    certificates,
    contacts,
    forces,
)
from contact.store.certificates import Certificate

LOOKS_AHEAD = renewal_clock.FIRST_NOTICE


def list_to_join(session: Session) -> list[UUID]:
    """Open applications that name a certificate, the oldest first."""
    return application_certificates.list_that_name_one(session)


def join(session: Session, *, contact_id: UUID, now: dt.datetime) -> None:
    """Before the clock strikes: an application is joined to each certificate that it names and its applicant holds.

    Raises NotFound.
    """
    contacts.lock(session, contact_id=contact_id)
    linking.link_named(session, contact_id=contact_id, now=now)


def judge(session: Session, *, contact_id: UUID) -> None:
    """After it struck: what expires next by the register, for an application that an officer has looked at."""
    contacts.lock(session, contact_id=contact_id)
    application = applications.lock(session, contact_id=contact_id)
    if ApplicationState(application.state) in OPEN_STATES - _UNSEEN:
        linking.judge(session, application=application)


def application_over(session: Session, *, contact_id: UUID, actor: Actor, now: dt.datetime) -> None:
    """After a refusal or a withdrawal: the extension of what was to be renewed ends with it, and no permit is awaited.

    It runs until the application is decided at most (Firearms Act 1968, section 28B); another renewal of the same
    certificate that nobody has decided keeps it. A section 7 permit was a person's decision and keeps its own last day.
    Raises NotFound.
    """
    reference = contacts.get(session, contact_id=contact_id).reference
    linked = application_certificates.list_linked(session, contact_id=contact_id)
    held = certificates.lock_all(session, certificate_ids=[each.id for each in linked])
    for each in held.values():
        if application_certificates.find_open_renewal(session, certificate=each) is not None:
            continue
        certificate_clock.see_alarms(session, certificate_id=each.id, agent_id=actor.agent_id, now=now)
        if each.state == CertificateState.EXTENDED_S28B:
            reason = f"{reference}. The renewal is over, and the extension with it"
            register.move(session, certificate=each, event=CertificateEvent.EXPIRE, now=now, actor=actor, reason=reason)


_UNSEEN = frozenset({ApplicationState.AWAITING_PAYMENT, ApplicationState.SUBMITTED})


def list_due(
    session: Session, *, now: dt.datetime, after: tuple[dt.date, UUID] | None, limit: int
) -> list[tuple[dt.date, UUID]]:
    """(expiry, id) of certificates that the clock may have something to do with, the oldest first, so many a time."""
    until = renewal_clock.london_day(now) + LOOKS_AHEAD
    return certificate_clock.list_due(session, until=until, after=after, limit=limit)


def list_run_out(session: Session, *, now: dt.datetime) -> list[UUID]:
    """Certificates that ran out within the time of an extension, with an application undecided."""
    since = renewal_clock.london_day(now) - dt.timedelta(weeks=renewal_clock.EXTENSION_WEEKS)
    return certificate_clock.list_run_out(session, since=since)


def strike(session: Session, *, certificate_id: UUID, now: dt.datetime) -> list[Action]:
    """Do with one certificate what its day asks for; run again it does nothing more. Raises NotFound.

    Its row lock is held for the whole transaction, so that two workers never write one letter twice.
    """
    certificate = certificates.lock(session, certificate_id=certificate_id)
    renewal = application_certificates.find_open_renewal(session, certificate=certificate)
    # The notices, the extension and the permit are Great Britain's law, for firearm and shotgun certificates alone
    # (Firearms Act 1968, section 28B); a day that is past is past everywhere, for dealers and visitors too.
    nation = forces.get(session, force_id=certificate.force_id).nation
    britain = nation != Nation.NORTHERN_IRELAND and certificate.kind in (Licence.FIREARM, Licence.SHOTGUN)
    said = certificate_clock.list_notices(session, certificate_id=certificate_id)
    standing = Standing(
        state=CertificateState(certificate.state),
        expires=certificate.expires,
        declared_at=renewal.declared_at if renewal and britain else None,
        extended_until=certificate.extended_until,
        permit_until=certificate.permit_until,
        done=[(NoticeKind(each.kind), each.for_day) for each in said],
    )
    found = renewal_clock.actions(standing, renewal_clock.london_day(now))
    if not britain:
        found = [each for each in found if each is Action.EXPIRE]
    for action in found:
        _do(session, certificate, standing, action, now)
    return found


def _do(session: Session, certificate: Certificate, standing: Standing, action: Action, now: dt.datetime) -> None:
    if action is Action.NOTICE:
        _notice(session, certificate, now)
    elif action is Action.PERMIT_ALARM:
        needed = renewal_clock.permit_needed_from(standing)
        if needed is not None:
            _note(session, certificate, NoticeKind.PERMIT_ALARM, needed, now)
    elif action is Action.EXTEND:
        certificate.extended_until = renewal_clock.extension_ends(certificate.expires)
        register.move(session, certificate=certificate, event=CertificateEvent.EXTEND, now=now)
        if _note(session, certificate, NoticeKind.EXTENSION, certificate.expires, now):
            letters.about_certificate(session, certificate=certificate, kind=LetterKind.EXTENSION, now=now)
    else:
        register.move(session, certificate=certificate, event=CertificateEvent.EXPIRE, now=now)


def _notice(session: Session, certificate: Certificate, now: dt.datetime) -> None:
    """A letter to the address held: nobody has asked the holder whether another way is safe (practice 13)."""
    notice = renewal_clock.notice_due(renewal_clock.london_day(now), certificate.expires)
    if notice is None or not _note(session, certificate, notice.kind, certificate.expires, now):
        return
    if certificate.reach != "none":
        letters.about_certificate(session, certificate=certificate, kind=LetterKind.RENEWAL_NOTICE, now=now)


def _note(session: Session, certificate: Certificate, kind: NoticeKind, for_day: dt.date, now: dt.datetime) -> bool:
    safe = renewal_clock.last_safe_day(certificate.expires)
    added = certificate_clock.add_notice(
        session, certificate=certificate, kind=kind.value, for_day=for_day, last_safe_day=safe, now=now
    )
    if added:
        audit.record(
            session,
            Event.CERTIFICATE_NOTICE_MADE,
            force_id=certificate.force_id,
            at=now,
            certificate_id=certificate.id,
            kind=kind,
        )
    return added
