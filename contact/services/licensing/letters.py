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
from contact.domain.licensing.gun_states import GunState
from contact.domain.licensing.kinds import Nation
from contact.domain.licensing.letter_kinds import APPEALED, TO_PRACTICE, LetterKind, LetterState, Way, appeal_of, way_of
from contact.services.typed import typed_words
from contact.store import applications, audit, certificates, contacts, forces, licensing_letters
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
) -> UUID:
    """Write a letter to the holder of a certificate, at the address the register holds; it waits to be served."""
    facts = {
        "to": f"{certificate.given_name} {certificate.surname}",
        "address": [*address_lines(certificate.address), spaced(certificate.postcode)],
        "number": certificate.number,
        "licence": certificate.kind,
        "issued": certificate.issued.isoformat(),
        "expires": certificate.expires.isoformat(),
        "last_safe_day": renewal_clock.last_safe_day(certificate.expires).isoformat(),
        "extended_until": certificate.extended_until.isoformat() if certificate.extended_until else None,
        "permit_until": certificate.permit_until.isoformat() if certificate.permit_until else None,
        "no_safe_way": certificate.reach == "none",
    }
    if kind in APPEALED:
        facts["appeal"] = appeal_of(Nation(forces.get(session, force_id=certificate.force_id).nation))
    facts |= extra or {}
    letter = LicensingLetter(certificate_id=certificate.id, force_id=certificate.force_id, facts=facts)
    letter.language = _language(session, certificate.force_id, certificate.language)
    return _add(session, letter, kind, now=now, made_by=made_by)


def write(
    session: Session,
    *,
    kind: LetterKind,
    contact_id: UUID,
    now: dt.datetime,
    made_by: UUID | None = None,
    extra: Facts | None = None,
) -> UUID:
    """Write a letter about an application, to the address the applicant gave. Raises NotFound."""
    contact = contacts.get(session, contact_id=contact_id)
    application = applications.get(session, contact_id=contact_id)
    reporter = contacts.find_reporter(session, contact_id=contact_id)
    name = " ".join(part for part in (reporter.given_name, reporter.surname) if part) if reporter else ""
    address = [*address_lines(reporter.address or ""), spaced(reporter.postcode or "")] if reporter else []
    facts = {
        "to": name,
        "address": [line for line in address if line],
        "reference": contact.reference,
        "licence": application.licence,
        "kind": application.kind,
        "number": application.certificate_number or "",
        "no_safe_way": contact.safe_contact.get("how") == "none",
        "declared_on": renewal_clock.london_day(application.declared_at).isoformat(),
        **(extra or {}),
    }
    letter = LicensingLetter(contact_id=contact_id, force_id=application.force_id, facts=facts)
    letter.language = _language(session, application.force_id, contact.language)
    return _add(session, letter, kind, now=now, made_by=made_by)


def serve(
    session: Session, *, letter_id: UUID, actor: Actor, sent_on: dt.date, now: dt.datetime, way: Way | None = None
) -> LicensingLetter:
    """Record that a letter left the building. Raises NotFound, MoveNotAllowed, ReasonNeeded for a day to come.

    What may be appealed never goes by plain post, and nothing to a holder electronically (practice 26). A letter
    to a practice goes nowhere before an officer has found its address (practice 25): ReasonNeeded `address`.
    """
    letter = _waiting(session, letter_id, "serve")
    if not is_addressed(letter):
        raise ReasonNeeded(what="address")
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


def cancel(
    session: Session, *, letter_id: UUID, actor_id: UUID | None, reason: str, now: dt.datetime
) -> LicensingLetter:
    """Take a letter back before it leaves, with the reason. Raises NotFound, MoveNotAllowed, ReasonNeeded."""
    words = typed_words(reason, "cancel")
    letter = _waiting(session, letter_id, "cancel")
    letter.facts = {**letter.facts, "cancelled_for": words, "cancelled_by": str(actor_id) if actor_id else None}
    letter.state = LetterState.CANCELLED.value
    return _moved(session, letter, now)


def address_to(
    session: Session, *, letter_id: UUID, practice: str, address: str, found_where: str, now: dt.datetime
) -> LicensingLetter:
    """Write the practice and its postal address, as an officer found them, on a letter that waits (practice 25).

    Raises NotFound, MoveNotAllowed (sent, or no letter to a practice), ReasonNeeded naming the box that is empty.
    """
    letter = _waiting(session, letter_id, "address")
    if LetterKind(letter.kind) not in TO_PRACTICE:
        raise MoveNotAllowed(state=letter.kind, move="address")
    lines = [line.strip() for line in address.splitlines() if line.strip()]
    said = {"practice": practice.strip(), "address": lines, "found_where": found_where.strip()}
    for what, words in said.items():
        if not words:
            raise ReasonNeeded(what=what)
    found = {"to": said["practice"], "address": lines, "found_where": said["found_where"]}
    letter.facts = {**letter.facts, **found}
    session.flush()
    audit.record(
        session,
        Event.LETTER_ADDRESSED,
        force_id=letter.force_id,
        contact_id=letter.contact_id,
        at=now,
        letter_id=letter.id,
    )
    return letter


def is_addressed(letter: LicensingLetter) -> bool:
    """Whether it may leave as far as its address goes: one to a practice only where an officer found it."""
    return LetterKind(letter.kind) not in TO_PRACTICE or bool(letter.facts.get("found_where"))


def _waiting(session: Session, letter_id: UUID, move: str) -> LicensingLetter:
    letter = licensing_letters.get(session, letter_id=letter_id, lock=True)
    if letter.state != LetterState.WAITING.value:
        raise MoveNotAllowed(state=letter.state, move=move)
    return letter


def _add(
    session: Session,
    letter: LicensingLetter,
    kind: LetterKind,
    *,
    now: dt.datetime,
    made_by: UUID | None,
) -> UUID:
    letter.kind, letter.way = kind.value, way_of(kind).value
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


def certificate_facts(session: Session, *, certificate_id: UUID) -> Facts:
    """What a certificate says beside its letter: its guns, ammunition and conditions as our copy has them now.

    On that paper alone, which an officer prints: no email, receipt or page of the applicant's lists a gun (practice
    27). Raises NotFound.
    """
    held = certificates.get(session, certificate_id=certificate_id)
    guns = [
        {
            "type": each.type.replace("_", " "), "action": each.action.replace("_", " "), "calibre": each.calibre,
            "make": each.make, "serial": each.serial or "", "authorised": each.state == GunState.AUTHORISED,
        }
        for each in certificates.list_firearms(session, certificate_id=certificate_id)
        if each.state in (GunState.HELD, GunState.AUTHORISED)
    ]  # fmt: skip
    return {"guns": guns, "ammunition": held.ammunition, "conditions": held.conditions}


def address_lines(address: str) -> list[str]:
    """The lines of an address: as they were written where it has lines, else what stands between its commas."""
    parts = address.splitlines() if "\n" in address.strip() else address.split(",")
    return [part.strip() for part in parts if part.strip()]


def spaced(postcode: str) -> str:
    """A postcode as it is written on an envelope: the register keeps it without its space."""
    plain = "".join(postcode.split())
    return f"{plain[:-3]} {plain[-3:]}" if 5 <= len(plain) <= 7 else postcode
