"""What the daily clock reads and writes: certificates whose time comes, their open renewals, and what was said once."""

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
from contact.domain.licensing.renewal_clock import NoticeKind
from contact.store.identifiers import new_id
from contact.store.models import Application, Certificate, CertificateNotice

__all__ = ["CertificateNotice"]

_OPEN = [state.value for state in OPEN_STATES]


def list_due(
    session: Session, *, until: dt.date, after: tuple[dt.date, UUID] | None, limit: int
) -> list[tuple[dt.date, UUID]]:
    """(expiry, id) of certificates on the clock that end by `until`, the oldest first, so many a time."""
    query = sa.select(Certificate.expires, Certificate.id).where(Certificate.clock_runs, Certificate.expires <= until)
    if after is not None:
        query = query.where(sa.tuple_(Certificate.expires, Certificate.id) > sa.tuple_(*after))
    rows = session.execute(query.order_by(Certificate.expires, Certificate.id).limit(limit))
    return [(row[0], row[1]) for row in rows]


_LINK = sa.text("""
UPDATE applications a SET certificate_id = c.id
  FROM certificates c, reporters r, LATERAL (
    SELECT s.answers ->> 'dateOfBirth' AS born FROM submissions s
     WHERE s.contact_id = r.contact_id ORDER BY s.received_at DESC, s.id DESC LIMIT 1) said
 WHERE r.contact_id = a.contact_id
   AND CASE WHEN c.born IS NULL OR coalesce(said.born, '') = '' THEN lower(r.surname) = lower(c.surname)
            ELSE said.born = c.born::text END
   AND a.certificate_id IS NULL AND a.certificate_number IS NOT NULL AND a.state = ANY (CAST(:open AS text[]))
   AND c.force_id = a.force_id AND c.number_key = regexp_replace(upper(a.certificate_number), '[^0-9A-Z]', '', 'g')
   AND c.kind = ANY (CASE a.licence WHEN 'coterminous' THEN ARRAY['firearm', 'shotgun'] ELSE ARRAY[a.licence] END)""")


def link_applications(session: Session) -> None:
    """Join open applications to the certificates whose number they name; an applicant cannot, who sees none.

    Only to one that the applicant holds, by birthday, else by surname: anybody can type a number, and what is joined
    ends its holder's notices and extends the certificate.
    """
    session.execute(_LINK, {"open": _OPEN})


@dataclass(frozen=True, slots=True)
class OpenRenewal:
    """A renewal nobody has decided yet."""

    contact_id: UUID
    declared_at: dt.datetime


def find_open_renewal(session: Session, *, certificates: Sequence[Certificate]) -> OpenRenewal | None:
    """The first-declared open renewal that is linked to one of these certificates."""
    query = sa.select(Application.contact_id, Application.declared_at).where(
        Application.certificate_id.in_([each.id for each in certificates]),
        Application.state.in_(_OPEN),
        sa.or_(Application.kind == Kind.RENEWAL.value, Application.shotgun_kind == Kind.RENEWAL.value),
    )
    row = session.execute(query.order_by(Application.declared_at, Application.contact_id)).first()
    return OpenRenewal(row[0], row[1]) if row else None


def list_notices(session: Session, *, certificate_id: UUID) -> list[CertificateNotice]:
    """What was sent or rung about a certificate, newest first."""
    query = sa.select(CertificateNotice).where(CertificateNotice.certificate_id == certificate_id)
    return list(session.scalars(query.order_by(CertificateNotice.made_at.desc(), CertificateNotice.id.desc())))


def add_notice(
    session: Session,
    *,
    certificate: Certificate,
    kind: str,
    for_day: dt.date,
    last_safe_day: dt.date | None,
    now: dt.datetime,
) -> bool:
    """Note it; False where it was noted before, and then nothing more is to be done."""
    row = {
        "id": new_id(),
        "certificate_id": certificate.id,
        "force_id": certificate.force_id,
        "kind": kind,
        "for_day": for_day,
        "last_safe_day": last_safe_day,
        "made_at": now,
    }
    statement = insert(CertificateNotice.__table__).values(row).on_conflict_do_nothing()  # type: ignore[arg-type]
    return session.connection().execute(statement, execution_options={"preserve_rowcount": True}).rowcount == 1


def see_alarms(session: Session, *, certificate_id: UUID, agent_id: UUID | None, now: dt.datetime) -> None:
    """What rang about a certificate was dealt with."""
    rung = sa.update(CertificateNotice).where(
        CertificateNotice.certificate_id == certificate_id,
        CertificateNotice.kind == NoticeKind.PERMIT_ALARM.value,
        CertificateNotice.seen_at.is_(None),
    )
    session.execute(rung.values(seen_by=agent_id, seen_at=now))


def list_alarms(session: Session, *, force_ids: Sequence[str], kind: str, limit: int = 50) -> list[CertificateNotice]:
    """Alarms of the clock that nobody has dealt with, the soonest day first."""
    query = sa.select(CertificateNotice).where(
        CertificateNotice.force_id.in_(list(force_ids)),
        CertificateNotice.kind == kind,
        CertificateNotice.seen_at.is_(None),
    )
    return list(session.scalars(query.order_by(CertificateNotice.for_day, CertificateNotice.id).limit(limit)))
