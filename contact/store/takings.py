"""Sums and lists of a force's money, for those who count it; who may see what is row-level security's."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from contact.domain.ledger import Entry
from contact.domain.payments import RefundState
from contact.store.models import Agent, LedgerLine, LedgerTransaction, Payment, PaymentException, Refund

PAGE = 50


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something happened in a span of time, and the pence of it."""

    times: int = 0
    pence: int = 0


@dataclass(frozen=True, slots=True)
class RefundPage:
    """Refunds newest first, with their payments and who asked and decided; `after` as in `PaymentPage`."""

    refunds: tuple[tuple[Refund, Payment, str | None, str | None], ...]
    after: UUID | None


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """Payments newest first; `after` is where the next page begins, None on the last."""

    payments: tuple[Payment, ...]
    after: UUID | None


def count_entries(session: Session, *, force_id: str, since: dt.datetime, until: dt.datetime) -> dict[Entry, Counted]:
    """What was written into a force's books from `since` to before `until`, by kind of entry."""
    query = (
        sa.select(LedgerTransaction.entry, sa.func.count(), sa.func.sum(LedgerLine.amount_pence))
        .join(LedgerLine, LedgerLine.transaction_id == LedgerTransaction.id)
        .where(
            LedgerTransaction.force_id == force_id,
            LedgerTransaction.at >= since,
            LedgerTransaction.at < until,
            LedgerLine.amount_pence > 0,  # each entry has one line above zero and one below
        )
        .group_by(LedgerTransaction.entry)
    )
    return {Entry(entry): Counted(int(times), int(pence)) for entry, times, pence in session.execute(query)}


def page_of_payments(
    session: Session, *, force_id: str, since: dt.datetime, until: dt.datetime, after: UUID | None = None
) -> PaymentPage:
    """Payments begun from `since` to before `until`, a page at a time; ids of ours grow with time."""
    query = sa.select(Payment).where(
        Payment.force_id == force_id, Payment.created_at >= since, Payment.created_at < until
    )
    if after is not None:
        query = query.where(Payment.id < after)
    found = session.scalars(query.order_by(Payment.id.desc()).limit(PAGE + 1)).all()
    return PaymentPage(tuple(found[:PAGE]), found[PAGE - 1].id if len(found) > PAGE else None)


def list_refunds_to_decide(session: Session, *, force_id: str) -> list[tuple[Refund, Payment, str | None]]:
    """Refunds of a force that wait for a second person, the oldest first, with who asked."""
    query = (
        sa.select(Refund, Payment, Agent.name)
        .join(Payment, Payment.id == Refund.payment_id)
        .outerjoin(Agent, Agent.id == Refund.asked_by_id)
        .where(Refund.force_id == force_id, Refund.state == RefundState.ASKED.value)
        .order_by(Refund.asked_at, Refund.id)
    )
    return [(refund, payment, name) for refund, payment, name in session.execute(query)]


def page_of_refunds(session: Session, *, force_id: str, after: UUID | None = None) -> RefundPage:
    """Refunds of a force that wait for no second person, the last asked for first, a page at a time."""
    asked, decided = aliased(Agent), aliased(Agent)
    query = (
        sa.select(Refund, Payment, asked.name, decided.name)
        .join(Payment, Payment.id == Refund.payment_id)
        .outerjoin(asked, asked.id == Refund.asked_by_id)
        .outerjoin(decided, decided.id == Refund.decided_by_id)
        .where(Refund.force_id == force_id, Refund.state != RefundState.ASKED.value)
    )
    if after is not None:
        last = sa.select(Refund.asked_at).where(Refund.id == after).scalar_subquery()
        query = query.where(sa.or_(Refund.asked_at < last, sa.and_(Refund.asked_at == last, Refund.id < after)))
    rows = session.execute(query.order_by(Refund.asked_at.desc(), Refund.id.desc()).limit(PAGE + 1))
    found = [(refund, payment, asker, decider) for refund, payment, asker, decider in rows]
    return RefundPage(tuple(found[:PAGE]), found[PAGE - 1][0].id if len(found) > PAGE else None)


def list_open_cases(session: Session, *, force_id: str) -> list[tuple[PaymentException, str | None]]:
    """Cases about a force's money that nobody has settled, the oldest first, with the reference each is about."""
    query = (
        sa.select(PaymentException, Payment.reference)
        .outerjoin(Payment, Payment.id == PaymentException.payment_id)
        .where(
            PaymentException.settled_at.is_(None),
            sa.or_(PaymentException.force_id == force_id, PaymentException.force_id.is_(None)),
        )
        .order_by(PaymentException.raised_at, PaymentException.id)
        .limit(200)
    )
    return [(case, reference) for case, reference in session.execute(query)]


def list_entries(session: Session, *, payment_id: UUID) -> list[tuple[LedgerTransaction, int]]:
    """What the books say of one payment, in order, with the pence of each entry."""
    query = (
        sa.select(LedgerTransaction, sa.func.sum(LedgerLine.amount_pence))
        .join(LedgerLine, LedgerLine.transaction_id == LedgerTransaction.id)
        .where(LedgerTransaction.payment_id == payment_id, LedgerLine.amount_pence > 0)
        .group_by(LedgerTransaction.id)
        .order_by(LedgerTransaction.at, LedgerTransaction.id)
    )
    return [(entry, int(pence)) for entry, pence in session.execute(query)]


def list_settled(session: Session, *, payment_id: UUID) -> list[tuple[PaymentException, str | None]]:
    """How each case about a payment ended, in order, with who ended it."""
    query = (
        sa.select(PaymentException, Agent.name)
        .outerjoin(Agent, Agent.id == PaymentException.settled_by_id)
        .where(PaymentException.payment_id == payment_id, PaymentException.settled_at.is_not(None))
        .order_by(PaymentException.settled_at, PaymentException.id)
    )
    return [(case, name) for case, name in session.execute(query)]


def count_waiting(session: Session, *, force_id: str) -> tuple[int, int]:
    """How many refunds wait for a second person, and how many cases for anybody."""
    refunds = sa.select(sa.func.count()).where(Refund.force_id == force_id, Refund.state == RefundState.ASKED.value)
    cases = sa.select(sa.func.count()).where(
        PaymentException.settled_at.is_(None),
        sa.or_(PaymentException.force_id == force_id, PaymentException.force_id.is_(None)),
    )
    return int(session.scalar(refunds) or 0), int(session.scalar(cases) or 0)
