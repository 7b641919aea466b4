"""An application held against the register: what is new since the certificate, and which guns are another's there.

Flags for an officer to look at, never a refusal; nothing here changes anything (practice 29).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.domain.licensing import matching, serials
from contact.domain.licensing.gun_states import GunState
from contact.domain.licensing.kinds import Kind
from contact.services.licensing.granting import find_for_application
from contact.store import certificates
from contact.store.applications import Application
from contact.store.certificates import Certificate, Elsewhere, Firearm

Answers = Mapping[str, Any]
_GUNS = {"firearm": "gunsHeld", "shotgun": "shotgunsHeld"}
_NOT_LETTERS = re.compile(r"[^0-9A-Z]")


@dataclass(frozen=True, slots=True)
class Changed:
    """One particular that differs. `what`: name, address, phone, email, gun_added, gun_gone, gun_changed.

    `was` is empty for a gun that is new, `now` for one that is no longer named.
    """

    what: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Registered:
    """A gun of the answers whose number stands on somebody else's certificate."""

    gun: str
    elsewhere: tuple[Elsewhere, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """The certificates an application is about (two of a pair), what changed since, and guns that are another's."""

    certificates: tuple[Certificate, ...]
    changed: tuple[Changed, ...]
    registered: tuple[Registered, ...]


def against_register(session: Session, *, application: Application, answers: Answers) -> Held:
    """Hold the last answers against our copy of the register, as far as this actor may see."""
    try:
        found = find_for_application(session, application=application, answers=answers)
    except NotFound:  # linked, but out of this officer's sight
        found = None
    pair = certificates.list_pair(session, certificate=found) if found else []
    changed = [*_particulars(found, answers)] if found else []
    if application.kind == Kind.RENEWAL:
        for each in pair:
            changed += _guns(session, each, answers.get(_GUNS.get(each.kind, "")) or [])
    return Held(tuple(pair), tuple(changed), tuple(_registered(session, pair, answers)))


def _particulars(held: Certificate, answers: Answers) -> Iterator[Changed]:
    name = answers.get("newName") or answers.get("reporterName") or {}
    given, surname = str(name.get("given") or "").strip(), str(name.get("surname") or "").strip()
    if surname and matching.name_key(given, surname) != matching.name_key(held.given_name, held.surname):
        yield Changed("name", f"{held.given_name} {held.surname}".strip(), f"{given} {surname}".strip())
    home = answers.get("newAddress") or answers.get("homeAddress") or {}
    lines = [str(home.get(part) or "").strip() for part in ("line1", "line2", "town")]
    address, postcode = ", ".join(line for line in lines if line), str(home.get("postcode") or "")
    if address and matching.address_key(address, postcode) != matching.address_key(held.address, held.postcode):
        was = ", ".join(line.strip() for line in held.address.splitlines() if line.strip())
        yield Changed("address", f"{was}, {held.postcode}".strip(", "), f"{address}, {postcode}".strip(", "))
    phone, email = str(answers.get("phone") or ""), str(answers.get("email") or "").strip()
    if phone and phone != (held.phone_e164 or ""):
        yield Changed("phone", held.phone_e164 or "", phone)
    if email and email.casefold() != (held.email or ""):
        yield Changed("email", held.email or "", email)


def _guns(session: Session, held: Certificate, told: Sequence[Mapping[str, Any]]) -> list[Changed]:
    """Guns held on the certificate against those named; type and action are worded too freely to compare."""
    left = [
        gun
        for gun in certificates.list_firearms(session, certificate_id=held.id)
        if gun.state in (GunState.HELD, GunState.REMOVED)
    ]
    changed: list[Changed] = []
    for row in told:
        words, pair = _words(row), _paired(row, left)
        if pair is None:
            changed.append(Changed("gun_added", "", words))
            continue
        left.remove(pair)
        if _differs(row, pair):
            changed.append(Changed("gun_changed", _on_register(pair), words))
    return changed + [Changed("gun_gone", _on_register(gun), "") for gun in left]


def _paired(row: Mapping[str, Any], left: Sequence[Firearm]) -> Firearm | None:
    """The gun of the register that a row means: its very number, else one that reads alike, else one without any."""
    serial, make = serials.normalised(str(row.get("serial") or "")), str(row.get("make") or "")
    if serial is not None:
        same = [gun for gun in left if gun.serial == serial]
        alike = [gun for gun in left if serials.may_be_same(serial, make, gun.serial, gun.make)]
        return next(iter(same or alike), None)
    bare = [gun for gun in left if gun.serial is None and not _differs(row, gun)]
    return next(iter(bare), None)


def _differs(row: Mapping[str, Any], gun: Firearm) -> bool:
    if serials.normalised(str(row.get("serial") or "")) != gun.serial:
        return True
    make, calibre = serials.make_key(str(row.get("make") or "")), _plain(_calibre(row))
    makers = bool(make and gun.make_key) and make not in gun.make_key and gun.make_key not in make
    return makers or bool(calibre and _plain(gun.calibre) and calibre != _plain(gun.calibre))


def _plain(words: str) -> str:
    return _NOT_LETTERS.sub("", words.upper())


def _calibre(row: Mapping[str, Any]) -> str:
    return str(row.get("calibre") or row.get("bore") or "")


def _words(row: Mapping[str, Any]) -> str:
    return _told(str(row.get("make") or ""), _calibre(row), str(row.get("serial") or ""))


def _on_register(gun: Firearm) -> str:
    return _told(gun.make, gun.calibre, gun.serial or "")


def _told(make: str, calibre: str, serial: str) -> str:
    return f"{make or 'maker not known'}, {calibre or 'calibre not known'}, number {serial or 'none'}"


def _registered(session: Session, own: Sequence[Certificate], answers: Answers) -> Iterator[Registered]:
    """Each numbered gun of any answer that stands on a certificate other than the applicant's own."""
    mine = {each.id for each in own}
    for rows in answers.values():
        for row in rows if isinstance(rows, list) else []:
            serial = str(row.get("serial") or "") if isinstance(row, Mapping) else ""
            if serials.normalised(serial) is None:
                continue
            found = certificates.serial_elsewhere(session, serial=serial, make=str(row.get("make") or ""))
            others = tuple(each for each in found if each.certificate_id not in mine)
            if others:
                yield Registered(_words(row), others)
