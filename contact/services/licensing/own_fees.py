"""A force's own dated fees: what blocks sale is filled in here, and a row that began is never changed, only ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from contact.domain.access import Actor, Permission, may
from contact.domain.clocks import LONDON
from contact.domain.errors import DomainError, Forbidden, NotFound, ReasonNeeded
from contact.domain.events import Event
from contact.domain.licensing.fees import Case, DateRule, national_rows
from contact.domain.licensing.kinds import Kind, Licence
from contact.store import audit, forces, payment_cases
from contact.store.forces import ForceView
from contact.store.identifiers import new_id
from contact.store.payment_cases import LicenceFee


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """What a fee is for."""

    licence: Licence
    kind: Kind
    case: Case | None

    @property
    def code(self) -> str:
        """As it stands in a form."""
        return f"{self.licence}:{self.kind}:{self.case or ''}"


@dataclass(eq=False)
class FeeNotPossible(DomainError):
    """The row cannot be. `field`: thing, valid_from, valid_to, last_day; `reason`: past, order, overlap, unknown."""

    field: str
    reason: str


def things(nation: str) -> tuple[Thing, ...]:
    """Everything that nation's law has a fee for, its figure known or not, in the order of the national table."""
    rows = (row for row in national_rows() if nation in row.nations)
    return tuple(dict.fromkeys(Thing(row.licence, row.kind, row.case) for row in rows))


def of_force(session: Session, *, actor: Actor, force_id: str) -> Sequence[LicenceFee]:
    """Its rows, past ones too. Raises NotFound, Forbidden."""
    _administered(session, actor, force_id)
    return payment_cases.list_own_fees(session, force_id=force_id)


def add(
    session: Session,
    *,
    actor: Actor,
    force_id: str,
    thing: Thing,
    pence: int,
    valid_from: dt.date,
    valid_to: dt.date | None,
    legal_basis: str,
    entered_by: str,
    now: dt.datetime,
    by_date: DateRule = DateRule.RECEIVED,
) -> UUID:
    """Add a figure from today or later, for nobody's fee changes backwards; from an earlier day only where none held.

    `valid_to` is its last day; `by_date` the day that picks it: of receipt or of payment.

    Raises NotFound, Forbidden, FeeNotPossible, ReasonNeeded (a figure without its law is not sold by).
    """
    force = _administered(session, actor, force_id)
    if not legal_basis.strip():
        raise ReasonNeeded(what="legal_basis")
    _ensure_possible(force.nation, thing, valid_from, valid_to, today=_today(now))
    rows = payment_cases.list_own_fees(session, force_id=force_id)
    if any(_overlaps(each, thing, valid_from, valid_to or dt.date.max) for each in rows):
        raise FeeNotPossible(field="valid_from", reason="overlap")
    row = LicenceFee(
        id=new_id(),
        force_id=force_id,
        licence=thing.licence.value,
        kind=thing.kind.value,
        case_code=thing.case.value if thing.case else None,
        pence=pence,
        valid_from=valid_from,
        valid_to=valid_to,
        by_date=by_date.value,
        legal_basis=legal_basis.strip(),
        entered_by=entered_by,
        entered_at=now,
    )
    try:
        with session.begin_nested():
            payment_cases.add_own_fee(session, row)
    except IntegrityError:  # somebody added one in the same moment
        raise FeeNotPossible(field="valid_from", reason="overlap") from None
    _note(session, row, "add", now)
    return row.id


def _ensure_possible(
    nation: str, thing: Thing, valid_from: dt.date, valid_to: dt.date | None, *, today: dt.date
) -> None:
    if thing not in things(nation):
        raise FeeNotPossible(field="thing", reason="unknown")
    if valid_from < today and _was_known(nation, thing, valid_from, today):
        raise FeeNotPossible(field="valid_from", reason="past")
    if valid_to is not None and valid_to < valid_from:
        raise FeeNotPossible(field="valid_to", reason="order")


def end(
    session: Session, *, actor: Actor, force_id: str, fee_id: UUID, last_day: dt.date, now: dt.datetime
) -> LicenceFee:
    """Say which day is its last, today or later; what is over stays as it was.

    Raises NotFound, Forbidden, FeeNotPossible.
    """
    _administered(session, actor, force_id)
    rows = payment_cases.list_own_fees(session, force_id=force_id)
    row = next((each for each in rows if each.id == fee_id), None)
    if row is None:
        raise NotFound(kind="licence_fee", key=str(fee_id))
    today = _today(now)
    if last_day < today or is_over(row, today):
        raise FeeNotPossible(field="last_day", reason="past")
    if last_day < row.valid_from or (row.valid_to is not None and last_day > row.valid_to):
        raise FeeNotPossible(field="last_day", reason="order")
    row.valid_to = last_day
    session.flush()
    _note(session, row, "end", now)
    return row


def is_over(row: LicenceFee, today: dt.date) -> bool:
    """Whether its last day is behind us."""
    return row.valid_to is not None and row.valid_to < today


def _was_known(nation: str, thing: Thing, first: dt.date, today: dt.date) -> bool:
    """Whether the nation's table had a figure on a day from `first` to yesterday; where it had none, nobody was sold
    anything, and what was received meanwhile waits for its figure."""
    yesterday = today - dt.timedelta(days=1)
    return any(
        row.pence is not None
        and nation in row.nations
        and (row.licence, row.kind, row.case) == (thing.licence, thing.kind, thing.case)
        and (row.valid_from or dt.date.min) <= yesterday
        and first <= (row.valid_to or dt.date.max)
        for row in national_rows()
    )


def _overlaps(row: LicenceFee, thing: Thing, first: dt.date, last: dt.date) -> bool:
    same = (row.licence, row.kind, row.case_code or None) == (thing.licence, thing.kind, thing.case)
    return same and row.valid_from <= last and first <= (row.valid_to or dt.date.max)


def _note(session: Session, row: LicenceFee, deed: str, now: dt.datetime) -> None:
    audit.record(
        session, Event.LICENCE_FEE_SET, force_id=row.force_id, at=now, fee_id=row.id, deed=deed, licence=row.licence,
        kind=row.kind, pence=row.pence,
    )  # fmt: skip


def _today(now: dt.datetime) -> dt.date:
    return now.astimezone(LONDON).date()


def _administered(session: Session, actor: Actor, force_id: str) -> ForceView:
    force = forces.get(session, force_id=force_id)
    if not may(actor, Permission.ADMINISTER_FORCE, force_id):
        raise Forbidden(permission=Permission.ADMINISTER_FORCE.value, force_id=force_id)
    return force
