"""A granted application becomes a certificate of the working register: new, renewed from its OLD expiry, or varied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
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
from contact.services.licensing import guns, letters
from contact.services.licensing.guns import Gun
from contact.store import applications, audit, certificates, contacts
from contact.store.applications import Application
from contact.store.certificates import Certificate
from contact.store.identifiers import new_id

Answers = Mapping[str, Any]
_HALVES = {
    Licence.FIREARM: (Licence.FIREARM,),
    Licence.SHOTGUN: (Licence.SHOTGUN,),
    Licence.COTERMINOUS: (Licence.FIREARM, Licence.SHOTGUN),
}
_GUNS = {Licence.FIREARM: "gunsHeld", Licence.SHOTGUN: "shotgunsHeld"}


@dataclass(frozen=True, slots=True)
class _Granting:
    """What every step of one grant needs."""

    application: Application
    answers: Answers
    actor: Actor
    nflms: Nflms
    now: dt.datetime


def grant(session: Session, *, contact_id: UUID, actor: Actor, nflms: Nflms, now: dt.datetime) -> list[UUID]:
    """Write what was granted into the register, with its letters, in the decision's transaction; answers certificates.

    `nflms.certificates` are the numbers NFLMS gave, the firearm certificate's first. Nothing is written for visitors'
    permits, dealers and notices of transfer: those stand in NFLMS alone. Raises NotFound, NflmsNeeded, MoveNotAllowed.
    """
    application = applications.get(session, contact_id=contact_id)
    sent = contacts.list_submissions(session, contact_id=contact_id)
    given = _Granting(application, sent[-1].answers if sent else {}, actor, nflms, now)
    kind, halves = Kind(application.kind), _HALVES.get(Licence(application.licence), ())
    if kind in (Kind.GRANT, Kind.RENEWAL) and halves:
        return _certificates(session, given, halves)
    certificate = find_for_application(session, application=application, answers=given.answers)
    if certificate is None:
        return []
    certificate = certificates.lock(session, certificate_id=certificate.id)
    if kind is Kind.SURRENDER and "certificate" in _listed(given.answers.get("surrenderWhat")):
        _move(session, given, certificate, CertificateEvent.SURRENDER, "Surrendered by the holder")
        return [certificate.id]
    # Guns given up leave the certificate as it stands; an officer marks each gun once it is collected.
    if kind in (Kind.VARIATION, Kind.REPLACEMENT, Kind.CHANGE, Kind.SURRENDER):
        if kind is Kind.CHANGE:
            _new_particulars(certificate, given.answers)
        _move(session, given, certificate, CertificateEvent.VARY, f"Application granted: {kind.value}")
        return [certificate.id]
    return []


def _listed(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value or "")]


def find_for_application(session: Session, *, application: Application, answers: Answers) -> Certificate | None:
    """The certificate an application is about: the one linked, else the applicant's own whose number it names."""
    if application.certificate_id is not None:
        return certificates.get(session, certificate_id=application.certificate_id)
    if not application.certificate_number:
        return None
    kind = application.licence if application.licence in ("firearm", "shotgun") else None
    found = certificates.find_by_number(
        session, force_id=application.force_id, number=application.certificate_number, kind=kind
    )
    return found if found and _holds(found, answers) else None


def _holds(certificate: Certificate, answers: Answers) -> bool:
    """Whether the applicant is its holder, by birthday, else by surname: a typed number may be anybody's."""
    born = str(answers.get("dateOfBirth") or "")
    if certificate.born is not None and born:
        return certificate.born.isoformat() == born
    name = answers.get("reporterName") or {}
    return certificate.surname_key == certificates.surname_key(str(name.get("surname") or ""))


def _certificates(session: Session, given: _Granting, halves: tuple[Licence, ...]) -> list[UUID]:
    if len(given.nflms.certificates) != len(halves):
        raise NflmsNeeded(field="certificates", reason="count")
    pairs = list(zip(halves, given.nflms.certificates, strict=True))
    olds = [_old(session, given, licence, number) for licence, number in pairs]
    begins = [old.expires if old else _told_expiry(given, licence) for old, licence in zip(olds, halves, strict=True)]
    renewed = [day for day in begins if day is not None]
    issued = min(renewed, default=given.nflms.on)
    # Five years from the old expiry; a first one ends on the day before its fifth anniversary. NFLMS's own date wins at
    # the next import. One expiry for a coterminous pair.
    expires = renewed_until(issued) if renewed else renewed_until(issued) - dt.timedelta(days=1)
    pair = new_id() if len(halves) > 1 else None
    made = []
    for (licence, number), old in zip(pairs, olds, strict=True):
        certificate = _write(session, given, licence, number, old, (issued, expires), pair)
        made.append(certificate.id)
        for kind in (LetterKind.GRANT, LetterKind.CERTIFICATE, LetterKind.PRACTICE_SET_MARKER):
            extra = _practice(given.answers) if kind is LetterKind.PRACTICE_SET_MARKER else None
            if kind is LetterKind.PRACTICE_SET_MARKER and (extra is None or old is not None):
                continue
            letters.about_certificate(
                session, certificate=certificate, kind=kind, made_by=given.actor.agent_id, now=given.now, extra=extra
            )
    given.application.certificate_id = made[0]
    session.flush()
    return made


def _old(session: Session, given: _Granting, licence: Licence, number: str) -> Certificate | None:
    """The certificate that is renewed, locked; None for a first grant, and where we never copied it.

    Found by the number the applicant typed, else by NFLMS's, and only where the applicant holds it. Raises NflmsNeeded
    where NFLMS's number stands in the register for another certificate.
    """
    force_id, old = given.application.force_id, None

    def find(typed: str) -> Certificate | None:
        return certificates.find_by_number(session, force_id=force_id, number=typed, kind=licence.value)

    at_number = find(number)
    if _kind(given.application, licence) is Kind.RENEWAL:
        told = given.answers.get(f"{licence.value}CertificateNumber") or given.application.certificate_number
        found = (find(str(told or "")), at_number)
        old = next((each for each in found if each is not None and _holds(each, given.answers)), None)
    if at_number is not None and (old is None or at_number.id != old.id):
        raise NflmsNeeded(field="certificates", reason="taken")
    return certificates.lock(session, certificate_id=old.id) if old else None


def _kind(application: Application, licence: Licence) -> Kind:
    if licence is Licence.SHOTGUN and application.shotgun_kind:
        return Kind(application.shotgun_kind)
    return Kind(application.kind)


def _told_expiry(given: _Granting, licence: Licence) -> dt.date | None:
    """The old expiry as the applicant gave it, where we hold no copy of the certificate."""
    if _kind(given.application, licence) is not Kind.RENEWAL:
        return None
    told = given.answers.get(f"{licence.value}Expiry")
    return dt.date.fromisoformat(str(told)) if told else None


def _write(
    session: Session,
    given: _Granting,
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
        copied_at=given.now,
    )
    certificate.number, certificate.pair_id = number, pair or certificate.pair_id
    certificate.issued, certificate.expires = dates
    certificate.extended_until = certificate.permit_until = None
    _holder(certificate, given.answers)
    if old is None:
        certificate.nflms_number, certificate.nflms_date = given.nflms.person, given.nflms.on
        certificates.set_keys(certificate)
        certificates.add(session, certificate)
        register.note(
            session, certificate=certificate, event="grant", now=given.now, actor=given.actor, nflms=given.nflms
        )
    else:
        _move(session, given, certificate, CertificateEvent.RENEW, "Renewal granted")
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
    for row in given.answers.get(_GUNS[licence]) or []:
        guns.add(session, certificate=certificate, gun=_gun(row, licence), actor=given.actor, now=given.now)
    return certificate


def _move(session: Session, given: _Granting, certificate: Certificate, event: CertificateEvent, reason: str) -> None:
    register.move(
        session,
        certificate=certificate,
        event=event,
        now=given.now,
        actor=given.actor,
        reason=reason,
        nflms=given.nflms,
    )


def _gun(row: Mapping[str, Any], licence: Licence) -> Gun:
    shotgun = licence is Licence.SHOTGUN
    return Gun(
        type=str(row.get("type") or ("shotgun" if shotgun else "")),
        action=str(row.get("action") or ""),
        calibre=str(row.get("bore" if shotgun else "calibre") or row.get("calibre") or ""),
        make=str(row.get("make") or ""),
        serial=str(row.get("serial") or ""),
    )


def _holder(certificate: Certificate, answers: Answers) -> None:
    name, home = answers.get("reporterName") or {}, answers.get("homeAddress") or {}
    certificate.given_name, certificate.surname = str(name.get("given") or ""), str(name.get("surname") or "")
    born = answers.get("dateOfBirth")
    certificate.born = dt.date.fromisoformat(str(born)) if born else certificate.born
    certificate.address, certificate.postcode = _address(home)
    certificate.phone_e164 = str(answers["phone"]) if answers.get("phone") else certificate.phone_e164
    certificate.email = str(answers["email"]) if answers.get("email") else certificate.email


def _new_particulars(certificate: Certificate, answers: Answers) -> None:
    changed = answers.get("changeOf") or []
    name, home = answers.get("newName"), answers.get("newAddress")
    if "name" in changed and isinstance(name, Mapping):
        certificate.given_name, certificate.surname = str(name.get("given") or ""), str(name.get("surname") or "")
    if "address" in changed and isinstance(home, Mapping):
        certificate.address, certificate.postcode = _address(home)


def _address(given: Mapping[str, Any]) -> tuple[str, str]:
    lines = [str(given.get(part) or "").strip() for part in ("line1", "line2", "town")]
    return "\n".join(line for line in lines if line), str(given.get("postcode") or "")


def _practice(answers: Answers) -> dict[str, Any] | None:
    """Where the letter to the practice goes; the practice as the applicant named it is a claim an officer checks."""
    rows = answers.get("gpPractice") or []
    if not rows:
        return None
    name, address = str(rows[0].get("practice") or ""), str(rows[0].get("address") or "")
    holder = answers.get("reporterName") or {}
    patient = " ".join(str(holder.get(part) or "") for part in ("given", "surname")).strip()
    lines = [line.strip() for part in address.splitlines() for line in part.split(",") if line.strip()]
    return {"to": name, "address": lines, "patient": patient, "born": answers.get("dateOfBirth")}
