"""An application held against the register: what is new since the certificate, and which guns are another's there.

Flags for an officer to look at, never a refusal; nothing here changes anything (practice 29).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from contact.domain.licensing import matching, serials
from contact.domain.licensing.gun_states import GunState
from contact.domain.licensing.kinds import Kind
from contact.services.licensing import linking
from contact.services.licensing.linking import Named, Standing
from contact.store import certificates
from contact.store.applications import Application
from contact.store.certificates import Certificate, Elsewhere, Firearm

Answers = Mapping[str, Any]
_GUNS = {"firearm": "gunsHeld", "shotgun": "shotgunsHeld"}
_NOT_LETTERS = re.compile(r"[^0-9A-Z]")


@dataclass(frozen=True, slots=True)
class Changed:
    """One particular that differs. `what`: name, born, address, phone, email, expiry, gun_added, gun_gone, gun_changed.

    `was` is empty for a gun that is new, `now` for one that is no longer named. Days as YYYY-MM-DD.
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
    """The certificates an application is about, what changed since, guns that are another's, and what does not fit.

    `unfit`: numbers it names that nothing is joined to. `in_time` by the register where it knows the expiry.
    """

    certificates: tuple[Certificate, ...]
    changed: tuple[Changed, ...]
    registered: tuple[Registered, ...]
    unfit: tuple[Named, ...]
    in_time: bool | None


def against_register(session: Session, *, application: Application, answers: Answers) -> Held:
    """Hold the last answers against our copy of the register, as far as this actor may see."""
    found = linking.about(session, application=application, answers=answers)
    changed: dict[Changed, None] = {}
    for each in found.certificates:
        changed |= dict.fromkeys(_particulars(each, answers))
        if Kind.RENEWAL in (application.kind, application.shotgun_kind):
            changed |= dict.fromkeys(_expiry(each, answers))
            changed |= dict.fromkeys(_guns(session, each, answers.get(_GUNS.get(each.kind, "")) or []))
    return Held(
        certificates=found.certificates,
        changed=tuple(changed),
        registered=tuple(_registered(session, found.certificates, answers)),
        unfit=tuple(each for each in found.named if each.standing is not Standing.LINKED),
        in_time=linking.in_time(application, found, answers),
    )


def _expiry(held: Certificate, answers: Answers) -> Iterator[Changed]:
    typed = str(answers.get(f"{held.kind}Expiry") or "")
    if typed and typed != held.expires.isoformat():
        yield Changed("expiry", held.expires.isoformat(), typed)


def _particulars(held: Certificate, answers: Answers) -> Iterator[Changed]:
    name = answers.get("newName") or answers.get("reporterName") or {}
    given, surname = str(name.get("given") or "").strip(), str(name.get("surname") or "").strip()
    if surname and matching.name_key(given, surname) != matching.name_key(held.given_name, held.surname):
        yield Changed("name", f"{held.given_name} {held.surname}".strip(), f"{given} {surname}".strip())
    born = str(answers.get("dateOfBirth") or "")
    if born and held.born is not None and born != held.born.isoformat():
        yield Changed("born", held.born.isoformat(), born)
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


def _guns(session: Session, held: Certificate, rows: Sequence[Mapping[str, Any]]) -> list[Changed]:
    """Guns held on the certificate against those named; type and action are worded too freely to compare."""
    left = [
        gun
        for gun in certificates.list_firearms(session, certificate_id=held.id)
        if gun.state in (GunState.HELD, GunState.REMOVED)
    ]
    changed: list[Changed] = []
    for row in rows:
        words, pair = told(row), paired(row, left)
        if pair is None:
            changed.append(Changed("gun_added", "", words))
            continue
        left.remove(pair)
        if _differs(row, pair):
            changed.append(Changed("gun_changed", _on_register(pair), words))
    return changed + [Changed("gun_gone", _on_register(gun), "") for gun in left]


def paired(row: Mapping[str, Any], left: Sequence[Firearm]) -> Firearm | None:
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


def told(row: Mapping[str, Any]) -> str:
    """A gun as somebody wrote it down, in a few words."""
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
                yield Registered(told(row), others)
