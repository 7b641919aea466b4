"""Words of a renewal that went by post: written by the worker, tried by whoever holds the letter."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.store.models import RenewalCode

__all__ = ["RenewalCode"]


@dataclass(frozen=True, slots=True)
class Tried:
    """The code that a try was counted on."""

    code_id: UUID
    certificate_id: UUID
    force_id: str


def find_live(session: Session, *, certificate_id: UUID, now: dt.datetime) -> RenewalCode | None:
    """The newest code of a certificate that may still be used (worker only)."""
    query = sa.select(RenewalCode).where(
        RenewalCode.certificate_id == certificate_id, RenewalCode.used_at.is_(None), RenewalCode.expires_at > now
    )
    return session.scalars(query.order_by(RenewalCode.made_at.desc(), RenewalCode.id.desc())).first()


def add(session: Session, row: RenewalCode) -> None:
    """A new code, its letter in the same transaction (worker only)."""
    session.add(row)
    session.flush()


def take_try(
    session: Session, *, number_key: str, surname_key: str, born: dt.date, most: int, now: dt.datetime
) -> Tried | None:
    """Count a try on the code of the one certificate that fits; None where there is none, or its tries are used up."""
    query = sa.text("SELECT * FROM try_renewal_code(:number, :surname, :born, :most, :now)")
    given = {"number": number_key, "surname": surname_key, "born": born, "most": most, "now": now}
    rows = session.execute(query, given).all()
    return Tried(*rows[0]) if rows else None


def use(session: Session, *, code_id: UUID, now: dt.datetime) -> bool:
    """End a code for good; False where somebody used it a moment ago."""
    return bool(session.scalar(sa.text("SELECT use_renewal_code(:code, :now)"), {"code": code_id, "now": now}))
