"""What an officer writes into the register by hand: a gun that was told of on paper, a holder's particulars put right.

NFLMS is the master: both stand there first, and the page says so (practice 27).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor
from contact.domain.errors import MoveNotAllowed, ReasonNeeded
from contact.domain.events import Event
from contact.domain.licensing import matching
from contact.domain.licensing.certificate_states import IN_FORCE, CertificateState
from contact.services.licensing import certificates as register
from contact.services.licensing import guns
from contact.services.licensing.guns import Gun
from contact.store import audit, certificates
from contact.store.certificates import REACH, Certificate, Firearm
from forms.phone import to_e164


@dataclass(frozen=True, slots=True)
class Particulars:
    """A holder as an officer typed them. `phone` as people write it; `born` None where nobody knows."""

    given_name: str
    surname: str
    born: dt.date | None
    address: str
    postcode: str
    phone: str
    email: str
    reach: str


def enter_gun(
    session: Session, *, certificate_id: UUID, gun: Gun, held: bool, actor: Actor, reason: str, now: dt.datetime
) -> Firearm:
    """Put a gun on a certificate, or (not `held`) the leave to get one. Raises NotFound, ReasonNeeded, MoveNotAllowed.

    ReasonNeeded names `type`, `calibre`, `serial` (which may be `none`) or the reason.
    """
    wanted = [("type", gun.type), ("calibre", gun.calibre), ("serial", gun.serial if held else "-")]
    for what, typed in (*wanted, ("gun", reason)):
        if not typed.strip():
            raise ReasonNeeded(what=what)
    certificate = certificates.lock(session, certificate_id=certificate_id)
    if held:
        return guns.receive(session, certificate=certificate, gun=gun, reason=reason.strip(), now=now, actor=actor)
    if CertificateState(certificate.state) not in IN_FORCE - {CertificateState.TEMPORARY_PERMIT_S7}:
        raise MoveNotAllowed(state=certificate.state, move="authorise")
    return guns.authorise(session, certificate=certificate, gun=gun, reason=reason.strip(), now=now, actor=actor)


def correct_holder(
    session: Session, *, certificate_id: UUID, to: Particulars, actor: Actor, reason: str, now: dt.datetime
) -> Certificate:
    """Put a holder's particulars right, in any state of the certificate. Raises NotFound, ReasonNeeded.

    ReasonNeeded names the particular that cannot be so, or the reason.
    """
    phone, postcode = to_e164(to.phone) if to.phone.strip() else None, matching.postcode_key(to.postcode)
    for what, fits in (
        ("surname", bool(to.surname.strip())),
        ("address", bool(to.address.strip())),
        ("postcode", postcode is not None),
        ("phone", phone is not None or not to.phone.strip()),
        ("email", not to.email.strip() or "@" in to.email),
        ("reach", to.reach in REACH),
        ("born", to.born is None or to.born < now.date()),
        ("holder", bool(reason.strip())),
    ):
        if not fits:
            raise ReasonNeeded(what=what)
    certificate = certificates.lock(session, certificate_id=certificate_id)
    values = {
        "given_name": to.given_name.strip(),
        "surname": to.surname.strip(),
        "born": to.born,
        "address": "\n".join(line.strip() for line in to.address.splitlines() if line.strip()),
        "postcode": postcode,
        "phone_e164": phone,
        "email": to.email.strip().casefold() or None,
        "reach": to.reach,
    }
    changed = [name for name, value in values.items() if getattr(certificate, name) != value]
    for name in changed:
        setattr(certificate, name, values[name])
    certificates.set_keys(certificate)
    told = f"{reason.strip()} (changed: {', '.join(_WORDS[name] for name in changed) or 'nothing'})"
    register.note(session, certificate=certificate, event="correct", now=now, actor=actor, reason=told)
    state = certificate.state.lower()
    audit.record(
        session, Event.CERTIFICATE_MOVED, force_id=certificate.force_id, at=now, certificate_id=certificate.id,
        move="correct", was=state, state=state,
    )  # fmt: skip
    return certificate


_WORDS = {
    "given_name": "first names",
    "surname": "last name",
    "born": "date of birth",
    "address": "address",
    "postcode": "postcode",
    "phone_e164": "telephone",
    "email": "email",
    "reach": "how to write to them",
}
