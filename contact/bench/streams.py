"""An event's way to 500 browsers' streams on one worker, beside a bare NOTIFY to bare streams."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable

import psycopg

from contact.bench import agents, fill
from contact.bench.row import Row, percentile
from contact.bench.stack import Stack
from contact.domain.access import Actor
from contact.domain.events import Event
from contact.store import audit
from contact.store.engine import make_engine, make_sessions

STREAMS = 500
EVENTS = 20
PAUSE_S = 0.25


def rows(stack: Stack) -> list[Row]:
    """The p95 of all arrivals, both ways."""
    people = agents.make(stack, STREAMS, [fill.ONE_FORCE])
    cookies = [browser.cookie for browser in agents.browsers(stack, people)]
    with stack.web(1) as port:
        ours = asyncio.run(_measure(port, "/control-room/events", cookies, _our_event(stack, people[0])))
    with stack.web(1, "contact.bench.bare_stream:application") as port:
        bare = asyncio.run(_measure(port, "/events", [""] * STREAMS, _bare_event(stack)))
    value, floor = percentile(ours, 0.95), percentile(bare, 0.95)
    name = f"event to an agent's screen, {STREAMS} streams, p95"
    return [Row(name, value, "ms", floor, value / floor, "<= 2 x a bare NOTIFY", value <= 2 * floor)]


def _our_event(stack: Stack, agent: Actor) -> Callable[[], float]:
    """Commit an event of the force; answers the time at which the commit was asked for."""
    engine = make_engine(stack.settings.database_url, pool_size=1)
    sessions = make_sessions(engine, agent)

    def act() -> float:
        with sessions() as session:
            audit.record(session, Event.SIGNED_OUT, force_id=fill.ONE_FORCE, how="bench", at=dt.datetime.now(dt.UTC))
            session.connection()
            began = time.perf_counter()
            session.commit()
        return began

    return act


def _bare_event(stack: Stack) -> Callable[[], float]:
    connection = psycopg.connect(stack.settings.database_url)

    def act() -> float:
        began = time.perf_counter()
        connection.execute("SELECT pg_notify('bench_bare', 'x')")
        connection.commit()
        return began

    return act


async def _measure(port: int, path: str, cookies: list[str], act: Callable[[], float]) -> list[float]:
    """Open the streams, make events, and answer each arrival's milliseconds."""
    arrivals: asyncio.Queue[float] = asyncio.Queue()
    streams = [asyncio.create_task(_listen(port, path, cookie, arrivals)) for cookie in cookies]
    opened = [await asyncio.wait_for(arrivals.get(), 60) for _ in streams]
    if len(opened) != len(cookies):
        raise RuntimeError("not every stream opened")
    await asyncio.sleep(1)
    times: list[float] = []
    for _ in range(EVENTS):
        began = await asyncio.to_thread(act)
        got = [await asyncio.wait_for(arrivals.get(), 30) for _ in streams]
        times += [(at - began) * 1000 for at in got]
        await asyncio.sleep(PAUSE_S)
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    return times


async def _listen(port: int, path: str, cookie: str, arrivals: asyncio.Queue[float]) -> None:
    """One browser: note when the stream opened, then when each event came."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
    status = await reader.readline()
    if b" 200 " not in status:
        raise RuntimeError(f"the stream answered {status!r}")
    while (await reader.readline()).strip():
        pass
    arrivals.put_nowait(time.perf_counter())
    while line := await reader.readline():
        if line.startswith((b"data: {", b"data: x")):  # ours is JSON, and begins with a line that is not
            arrivals.put_nowait(time.perf_counter())
