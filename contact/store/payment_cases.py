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
from contact.store.models import LicenceFee, PaymentException, ReckoningRow, SettlementPart, SettlementRow

__all__ = ["LicenceFee", "PaymentException", "ReckoningRow", "SettlementPart", "SettlementRow"]

_ENDED = ("paid", "failed", "canceled")


def open_case(
    session: Session,
    *,
    kind: str,
    subject: str,
    force_id: str | None,
    payment_id: UUID | None,
    pence: int | None,
    now: dt.datetime,
    contact_id: UUID | None = None,
    reference: str | None = None,
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
        "contact_id": contact_id,
        "reference": reference,
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


def find_case(session: Session, *, kind: str, subject: str) -> PaymentException | None:
    """The one case under this name, as it stands now; whoever changes it has locked its payment."""
    query = sa.select(PaymentException).where(PaymentException.kind == kind, PaymentException.subject == subject)
    return session.scalar(query.execution_options(populate_existing=True))


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


def oldest_open_settlement(session: Session, *, provider: str) -> dt.datetime | None:
    """When the oldest payout was made of which the end is not known; None where all are known."""
    query = sa.select(sa.func.min(SettlementRow.created))
    return session.scalar(query.where(SettlementRow.provider == provider, SettlementRow.status.not_in(_ENDED)))


def keep_reckoning(session: Session, row: ReckoningRow) -> None:
    """Note that a comparison was done to its end."""
    session.add(row)
    session.flush()


def last_reckoning(session: Session, *, provider: str | None = None) -> ReckoningRow | None:
    """The latest comparison, of one provider or of any."""
    query = sa.select(ReckoningRow).order_by(ReckoningRow.until.desc()).limit(1)
    return session.scalar(query.where(ReckoningRow.provider == provider) if provider else query)


def list_own_fees(session: Session, *, force_id: str) -> Sequence[LicenceFee]:
    """A force's own figures, in order of what they are for and when they begin."""
    query = sa.select(LicenceFee).where(LicenceFee.force_id == force_id)
    return session.scalars(query.order_by(LicenceFee.licence, LicenceFee.kind, LicenceFee.valid_from)).all()


def add_own_fee(session: Session, fee: LicenceFee) -> None:
    """Write a figure down. An IntegrityError where one for the same thing begins on that day already."""
    session.add(fee)
    session.flush()
