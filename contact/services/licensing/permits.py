"""A dealer's registration and visitors' permits in the register, as far as their forms tell what they are about."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.events import Event
from contact.domain.licensing.certificate_states import CertificateEvent, CertificateState
from contact.domain.licensing.decisions import NflmsNeeded
from contact.domain.licensing.kinds import Licence
from contact.domain.licensing.renewal_clock import renewed_until
from contact.services.licensing import certificates as register
from contact.services.licensing import guns, linking, particulars
from contact.services.licensing.granted import Granted, move
from contact.services.licensing.guns import Gun
from contact.store import audit, certificates
from contact.store.certificates import Certificate

DEALER_YEARS = 3
"""How long a dealer's registration lasts (Firearms Act 1968, section 33)."""
_DAY = dt.timedelta(days=1)


def dealer(session: Session, given: Granted) -> UUID:
    """Enter a dealer, or renew the registration from its old last day. Raises NflmsNeeded."""
    if len(given.nflms.certificates) != 1:
        raise NflmsNeeded(field="certificates", reason="count")
    (number,) = given.nflms.certificates
    about = linking.about(session, application=given.application, answers=given.answers).certificates
    old = next((each for each in about if given.said("dealerKind") == "renewal"), None)
    taken = certificates.find_by_number(
        session, force_id=given.application.force_id, number=number, kind=Licence.DEALER.value
    )
    if taken is not None and (old is None or taken.id != old.id):
        raise NflmsNeeded(field="certificates", reason="taken")
    row = certificates.lock(session, certificate_id=old.id) if old else _new(given, Licence.DEALER)
    told = _day(given.answers.get("dealerExpiry")) if given.said("dealerKind") == "renewal" else None
    if told is not None and told > renewed_until(given.nflms.on, 1):
        told = None  # nothing is renewed so far ahead: it begins on NFLMS's day
    renewed = row.expires if old else told  # where we hold no copy, the old last day as it was typed
    begins = renewed or given.nflms.on
    row.number, row.issued = number, begins
    row.expires = renewed_until(begins, DEALER_YEARS) - (dt.timedelta() if renewed else _DAY)
    particulars.holder(row, given.answers)
    _premises(row, given)
    for place in given.rows("premises")[:1]:  # where the guns are, which is what a contact is matched by (practice 9)
        row.address, row.postcode = str(place.get("address") or ""), str(place.get("postcode") or "")
    _enter(session, given, row, renewed=old is not None)
    return row.id


def _premises(row: Certificate, given: Granted) -> None:
    """What they trade as, and every place, as the application names them; what it does not name stays."""
    row.trades_as = given.said("businessName") or row.trades_as
    places = particulars.premises(given.answers)
    if places:
        row.premises = places


def visitors(session: Session, given: Granted) -> list[UUID]:
    """Enter a permit for each visitor and kind, for the days of the visit, with the guns named as theirs.

    However long the visit was said to be, a permit lasts a year at most (Firearms (Amendment) Act 1988, section 17).
    NFLMS's numbers are as many, the visitors in the order of the form, each firearm permit before the shotgun one.
    """
    kinds = [Licence.VISITOR_FIREARM, Licence.VISITOR_SHOTGUN]
    if given.application.licence in kinds:
        kinds = [Licence(given.application.licence)]
    people = given.rows("visitors")
    wanted = [(person, kind) for person in people for kind in kinds]
    if len(wanted) != len(given.nflms.certificates):
        raise NflmsNeeded(field="certificates", reason="count")
    made = []
    for (person, kind), number in zip(wanted, given.nflms.certificates, strict=True):
        at_number = certificates.find_by_number(
            session, force_id=given.application.force_id, number=number, kind=kind.value
        )
        if at_number is not None:
            raise NflmsNeeded(field="certificates", reason="taken")
        row = _new(given, kind)
        row.number = number
        row.given_name, row.surname = str(person.get("given") or ""), str(person.get("surname") or "")
        row.born = _day(person.get("birth"))
        # Where the visitor and the guns are to be found: with the sponsor, who lives in the area of the force.
        row.address, row.postcode = particulars.address(given.answers.get("homeAddress") or {})
        row.issued = _day(given.answers.get("visitFrom")) or given.nflms.on
        row.expires = min(_day(given.answers.get("visitTo")) or row.issued, renewed_until(row.issued, 1) - _DAY)
        _enter(session, given, row, renewed=False)
        _guns(session, given, row, alone=len(people) == 1)
        made.append(row.id)
    return made


def _new(given: Granted, kind: Licence) -> Certificate:
    return Certificate(
        force_id=given.application.force_id,
        kind=kind.value,
        state=CertificateState.LIVE.value,
        state_since=given.now,
        language="en",
        reach="post",
        conditions=[],
        ammunition=[],
        copied_at=given.now,
    )


def _enter(session: Session, given: Granted, row: Certificate, *, renewed: bool) -> None:
    if renewed:
        move(session, given, row, CertificateEvent.RENEW, "Renewal granted")
    else:
        row.nflms_number, row.nflms_date = given.nflms.person, given.nflms.on
        certificates.set_keys(row)
        certificates.add(session, row)
        register.note(session, certificate=row, event="grant", now=given.now, actor=given.actor, nflms=given.nflms)
    audit.record(
        session, Event.CERTIFICATE_GRANTED, force_id=row.force_id, contact_id=given.application.contact_id,
        at=given.now, certificate_id=row.id, kind=row.kind, renewed=renewed,
    )  # fmt: skip


def _guns(session: Session, given: Granted, row: Certificate, *, alone: bool) -> None:
    """The guns said to be this visitor's, of the kind of the permit; all of them where there is one visitor."""
    whole = f"{row.given_name} {row.surname}".casefold()
    shotguns = row.kind == Licence.VISITOR_SHOTGUN
    both = given.application.licence == Licence.VISITOR_BOTH
    for each in given.rows("visitorGuns"):
        whose, type_ = str(each.get("visitor") or "").casefold(), str(each.get("type") or "")
        mine = alone or (bool(whose) and (whose in whole or row.surname.casefold() in whose))
        if not mine or (both and ("shotgun" in type_.casefold()) != shotguns):
            continue
        gun = Gun(
            type=type_,
            action="",
            calibre=str(each.get("calibre") or ""),
            make=str(each.get("make") or ""),
            serial=str(each.get("serial") or ""),
        )
        guns.add(session, certificate=row, gun=gun, now=given.now, actor=given.actor, came=True)


def _day(value: object) -> dt.date | None:
    return dt.date.fromisoformat(str(value)) if value else None
