"""What the daily clock reads and writes: certificates whose time comes, and what was said of them once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.domain.licensing.application_states import OPEN_STATES
from contact.domain.licensing.certificate_states import CertificateState
from contact.domain.licensing.renewal_clock import NoticeKind
from contact.store.identifiers import new_id
from contact.store.models import Application, ApplicationCertificate, Certificate, CertificateNotice

__all__ = ["CertificateNotice"]


def list_due(
    session: Session, *, until: dt.date, after: tuple[dt.date, UUID] | None, limit: int
) -> list[tuple[dt.date, UUID]]:
    """(expiry, id) of certificates on the clock that end by `until`, the oldest first, so many a time."""
    query = sa.select(Certificate.expires, Certificate.id).where(Certificate.clock_runs, Certificate.expires <= until)
    if after is not None:
        query = query.where(sa.tuple_(Certificate.expires, Certificate.id) > sa.tuple_(*after))
    rows = session.execute(query.order_by(Certificate.expires, Certificate.id).limit(limit))
    return [(row[0], row[1]) for row in rows]


def list_run_out(session: Session, *, since: dt.date) -> list[UUID]:
    """Certificates that ran out on that day or later although an open application is joined to them, by expiry."""
    query = (
        sa.select(Certificate.id)
        .join(ApplicationCertificate, ApplicationCertificate.certificate_id == Certificate.id)
        .join(Application, Application.contact_id == ApplicationCertificate.contact_id)
        .where(
            Certificate.state == CertificateState.EXPIRED.value,
            Certificate.expires >= since,
            ApplicationCertificate.unlinked_at.is_(None),
            Application.state.in_([each.value for each in OPEN_STATES]),
        )
    )
    rows = session.scalars(query.order_by(Certificate.expires, Certificate.id))
    return list(dict.fromkeys(rows))


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
