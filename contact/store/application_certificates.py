"""Which certificates an application is about: named in it, or joined to it and taken off again by an officer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.domain.licensing.application_states import OPEN_STATES
from contact.domain.licensing.kinds import Kind
from contact.store.models import Application, ApplicationCertificate, Certificate, Contact

_OPEN = [state.value for state in OPEN_STATES]


@dataclass(frozen=True, slots=True)
class Link:
    """One certificate of an application. `by_hand`: an officer joined it. `off`: an officer took it off."""

    certificate_id: UUID
    by_hand: bool
    off: bool


@dataclass(frozen=True, slots=True)
class About:
    """One application about a certificate, as the certificate's page lists it."""

    contact_id: UUID
    reference: str
    kind: str
    licence: str
    state: str
    declared_at: dt.datetime


def list_links(session: Session, *, contact_id: UUID) -> list[Link]:
    """Every certificate of an application, those taken off too."""
    rows = session.execute(
        sa.select(
            ApplicationCertificate.certificate_id, ApplicationCertificate.linked_by, ApplicationCertificate.unlinked_at
        )
        .where(ApplicationCertificate.contact_id == contact_id)
        .order_by(ApplicationCertificate.certificate_id)
    )
    return [Link(row[0], row[1] is not None, row[2] is not None) for row in rows]


def list_linked(session: Session, *, contact_id: UUID) -> list[Certificate]:
    """The certificates an application is joined to, the firearm certificate first, as far as this actor may see."""
    query = (
        sa.select(Certificate)
        .join(ApplicationCertificate, ApplicationCertificate.certificate_id == Certificate.id)
        .where(ApplicationCertificate.contact_id == contact_id, ApplicationCertificate.unlinked_at.is_(None))
    )
    return list(session.scalars(query.order_by(Certificate.kind, Certificate.id)))


def list_about(session: Session, *, certificate_id: UUID) -> list[About]:
    """Applications that are joined to a certificate, the newest first."""
    query = (
        sa.select(
            Application.contact_id, Contact.reference, Application.kind, Application.licence, Application.state,
            Application.declared_at,
        )
        .join(ApplicationCertificate, ApplicationCertificate.contact_id == Application.contact_id)
        .join(Contact, Contact.id == Application.contact_id)
        .where(ApplicationCertificate.certificate_id == certificate_id, ApplicationCertificate.unlinked_at.is_(None))
    )  # fmt: skip
    rows = session.execute(query.order_by(Application.declared_at.desc(), Application.contact_id))
    return [About(*row) for row in rows]


def list_that_name_one(session: Session) -> list[UUID]:
    """Open applications that name the number of a certificate, the oldest first."""
    query = sa.select(Application.contact_id).where(
        Application.certificate_number.is_not(None), Application.state.in_(_OPEN)
    )
    return list(session.scalars(query.order_by(Application.declared_at, Application.contact_id)))


def link(
    session: Session, *, application: Application, certificate_id: UUID, now: dt.datetime, agent_id: UUID | None = None
) -> bool:
    """Join them; False where they are joined already, or where an officer took it off and no officer joins it now."""
    row = {
        "contact_id": application.contact_id,
        "certificate_id": certificate_id,
        "force_id": application.force_id,
        "linked_at": now,
        "linked_by": agent_id,
    }
    statement = insert(ApplicationCertificate.__table__).values(row)  # type: ignore[arg-type]
    if agent_id is None:
        wanted = statement.on_conflict_do_nothing()
    else:
        wanted = statement.on_conflict_do_update(
            index_elements=["contact_id", "certificate_id"],
            set_={"linked_at": now, "linked_by": agent_id, "unlinked_at": None},
            where=ApplicationCertificate.unlinked_at.is_not(None),
        )
    return session.connection().execute(wanted, execution_options={"preserve_rowcount": True}).rowcount == 1


def unlink(session: Session, *, application: Application, certificate_id: UUID, now: dt.datetime) -> bool:
    """Take it off, so that no machine joins it again; False where it was off already."""
    row = {
        "contact_id": application.contact_id,
        "certificate_id": certificate_id,
        "force_id": application.force_id,
        "linked_at": now,
        "unlinked_at": now,
    }
    statement = (
        insert(ApplicationCertificate.__table__)  # type: ignore[arg-type]
        .values(row)
        .on_conflict_do_update(
            index_elements=["contact_id", "certificate_id"],
            set_={"unlinked_at": now},
            where=ApplicationCertificate.unlinked_at.is_(None),
        )
    )
    return session.connection().execute(statement, execution_options={"preserve_rowcount": True}).rowcount == 1


@dataclass(frozen=True, slots=True)
class OpenRenewal:
    """A renewal nobody has decided yet."""

    contact_id: UUID
    declared_at: dt.datetime


def find_open_renewal(session: Session, *, certificate: Certificate) -> OpenRenewal | None:
    """The first-declared open renewal of this very certificate; the other half of a pair has its own."""
    renews = Application.kind == Kind.RENEWAL.value
    if certificate.kind == "shotgun":
        renews = sa.func.coalesce(Application.shotgun_kind, Application.kind) == Kind.RENEWAL.value
    query = (
        sa.select(Application.contact_id, Application.declared_at)
        .join(ApplicationCertificate, ApplicationCertificate.contact_id == Application.contact_id)
        .where(
            ApplicationCertificate.certificate_id == certificate.id,
            ApplicationCertificate.unlinked_at.is_(None),
            Application.state.in_(_OPEN),
            renews,
        )
    )
    row = session.execute(query.order_by(Application.declared_at, Application.contact_id)).first()
    return OpenRenewal(row[0], row[1]) if row else None


def list_at_number(session: Session, *, force_id: str, number_key: str, kinds: Sequence[str]) -> list[Certificate]:
    """Certificates of these kinds under that number with that force, the firearm certificate first."""
    query = sa.select(Certificate).where(
        Certificate.force_id == force_id, Certificate.number_key == number_key, Certificate.kind.in_(list(kinds))
    )
    return list(session.scalars(query.order_by(Certificate.kind, Certificate.id)))
