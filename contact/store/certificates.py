"""The working register: certificates and the guns on them, read within the caller's forces by keys an index serves."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.domain.licensing import matching, serials
from contact.domain.licensing.certificate_states import IN_FORCE, CertificateState
from contact.domain.licensing.matching import Probes
from contact.store.models import Certificate, CertificateHistory, Firearm
from contact.store.models.certificate import KINDS, REACH

__all__ = ["KINDS", "REACH", "Certificate", "CertificateHistory", "Firearm"]

PAGE_SIZE = 25
_NOT_IN_NUMBERS = re.compile(r"[^0-9A-Z]")


def number_key(number: str) -> str:
    """A certificate's number for comparing: capitals and figures."""
    return _NOT_IN_NUMBERS.sub("", number.upper())


def surname_key(surname: str) -> str:
    """A surname for comparing, without case, accents and spaces."""
    found = matching.name_key("x", surname)
    return found.partition(" ")[2] if found else ""


def set_keys(certificate: Certificate) -> None:
    """Bring all that is compared in line with what was written; after every change of number, holder or state."""
    certificate.number_key = number_key(certificate.number)
    certificate.postcode = matching.postcode_key(certificate.postcode) or certificate.postcode.strip().upper()
    certificate.surname_key = surname_key(certificate.surname)
    certificate.name_key = matching.name_key(certificate.given_name, certificate.surname)
    certificate.household_key = matching.household_key(certificate.surname, certificate.postcode)
    certificate.address_key = matching.address_key(certificate.address, certificate.postcode)
    certificate.email = certificate.email.strip().casefold() if certificate.email else None
    certificate.clock_runs = CertificateState(certificate.state) in IN_FORCE


def set_serial(firearm: Firearm, typed: str) -> None:
    """A gun's number as normalised, with what it and its maker are compared by."""
    firearm.serial = serials.normalised(typed)
    firearm.serial_key = serials.alike_key(firearm.serial)
    firearm.make_key = serials.make_key(firearm.make)


def add(session: Session, row: Certificate | Firearm | CertificateHistory) -> None:
    """Write a new row of the register."""
    session.add(row)
    session.flush()


def get(session: Session, *, certificate_id: UUID) -> Certificate:
    """The certificate. Raises NotFound, the same whether there is none or none for this actor."""
    found = session.scalar(sa.select(Certificate).where(Certificate.id == certificate_id))
    if found is None:
        raise NotFound(kind="certificate", key=str(certificate_id))
    return found


def lock(session: Session, *, certificate_id: UUID) -> Certificate:
    """The certificate with its row locked: it and its guns change under this lock alone. Raises NotFound."""
    query = sa.select(Certificate).where(Certificate.id == certificate_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(kind="certificate", key=str(certificate_id))
    return found


def lock_all(session: Session, *, certificate_ids: Iterable[UUID]) -> dict[UUID, Certificate]:
    """Each by its id, locked in order of ids, so that nobody who locks several waits for another. Raises NotFound."""
    return {each: lock(session, certificate_id=each) for each in sorted(set(certificate_ids))}


def find_by_number(session: Session, *, force_id: str, number: str, kind: str | None = None) -> Certificate | None:
    """The certificate of that number with that force, of that kind where one is named."""
    query = sa.select(Certificate).where(Certificate.force_id == force_id, Certificate.number_key == number_key(number))
    if kind is not None:
        query = query.where(Certificate.kind == kind)
    return session.scalars(query.order_by(Certificate.kind, Certificate.id)).first()


def list_pair(session: Session, *, certificate: Certificate) -> list[Certificate]:
    """The certificate, and the one that shares its expiry as a coterminous pair."""
    if certificate.pair_id is None:
        return [certificate]
    query = sa.select(Certificate).where(Certificate.pair_id == certificate.pair_id)
    return list(session.scalars(query.order_by(Certificate.kind, Certificate.id)))


def list_others_held(session: Session, *, certificate: Certificate) -> list[Certificate]:
    """What else the holder, by name and birthday, has on the register of that force, the one that ends last first."""
    if certificate.name_key is None:
        return []
    query = sa.select(Certificate).where(
        Certificate.force_id == certificate.force_id,
        Certificate.name_key == certificate.name_key,
        Certificate.born == certificate.born,
        Certificate.id != certificate.id,
    )
    return list(session.scalars(query.order_by(Certificate.expires.desc(), Certificate.id)))


def holds_another(session: Session, *, certificate: Certificate) -> bool:
    """Whether the holder has another certificate of that force that counts."""
    others = list_others_held(session, certificate=certificate)
    return any(CertificateState(each.state) in IN_FORCE for each in others)


def list_firearms(session: Session, *, certificate_id: UUID) -> list[Firearm]:
    """The guns on a certificate, in the order of the certificate."""
    query = sa.select(Firearm).where(Firearm.certificate_id == certificate_id)
    return list(session.scalars(query.order_by(Firearm.position, Firearm.id)))


def get_firearm(session: Session, *, firearm_id: UUID) -> Firearm:
    """One gun. Raises NotFound."""
    found = session.scalar(sa.select(Firearm).where(Firearm.id == firearm_id))
    if found is None:
        raise NotFound(kind="firearm", key=str(firearm_id))
    return found


def list_history(session: Session, *, certificate_id: UUID) -> list[CertificateHistory]:
    """What happened to a certificate and its guns, newest first."""
    query = sa.select(CertificateHistory).where(CertificateHistory.certificate_id == certificate_id)
    return list(session.scalars(query.order_by(CertificateHistory.at.desc(), CertificateHistory.id.desc())))


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page, in the order of the index."""

    expires: dt.date
    certificate_id: UUID

    def __str__(self) -> str:
        return f"{self.expires.isoformat()}.{self.certificate_id.hex}"

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """The cursor of an address; None when it is none of ours, which shows the first page."""
        day, _, key = text.partition(".")
        try:
            return cls(dt.date.fromisoformat(day), UUID(key))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Page:
    """Certificates by expiry, and where the next page begins (None on the last)."""

    rows: list[Certificate]
    after: Cursor | None


_PAGE = sa.text("""
SELECT e.id FROM unnest(CAST(:forces AS text[])) AS mine(id) CROSS JOIN LATERAL (
  SELECT c.id, c.expires FROM certificates c
   WHERE c.force_id = mine.id AND (c.expires, c.id) > (:day, :after) ORDER BY c.expires, c.id LIMIT :limit) e
 ORDER BY e.expires, e.id LIMIT :limit""")


def page(session: Session, *, force_ids: Sequence[str], since: dt.date, after: Cursor | None = None) -> Page:
    """A page of the register from a day of expiry on: one short index scan a force, whatever the size of the table."""
    begin = after or Cursor(since - dt.timedelta(days=1), UUID(int=(1 << 128) - 1))
    given = {"forces": list(force_ids), "day": begin.expires, "after": begin.certificate_id, "limit": PAGE_SIZE + 1}
    ids = list(session.scalars(_PAGE, given))
    query = sa.select(Certificate).where(Certificate.id.in_(ids)).order_by(Certificate.expires, Certificate.id)
    rows = list(session.scalars(query))
    if len(rows) <= PAGE_SIZE:
        return Page(rows, None)
    last = rows[PAGE_SIZE - 1]
    return Page(rows[:PAGE_SIZE], Cursor(last.expires, last.id))


def list_running_on(
    session: Session, *, force_ids: Sequence[str], today: dt.date, limit: int = 50
) -> list[Certificate]:
    """Certificates past their last day that still carry guns, by extension or permit; the longest past first."""
    query = sa.select(Certificate).where(
        Certificate.force_id.in_(list(force_ids)), Certificate.clock_runs, Certificate.expires < today
    )
    return list(session.scalars(query.order_by(Certificate.expires, Certificate.id).limit(limit)))


def list_guns_to_go(session: Session, *, force_ids: Sequence[str], limit: int = 100) -> list[Certificate]:
    """Certificates with a gun held that nothing allows, the oldest first: one that is over, or a gun that must go."""
    held = sa.select(Firearm.id).where(Firearm.certificate_id == Certificate.id, Firearm.state == "held")
    query = sa.select(Certificate).where(
        Certificate.force_id.in_(list(force_ids)),
        sa.or_(
            sa.and_(sa.not_(Certificate.clock_runs), held.exists()),
            Certificate.id.in_(sa.select(Firearm.certificate_id).where(Firearm.to_go, Firearm.state == "held")),
        ),
    )
    return list(session.scalars(query.order_by(Certificate.state_since, Certificate.id).limit(limit)))


def search(session: Session, *, typed: str, force_ids: Sequence[str], limit: int = 50) -> list[Certificate]:
    """Certificates of these forces by number, postcode, surname, whole name, or the serial of a gun on it.

    Equality on keys alone, so that every reading has its index under row-level security (engineering 5).
    """
    mine = Certificate.force_id.in_(list(force_ids))
    readings = [sa.select(Certificate.id).where(mine, Certificate.number_key == number_key(typed))]
    postcode = matching.postcode_key(typed)
    if postcode is not None:
        readings.append(sa.select(Certificate.id).where(mine, Certificate.postcode == postcode))
    words = typed.split()
    if len(words) == 1 and surname_key(typed):
        readings.append(sa.select(Certificate.id).where(mine, Certificate.surname_key == surname_key(typed)))
    whole = matching.name_key(words[0], words[-1]) if len(words) > 1 else None
    if whole is not None:
        readings.append(sa.select(Certificate.id).where(mine, Certificate.name_key == whole))
    serial = serials.alike_key(typed)
    if serial is not None:
        guns = sa.select(Firearm.certificate_id).where(
            Firearm.force_id.in_(list(force_ids)), Firearm.serial_key == serial
        )
        readings.append(guns)
    found: dict[UUID, None] = {}
    for each in readings:
        found |= dict.fromkeys(session.scalars(each.limit(limit)))
    query = sa.select(Certificate).where(Certificate.id.in_(list(found)[:limit]))
    return list(session.scalars(query.order_by(Certificate.surname_key, Certificate.given_name, Certificate.id)))


@dataclass(frozen=True, slots=True)
class Match:
    """A certificate that a contact's people or places point to. `guns` are those held on it now."""

    certificate_id: UUID
    force_id: str
    kind: str
    state: str
    guns: int
    matched_by: tuple[str, ...]


def match(session: Session, *, contact_id: UUID, probes: Probes) -> list[Match]:
    """Certificates anywhere that these keys point to; none for whoever does not work on that contact."""
    if not probes:
        return []
    rows = session.execute(
        sa.text(
            "SELECT certificate_id, force_id, kind, state, guns, matched_by FROM match_certificates(:contact, :names,"
            " :phones, :emails, :addresses, :households, :postcodes)"
        ),
        {
            "contact": contact_id,
            "names": sorted(probes.names),
            "phones": sorted(probes.phones),
            "emails": sorted(probes.emails),
            "addresses": sorted(probes.addresses),
            "households": sorted(probes.households),
            "postcodes": sorted(probes.postcodes),
        },
    )
    return [Match(row[0], row[1], row[2], row[3], row[4], tuple(row[5])) for row in rows]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A gun with such a number on another certificate, of this or another force."""

    firearm_id: UUID
    certificate_id: UUID
    force_id: str
    state: str


def serial_elsewhere(
    session: Session, *, serial: str, make: str, certificate_id: UUID | None = None
) -> list[Elsewhere]:
    """On which other certificates, anywhere, a gun of such a number stands: a person looks, it is never just taken."""
    key = serials.alike_key(serial)
    if key is None:
        return []
    rows = session.execute(
        sa.text("SELECT firearm_id, certificate_id, force_id, state FROM serial_elsewhere(:serial, :make, :but)"),
        {"serial": key, "make": serials.make_key(make), "but": certificate_id},
    )
    return [Elsewhere(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class ToRenew:
    """A certificate that these particulars name. `ways`: where a code may go, of phone, email and post."""

    certificate_id: UUID
    force_id: str
    kind: str
    ways: tuple[str, ...]


def find_to_renew(session: Session, *, number: str, surname: str, born: dt.date) -> ToRenew | None:
    """The one certificate in force of that number, surname and date of birth; for a citizen, who is told nothing of it.

    Two that fit are none: a person sorts that out.
    """
    rows = session.execute(
        sa.text("SELECT certificate_id, force_id, kind, ways FROM certificate_to_renew(:number, :surname, :born)"),
        {"number": number_key(number), "surname": surname_key(surname), "born": born},
    ).all()
    return ToRenew(rows[0][0], rows[0][1], rows[0][2], tuple(rows[0][3])) if len(rows) == 1 else None
