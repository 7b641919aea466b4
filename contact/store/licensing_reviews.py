"""Reviews of certificate holders who appear in a contact: opened once, listed by when they are due, decided once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.store.identifiers import new_id
from contact.store.models import LicensingReview

__all__ = ["LicensingReview"]


def add(
    session: Session,
    *,
    certificate_id: UUID | None,
    contact_id: UUID,
    force_id: str,
    from_force_id: str,
    reference: str | None,
    category: str | None,
    grade: str,
    matched_by: Sequence[str],
    now: dt.datetime,
    due_at: dt.datetime,
    application_id: UUID | None = None,
) -> UUID | None:
    """Open a review of a certificate, or of an application; None where this contact has one of it already."""
    review_id = new_id()
    row = {
        "id": review_id,
        "certificate_id": certificate_id,
        "application_id": application_id,
        "contact_id": contact_id,
        "force_id": force_id,
        "from_force_id": from_force_id,
        "reference": reference,
        "category": category,
        "grade": grade,
        "matched_by": list(matched_by),
        "opened_at": now,
        "due_at": due_at,
    }
    statement = insert(LicensingReview.__table__).values(row).on_conflict_do_nothing()  # type: ignore[arg-type]
    added = session.connection().execute(statement, execution_options={"preserve_rowcount": True})
    return review_id if added.rowcount == 1 else None


def list_open(session: Session, *, force_ids: Sequence[str], limit: int = 50) -> list[LicensingReview]:
    """Reviews nobody has decided, the first due first."""
    query = sa.select(LicensingReview).where(
        LicensingReview.force_id.in_(list(force_ids)), LicensingReview.decided_at.is_(None)
    )
    return list(session.scalars(query.order_by(LicensingReview.due_at, LicensingReview.id).limit(limit)))


def list_for_certificate(session: Session, *, certificate_id: UUID) -> list[LicensingReview]:
    """All reviews of one certificate, newest first."""
    query = sa.select(LicensingReview).where(LicensingReview.certificate_id == certificate_id)
    return list(session.scalars(query.order_by(LicensingReview.opened_at.desc(), LicensingReview.id.desc())))


def list_for_application(session: Session, *, contact_id: UUID) -> list[LicensingReview]:
    """All reviews of one application, newest first."""
    query = sa.select(LicensingReview).where(LicensingReview.application_id == contact_id)
    return list(session.scalars(query.order_by(LicensingReview.opened_at.desc(), LicensingReview.id.desc())))


def get(session: Session, *, review_id: UUID) -> LicensingReview:
    """The review. Raises NotFound."""
    found = session.scalar(sa.select(LicensingReview).where(LicensingReview.id == review_id))
    if found is None:
        raise NotFound(kind="licensing_review", key=str(review_id))
    return found


def lock(session: Session, *, review_id: UUID) -> LicensingReview:
    """The review with its row locked. Raises NotFound."""
    query = sa.select(LicensingReview).where(LicensingReview.id == review_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(kind="licensing_review", key=str(review_id))
    return found
