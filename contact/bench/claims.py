"""Claim next, many agents at once: one winner a contact, none lost, beside the same UPDATE in bare psycopg."""

from __future__ import annotations

import datetime as dt
import functools
import multiprocessing
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import TypeAlias
from uuid import UUID, uuid4

import psycopg

from contact.bench import agents, fill
from contact.bench.load import side_by_side
from contact.bench.row import Row, percentile
from contact.bench.stack import Stack
from contact.domain.access import Actor
from contact.domain.queueing import CAPACITY, LeaseKind
from contact.services import control_room
from contact.store.engine import make_engine, make_sessions

PROCESSES = 4
CLAIMS_EACH = 30
WARM_UP = 10
"""Claims of each before the clock starts, as in a control room that is at work: connections open, plans made."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    times_ms: list[float]
    contacts: list[UUID]
    seconds: float

    @property
    def rate(self) -> float:
        return len(self.times_ms) / self.seconds


def rows(stack: Stack) -> list[Row]:
    """16 and 50 agents of one force. Needs a filled queue."""
    found = []
    for crowd in (16, 50):
        needed = -(-(WARM_UP + CLAIMS_EACH) // CAPACITY)
        identities = agents.make(stack, crowd * needed, [fill.ONE_FORCE])
        _refill(stack, crowd * (WARM_UP + CLAIMS_EACH) * 2)
        floor = _spread(stack, crowd, [], bare=True)
        ours = _spread(stack, crowd, identities, bare=False)
        found += _rows(crowd, ours, floor, _lost(stack, ours))
    return found


def _rows(crowd: int, ours: _Outcome, floor: _Outcome, lost: int) -> list[Row]:
    twice = sum(count - 1 for count in Counter(ours.contacts).values())
    p95 = percentile(ours.times_ms, 0.95)
    ratio = ours.rate / floor.rate
    made = [
        Row(
            f"claim next, {crowd} agents", ours.rate, "a second", floor.rate, ratio, ">= 0.5 of the floor", ratio >= 0.5
        ),
        Row(f"claim next, {crowd} agents, twice or lost", twice + lost, "contacts", None, None, "0", twice + lost == 0),
    ]
    if crowd == 16:
        made.insert(1, Row("claim next, 16 agents, p95", p95, "ms", None, None, "<= 30 ms", p95 <= 30))
    return made


def _refill(stack: Stack, enough: int) -> None:
    """All of the waiting contacts that the crowd may want stand in one force's queue."""
    with stack.superuser() as connection:
        connection.execute(
            "WITH moved AS (UPDATE queue_entries SET force_id = %s WHERE id IN (SELECT id FROM queue_entries"
            " WHERE state = 'waiting' AND force_id <> %s LIMIT %s) RETURNING contact_id)"
            " UPDATE contacts SET force_id = %s, force_ids = ARRAY[%s] WHERE id IN (SELECT contact_id FROM moved)",
            (fill.ONE_FORCE, fill.ONE_FORCE, enough, fill.ONE_FORCE, fill.ONE_FORCE),
        )
        connection.execute("VACUUM ANALYZE queue_entries")


def _spread(stack: Stack, crowd: int, identities: Sequence[Actor], *, bare: bool) -> _Outcome:
    """The crowd in four processes of threads, so that one Python is not what is measured."""
    context = multiprocessing.get_context("spawn")
    answers: _Answers = context.Queue()
    start = context.Barrier(PROCESSES)
    workers = []
    for number in range(PROCESSES):
        share = crowd // PROCESSES + (number < crowd % PROCESSES)
        mine = list(identities[number::PROCESSES])
        arguments = (stack.settings.database_url, share, mine, bare, start, answers)
        workers.append(context.Process(target=_work, args=arguments))
    for worker in workers:
        worker.start()
    parts = [answers.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()
    times = [ms for part in parts for ms in part[0]]
    contacts = [contact for part in parts for contact in part[1]]
    return _Outcome(times, contacts, max(part[2] for part in parts))


_Answers: TypeAlias = "multiprocessing.queues.Queue[tuple[list[float], list[UUID], float]]"


def _work(url: str, share: int, identities: list[Actor], bare: bool, start: Barrier, answers: _Answers) -> None:
    """One process: `share` threads that claim CLAIMS_EACH times each, once they have warmed up."""
    times: list[float] = []
    contacts: list[UUID] = []
    engine = make_engine(url, pool_size=share)
    sessions = make_sessions(engine)
    bare_ones = [psycopg.connect(url) for _ in range(share if bare else 0)]

    def ours(lane: int, numbers: range) -> None:
        own = identities[lane::share]
        for number in numbers:
            agent = own[number // CAPACITY]
            began = time.perf_counter()
            with sessions() as session:
                session.info["actor"] = agent
                now = dt.datetime.now(dt.UTC)
                claimed = control_room.claim_next(session, agent=agent, kind=LeaseKind.LIVE, now=now)
                session.commit()
            times.append((time.perf_counter() - began) * 1000)
            contacts.append(claimed.contact_id)

    def floor(lane: int, numbers: range) -> None:
        for _ in numbers:
            began = time.perf_counter()
            contacts.append(_bare_claim(bare_ones[lane]))
            times.append((time.perf_counter() - began) * 1000)

    def all_lanes(numbers: range) -> float:
        work = floor if bare else ours
        return side_by_side([functools.partial(work, lane, numbers) for lane in range(share)])

    all_lanes(range(WARM_UP))
    times.clear()
    start.wait()
    seconds = all_lanes(range(WARM_UP, WARM_UP + CLAIMS_EACH))
    engine.dispose()
    answers.put((times, contacts, seconds))


_AS_AGENT = (
    "SELECT set_config('contact.actor', 'agent', true), set_config('contact.forces', %s, true),"
    " set_config('contact.agent_id', %s, true)"
)
_TAKE = """
UPDATE queue_entries SET state = 'held', holder_id = (SELECT id FROM agents LIMIT 1), lease_kind = 'live',
       lease_ends_at = now() + interval '90 seconds'
 WHERE id = (SELECT id FROM queue_entries WHERE force_id = %s AND state = 'waiting' ORDER BY band, due_at, id LIMIT 1
             FOR UPDATE SKIP LOCKED)
RETURNING contact_id"""
_EVENT = (
    "INSERT INTO events (force_id, chain, name, version, at, actor_kind, data)"
    " VALUES (%s, %s, 'claimed', 1, now(), 'agent', '{}')"
)


def _bare_claim(connection: psycopg.Connection) -> UUID:
    """The floor: one UPDATE, one event, its seal, one commit, as contact_web under the policies."""
    connection.execute(_AS_AGENT, (fill.ONE_FORCE, str(uuid4())))
    row = connection.execute(_TAKE, (fill.ONE_FORCE,)).fetchone()
    connection.execute(_EVENT, (fill.ONE_FORCE, fill.ONE_FORCE))
    connection.commit()
    if row is None:
        raise RuntimeError("nothing waits")
    found: UUID = row[0]
    return found


def _lost(stack: Stack, ours: _Outcome) -> int:
    """Contacts that were claimed and yet are not held by anybody."""
    with stack.superuser() as connection:
        row = connection.execute(
            "SELECT count(*) FROM queue_entries WHERE contact_id = ANY(%s) AND state = 'held'", (ours.contacts,)
        ).fetchone()
    return len(set(ours.contacts)) - (row[0] if row else 0)
