"""Certificates and guns of the register as tests need them. Invented holders only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from contact.domain.licensing.certificate_states import CertificateState
from contact.services.licensing import guns
from contact.services.licensing.guns import Gun
from contact.store import certificates, models
from contact.store.certificates import Certificate
from tests.support.cases import NOW, Cases

SHOTGUN = Gun(type="shotgun", action="over and under", calibre="12", make="Browning", serial="AB-1234")


class Behind(Protocol):
    """What reaches a database from behind: the worker's sessions, and the force meant unless another is said."""

    system: sessionmaker[Session]
    north: str


@dataclass(frozen=True)
class Held:
    """A certificate a test made, and its guns."""

    id: UUID
    number: str
    guns: tuple[UUID, ...]


def holder(
    cases: Behind,
    *held: Gun,
    force: str | None = None,
    number: str = "SG-2041",
    expires: dt.date = dt.date(2027, 3, 1),
    state: CertificateState = CertificateState.LIVE,
    now: dt.datetime = NOW,
    **more: Any,  # noqa: ANN401 - columns of the certificate
) -> Held:
    """Put a holder with guns into the register behind everybody's back; one shotgun unless said otherwise."""
    given: dict[str, Any] = {
        "kind": "shotgun",
        "given_name": "Rowan",
        "surname": "Tregear",
        "born": dt.date(1974, 5, 2),
        "address": "4 Mill Lane, Cambourne",
        "postcode": "CB23 6DW",
        "phone_e164": "+447700900414",
        "email": "rowan.tregear@mail.example",
        "language": "en",
        "reach": "post",
        "issued": expires.replace(year=expires.year - 5),
        **more,
    }
    row = Certificate(
        force_id=force or cases.north, number=number, expires=expires, state=state.value, state_since=now,
        conditions=[], copied_at=now, **given,
    )  # fmt: skip
    with cases.system.begin() as session:
        certificates.set_keys(row)
        certificates.add(session, row)
        made = [guns.add(session, certificate=row, gun=each, now=now)[0].id for each in held or (SHOTGUN,)]
        return Held(row.id, number, tuple(made))


def certificate(cases: Cases, certificate_id: UUID) -> Certificate:
    """The certificate as it stands."""
    with cases.system() as session:
        return certificates.get(session, certificate_id=certificate_id)


def rows(cases: Cases, model: type[Any], certificate_id: UUID) -> list[Any]:
    """All rows of one table that hang on the certificate."""
    with cases.system() as session:
        return session.query(model).filter_by(certificate_id=certificate_id).all()


def letters(cases: Cases, certificate_id: UUID) -> list[str]:
    """Kinds of the letters about it, sorted."""
    return sorted(each.kind for each in rows(cases, models.LicensingLetter, certificate_id))
