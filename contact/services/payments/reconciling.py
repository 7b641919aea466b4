"""The night's reckoning: each payment and each payout by the provider's books and ours; what differs is a case."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.ledger import Account, Entry
from contact.domain.payments import CURRENCY, HAVE_MONEY, DisputeState, ExceptionKind, PaymentState
from contact.gateways.payment_provider import (
    CheckoutStatus,
    LineKind,
    PaymentProvider,
    ProviderRefused,
    Settlement,
    SettlementLine,
)
from contact.services.payments import cases, second_page, settling, unasked
from contact.services.payments.steps import Transaction
from contact.store import ledger, payment_cases, payments
from contact.store.identifiers import new_id
from contact.store.payment_cases import ReckoningRow, SettlementPart, SettlementRow
from contact.store.payments import Payment

_NEVER_ARRIVED = ("failed", "canceled")


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How many payments and payouts were compared, and how many new cases that opened."""

    payments: int
    payouts: int
    cases: int


LOOKS_BACK = dt.timedelta(days=8)
"""At least this far, however lately it was done: the provider's own books settle in a week."""


def nightly(transaction: Transaction, provider: PaymentProvider, *, now: dt.datetime) -> Reckoning:
    """Compare from where the last comparison ended, or further back where a payout or payment is not at its end.

    The first of all goes back to the first payment. Raises ProviderAway; then the next one begins where this did.
    """
    with transaction() as session:
        since = _begins_at(session, provider.name, now)
    done = reconcile(transaction, provider, since=since, until=now, now=now)
    with transaction() as session:
        row = ReckoningRow(
            id=new_id(), provider=provider.name, since=since, until=now, at=now, payments=done.payments,
            payouts=done.payouts, cases=done.cases,
        )  # fmt: skip
        payment_cases.keep_reckoning(session, row)
    return done


def _begins_at(session: Session, provider: str, now: dt.datetime) -> dt.datetime:
    last = payment_cases.last_reckoning(session, provider=provider)
    ended = last.until if last is not None else payments.first_begun(session)
    waits = payment_cases.oldest_open_settlement(session, provider=provider)
    return min(each for each in (now - LOOKS_BACK, ended, waits) if each is not None)


def reconcile(
    transaction: Transaction, provider: PaymentProvider, *, since: dt.datetime, until: dt.datetime, now: dt.datetime
) -> Reckoning:
    """Compare what was begun or paid out from `since` to before `until`, and what is older and not at its end.

    Run again it opens nothing twice.

    Raises ProviderAway.
    """
    with transaction() as session:
        known = [
            (payment.id, payment.session_id) for payment in payments.list_to_reckon(session, since=since, until=until)
        ]
    opened = 0
    for payment_id, session_id in known:
        status = _ask(provider, session_id)
        with transaction() as session:
            opened += _compare(session, payment_id, status, now)
    settlements = provider.list_settlements(since=since, until=until)
    for settlement in settlements:
        with transaction() as session:
            opened += _settlement(session, provider.name, settlement, now)
    with transaction() as session:
        opened += _whole_books(session, now)
    return Reckoning(len(known), len(settlements), opened)


def _whole_books(session: Session, now: dt.datetime) -> int:
    """The database lets no entry through that does not balance; that it did not is looked at all the same."""
    wrong = ledger.unbalanced(session)
    subject = f"entries:{now.date().isoformat()}"
    if not wrong:
        return 0
    return int(
        cases.open_case(session, ExceptionKind.LEDGER_DIFFERS, subject=subject, payment=None, pence=None, now=now)
    )


def _ask(provider: PaymentProvider, session_id: str | None) -> CheckoutStatus | None:
    if session_id is None:
        return None
    try:
        return provider.get(session_id)
    except ProviderRefused:
        return None


def _compare(session: Session, payment_id: UUID, status: CheckoutStatus | None, now: dt.datetime) -> int:
    """One payment: what the provider knows more is taken over; what it knows otherwise is a case."""
    payment = settling.locked(session, payment_id)
    if status is not None:
        payment = settling.settle(session, payment_id=payment_id, status=status, now=now)
    opened = 0
    if payment.state == PaymentState.PAID and (status is None or not status.paid):
        opened += _case(session, ExceptionKind.NOT_AT_PROVIDER, payment, payment.received_pence, now)
    books = ledger.sums(session, payment_id=payment.id)
    if payment.state in HAVE_MONEY and not _adds_up(session, payment, books):
        opened += _case(session, ExceptionKind.LEDGER_DIFFERS, payment, books[Account.PROVIDER], now)
    return opened


def _adds_up(session: Session, payment: Payment, books: dict[Account, int]) -> bool:
    """Whether the books of one payment hold what its row and its refunds say."""
    refunds = payments.list_refunds(session, payment_id=payment.id)
    back = sum(refund.amount_pence for refund in refunds if refund.state == "settled")
    charges = books[Account.CHARGES]
    elsewhere = unasked.so_far(session, payment)
    away = payment.disputed_pence if payment.dispute in (DisputeState.OPEN, DisputeState.LOST) else 0
    here = payment.received_pence + second_page.so_far(session, payment)
    return books[Account.PROVIDER] == here - back - elsewhere - away - charges


def _case(session: Session, kind: ExceptionKind, payment: Payment, pence: int, now: dt.datetime) -> int:
    return int(cases.open_case(session, kind, subject=str(payment.id), payment=payment, pence=pence, now=now))


def _settlement(session: Session, provider: str, settlement: Settlement, now: dt.datetime) -> int:
    """One payout: kept with its lines, written into the books once it arrived, and each line matched to a payment."""
    matched = {line.line_id: _payment_of(session, line) for line in settlement.lines}
    row = SettlementRow(
        provider=provider,
        payout_id=settlement.payout_id,
        amount_pence=settlement.amount_pence,
        charges_pence=sum(line.fee_pence for line in settlement.lines),
        currency=settlement.currency,
        status=settlement.status,
        created=settlement.created,
        arrival=settlement.arrival,
    )
    parts = [_part(provider, settlement, line, matched[line.line_id]) for line in settlement.lines]
    payment_cases.keep_settlement(session, row, parts)
    _write_books(session, provider, settlement, matched, now)
    opened = 0
    if sum(line.net_pence for line in _moved(settlement)) != settlement.amount_pence:
        opened += int(
            cases.open_case(
                session,
                ExceptionKind.PAYOUT_DIFFERS,
                subject=settlement.payout_id,
                payment=None,
                pence=settlement.amount_pence,
                now=now,
            )
        )
    for line in settlement.lines:
        if line.kind is LineKind.PAYMENT and matched[line.line_id] is None:
            opened += int(
                cases.open_case(
                    session,
                    ExceptionKind.UNMATCHED,
                    subject=line.line_id,
                    payment=None,
                    pence=line.amount_pence,
                    now=now,
                )
            )
    return opened


def _write_books(
    session: Session,
    provider: str,
    settlement: Settlement,
    matched: dict[str, Payment | None],
    now: dt.datetime,
) -> None:
    """What the provider kept, line by line, and the payout once it is on the bank's side."""
    if settlement.currency != CURRENCY:
        return
    for line in settlement.lines:
        payment = matched[line.line_id]
        kept = -line.amount_pence if line.kind is LineKind.FEE else line.fee_pence
        if kept > 0:
            ledger.post(
                session,
                Entry.CHARGED,
                key=f"charge:{provider}:{line.line_id}",
                pence=kept,
                payment_id=payment.id if payment else None,
                force_id=payment.force_id if payment else None,
                now=now,
            )
    for key, (force_id, pence) in _payout_parts(session, provider, settlement, matched).items():
        if settlement.status == "paid":
            _paid_out(session, key, pence, force_id, now)
        elif settlement.status in _NEVER_ARRIVED and ledger.is_written(session, key=key):
            _paid_out(session, f"{key}:back", -pence, force_id, now)


def _payout_parts(
    session: Session, provider: str, settlement: Settlement, matched: dict[str, Payment | None]
) -> dict[str, tuple[str | None, int]]:
    """Each entry of one payout by its key: whose part, and how many pence.

    Before payouts were written by force, one entry held the whole: where it stands, it alone is this payout's.
    """
    whole = f"payout:{provider}:{settlement.payout_id}"
    if ledger.is_written(session, key=whole):
        return {whole: (None, settlement.amount_pence)}
    parts = _by_force(settlement, matched)
    return {f"{whole}:{force_id or '-'}": (force_id, pence) for force_id, pence in parts.items()}


def _by_force(settlement: Settlement, matched: dict[str, Payment | None]) -> dict[str | None, int]:
    """Pence of one payout that are each force's: below zero where more went back than came in; None: nobody's known."""
    parts: dict[str | None, int] = {}
    for line in _moved(settlement):
        payment = matched[line.line_id]
        force_id = payment.force_id if payment else None
        parts[force_id] = parts.get(force_id, 0) + line.net_pence
    parts[None] = parts.get(None, 0) + settlement.amount_pence - sum(parts.values())
    return {force_id: pence for force_id, pence in parts.items() if pence}


def _moved(settlement: Settlement) -> list[SettlementLine]:
    """Its lines without the payout's own."""
    return [line for line in settlement.lines if line.kind is not LineKind.PAYOUT]


def _paid_out(session: Session, key: str, pence: int, force_id: str | None, now: dt.datetime) -> None:
    entry = Entry.PAID_OUT if pence > 0 else Entry.TAKEN_BACK
    ledger.post(session, entry, key=key, pence=abs(pence), payment_id=None, force_id=force_id, now=now)


def _payment_of(session: Session, line: SettlementLine) -> Payment | None:
    found = payments.find_id(session, payment_id=None, session_id=None, provider_payment_id=line.provider_payment_id)
    return payments.get(session, payment_id=found) if found else None


def _part(provider: str, settlement: Settlement, line: SettlementLine, payment: Payment | None) -> SettlementPart:
    return SettlementPart(
        provider=provider,
        line_id=line.line_id,
        payout_id=settlement.payout_id,
        kind=line.kind.value,
        amount_pence=line.amount_pence,
        fee_pence=line.fee_pence,
        payment_id=payment.id if payment else None,
        force_id=payment.force_id if payment else None,
    )
