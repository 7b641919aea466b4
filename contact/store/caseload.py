"""The licensing team's lists, a page at a time by keyset: no list is ever counted, and no page reads another's rows."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.licensing.application_states import OPEN_STATES, ApplicationState

PAGE = 25
_READ = PAGE + 1
_FEW_LISTS = 2
"""Up to so many forces and states are merged as they are: a force's two lists of what is new."""


class View(enum.StrEnum):
    """One list of the caseload."""

    NEW = "new"
    IN_HAND = "in_hand"
    AWAITING = "awaiting"
    VISITS = "visits"
    DECIDE = "decide"
    EXPIRING = "expiring"
    UNPAID = "unpaid"
    MESSAGES = "messages"
    MINE = "mine"


_S = ApplicationState
_OPEN = tuple(sorted(each.value for each in OPEN_STATES))
_BY_STATE: dict[View, tuple[ApplicationState, ...]] = {
    View.NEW: (_S.SUBMITTED, _S.AWAITING_PAYMENT),
    View.IN_HAND: (_S.VALIDATED, _S.CHECKS),
    View.VISITS: (_S.VISIT_BOOKED,),
    View.DECIDE: (_S.VISITED, _S.RECOMMENDATION),
}
_COLUMNS = """a.contact_id, c.reference, a.force_id, a.kind, a.licence, a.state, a.state_since, a.declared_at,
  a.in_time, a.officer_id, g.name AS officer, a.payment, a.waiting_for, a.waiting_since, a.next_due, a.unread,
  r.given_name, r.surname, v.starts_at AS visit_at"""
_JOINS = """JOIN contacts c ON c.id = a.contact_id
  LEFT JOIN reporters r ON r.contact_id = a.contact_id
  LEFT JOIN agents g ON g.id = a.officer_id
  LEFT JOIN visits v ON v.contact_id = a.contact_id AND v.state = 'booked'"""
_NONE: dict[View, str] = {
    View.AWAITING: "waiting_since",
    View.EXPIRING: "next_due",
}
"""By what a list is ordered; the declaration where nothing else is said."""
_WHERE: dict[View, str] = {
    View.AWAITING: "q.force_id = mine.id AND q.waiting_for IS NOT NULL",
    View.EXPIRING: f"q.force_id = mine.id AND q.next_due IS NOT NULL AND q.state IN {_OPEN}",
    View.UNPAID: "q.force_id = mine.id AND q.state = 'granted' AND q.payment = 'due'",
    View.MESSAGES: "q.force_id = mine.id AND q.unread",
    View.MINE: f"q.force_id = mine.id AND q.officer_id = :agent AND q.state IN {_OPEN}",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One application as its line shows it, in UTC."""

    contact_id: UUID
    reference: str
    force_id: str
    kind: str
    licence: str
    state: str
    state_since: dt.datetime
    declared_at: dt.datetime
    in_time: bool | None
    officer_id: UUID | None
    officer: str | None
    payment: str
    waiting_for: str | None
    waiting_since: dt.datetime | None
    next_due: dt.date | None
    unread: bool
    given_name: str | None
    surname: str | None
    visit_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: what its list is ordered by, and the id."""

    at: str
    contact_id: UUID

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """A cursor out of an address; None for anything else than one of ours."""
        at, mark, last = text.rpartition("_")
        try:
            dt.datetime.fromisoformat(at)
            return cls(at, UUID(last)) if mark else None
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.at}_{self.contact_id}"


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the list's order; `after` leads to the next page, None on the last."""

    rows: tuple[Row, ...]
    after: Cursor | None


def page(
    session: Session, *, view: View, force_ids: Sequence[str], agent_id: UUID, after: Cursor | None = None
) -> Page:
    """One page of a list of these forces, oldest first; who is awaited longest, and what is due soonest, likewise."""
    order = _NONE.get(view, "declared_at")
    given: dict[str, Any] = {"forces": list(force_ids), "agent": agent_id}
    further = ""
    if after is not None:
        kind = "date" if order == "next_due" else "timestamptz"
        further = f"AND (q.{order}, q.contact_id) > (CAST(:at AS {kind}), :last)"
        given |= {"at": after.at, "last": after.contact_id}
    if view in _BY_STATE:
        given["states"] = [each.value for each in _BY_STATE[view]]
        sources = (
            "unnest(CAST(:forces AS text[])) AS mine(id) CROSS JOIN unnest(CAST(:states AS text[])) AS stage(name)"
        )
        where = "q.force_id = mine.id AND q.state = stage.name"
    else:
        sources, where = "unnest(CAST(:forces AS text[])) AS mine(id)", _WHERE[view]
    # Each force and state gives its own first rows off the index, whatever else there is; then the few are merged.
    # Where there are many of them, a look at their first ones tells how far the page reaches at most: what lies behind
    # is neither read nor asked of the policies.
    rows_of = f"CROSS JOIN LATERAL (SELECT {{}} FROM applications q WHERE {where} {further}"  # noqa: S608
    ordered = f"ORDER BY q.{order}, q.contact_id LIMIT"
    lists = len(force_ids) * len(_BY_STATE.get(view, (None,)))
    looked, reach = "", ""
    if lists > _FEW_LISTS:
        looked = f"""heads AS MATERIALIZED (
  SELECT h.at FROM {sources} {rows_of.format(f"q.{order} AS at")} {ordered} {-(-_READ // lists)}) h),
reach AS MATERIALIZED (
  SELECT coalesce((SELECT at FROM heads ORDER BY at OFFSET {_READ - 1} LIMIT 1), 'infinity') AS at),"""  # noqa: S608
        # Joined rather than asked for in place: only so does the policies' barrier let it into the index.
        sources, reach = f"reach CROSS JOIN {sources}", f"AND q.{order} <= reach.at"
    statement = f"""
WITH {looked} first AS MATERIALIZED (
  SELECT a.* FROM {sources} {rows_of.format("q.*")} {reach} {ordered} {_READ}) a
  ORDER BY a.{order}, a.contact_id LIMIT {_READ})
SELECT {_COLUMNS} FROM first a {_JOINS} ORDER BY a.{order}, a.contact_id
"""  # noqa: S608 - the parts are this module's own texts
    rows = [Row(*row) for row in session.execute(sa.text(statement), given)]
    shown, more = rows[:PAGE], len(rows) > PAGE
    return Page(tuple(shown), _cursor(shown[-1], order) if more else None)


def _cursor(row: Row, order: str) -> Cursor:
    value: dt.datetime | dt.date = getattr(row, order)
    return Cursor(value.isoformat(), row.contact_id)


def find(session: Session, *, kind: str, value: str, second: str | None = None, limit: int = 50) -> list[Row]:
    """Applications by `reference`, `name` (surname; `second` the given name) or `certificate`, newest first."""
    found = session.execute(
        sa.text("SELECT contact_id FROM search_applications(:kind, :value, :second, :limit)"),
        {"kind": kind, "value": value, "second": second, "limit": limit},
    )
    ids = [row.contact_id for row in found]
    statement = f"""SELECT {_COLUMNS} FROM applications a {_JOINS} WHERE a.contact_id = ANY(:ids)
                    ORDER BY a.declared_at DESC, a.contact_id"""  # noqa: S608 - as above
    return [Row(*row) for row in session.execute(sa.text(statement), {"ids": ids})] if ids else []
