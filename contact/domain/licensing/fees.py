"""What a certificate costs on a day, by the law of its nation: dated rows with a source, and no figure from memory.

The rule that picks the day stands in the row: the day the application was received, or the day it is paid.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from contact.domain.licensing.kinds import Kind, Licence, Nation
from contact.domain.screen import DataReview

GROUP_FROM = 6
"""Visitors of a group of six or more have a fee of their own (Firearms (Amendment) Act 1988, section 17)."""


class Case(StrEnum):
    """What else a fee hangs on, within one licence and kind."""

    BOTH_GRANTS = "both_grants"
    FIREARM_RENEWAL_SHOTGUN_GRANT = "firearm_renewal_shotgun_grant"
    FIREARM_GRANT_SHOTGUN_RENEWAL = "firearm_grant_shotgun_renewal"
    BOTH_RENEWALS = "both_renewals"
    ONE_FOR_ONE = "one_for_one"
    NUMBER_RISES = "number_rises"
    WITH_RENEWAL = "with_renewal"
    ONE = "one"
    GROUP = "group"


_PAIRS = {
    (Kind.GRANT, Kind.GRANT): Case.BOTH_GRANTS,
    (Kind.RENEWAL, Kind.GRANT): Case.FIREARM_RENEWAL_SHOTGUN_GRANT,
    (Kind.GRANT, Kind.RENEWAL): Case.FIREARM_GRANT_SHOTGUN_RENEWAL,
    (Kind.RENEWAL, Kind.RENEWAL): Case.BOTH_RENEWALS,
}
"""Firearm half, shotgun half."""


class DateRule(StrEnum):
    """Which day picks the row."""

    RECEIVED = "received"
    PAID = "paid"


class Why(StrEnum):
    """Why nothing can be charged, and so nothing be sold."""

    NO_FIGURE = "no_figure"  # the figure was not found: the force fills it in
    NOT_LICENSED = "not_licensed"  # the law of this nation has no such thing, as far as is known
    NOT_THEN = "not_then"  # there are figures, but none for that day
    CASE_NOT_KNOWN = "case_not_known"  # for example whether the number of guns rises


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One dated figure; `pence` None: not known. `valid_to` is its last day; None at either end: no end is known."""

    nations: frozenset[Nation]
    licence: Licence
    kind: Kind
    case: Case | None
    pence: int | None
    valid_from: date | None
    valid_to: date | None
    by_date: DateRule
    legal_basis: str
    owner: str

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on that day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


@dataclass(frozen=True, slots=True)
class Fee:
    """What is to be paid, in pence; 0 where the law asks for nothing. `on` is the day that picked the figure."""

    pence: int
    on: date
    by_date: DateRule
    valid_from: date | None
    valid_to: date | None
    legal_basis: str
    owner: str


@dataclass(frozen=True, slots=True)
class NotForSale:
    """No figure may be asked for."""

    reason: Why


def fee_for(
    *,
    nation: Nation,
    licence: Licence,
    kind: Kind,
    case: Case | None,
    received_on: date,
    paid_on: date,
    own: Iterable[FeeRow] = (),
) -> Fee | NotForSale:
    """The fee of one application; days are those of the United Kingdom.

    `paid_on` is today while it is not paid. `own` are the force's rows: they fill what is empty, and where both have a
    figure the one that came into force later holds, the national one if they came the same day. Where the rule itself
    changed and no row holds by its own, the fee shown when the application was received does.
    """
    if case is None and _needs_case(licence, kind):
        return NotForSale(Why.CASE_NOT_KNOWN)
    listed = [row for row in (*national_rows(), *own) if _about(row, nation, licence, kind, case)]
    if not listed:
        return NotForSale(Why.NOT_LICENSED)
    figures = [row for row in listed if row.pence is not None]
    if not figures:
        return NotForSale(Why.NO_FIGURE)
    days = {DateRule.RECEIVED: received_on, DateRule.PAID: paid_on}
    holding = [row for row in figures if row.holds_on(days[row.by_date])]
    shown = [row for row in figures if row.holds_on(received_on)]
    if not holding and not shown:
        return NotForSale(Why.NOT_THEN)
    if not holding:
        holding, days = shown, dict.fromkeys(DateRule, received_on)
    row = max(holding, key=lambda each: each.valid_from or date.min)
    assert row.pence is not None  # noqa: S101 - figures only
    on = days[row.by_date]
    return Fee(row.pence, on, row.by_date, row.valid_from, row.valid_to, row.legal_basis, row.owner)


def case_of(
    *,
    licence: Licence,
    kind: Kind,
    shotgun_kind: Kind | None = None,
    number_rises: bool | None = None,
    with_renewal: bool = False,
    group_size: int | None = None,
) -> Case | None:
    """The case of an application; None where there is none, or where it is not known (`fee_for` tells them apart).

    Of two certificates with one expiry `kind` is the firearm half's, `shotgun_kind` the other's if it differs.
    """
    if licence is Licence.COTERMINOUS and kind in (Kind.GRANT, Kind.RENEWAL):
        return _PAIRS[kind, shotgun_kind or kind]
    if kind is Kind.VARIATION:
        if with_renewal:
            return Case.WITH_RENEWAL
        return {None: None, True: Case.NUMBER_RISES, False: Case.ONE_FOR_ONE}[number_rises]
    if kind is Kind.VISITOR_PERMIT:
        return Case.GROUP if (group_size or 1) >= GROUP_FROM else Case.ONE
    return None


def national_rows() -> tuple[FeeRow, ...]:
    """Every row of the national table, empty ones too, in the order of the data."""
    return _loaded()[0]


def reviews() -> tuple[DataReview, ...]:
    """Who has read the figures, for go-live (engineering 35)."""
    return (_loaded()[1],)


def _needs_case(licence: Licence, kind: Kind) -> bool:
    joined = licence is Licence.COTERMINOUS and kind in (Kind.GRANT, Kind.RENEWAL)
    return joined or kind in (Kind.VARIATION, Kind.VISITOR_PERMIT)


def _about(row: FeeRow, nation: Nation, licence: Licence, kind: Kind, case: Case | None) -> bool:
    """Two certificates with one expiry go by their case alone: half of it may be a grant and half a renewal."""
    if nation not in row.nations or row.licence is not licence or row.case is not case:
        return False
    joined = licence is Licence.COTERMINOUS and case is not None and kind in (Kind.GRANT, Kind.RENEWAL)
    return joined or row.kind is kind


@lru_cache(maxsize=1)
def _loaded() -> tuple[tuple[FeeRow, ...], DataReview]:
    data = json.loads(files("contact.domain.licensing").joinpath("fees.json").read_text("utf-8"))
    rows = tuple(
        FeeRow(
            nations=frozenset(Nation(nation) for nation in row["nations"]),
            licence=Licence(row["licence"]),
            kind=Kind(row["kind"]),
            case=Case(row["case"]) if row["case"] else None,
            pence=row["pence"],
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            by_date=DateRule(row["by_date"]),
            legal_basis=str(data["laws"][row["law"]]["legal_basis"]),
            owner=str(data["owner"]),
        )
        for row in data["rows"]
    )
    return rows, DataReview("licence_fees", data["source"], data["owner"], data["reviewer"], data["reviewed_on"])


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
