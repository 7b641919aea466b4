"""Guns of the register: custody is always named, and a return is an officer's own decision (practice 29)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor
from contact.domain.errors import MoveNotAllowed, ReasonNeeded
from contact.domain.events import Event
from contact.domain.licensing import gun_states, serials
from contact.domain.licensing.certificate_states import IN_FORCE, CertificateState
from contact.domain.licensing.gun_states import NEEDS_CUSTODY, Custody, GunEvent, GunState
from contact.services.licensing import certificates as register
from contact.store import audit, certificates
from contact.store.certificates import Certificate, Firearm

_HERE = frozenset({GunState.HELD, GunState.REMOVED, GunState.LOST, GunState.STOLEN})
_GONE = frozenset({GunState.SOLD, GunState.DESTROYED, GunState.DEACTIVATED})


@dataclass(frozen=True, slots=True)
class Gun:
    """A gun as somebody wrote it down; `serial` empty where it has none."""

    type: str
    action: str
    calibre: str
    make: str
    serial: str


def change(
    session: Session,
    *,
    firearm_id: UUID,
    event: GunEvent,
    actor: Actor,
    reason: str,
    now: dt.datetime,
    custody: Custody | None = None,
    custody_with: str = "",
    assessment: str = "",
    make: str = "",
    serial: str = "",
) -> Firearm:
    """Record what became of a gun. `assessment`: the fresh risk assessment without which nothing is given back.

    `make` and `serial` (which may be `none`) are those of a gun that was authorised and is held now. Raises NotFound,
    MoveNotAllowed (also a return, or getting one, on a certificate that is over), ReasonNeeded.
    """
    if not reason.strip():
        raise ReasonNeeded(what=event.value)
    if event in NEEDS_CUSTODY and (custody is None or not custody_with.strip()):
        raise ReasonNeeded(what="custody")
    if event is GunEvent.RETURN and not assessment.strip():
        raise ReasonNeeded(what="assessment")
    if event is GunEvent.ACQUIRE and not serial.strip():
        raise ReasonNeeded(what="serial")
    certificate_id = certificates.get_firearm(session, firearm_id=firearm_id).certificate_id
    certificate = certificates.lock(session, certificate_id=certificate_id)
    gun = certificates.get_firearm(session, firearm_id=firearm_id)
    session.refresh(gun)
    was = GunState(gun.state)
    state = gun_states.next_state(was, event)
    if event in (GunEvent.RETURN, GunEvent.ACQUIRE) and CertificateState(certificate.state) not in IN_FORCE:
        raise MoveNotAllowed(state=certificate.state, move=event.value)
    gun.state, gun.state_since = state.value, now
    removed = state is GunState.REMOVED
    gun.custody = custody.value if removed and custody else None
    gun.custody_with = custody_with.strip() if removed else None
    gun.to_go = gun.to_go and state in (GunState.HELD, GunState.REMOVED)
    told = f"{reason.strip()}\nRisk assessment: {assessment.strip()}" if assessment.strip() else reason.strip()
    if gun.custody_with:
        told = f"{told}\nWith: {gun.custody_with}"
    if event is GunEvent.ACQUIRE:
        told = _got(session, gun, make, serial, told)
    session.flush()
    _written(session, certificate, gun, event=event.value, was=was.value, reason=told, actor=actor, now=now)
    return gun


def add(
    session: Session,
    *,
    certificate: Certificate,
    gun: Gun,
    now: dt.datetime,
    actor: Actor | None = None,
    reason: str = "",
    came: bool = False,
) -> tuple[Firearm, bool]:
    """Put a gun on a locked certificate; True beside it where its number stands on another: flagged, never just taken.

    A gun that stands there already, by its number, is answered as it is; `came`: unless it had left the holder.
    """
    listed = certificates.list_firearms(session, certificate_id=certificate.id)
    there = [each for each in listed if each.state in _HERE or (not came and each.state in _GONE)]
    made = Firearm(
        certificate_id=certificate.id,
        force_id=certificate.force_id,
        position=len(listed) + 1,
        type=gun.type,
        action=gun.action,
        calibre=gun.calibre,
        make=gun.make,
        state=GunState.HELD.value,
        state_since=now,
        also_registered=False,
    )
    certificates.set_serial(made, gun.serial)
    same = next((each for each in there if _same(each, made)), None)
    if same is not None:
        return same, same.also_registered
    found = certificates.serial_elsewhere(session, serial=gun.serial, make=gun.make, certificate_id=certificate.id)
    made.also_registered = bool(found)
    certificates.add(session, made)
    told = "Number also registered: " + ", ".join(sorted({each.force_id for each in found})) if found else ""
    told = " ".join(part for part in (reason, told) if part)
    _written(session, certificate, made, event="add", was=None, reason=told, actor=actor, now=now)
    return made, bool(found)


def authorise(
    session: Session, *, certificate: Certificate, gun: Gun, reason: str, now: dt.datetime, actor: Actor | None = None
) -> Firearm:
    """Allow a locked certificate's holder to get such a gun; it is not held before somebody says so."""
    made = Firearm(
        certificate_id=certificate.id,
        force_id=certificate.force_id,
        position=len(certificates.list_firearms(session, certificate_id=certificate.id)) + 1,
        type=gun.type,
        action=gun.action,
        calibre=gun.calibre,
        make="",
        make_key="",
        state=GunState.AUTHORISED.value,
        state_since=now,
        also_registered=False,
    )
    certificates.add(session, made)
    _written(session, certificate, made, event="authorise", was=None, reason=reason, actor=actor, now=now)
    return made


def give_up(
    session: Session, *, certificate: Certificate, gun: Firearm, reason: str, now: dt.datetime, actor: Actor
) -> None:
    """Nothing allows this gun any more: it is held until somebody records where it went."""
    gun.to_go = True
    session.flush()
    _written(session, certificate, gun, event="give_up", was=gun.state, reason=reason, actor=actor, now=now)


def receive(
    session: Session, *, certificate: Certificate, gun: Gun, reason: str, now: dt.datetime, actor: Actor
) -> Firearm:
    """A gun came to the holder of a locked certificate: into a place authorised for one like it, else beside the rest.

    One whose number stands there already is answered as it is.
    """
    there = certificates.list_firearms(session, certificate_id=certificate.id)
    number = serials.normalised(gun.serial)
    known = any(number is not None and each.serial == number and each.state in _HERE for each in there)
    places = [each for each in there if each.state == GunState.AUTHORISED and _fits(each, gun)]
    if known or not places:
        return add(session, certificate=certificate, gun=gun, now=now, actor=actor, reason=reason, came=True)[0]
    return change(
        session, firearm_id=places[0].id, event=GunEvent.ACQUIRE, actor=actor, reason=reason, now=now, make=gun.make,
        serial=gun.serial or "none",
    )  # fmt: skip


def _fits(place: Firearm, gun: Gun) -> bool:
    """Whether a gun is of the kind and calibre that was authorised; a notice knows fewer kinds than a certificate."""
    same_kind = gun.type in ("other", "shotgun") or serials.make_key(place.type) == serials.make_key(gun.type)
    return same_kind and serials.make_key(place.calibre) == serials.make_key(gun.calibre)


def _got(session: Session, gun: Firearm, make: str, serial: str, told: str) -> str:
    """Write on an authorised place which gun stands there now; the reason, with a flag where another has its number."""
    gun.make = make.strip()
    certificates.set_serial(gun, serial)
    found = certificates.serial_elsewhere(session, serial=serial, make=make, certificate_id=gun.certificate_id)
    gun.also_registered = bool(found)
    forces = ", ".join(sorted({each.force_id for each in found}))
    return f"{told} Number also registered: {forces}" if found else told


def _same(mine: Firearm, other: Firearm) -> bool:
    if mine.serial_key is not None or other.serial_key is not None:
        return mine.serial == other.serial and mine.make_key == other.make_key
    return (mine.type, mine.action, mine.calibre, mine.make_key) == (
        other.type,
        other.action,
        other.calibre,
        other.make_key,
    )


def _written(
    session: Session,
    certificate: Certificate,
    gun: Firearm,
    *,
    event: str,
    was: str | None,
    reason: str,
    actor: Actor | None,
    now: dt.datetime,
) -> None:
    register.note(
        session,
        certificate=certificate,
        event=event,
        now=now,
        actor=actor,
        was=was,
        to=gun.state,
        firearm_id=gun.id,
        reason=reason,
    )
    audit.record(
        session,
        Event.FIREARM_MOVED,
        force_id=certificate.force_id,
        at=now,
        certificate_id=certificate.id,
        firearm_id=gun.id,
        move=event,
        was=was,
        state=gun.state,
        custody=gun.custody,
    )
