"""The queue page: as fast with 100,000 waiting as with 1,000, and at page 1,000 as at page 1."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from contact.bench import agents, fill
from contact.bench.browsers import Browser
from contact.bench.load import Request, Result, send_all
from contact.bench.row import Row, percentile
from contact.bench.stack import Stack

READERS = 4
READS = 60
FEW, MANY = 1_000, 100_000
DEEP = 25_000
LARGEST_PAGE = 60_000


@dataclass(frozen=True, slots=True)
class _Measured:
    one_force: Result
    all_forces: Result


def rows(stack: Stack) -> list[Row]:
    """Fills the queue on the way; leaves it at 100,000 waiting."""
    forces = fill.bench_forces(stack)
    fill.waiting(stack, FEW)
    one = agents.browsers(stack, agents.make(stack, READERS, [fill.ONE_FORCE]))
    every = agents.browsers(stack, agents.make(stack, READERS, forces))
    with stack.web(2) as port:
        few = _Measured(_read(port, one), _read(port, every))
        fill.waiting(stack, MANY)
        many = _Measured(_read(port, one), _read(port, every))
        deep = _read(port, every, f"?after={_cursor_at(stack, forces, DEEP)}")
    first = many.all_forces
    return [
        *_growth("queue page, one force", few.one_force, many.one_force),
        *_growth("queue page, 40 forces", few.all_forces, first),
        _like("queue page 1,000 beside page 1", deep, first),
        _size("queue page, compressed", first),
    ]


def _growth(name: str, few: Result, many: Result) -> list[Row]:
    p95 = percentile(many.times_ms, 0.95)
    now, before = statistics.median(many.times_ms), statistics.median(few.times_ms)
    ratio = now / before
    return [
        Row(f"{name}, p95 with 100,000 waiting", p95, "ms", None, None, "<= 50 ms", p95 <= 50),
        Row(f"{name}, median", now, "ms", before, ratio, "<= 1.3 x the page with 1,000", ratio <= 1.3),
    ]


def _like(name: str, deep: Result, first: Result) -> Row:
    now, before = statistics.median(deep.times_ms), statistics.median(first.times_ms)
    ratio = now / before
    return Row(name, now, "ms", before, ratio, "<= 1.3 x page 1", ratio <= 1.3)


def _size(name: str, page: Result) -> Row:
    largest = max(page.sizes)
    return Row(name, largest / 1000, "kB", None, None, "<= 60 kB", largest <= LARGEST_PAGE)


def _read(port: int, browsers: list[Browser], query: str = "") -> Result:
    def lanes(count: int) -> list[list[Request]]:
        return [
            [Request("GET", f"/control-room/{query}", {"Cookie": each.cookie, "Accept-Encoding": "br"})] * count
            for each in browsers
        ]

    send_all(port, lanes(5))
    return send_all(port, lanes(READS))


def _cursor_at(stack: Stack, forces: list[str], depth: int) -> str:
    """The cursor of the page that begins `depth` rows down."""
    from contact.store.queue import Cursor

    with stack.superuser() as connection:
        row = connection.execute(
            "SELECT band, due_at, id FROM queue_entries WHERE state = 'waiting' AND force_id = ANY(%s)"
            " ORDER BY band, due_at, id OFFSET %s LIMIT 1",
            (forces, depth),
        ).fetchone()
    if row is None:
        raise RuntimeError("the queue is not that deep")
    return str(Cursor(*row))
