"""Requests for the holders of a force as a file, and the rows of that file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.store.models import Certificate, Firearm, HolderExport

__all__ = ["HolderExport"]


def add(session: Session, row: HolderExport) -> None:
    """Write a request down."""
    session.add(row)
    session.flush()


def get(session: Session, *, export_id: UUID, lock: bool = False) -> HolderExport:
    """The request. Raises NotFound, the same whether there is none or none for this actor."""
    query = sa.select(HolderExport).where(HolderExport.id == export_id).execution_options(populate_existing=True)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(kind="holder_export", key=str(export_id))
    return found


def list_since(
    session: Session, *, force_ids: Sequence[str], since: dt.datetime, limit: int = 50
) -> Sequence[HolderExport]:
    """Requests that wait, whatever their age, and those asked since then; the newest first."""
    query = sa.select(HolderExport).where(
        HolderExport.force_id.in_(list(force_ids)),
        sa.or_(HolderExport.state == "asked", HolderExport.asked_at >= since),
    )
    return session.scalars(query.order_by(HolderExport.asked_at.desc(), HolderExport.id.desc()).limit(limit)).all()


def list_rows(session: Session, *, force_id: str, with_guns: bool) -> Sequence[tuple[Certificate, Firearm | None]]:
    """Every certificate of a force by number; where guns are meant, a row for each gun held or removed."""
    if not with_guns:
        found = sa.select(Certificate).where(Certificate.force_id == force_id)
        return [(each, None) for each in session.scalars(found.order_by(Certificate.number_key, Certificate.id))]
    joined = sa.select(Certificate, Firearm).outerjoin(
        Firearm, sa.and_(Firearm.certificate_id == Certificate.id, Firearm.state.in_(("held", "removed")))
    )
    query = joined.where(Certificate.force_id == force_id)
    ordered = query.order_by(Certificate.number_key, Certificate.id, Firearm.position, Firearm.id)
    return [(held, gun) for held, gun in session.execute(ordered)]
