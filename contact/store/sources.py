"""Who told us, kept apart: read by those who may, counted where one came again (practice 17)."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.store.models import Source

__all__ = ["Source", "find", "repeated"]


def find(session: Session, *, contact_id: UUID) -> Source | None:
    """Who told us, where this actor may know; None for everybody else, as for a contact that has no source."""
    return session.scalar(sa.select(Source).where(Source.contact_id == contact_id))


def repeated(session: Session, *, contact_id: UUID) -> int:
    """How many other reports the same source made on the same subject; 0 for whoever may not know."""
    found = session.execute(sa.text("SELECT repeated_source(:contact)"), {"contact": contact_id}).scalar()
    return int(found or 0)
