"""Cases about money that a person must settle, and the payouts that the books are compared with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.store.identifiers import new_id
from contact.store.models import LicenceFee, PaymentException, SettlementPart, SettlementRow

__all__ = ["LicenceFee", "PaymentException", "SettlementPart", "SettlementRow"]


def open_case(
    session: Session,
    *,
    kind: str,
    subject: str,
    force_id: str | None,
    payment_id: UUID | None,
    pence: int | None,
    now: dt.datetime,
) -> UUID | None:
    """Open a case; None where this one was opened before. Whoever opens one need not be able to read it."""
    case_id = new_id()
    row = {
        "id": case_id,
        "kind": kind,
        "subject": subject,
        "force_id": force_id,
        "payment_id": payment_id,
        "amount_pence": pence,
        "raised_at": now,
    }
    statement = insert(PaymentException.__table__).values(row).on_conflict_do_nothing()  # type: ignore[arg-type]
    added = session.connection().execute(statement, execution_options={"preserve_rowcount": True})
    return case_id if added.rowcount == 1 else None


def lock_case(session: Session, *, case_id: UUID) -> PaymentException:
    """The case with its row locked, where this actor may see it. Raises NotFound."""
    query = sa.select(PaymentException).where(PaymentException.id == case_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(kind="payment_case", key=str(case_id))
    return found


def list_open(session: Session, *, force_id: str | None = None, limit: int = 200) -> Sequence[PaymentException]:
    """Cases nobody has settled, the oldest first; of one force and of none, or all that this actor may see."""
    query = sa.select(PaymentException).where(PaymentException.settled_at.is_(None))
    if force_id is not None:
        query = query.where(sa.or_(PaymentException.force_id == force_id, PaymentException.force_id.is_(None)))
    return session.scalars(query.order_by(PaymentException.raised_at, PaymentException.id).limit(limit)).all()


def keep_settlement(session: Session, row: SettlementRow, parts: Sequence[SettlementPart]) -> bool:
    """Keep a payout and its lines; False where it was kept before, and then only its status is brought up to date."""
    known = session.get(SettlementRow, (row.provider, row.payout_id))
    if known is not None:
        known.status = row.status
        session.flush()
        return False
    session.add(row)
    session.flush()
    session.add_all(parts)
    session.flush()
    return True


def list_settlements(session: Session, *, since: dt.datetime, until: dt.datetime) -> Sequence[SettlementRow]:
    """Payouts made from `since` to before `until`, oldest first."""
    query = sa.select(SettlementRow).where(SettlementRow.created >= since, SettlementRow.created < until)
    return session.scalars(query.order_by(SettlementRow.created, SettlementRow.payout_id)).all()


def list_own_fees(session: Session, *, force_id: str) -> Sequence[LicenceFee]:
    """A force's own figures, in order of what they are for and when they begin."""
    query = sa.select(LicenceFee).where(LicenceFee.force_id == force_id)
    return session.scalars(query.order_by(LicenceFee.licence, LicenceFee.kind, LicenceFee.valid_from)).all()


def add_own_fee(session: Session, fee: LicenceFee) -> None:
    """Write a figure down. An IntegrityError where one for the same thing begins on that day already."""
    session.add(fee)
    session.flush()
