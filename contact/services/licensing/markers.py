"""The doctor's practice is asked to set the firearms marker, and to clear it when the certificate ends (practice 29).

Such a letter waits for an address that an officer found: what the applicant typed is never used (practice 25).
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor
from contact.domain.licensing.certificate_states import IN_FORCE, CertificateEvent, CertificateState
from contact.domain.licensing.kinds import Kind
from contact.domain.licensing.letter_kinds import TO_PRACTICE, LetterKind, LetterState
from contact.domain.licensing.outsiders import ReportGiven
from contact.services.licensing import letters, linking
from contact.store import application_certificates, applications, certificates, contacts, licensing_letters, medical
from contact.store.certificates import Certificate
from contact.store.licensing_letters import LicensingLetter
from contact.store.medical import MedicalRequest

_ENDS = frozenset(
    {CertificateEvent.REVOKE, CertificateEvent.SURRENDER, CertificateEvent.CANCEL, CertificateEvent.EXPIRE}
)


def ask_to_set(
    session: Session, *, certificate: Certificate, contact_id: UUID | None, made_by: UUID | None, now: dt.datetime
) -> None:
    """Write the letter that asks for the marker, unless one was written since it was last to be cleared."""
    last = _last(session, certificate)
    if last is not None and last.kind == LetterKind.PRACTICE_SET_MARKER:
        return
    _write(session, certificate, LetterKind.PRACTICE_SET_MARKER, contact_id=contact_id, made_by=made_by, now=now)


def after_move(
    session: Session,
    *,
    certificate: Certificate,
    event: CertificateEvent,
    was: CertificateState,
    actor: Actor | None,
    now: dt.datetime,
) -> None:
    """Ask for the marker to be cleared once nothing is held any more, and set again where it was too soon.

    A certificate that expires while its renewal is undecided waits for that decision.
    """
    made_by, state = actor.agent_id if actor else None, CertificateState(certificate.state)
    if event in _ENDS and state not in IN_FORCE:
        undecided = application_certificates.find_open_renewal(session, certificate=certificate)
        if event is not CertificateEvent.EXPIRE or undecided is None:
            _ask_to_clear(session, certificate, made_by=made_by, now=now)
    elif state in IN_FORCE and was not in IN_FORCE:
        _set_again(session, certificate, made_by=made_by, now=now)


def application_over(session: Session, *, contact_id: UUID, made_by: UUID | None, now: dt.datetime) -> None:
    """After a refusal or a withdrawal: nothing is held where the certificate ran out, or where none was ever granted.

    Raises NotFound.
    """
    application = applications.get(session, contact_id=contact_id)
    sent = contacts.list_submissions(session, contact_id=contact_id)
    about = linking.about(session, application=application, answers=sent[-1].answers if sent else {})
    for each in about.certificates:
        if CertificateState(each.state) not in IN_FORCE and application.kind == Kind.RENEWAL:
            _ask_to_clear(session, each, made_by=made_by, now=now)
    asked = _asked(session, contact_id)
    if application.kind != Kind.GRANT or asked is None or any(_holds_any(session, each) for each in about.certificates):
        return
    facts = {**_patient(session, contact_id, asked), "to": asked.practice, "address": []}
    letters.write(
        session,
        kind=LetterKind.PRACTICE_CLEAR_MARKER,
        contact_id=contact_id,
        made_by=made_by,
        extra=facts,
        now=now,
    )


def _ask_to_clear(session: Session, certificate: Certificate, *, made_by: UUID | None, now: dt.datetime) -> None:
    last = _last(session, certificate)
    if _holds_any(session, certificate) or (last is not None and last.kind == LetterKind.PRACTICE_CLEAR_MARKER):
        return
    _write(session, certificate, LetterKind.PRACTICE_CLEAR_MARKER, contact_id=None, made_by=made_by, now=now)


def _set_again(session: Session, certificate: Certificate, *, made_by: UUID | None, now: dt.datetime) -> None:
    """It counts again: a letter that would clear the marker and has not left never leaves, and one that left is met."""
    last = _last(session, certificate)
    if last is None or last.kind != LetterKind.PRACTICE_CLEAR_MARKER:
        return
    if last.state == LetterState.WAITING:
        letters.cancel(session, letter_id=last.id, actor_id=made_by, reason="The certificate counts again", now=now)
        return
    _write(session, certificate, LetterKind.PRACTICE_SET_MARKER, contact_id=None, made_by=made_by, now=now)


def _write(
    session: Session,
    certificate: Certificate,
    kind: LetterKind,
    *,
    contact_id: UUID | None,
    made_by: UUID | None,
    now: dt.datetime,
) -> None:
    """To the practice that an officer found before, where one did; an officer may find another until it is sent."""
    before = next((each for each in _to_practice(session, certificate) if each.facts.get("found_where")), None)
    asked = _asked(session, contact_id) if contact_id else None
    facts: dict[str, Any] = {"to": asked.practice if asked else "", "address": [], "found_where": ""}
    if before is not None and asked is None:
        facts = {name: before.facts[name] for name in ("to", "address", "found_where")}
    name = f"{certificate.given_name} {certificate.surname}".strip()
    facts |= {"patient": name, "born": certificate.born.isoformat() if certificate.born else None}
    letters.about_certificate(session, certificate=certificate, kind=kind, made_by=made_by, now=now, extra=facts)


def _last(session: Session, certificate: Certificate) -> LicensingLetter | None:
    """The newest letter to a practice that was not taken back."""
    return next((each for each in _to_practice(session, certificate) if each.state != LetterState.CANCELLED), None)


def _to_practice(session: Session, certificate: Certificate) -> list[LicensingLetter]:
    written = licensing_letters.list_for_certificate(session, certificate_id=certificate.id)
    return [each for each in written if LetterKind(each.kind) in TO_PRACTICE]


def _holds_any(session: Session, certificate: Certificate) -> bool:
    """Whether the holder of this certificate holds any that counts."""
    if CertificateState(certificate.state) in IN_FORCE:
        return True
    return certificates.holds_another(session, certificate=certificate)


def _asked(session: Session, contact_id: UUID) -> MedicalRequest | None:
    """The practice that was asked last, and did not say that the applicant is no patient of theirs."""
    rows = medical.list_for_contact(session, contact_id=contact_id)
    return next((each for each in rows if each.report_given != ReportGiven.NOT_PATIENT), None)


def _patient(session: Session, contact_id: UUID, asked: MedicalRequest) -> dict[str, Any]:
    reporter = contacts.find_reporter(session, contact_id=contact_id)
    name = " ".join(part for part in (reporter.given_name, reporter.surname) if part) if reporter else ""
    return {"patient": name, "born": asked.patient_born.isoformat() if asked.patient_born else None}
