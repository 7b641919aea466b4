"""A gun that the licensing team records as lost or stolen is a contact with the control room at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import screen
from contact.domain.access import Actor, ActorKind
from contact.domain.licensing.gun_states import GunEvent
from contact.domain.proposal import propose
from contact.domain.taxonomy import Category, Channel, Flag, Grade
from contact.services import arrival as arrivals
from contact.services.arrival import Arrival
from contact.services.keys import Keys
from contact.services.licensing import guns
from contact.store import audit, certificates
from contact.store.certificates import Certificate, Firearm
from contact.store.engine import act_as, actor_of
from contact.store.identifiers import new_id

LOSSES = {GunEvent.LOSE: ("lost", "gun_lost"), GunEvent.STEAL: ("stolen", "gun_taken")}
"""How each is called, and the code of the reason that the control room reads."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What the licensing team makes of it: never less than priority (practice 3)."""

    reason_code: str
    code: str = Category.WEAPONS.value
    grade: str | None = Grade.PRIORITY.value
    flags: tuple[str, ...] = (Flag.FIREARMS_ACCESS.value,)
    advise_999: bool = False


def record(
    session: Session,
    *,
    firearm_id: UUID,
    event: GunEvent,
    actor: Actor,
    reason: str,
    known_as: str,
    keys: Keys,
    now: dt.datetime,
) -> str:
    """Mark a gun as lost or stolen, and open a contact for it, always: one too many loses nothing, one too few a gun.

    `known_as` is whatever was typed as the control room's own reference; the contact tells it and who takes it joins
    the two. Answers the reference of the contact opened. Raises NotFound, MoveNotAllowed, ReasonNeeded.
    """
    gun = certificates.get_firearm(session, firearm_id=firearm_id)
    certificate = certificates.get(session, certificate_id=gun.certificate_id)
    known = " ".join(known_as.split())
    reference = _open(session, certificate, gun, event, reason, known, keys, now)
    also = f", told of as {known}" if known else ""
    told = f"{reason.strip()} Control room: {reference}{also}" if reason.strip() else ""
    guns.change(session, firearm_id=firearm_id, event=event, actor=actor, reason=told, now=now)
    return reference


def _open(
    session: Session,
    certificate: Certificate,
    gun: Firearm,
    event: GunEvent,
    reason: str,
    known: str,
    keys: Keys,
    now: dt.datetime,
) -> str:
    """Store it in the holder's name. No message leaves: how it is safe to reach them was never asked (practice 13)."""
    how, code = LOSSES[event]
    described = ", ".join(part for part in (gun.type.replace("_", " "), gun.calibre, gun.make) if part)
    message = (
        f"The firearms licensing team records a gun as {how}: {described}, number {gun.serial or 'none'},"
        f" certificate {certificate.number}.\n{reason.strip()}"
    )
    if known:
        message += f"\nThe team was given this as the control room's reference for it: {known}"
    contact_id, speaker = new_id(), actor_of(session)
    proposal = propose(category=Category.WEAPONS, hints=[_Told(code)], screening=screen.screen(reason))
    arrival = Arrival(
        contact_id=contact_id,
        force_id=certificate.force_id,
        channel=Channel.WEB,
        category=proposal.category,
        language="en",
        proposal=proposal,
        now=now,
        safe_contact={"how": "none"},
        reporter={
            "given_name": certificate.given_name,
            "surname": certificate.surname,
            "phone_e164": certificate.phone_e164 or "",
            "email": "",
            "postcode": certificate.postcode,
            "address": certificate.address,
        },
        message=message,
        located_by="said",
    )
    audit.write_now(session)  # what was noted so far is the officer's
    act_as(session, Actor(kind=ActorKind.CITIZEN, contact_id=contact_id))
    stored = arrivals.store(session, arrival, keys)
    audit.write_now(session)
    act_as(session, speaker)
    return stored.reference
