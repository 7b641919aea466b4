"""Letters of the licensing team: written with the facts of their day, printed and served by people (practice 26)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor
from contact.domain.errors import MoveNotAllowed, ReasonNeeded
from contact.domain.events import Event
from contact.domain.licensing import renewal_clock
from contact.domain.licensing.letter_kinds import LetterKind, LetterState, Way, way_of
from contact.store import applications, audit, contacts, forces, licensing_letters
from contact.store.certificates import Certificate
from contact.store.licensing_letters import LicensingLetter

Facts = Mapping[str, Any]


def about_certificate(
    session: Session,
    *,
    certificate: Certificate,
    kind: LetterKind,
    now: dt.datetime,
    made_by: UUID | None = None,
    extra: Facts | None = None,
    paper_consent: bool = False,
) -> UUID:
    """Write a letter to the holder of a certificate, at the address the register holds; it waits to be served."""
    facts = {
        "to": f"{certificate.given_name} {certificate.surname}",
        "address": [*_lines(certificate.address), certificate.postcode],
        "number": certificate.number,
        "licence": certificate.kind,
        "expires": certificate.expires.isoformat(),
        "last_safe_day": renewal_clock.last_safe_day(certificate.expires).isoformat(),
        "extended_until": certificate.extended_until.isoformat() if certificate.extended_until else None,
        "permit_until": certificate.permit_until.isoformat() if certificate.permit_until else None,
        **(extra or {}),
    }
    letter = LicensingLetter(certificate_id=certificate.id, force_id=certificate.force_id, facts=facts)
    letter.language = _language(session, certificate.force_id, certificate.language)
    return _add(session, letter, kind, now=now, made_by=made_by, paper_consent=paper_consent)


def write(
    session: Session,
    *,
    kind: LetterKind,
    contact_id: UUID,
    now: dt.datetime,
    made_by: UUID | None = None,
    extra: Facts | None = None,
    paper_consent: bool = False,
) -> UUID:
    """Write a letter about an application, to the address the applicant gave. Raises NotFound."""
    contact = contacts.get(session, contact_id=contact_id)
    application = applications.get(session, contact_id=contact_id)
    reporter = contacts.find_reporter(session, contact_id=contact_id)
    name = " ".join(part for part in (reporter.given_name, reporter.surname) if part) if reporter else ""
    address = [*_lines(reporter.address or ""), reporter.postcode or ""] if reporter else []
    facts = {
        "to": name,
        "address": [line for line in address if line],
        "reference": contact.reference,
        "licence": application.licence,
        "declared_on": renewal_clock.london_day(application.declared_at).isoformat(),
        **(extra or {}),
    }
    letter = LicensingLetter(contact_id=contact_id, force_id=application.force_id, facts=facts)
    letter.language = _language(session, application.force_id, contact.language)
    return _add(session, letter, kind, now=now, made_by=made_by, paper_consent=paper_consent)


def serve(
    session: Session, *, letter_id: UUID, actor: Actor, sent_on: dt.date, now: dt.datetime, way: Way | None = None
) -> LicensingLetter:
    """Record that a letter left the building. Raises NotFound, MoveNotAllowed, ReasonNeeded for a day to come.

    What may be appealed never goes by plain post, and electronically only where it was written so (practice 26).
    """
    letter = licensing_letters.get(session, letter_id=letter_id, lock=True)
    if letter.state != LetterState.WAITING.value:
        raise MoveNotAllowed(state=letter.state, move="serve")
    if sent_on > renewal_clock.london_day(now):
        raise ReasonNeeded(what="sent_on")
    asked = way or Way(letter.way)
    if asked is not Way(letter.way) and asked is not Way.BY_HAND:
        raise MoveNotAllowed(state=letter.way, move=asked.value)
    letter.way, letter.state = asked.value, LetterState.SENT.value
    letter.sent_on, letter.sent_by = sent_on, actor.agent_id
    return _moved(session, letter, now)


def received(session: Session, *, letter_id: UUID, received_on: dt.date, now: dt.datetime) -> LicensingLetter:
    """Record the day of receipt, from which an appeal's 21 days run. Raises NotFound, MoveNotAllowed, ReasonNeeded."""
    letter = licensing_letters.get(session, letter_id=letter_id, lock=True)
    if letter.state != LetterState.SENT.value:
        raise MoveNotAllowed(state=letter.state, move="receive")
    if received_on > renewal_clock.london_day(now) or (letter.sent_on and received_on < letter.sent_on):
        raise ReasonNeeded(what="received_on")
    letter.received_on, letter.state = received_on, LetterState.RECEIVED.value
    return _moved(session, letter, now)


def _add(
    session: Session,
    letter: LicensingLetter,
    kind: LetterKind,
    *,
    now: dt.datetime,
    made_by: UUID | None,
    paper_consent: bool,
) -> UUID:
    letter.kind, letter.way = kind.value, way_of(kind, paper_consent=paper_consent).value
    letter.state, letter.made_at, letter.made_by = LetterState.WAITING.value, now, made_by
    licensing_letters.add(session, letter)
    audit.record(
        session,
        Event.LETTER_WRITTEN,
        force_id=letter.force_id,
        contact_id=letter.contact_id,
        at=now,
        letter_id=letter.id,
        kind=kind,
        way=letter.way,
        certificate_id=letter.certificate_id,
    )
    return letter.id


def _moved(session: Session, letter: LicensingLetter, now: dt.datetime) -> LicensingLetter:
    session.flush()
    audit.record(
        session,
        Event.LETTER_MOVED,
        force_id=letter.force_id,
        contact_id=letter.contact_id,
        at=now,
        letter_id=letter.id,
        state=letter.state,
        way=letter.way,
    )
    return letter


def _language(session: Session, force_id: str, own: str) -> str:
    """`both` where the force is Welsh: Welsh and English on one paper."""
    return "both" if forces.get(session, force_id=force_id).welsh else "cy" if own == "cy" else "en"


def _lines(address: str) -> list[str]:
    return [part.strip() for line in address.splitlines() for part in line.split(",") if part.strip()]
