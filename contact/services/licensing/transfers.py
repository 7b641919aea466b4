"""A notice that a gun changed hands alters the guns of both holders, where both are on this force's register.

The other side is believed as far as its number and last name fit; its own notice finds the gun there already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.licensing import serials
from contact.domain.licensing.certificate_states import IN_FORCE, CertificateState
from contact.domain.licensing.gun_states import Custody, GunEvent, GunState
from contact.services.licensing import certificates as register
from contact.services.licensing import guns, other_letters
from contact.services.licensing.changes import told
from contact.services.licensing.granted import Granted
from contact.services.licensing.guns import Gun
from contact.store import application_certificates as links
from contact.store import certificates
from contact.store.certificates import Certificate, Firearm

_FOR_GOOD = frozenset({"sold", "gift"})
_WORDS = {"sold": "Sold", "gift": "Given", "hire": "Hired out", "loan": "Lent", "repair": "At a gunsmith's"}
_KINDS = ("firearm", "shotgun", "air_weapon", "dealer")


def note(session: Session, given: Granted, own: Sequence[Certificate]) -> list[UUID]:
    """Write down on both sides what a notice tells; answers the certificates of whoever sent it, never the other's.

    Locks both sides' itself, in order of their ids: the other side's notice may be granted at the same moment.
    """
    gave, how = given.said("transferSide") == "gave", given.said("transferKind")
    theirs = _others(session, given, own)
    locked = certificates.lock_all(session, certificate_ids=[each.id for each in (*own, *theirs)])
    own, others = [locked[each.id] for each in own], [locked[each.id] for each in theirs]
    giving, taking = (own, others) if gave else (others, own)
    for row in given.rows("gunsTransferred"):
        _leaves(session, given, giving, row, how)
        if how in _FOR_GOOD:
            _comes(session, given, taking, row, how)
        else:
            for each in taking[:1]:
                _line(session, given, each, "lent", f"{_WORDS.get(how, 'Lent')} to the holder for a time: {told(row)}")
    other_letters.of_a_transfer(session, given, own)
    return [each.id for each in own]


def _others(session: Session, given: Granted, own: Sequence[Certificate]) -> list[Certificate]:
    """The other person's certificates under the number the notice names, if the last name is that of their holder."""
    found: list[Certificate] = []
    for row in given.rows("otherPerson")[:1]:
        key = certificates.number_key(str(row.get("certificate") or ""))
        surname = certificates.surname_key(str(row.get("surname") or ""))
        if key:
            found = links.list_at_number(session, force_id=given.application.force_id, number_key=key, kinds=_KINDS)
        found = [each for each in found if surname and each.surname_key == surname]
    mine = {each.id for each in own}
    return [each for each in found if each.id not in mine and CertificateState(each.state) in IN_FORCE]


def _leaves(session: Session, given: Granted, giving: Sequence[Certificate], row: Mapping[str, Any], how: str) -> None:
    for certificate in giving:
        gun = _its_number(session, certificate, row)
        if gun is None:
            continue
        if how in _FOR_GOOD:
            guns.change(
                session, firearm_id=gun.id, event=GunEvent.SELL, actor=given.actor, now=given.now,
                reason=f"{given.reference}. {_when(given, how)}",
            )  # fmt: skip
        else:
            guns.change(
                session, firearm_id=gun.id, event=GunEvent.REMOVE, actor=given.actor, now=given.now,
                custody=Custody.DEALER if how == "repair" else Custody.OTHER_HOLDER,
                custody_with=_with(given) or "not named", reason=f"{given.reference}. {_when(given, how)}",
            )  # fmt: skip
        return
    for certificate in giving[:1]:
        _line(session, given, certificate, "not_found", f"Left the holder, and not on our copy: {told(row)}")


def _comes(session: Session, given: Granted, taking: Sequence[Certificate], row: Mapping[str, Any], how: str) -> None:
    """Onto the certificate it belongs on: a shotgun on a shotgun certificate, all else on the other."""
    fits = [each for each in taking if (each.kind == "shotgun") == (row.get("type") == "shotgun")]
    for certificate in (fits or list(taking))[:1]:
        if CertificateState(certificate.state) not in IN_FORCE:
            _line(
                session,
                given,
                certificate,
                "not_found",
                f"Came to the holder of a certificate that is over: {told(row)}",
            )
            continue
        gun = Gun(
            type=str(row.get("type") or ""),
            action=str(row.get("action") or ""),
            calibre=str(row.get("calibre") or ""),
            make=str(row.get("make") or ""),
            serial=str(row.get("serial") or ""),
        )
        guns.receive(
            session, certificate=certificate, gun=gun, reason=f"{given.reference}. {_when(given, how)}",
            now=given.now, actor=given.actor,
        )  # fmt: skip


def _its_number(session: Session, certificate: Certificate, row: Mapping[str, Any]) -> Firearm | None:
    """The gun of that very number; one without a number is for a person to find."""
    serial, make = str(row.get("serial") or ""), str(row.get("make") or "")
    there = certificates.list_firearms(session, certificate_id=certificate.id)
    held = [each for each in there if each.state in (GunState.HELD, GunState.REMOVED)]
    same = [each for each in held if each.serial is not None and each.serial == serials.normalised(serial)]
    alike = [each for each in held if serials.may_be_same(serial, make, each.serial, each.make)]
    return next(iter([each for each in same if each in alike] or same or alike), None)


def _when(given: Granted, how: str) -> str:
    day, side = given.said("transferredOn"), given.said("transferSide")
    who = "whoever gave it tells" if side == "gave" else "whoever got it tells"
    return f"{_WORDS.get(how, 'Changed hands')}{f' on {day}' if day else ''}, as {who}"


def _with(given: Granted) -> str:
    """Who has a gun that is lent: the other person, or whoever tells that they got it."""
    if given.said("transferSide") == "gave":
        rows = given.rows("otherPerson")[:1]
        parts = [row.get(part) for row in rows for part in ("given", "surname", "address")]
    else:
        name = given.answers.get("reporterName") or {}
        parts = [name.get("given"), name.get("surname")]
    return ", ".join(str(part).strip() for part in parts if part)


def _line(session: Session, given: Granted, certificate: Certificate, event: str, words: str) -> None:
    register.note(
        session, certificate=certificate, event=event, now=given.now, actor=given.actor,
        reason=f"{given.reference}. {words}",
    )  # fmt: skip
