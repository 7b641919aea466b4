"""Guns of the register: custody is always named, and a return is an officer's own decision (practice 29)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor
from contact.domain.errors import MoveNotAllowed, ReasonNeeded
from contact.domain.events import Event
from contact.domain.licensing import gun_states
from contact.domain.licensing.certificate_states import IN_FORCE, CertificateState
from contact.domain.licensing.gun_states import NEEDS_CUSTODY, Custody, GunEvent, GunState
from contact.services.licensing import certificates as register
from contact.store import audit, certificates
from contact.store.certificates import Certificate, Firearm


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
) -> Firearm:
    """Record what became of a gun. `assessment`: the fresh risk assessment without which nothing is given back.

    Raises NotFound, MoveNotAllowed (also a return on a certificate that is over), ReasonNeeded.
    """
    if not reason.strip():
        raise ReasonNeeded(what=event.value)
    if event in NEEDS_CUSTODY and (custody is None or not custody_with.strip()):
        raise ReasonNeeded(what="custody")
    if event is GunEvent.RETURN and not assessment.strip():
        raise ReasonNeeded(what="assessment")
    certificate_id = certificates.get_firearm(session, firearm_id=firearm_id).certificate_id
    certificate = certificates.lock(session, certificate_id=certificate_id)
    gun = certificates.get_firearm(session, firearm_id=firearm_id)
    session.refresh(gun)
    was = GunState(gun.state)
    state = gun_states.next_state(was, event)
    if event is GunEvent.RETURN and CertificateState(certificate.state) not in IN_FORCE:
        raise MoveNotAllowed(state=certificate.state, move=event.value)
    gun.state, gun.state_since = state.value, now
    removed = state is GunState.REMOVED
    gun.custody = custody.value if removed and custody else None
    gun.custody_with = custody_with.strip() if removed else None
    session.flush()
    told = f"{reason.strip()}\nRisk assessment: {assessment.strip()}" if assessment.strip() else reason.strip()
    if gun.custody_with:
        told = f"{told}\nWith: {gun.custody_with}"
    _written(session, certificate, gun, event=event.value, was=was.value, reason=told, actor=actor, now=now)
    return gun


def add(
    session: Session,
    *,
    certificate: Certificate,
    gun: Gun,
    now: dt.datetime,
    actor: Actor | None = None,
) -> tuple[Firearm, bool]:
    """Put a gun on a locked certificate; True beside it where its number stands on another: flagged, never just taken.

    A gun that stands there already, by its number, is answered as it is.
    """
    there = certificates.list_firearms(session, certificate_id=certificate.id)
    made = Firearm(
        certificate_id=certificate.id,
        force_id=certificate.force_id,
        position=len(there) + 1,
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
    _written(session, certificate, made, event="add", was=None, reason=told, actor=actor, now=now)
    return made, bool(found)


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
