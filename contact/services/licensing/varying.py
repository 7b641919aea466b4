"""A granted variation, replacement, change or surrender, and a notice of transfer, alter the certificates they name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.licensing import serials
from contact.domain.licensing.certificate_states import IN_FORCE, CertificateEvent, CertificateState
from contact.domain.licensing.gun_states import GunEvent, GunState
from contact.domain.licensing.kinds import Kind
from contact.domain.licensing.letter_kinds import LetterKind
from contact.services.licensing import certificates as register
from contact.services.licensing import guns, letters, linking, particulars, transfers
from contact.services.licensing.changes import paired, told
from contact.services.licensing.granted import Granted, move
from contact.services.licensing.guns import Gun
from contact.store import certificates
from contact.store.certificates import Certificate, Firearm

_VOID = {
    "lost": "lost",
    "stolen": "stolen",
    "damaged": "damaged",
    "never_came": "never came",
}


def change(session: Session, given: Granted) -> list[UUID]:
    """Alter each certificate the application is about; answers those that were. Raises NflmsNeeded."""
    found = linking.about(session, application=given.application, answers=given.answers)
    kind = Kind(given.application.kind)
    if kind is Kind.TRANSFER_NOTICE:
        return transfers.note(session, given, found.certificates)
    locked = certificates.lock_all(session, certificate_ids=[each.id for each in found.certificates])
    held = [locked[each.id] for each in found.certificates]
    for certificate in held:
        if kind is Kind.VARIATION:
            _vary(session, given, certificate)
        elif kind is Kind.REPLACEMENT:
            _reissue(session, given, certificate)
        elif kind is Kind.SURRENDER:
            _surrender(session, given, certificate)
        elif kind is Kind.CHANGE:
            particulars.changed(certificate, given.answers)
            move(session, given, certificate, CertificateEvent.VARY, "Change of name or address granted")
    return [each.id for each in held]


def authorise(session: Session, given: Granted, certificate: Certificate) -> None:
    """What a new or renewed certificate allows to get and to keep: this, and nothing that was allowed before."""
    for each in certificates.list_firearms(session, certificate_id=certificate.id):
        if each.state == GunState.AUTHORISED:
            guns.change(
                session, firearm_id=each.id, event=GunEvent.LAPSE, actor=given.actor, now=given.now,
                reason=f"{given.reference}. Renewed",
            )  # fmt: skip
    _wanted(session, given, certificate)
    certificate.ammunition = [_ammunition(row) for row in given.rows("ammunition")]
    session.flush()


def _vary(session: Session, given: Granted, certificate: Certificate) -> None:
    """One goes and one comes, or more come: what goes is held until its sale is told, what comes may be got."""
    gone = _leave(session, given, certificate, "gunsOut")
    come = _wanted(session, given, certificate)
    rows = [_ammunition(row) for row in given.rows("ammunition")]
    if rows:
        named = {serials.make_key(row["calibre"]) for row in rows}
        kept = [row for row in certificate.ammunition if serials.make_key(str(row["calibre"])) not in named]
        certificate.ammunition = [*kept, *rows]
    ammunition = "; ammunition changed" if rows else ""
    move(
        session, given, certificate, CertificateEvent.VARY,
        f"Variation granted: guns to go {gone}, guns that may be got {come}{ammunition}",
    )  # fmt: skip


def _leave(session: Session, given: Granted, certificate: Certificate, question_id: str) -> int:
    """Mark the guns of an answer as to go; one that is not on our copy is written down for a person."""
    left = held_on(session, certificate)
    marked = 0
    for row in given.rows(question_id):
        gun = paired(row, left)
        if gun is None:
            missing = f"{given.reference}. Given up, and not on our copy: {told(row)}"
            register.note(
                session, certificate=certificate, event="not_found", now=given.now, actor=given.actor, reason=missing
            )
            continue
        left.remove(gun)
        guns.give_up(
            session, certificate=certificate, gun=gun, reason=given.reference, now=given.now, actor=given.actor
        )
        marked += 1
    return marked


def held_on(session: Session, certificate: Certificate) -> list[Firearm]:
    """Guns that are the holder's, in hand or in custody."""
    there = certificates.list_firearms(session, certificate_id=certificate.id)
    return [each for each in there if each.state in (GunState.HELD, GunState.REMOVED)]


def _wanted(session: Session, given: Granted, certificate: Certificate) -> int:
    made = 0
    for row in given.rows("gunsWanted"):
        gun = Gun(
            type=str(row.get("type") or ""),
            action=str(row.get("action") or ""),
            calibre=str(row.get("calibre") or ""),
            make="",
            serial="",
        )
        for _ in range(int(row.get("quantity") or 1)):
            guns.authorise(
                session, certificate=certificate, gun=gun, reason=given.reference, now=given.now, actor=given.actor
            )
            made += 1
    return made


def _ammunition(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"calibre": str(row.get("calibre") or ""), "hold": row.get("hold"), "buy": row.get("buy")}


def _reissue(session: Session, given: Granted, certificate: Certificate) -> None:
    """A new copy under the same number; the one before is void from this day."""
    before = certificate.copy_no
    certificate.copy_no, certificate.copy_on = before + 1, given.nflms.on
    why = _VOID.get(given.said("replacementReason"), "replaced")
    move(
        session, given, certificate, CertificateEvent.REISSUE,
        f"Copy {before + 1} given out. Copy {before} is void: {why}",
    )  # fmt: skip
    letters.about_certificate(
        session, certificate=certificate, kind=LetterKind.CERTIFICATE, made_by=given.actor.agent_id, now=given.now
    )


def _surrender(session: Session, given: Granted, certificate: Certificate) -> None:
    """A certificate handed in ends. Guns given up are to go: an officer marks each once it is collected."""
    marked = _leave(session, given, certificate, "gunsGivenUp") if "guns" in given.listed("surrenderWhat") else 0
    if "certificate" in given.listed("surrenderWhat"):
        move(session, given, certificate, CertificateEvent.SURRENDER, "Surrendered by the holder")
    elif CertificateState(certificate.state) in IN_FORCE - {CertificateState.TEMPORARY_PERMIT_S7}:
        move(session, given, certificate, CertificateEvent.VARY, f"Given up by the holder: guns to go {marked}")
