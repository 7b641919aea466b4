"""A granted application becomes what it asked for in the register: new, renewed from its OLD expiry, or changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor
from contact.domain.events import Event
from contact.domain.licensing.certificate_states import CertificateEvent, CertificateState
from contact.domain.licensing.decisions import Nflms, NflmsNeeded
from contact.domain.licensing.kinds import Kind, Licence
from contact.domain.licensing.letter_kinds import LetterKind
from contact.domain.licensing.renewal_clock import renewed_until
from contact.services.licensing import certificates as register
from contact.services.licensing import guns, letters, linking, particulars, permits, varying
from contact.services.licensing.granted import Granted, granted_by, move
from contact.services.licensing.guns import Gun
from contact.store import application_certificates as links
from contact.store import audit, certificates
from contact.store.applications import Application
from contact.store.certificates import Certificate
from contact.store.identifiers import new_id

_HALVES = {
    Licence.FIREARM: (Licence.FIREARM,),
    Licence.SHOTGUN: (Licence.SHOTGUN,),
    Licence.COTERMINOUS: (Licence.FIREARM, Licence.SHOTGUN),
}
_GUNS = {Licence.FIREARM: "gunsHeld", Licence.SHOTGUN: "shotgunsHeld"}


def grant(session: Session, *, contact_id: UUID, actor: Actor, nflms: Nflms, now: dt.datetime) -> list[UUID]:
    """Write what was granted into the register, with its letters, in the decision's transaction; answers certificates.

    `nflms.certificates` are the numbers NFLMS gave, the firearm certificate's first. Raises NotFound, NflmsNeeded.
    """
    given = granted_by(session, contact_id=contact_id, actor=actor, nflms=nflms, now=now)
    kind, halves = Kind(given.application.kind), _HALVES.get(Licence(given.application.licence), ())
    if kind in (Kind.GRANT, Kind.RENEWAL) and halves:
        made = _certificates(session, given, halves)
    elif kind is Kind.DEALER:
        made = [permits.dealer(session, given)]
    elif kind is Kind.VISITOR_PERMIT:
        made = permits.visitors(session, given)
    else:
        made = varying.change(session, given)
    for each in made:
        links.link(session, application=given.application, certificate_id=each, now=now)
    return made


def _certificates(session: Session, given: Granted, halves: Sequence[Licence]) -> list[UUID]:
    if len(given.nflms.certificates) != len(halves):
        raise NflmsNeeded(field="certificates", reason="count")
    pairs = list(zip(halves, given.nflms.certificates, strict=True))
    found = linking.about(session, application=given.application, answers=given.answers)
    named = [_old(session, given, found.certificates, licence, number) for licence, number in pairs]
    olds = _locked(session, named)
    before = [old.expires if old else _told_expiry(given, licence) for old, licence in zip(olds, halves, strict=True)]
    renewed = [day for day in before if day is not None]
    begins = min(renewed, default=given.nflms.on)
    # Five years from the old expiry; a first one ends on the day before its fifth anniversary. NFLMS's own dates win at
    # the next import. One expiry for a pair: a half that is new begins on its own day and ends with the other.
    expires = renewed_until(begins) if renewed else renewed_until(begins) - dt.timedelta(days=1)
    pair = new_id() if len(halves) > 1 else None
    made = []
    for (licence, number), old, was in zip(pairs, olds, before, strict=True):
        dates = (begins if was is not None else given.nflms.on, expires)
        certificate = _write(session, given, licence, number, old, dates, pair)
        made.append(certificate.id)
        said = LetterKind.RENEWAL_GRANTED if old is not None else LetterKind.GRANT
        for kind in (said, LetterKind.CERTIFICATE):
            letters.about_certificate(
                session, certificate=certificate, kind=kind, made_by=given.actor.agent_id, now=given.now
            )
    return made


def _old(
    session: Session, given: Granted, about: Sequence[Certificate], licence: Licence, number: str
) -> Certificate | None:
    """The certificate that is renewed, not locked yet; None for a first grant, and where we never copied it.

    One the application is joined to, else NFLMS's where the applicant holds it. Raises NflmsNeeded where NFLMS's number
    stands in the register for another certificate.
    """
    at_number = certificates.find_by_number(
        session, force_id=given.application.force_id, number=number, kind=licence.value
    )
    old = None
    if _kind(given.application, licence) is Kind.RENEWAL:
        joined = [each for each in about if each.kind == licence]
        theirs = at_number if at_number is not None and linking.holds(at_number, given.answers) else None
        old = next((each for each in joined if at_number is not None and each.id == at_number.id), None)
        old = old or next(iter(joined), theirs)
    if at_number is not None and (old is None or at_number.id != old.id):
        raise NflmsNeeded(field="certificates", reason="taken")
    return old


def _locked(session: Session, olds: Sequence[Certificate | None]) -> list[Certificate | None]:
    """The same with their rows locked, and with them the other half of each pair, in order of ids.

    Two grants that each renew one half of a pair otherwise wait for each other for ever.
    """
    pairs = [certificates.list_pair(session, certificate=old) for old in olds if old is not None]
    locked = certificates.lock_all(session, certificate_ids=[each.id for pair in pairs for each in pair])
    return [locked[old.id] if old is not None else None for old in olds]


def _kind(application: Application, licence: Licence) -> Kind:
    if licence is Licence.SHOTGUN and application.shotgun_kind:
        return Kind(application.shotgun_kind)
    return Kind(application.kind)


def _told_expiry(given: Granted, licence: Licence) -> dt.date | None:
    """The old expiry as the applicant gave it, where we hold no copy of the certificate.

    One more than a year ahead is no ground for a certificate that long: what is granted begins on NFLMS's day.
    """
    if _kind(given.application, licence) is not Kind.RENEWAL:
        return None
    told = given.answers.get(f"{licence.value}Expiry")
    day = dt.date.fromisoformat(str(told)) if told else None
    return day if day is not None and day <= renewed_until(given.nflms.on, 1) else None


def _write(
    session: Session,
    given: Granted,
    licence: Licence,
    number: str,
    old: Certificate | None,
    dates: tuple[dt.date, dt.date],
    pair: UUID | None,
) -> Certificate:
    certificate = old or Certificate(
        force_id=given.application.force_id,
        kind=licence.value,
        state=CertificateState.LIVE.value,
        state_since=given.now,
        language="en",
        reach="post",
        conditions=[],
        ammunition=[],
        copied_at=given.now,
    )
    if pair is None and old is not None:
        _part(session, given, old)
    certificate.number, certificate.pair_id = number, pair
    certificate.issued, certificate.expires = dates
    certificate.extended_until = certificate.permit_until = None
    particulars.holder(certificate, given.answers)
    if old is None:
        certificate.nflms_number, certificate.nflms_date = given.nflms.person, given.nflms.on
        certificates.set_keys(certificate)
        certificates.add(session, certificate)
        register.note(
            session, certificate=certificate, event="grant", now=given.now, actor=given.actor, nflms=given.nflms
        )
    else:
        move(session, given, certificate, CertificateEvent.RENEW, "Renewal granted")
    audit.record(
        session,
        Event.CERTIFICATE_GRANTED,
        force_id=certificate.force_id,
        contact_id=given.application.contact_id,
        at=given.now,
        certificate_id=certificate.id,
        kind=licence,
        renewed=old is not None,
    )
    for row in given.rows(_GUNS[licence]):
        guns.add(session, certificate=certificate, gun=_gun(row, licence), actor=given.actor, now=given.now, came=True)
    if licence is Licence.FIREARM:
        varying.authorise(session, given, certificate)
    return certificate


def _part(session: Session, given: Granted, renewed: Certificate) -> None:
    """One half of a pair is renewed alone: from now on each ends on a day of its own."""
    if renewed.pair_id is None:
        return
    for each in certificates.list_pair(session, certificate=renewed):
        if each.id != renewed.id:
            other = certificates.lock(session, certificate_id=each.id)
            other.pair_id = None
            told = f"{given.reference}. No longer one expiry with {renewed.number}, which was renewed alone"
            register.note(session, certificate=other, event="part", now=given.now, actor=given.actor, reason=told)
    session.flush()


def _gun(row: Mapping[str, Any], licence: Licence) -> Gun:
    shotgun = licence is Licence.SHOTGUN
    return Gun(
        type=str(row.get("type") or ("shotgun" if shotgun else "")),
        action=str(row.get("action") or ""),
        calibre=str(row.get("bore" if shotgun else "calibre") or row.get("calibre") or ""),
        make=str(row.get("make") or ""),
        serial=str(row.get("serial") or ""),
    )
