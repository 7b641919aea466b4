"""The queue as an agent sees it: pages that cost the same at any depth, and the claim that only one can win."""

from __future__ import annotations

import datetime as dt
import enum
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.states import EntryState
from contact.store.contacts import get_entry
from contact.store.engine import driver_of
from contact.store.models import Agent, QueueEntry
from contact.store.models.queue import in_state

__all__ = ["QueueEntry", "get_entry"]

PAGE_SIZE = 25
CANDIDATES = (48, 128, 256)
"""How many of the first contacts a claim looks at: few, then more when other agents have just locked all of those."""


class View(enum.StrEnum):
    """The lists of the queue page."""

    WAITING = "waiting"
    WITH_BOT = "with_bot"
    MINE = "mine"
    SNOOZED = "snoozed"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: band, time and id, in the order of the index."""

    band: int
    at: dt.datetime
    entry_id: UUID

    def __str__(self) -> str:
        return f"{self.band}.{int(self.at.timestamp() * 1_000_000)}.{self.entry_id.hex}"

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """The cursor of an address; None when it is none of ours, which shows the first page."""
        try:
            band, microseconds, entry_id = text.split(".")
            at = dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=int(microseconds))
            return cls(min(int(band), 9), at, UUID(entry_id))
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue. `offered_by`: the force that asks this one to take the contact over."""

    id: UUID
    contact_id: UUID
    force_id: str
    force_name: str
    band: int
    due_at: dt.datetime
    look_by: dt.datetime
    answer_by: dt.datetime
    looked_at: dt.datetime | None
    answered_at: dt.datetime | None
    state: str
    holder_id: UUID | None
    holder_name: str | None
    lease_kind: str | None
    lease_ends_at: dt.datetime | None
    snoozed_until: dt.datetime | None
    restricted: bool
    reference: str
    category: str
    grade: str
    flags: list[str]
    channel: str
    received_at: dt.datetime
    unread: bool
    offered_by: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the order of work, and where the next page begins (None on the last)."""

    rows: list[Row]
    after: Cursor | None


_COLUMNS = """q.id, q.contact_id, q.force_id, q.band, q.due_at, q.look_by, q.answer_by, q.looked_at, q.answered_at,
  q.state, q.holder_id, q.lease_kind, q.lease_ends_at, q.snoozed_until, q.restricted, q.reference, q.category, q.grade,
  q.flags, q.channel, q.received_at, q.unread"""
_FINISHED = """
SELECT p.*, f.name AS force_name, a.name AS holder_name,
       (SELECT g.name FROM transfers t JOIN forces g ON g.id = t.from_force_id WHERE t.contact_id = p.contact_id
           AND t.to_force_id = p.force_id AND t.accepted_at IS NULL) AS offered_by
  FROM page p JOIN forces f ON f.id = p.force_id LEFT JOIN agents a ON a.id = p.holder_id ORDER BY """

# One short index scan a force, merged: the cost depends on forces and page size, never on the table.
_BY_FORCE = """
WITH page AS MATERIALIZED (
  SELECT e.* FROM unnest(CAST(:forces AS text[])) AS mine(id) CROSS JOIN LATERAL (
    SELECT {columns} FROM queue_entries q
     WHERE q.force_id = mine.id AND {condition} AND (q.band, q.due_at, q.id) > (:band, :at, :id)
     ORDER BY q.band, q.due_at, q.id LIMIT {limit}) e
  ORDER BY e.band, e.due_at, e.id LIMIT {limit})
{finished} p.band, p.due_at, p.id"""
_ASLEEP = """
WITH page AS MATERIALIZED (
  SELECT {columns} FROM queue_entries q
   WHERE q.state = 'snoozed' AND q.force_id = ANY (CAST(:forces AS text[]))
     AND (q.snoozed_until, q.id) > (:at, :id) AND :band >= 0
   ORDER BY q.snoozed_until, q.id LIMIT {limit})
{finished} p.snoozed_until, p.id"""
_HELD_BY = """
WITH page AS MATERIALIZED (
  SELECT DISTINCT ON (q.contact_id) {columns} FROM queue_entries q
   WHERE q.state = 'held' AND q.holder_id = :agent ORDER BY q.contact_id, q.force_id)
{finished} p.band, p.due_at, p.id"""


def _statement(text: str, condition: str = "") -> sa.TextClause:
    for name, part in (("condition", condition), ("finished", _FINISHED), ("columns", _COLUMNS)):
        text = text.replace("{" + name + "}", part)
    return sa.text(text.replace("{limit}", str(PAGE_SIZE + 1)))


_PAGES = {
    View.WAITING: _statement(_BY_FORCE, "q.state = 'waiting'"),
    View.WITH_BOT: _statement(_BY_FORCE, "q.state = 'with_bot'"),
    View.UNREAD: _statement(_BY_FORCE, "q.unread AND q.state <> 'closed' AND q.state <> 'with_bot'"),
    View.SNOOZED: _statement(_ASLEEP),
    View.MINE: _statement(_HELD_BY),
}
# Planning these takes longer than running them, and one plan fits every agent: kept for the rest of the transaction.
_PLAN_ONCE = "set_config('plan_cache_mode', 'force_generic_plan', true)"
_START = Cursor(-1, dt.datetime(1970, 1, 1, tzinfo=dt.UTC), UUID(int=0))
_SNOOZED_START = Cursor(0, dt.datetime(1970, 1, 1, tzinfo=dt.UTC), UUID(int=0))


def page(
    session: Session, *, view: View, force_ids: Sequence[str], agent_id: UUID | None = None, after: Cursor | None = None
) -> Page:
    """A page of the queue after a cursor, without counting the set (engineering 4, scenario 24)."""
    session.execute(sa.text(f"SELECT {_PLAN_ONCE}"))
    begin = after or (_SNOOZED_START if view is View.SNOOZED else _START)
    if view is View.MINE:
        return Page(_rows(session, _PAGES[view], {"agent": agent_id}), None)
    given = {"forces": list(force_ids), "band": begin.band, "at": begin.at, "id": begin.entry_id}
    rows = _rows(session, _PAGES[view], given)
    if len(rows) <= PAGE_SIZE:
        return Page(rows, None)
    last = rows[PAGE_SIZE - 1]
    at = last.snoozed_until or last.due_at if view is View.SNOOZED else last.due_at
    return Page(rows[:PAGE_SIZE], Cursor(last.band, at, last.id))


def _rows(session: Session, statement: sa.TextClause, given: dict[str, Any]) -> list[Row]:
    return [Row(**row._mapping) for row in session.execute(statement, given)]


_EMERGENCIES = sa.text("""
SELECT coalesce(sum(counted.n), 0) FROM unnest(CAST(:forces AS text[])) AS mine(id) CROSS JOIN LATERAL (
  SELECT count(*) AS n FROM (SELECT 1 FROM queue_entries q
    WHERE q.force_id = mine.id AND q.state = 'waiting' AND q.band = 0 LIMIT 100) AS few) AS counted""")


def emergencies_waiting(session: Session, *, force_ids: Sequence[str]) -> int:
    """How many emergencies wait, counted to a hundred a force at most."""
    return int(session.scalar(_EMERGENCIES, {"forces": list(force_ids)}) or 0)


_LOCK_AGENT = f"SELECT pg_advisory_xact_lock(7002, hashtext(%s)), {_PLAN_ONCE}".encode()
_HOLDING = b"""
SELECT (SELECT count(DISTINCT q.contact_id) FROM queue_entries q WHERE q.state = 'held' AND q.holder_id = %s) AS held,
       EXISTS (SELECT 1 FROM queue_entries q WHERE q.state = 'held' AND q.lease_ends_at <= %s) AS expired"""


def count_held(session: Session, *, agent_id: UUID) -> int:
    """How many contacts an agent holds."""
    wanted = sa.select(sa.func.count(QueueEntry.contact_id.distinct()))
    return session.scalar(wanted.where(in_state(EntryState.HELD), QueueEntry.holder_id == agent_id)) or 0


@dataclass(frozen=True, slots=True)
class Holding:
    """How many contacts an agent holds, and whether any lease within sight has run out."""

    held: int
    expired: bool


def lock_holding(session: Session, *, agent_id: UUID, now: dt.datetime) -> Holding:
    """What an agent holds; their other claims wait until this transaction ends, so capacity cannot be overrun."""
    driver = driver_of(session)
    with driver.pipeline():  # one after the other on the server, in one round trip
        driver.execute(_LOCK_AGENT, (str(agent_id),))
        found = driver.execute(_HOLDING, (agent_id, now))
    row = found.fetchone()
    assert row is not None  # noqa: S101 - it has no WHERE
    return Holding(*row)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was claimed. `force_ids`: every force the contact stands with."""

    entry_id: UUID
    contact_id: UUID
    force_id: str
    force_ids: list[str]
    reference: str
    category: str
    grade: str
    lease_kind: str
    lease_ends_at: dt.datetime


# The contact's row lock is the mutex. A contact that another agent claimed between snapshot and lock is checked again
# on its newest version (holder_id), and so is the entry (state); what does not hold any more is passed over.
_CLAIM_NEXT = """
WITH candidates AS MATERIALIZED (
  SELECT e.* FROM unnest(%(forces)s::text[]) AS mine(id) CROSS JOIN LATERAL (
    SELECT q.id, q.contact_id, q.force_id, q.band, q.due_at FROM queue_entries q
     WHERE q.force_id = mine.id AND q.state = 'waiting' AND {bands}
     ORDER BY q.band, q.due_at, q.id LIMIT {candidates}) e
  ORDER BY e.band, e.due_at, e.id LIMIT {candidates}),
chosen AS (
  SELECT n.id AS entry_id, c.id AS contact_id, c.grade FROM candidates n JOIN contacts c ON c.id = n.contact_id
   WHERE c.holder_id IS NULL OR EXISTS (SELECT 1 FROM transfers t WHERE t.contact_id = c.id
                                           AND t.to_force_id = n.force_id AND t.accepted_at IS NULL)
   ORDER BY n.band, n.due_at, n.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED),
taken AS (
  UPDATE queue_entries q SET state = 'held', holder_id = %(agent)s, lease_kind = %(kind)s, snoozed_until = NULL,
         lease_ends_at = CASE WHEN chosen.grade = 'emergency' THEN %(emergency_until)s ELSE %(until)s END
    FROM chosen WHERE q.id = chosen.entry_id AND q.state = 'waiting'
  RETURNING q.id, q.contact_id, q.force_id, q.reference, q.category, q.grade, q.lease_kind, q.lease_ends_at)
UPDATE contacts c SET state = 'with_agent', holder_id = %(agent)s FROM taken WHERE c.id = taken.contact_id
RETURNING taken.id AS entry_id, taken.contact_id, taken.force_id, c.force_ids, taken.reference, taken.category,
          taken.grade, taken.lease_kind, taken.lease_ends_at
"""
_ANY_WAITING = """
SELECT EXISTS (SELECT 1 FROM unnest(CAST(:forces AS text[])) AS mine(id) CROSS JOIN LATERAL (
  SELECT 1 FROM queue_entries q JOIN contacts c ON c.id = q.contact_id
   WHERE q.force_id = mine.id AND q.state = 'waiting' AND {bands} AND c.holder_id IS NULL
   LIMIT 1) e)"""


class Bands(enum.StrEnum):
    """Which part of the queue a claim may take from, as the condition that says so.

    In the text, not a parameter: a prepared plan that must guess how much of the queue a range covers sorts all of it.
    """

    ALL = "q.band >= 0"
    EMERGENCIES = "q.band = 0"
    OTHERS = "q.band = 1"


@functools.cache
def _claim(bands: Bands, candidates: int) -> bytes:
    return _CLAIM_NEXT.replace("{bands}", bands.value).replace("{candidates}", str(candidates)).encode()


def claim_first(
    session: Session,
    *,
    force_ids: Sequence[str],
    agent_id: UUID,
    bands: Bands,
    candidates: int,
    lease_kind: str,
    emergency_until: dt.datetime,
    until: dt.datetime,
) -> Claimed | None:
    """Take the first waiting contact nobody else is taking now, of the first `candidates`; None when there is none.

    Locks the contact's row. Entries of other forces are not touched: see `mirror_hold`.
    """
    given: dict[str, Any] = {"forces": list(force_ids), "agent": agent_id, "kind": lease_kind}
    given |= {"emergency_until": emergency_until, "until": until}
    row = driver_of(session).execute(_claim(bands, candidates), given).fetchone()
    return None if row is None else Claimed(*row)


def is_any_waiting(session: Session, *, force_ids: Sequence[str], bands: Bands) -> bool:
    """Whether something free still waits: a claim that found nothing met only locked rows and may try again."""
    statement = sa.text(_ANY_WAITING.replace("{bands}", bands.value))
    return bool(session.scalar(statement, {"forces": list(force_ids)}))


def mirror_hold(session: Session, *, contact_id: UUID, entry_id: UUID) -> list[str]:
    """Carry who holds it to the contact's entries with other forces; answers those forces."""
    session.flush()
    return list(session.scalar(sa.select(sa.func.mirror_hold(contact_id, entry_id))) or ())


_ENTRIES = (
    sa.select(QueueEntry)
    .where(QueueEntry.contact_id == sa.bindparam("contact", type_=sa.Uuid()))
    .order_by(QueueEntry.force_id)
)
_LOCKED_ENTRIES = _ENTRIES.with_for_update().execution_options(populate_existing=True)


def list_entries(session: Session, *, contact_id: UUID, lock: bool = False) -> list[QueueEntry]:
    """A contact's entries with the actor's forces, by force. `lock` only under the contact's own row lock."""
    return list(session.scalars(_LOCKED_ENTRIES if lock else _ENTRIES, {"contact": contact_id}))


def holder_name(session: Session, *, agent_id: UUID) -> str:
    """The name a refusal gives; empty for an agent who is gone."""
    return session.scalar(sa.select(Agent.name).where(Agent.id == agent_id)) or ""
