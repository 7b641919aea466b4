"""The books: entries written once under their key, and sums by account; nothing here changes or removes a line."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.domain.ledger import Account, Entry, postings
from contact.store.identifiers import new_id
from contact.store.models import LedgerLine, LedgerTransaction, Payment

__all__ = ["LedgerLine", "LedgerTransaction"]


def post(
    session: Session,
    entry: Entry,
    *,
    key: str,
    pence: int,
    payment_id: UUID | None,
    force_id: str | None,
    now: dt.datetime,
) -> bool:
    """Write one entry; False where this key was written before, whatever it said then."""
    transaction_id = new_id()
    row = {
        "id": transaction_id,
        "key": key,
        "entry": entry.value,
        "payment_id": payment_id,
        "force_id": force_id,
        "at": now,
    }
    added = session.connection().execute(
        insert(LedgerTransaction.__table__).values(row).on_conflict_do_nothing(),  # type: ignore[arg-type]
        execution_options={"preserve_rowcount": True},
    )
    if added.rowcount != 1:
        return False
    lines = [
        {"transaction_id": transaction_id, "account": account.value, "amount_pence": amount}
        for account, amount in postings(entry, pence)
    ]
    session.connection().execute(sa.insert(LedgerLine.__table__), lines)  # type: ignore[arg-type]
    return True


def is_written(session: Session, *, key: str) -> bool:
    """Whether an entry stands under this key."""
    return session.scalar(sa.select(sa.exists().where(LedgerTransaction.key == key))) is True


def pence_under(session: Session, *, key: str) -> int:
    """Pence of the entry that stands under this key; 0 for none."""
    query = (
        sa.select(LedgerLine.amount_pence)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerLine.transaction_id)
        .where(LedgerTransaction.key == key, LedgerLine.amount_pence > 0)
    )
    return int(session.scalar(query) or 0)


def sums(session: Session, *, payment_id: UUID | None = None, force_id: str | None = None) -> dict[Account, int]:
    """Pence on each account: of one payment, of one force, or of all that this actor may see."""
    query = (
        sa.select(LedgerLine.account, sa.func.sum(LedgerLine.amount_pence))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerLine.transaction_id)
        .group_by(LedgerLine.account)
    )
    if payment_id is not None:
        query = query.where(LedgerTransaction.payment_id == payment_id)
    if force_id is not None:
        query = query.where(LedgerTransaction.force_id == force_id)
    return dict.fromkeys(Account, 0) | {Account(account): int(total) for account, total in session.execute(query)}


def written(session: Session, *, payment_id: UUID) -> dict[Entry, int]:
    """Pence of each kind of entry that stands in the books of one payment; 0 for those that do not."""
    query = (
        sa.select(LedgerTransaction.entry, sa.func.sum(LedgerLine.amount_pence))
        .join(LedgerLine, LedgerLine.transaction_id == LedgerTransaction.id)
        .where(LedgerTransaction.payment_id == payment_id, LedgerLine.amount_pence > 0)
        .group_by(LedgerTransaction.entry)
    )
    return dict.fromkeys(Entry, 0) | {Entry(entry): int(pence) for entry, pence in session.execute(query)}


def list_lines(
    session: Session, *, since: dt.datetime, until: dt.datetime, force_id: str | None = None
) -> list[tuple[LedgerTransaction, LedgerLine, str | None]]:
    """Every line from `since` to before `until` with its entry and the reference it is about, in order of time."""
    query = (
        sa.select(LedgerTransaction, LedgerLine, Payment.reference)
        .join(LedgerLine, LedgerLine.transaction_id == LedgerTransaction.id)
        .outerjoin(Payment, Payment.id == LedgerTransaction.payment_id)
        .where(LedgerTransaction.at >= since, LedgerTransaction.at < until)
        .order_by(LedgerTransaction.at, LedgerTransaction.id, LedgerLine.account)
    )
    if force_id is not None:
        query = query.where(LedgerTransaction.force_id == force_id)
    return [(entry, line, reference) for entry, line, reference in session.execute(query)]


def unbalanced(session: Session) -> int:
    """How many entries do not sum to zero: none, or the database let one through."""
    one = (
        sa.select(LedgerLine.transaction_id)
        .group_by(LedgerLine.transaction_id)
        .having(sa.func.sum(LedgerLine.amount_pence) != 0)
        .subquery()
    )
    return int(session.scalar(sa.select(sa.func.count()).select_from(one)) or 0)
