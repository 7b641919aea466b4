"""Chat: a reply's way from the handler's press to the person's page, for 16 pairs; a thousand pages on one worker."""

from __future__ import annotations

import asyncio
import datetime as dt
import http.client
import random
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from contact.bench import agents, fill
from contact.bench.browsers import Browser, open_browser
from contact.bench.row import Row, percentile
from contact.bench.stack import Stack
from contact.domain.access import SYSTEM, Actor, ActorKind
from contact.domain.events import Event
from contact.domain.queueing import LeaseKind
from contact.services import chat, control_room
from contact.services.keys import Keys
from contact.store import audit, messages
from contact.store.engine import make_engine, make_sessions
from contact.store.identifiers import new_id
from contact.web.shared.cookies import Audience

PAIRS = 16
MESSAGES = 15
EACH_S = 4.0
"""A pair says something every other second: faster than people type, and within what one chat may say in a minute."""
OPEN = 1000
ARRIVE = 20
WITHIN_MS = 10_000.0
SWITCH_S = 0.0005
"""Whoever posts and whoever listens are threads of one Python here: neither may wait long for the other's turn."""


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation, the person's browser, and the handler's where one holds it."""

    contact_id: UUID
    reference: str
    person: Browser
    handler: Browser | None = None

    @property
    def events(self) -> str:
        """The person's stream."""
        return f"/chat/{self.reference}/events?after=1"


def rows(stack: Stack) -> list[Row]:
    """Both ways of 16 pairs, then a thousand open chats."""
    pairs = _held(stack, _begin(stack, PAIRS))
    sys.setswitchinterval(SWITCH_S)
    with stack.web(2) as port:
        said = asyncio.run(_both_ways(port, pairs))
    with stack.web(1) as port:
        crowd = _begin(stack, OPEN)
        alone, burst, megabytes = asyncio.run(_crowd(port, crowd, stack))
    to_person, to_handler = percentile(said[0], 0.95), percentile(said[1], 0.95)
    among = percentile(alone, 0.95)
    return [
        Row(f"reply pressed, stored and on the person's page, {PAIRS} pairs, p95", to_person, "ms", None, None,
            "<= 25 ms", to_person <= 25),
        Row(f"message posted, stored and told to the handler's page, {PAIRS} pairs, p95", to_handler, "ms", None, None,
            "<= 25 ms", to_handler <= 25),
        Row(f"the same among {OPEN} open chats on one worker, p95", among, "ms", None, None, "<= 50 ms", among <= 50),
        Row(f"something new in all {OPEN} at once: the last is told", burst, "ms", None, None,
            f"<= {WITHIN_MS:,.0f} ms", burst <= WITHIN_MS),
        Row(f"{OPEN} open chats, memory of each", megabytes * 1024 / OPEN, "kB", None, None, "<= 200 kB",
            megabytes * 1024 / OPEN <= 200),
    ]  # fmt: skip


def _begin(stack: Stack, count: int) -> list[Talk]:
    engine = make_engine(stack.settings.database_url, pool_size=1)
    keys, made = Keys.from_settings(stack.settings), []
    for _ in range(count):
        with make_sessions(engine, Actor(ActorKind.CITIZEN))() as session:
            begun = chat.begin(
                session, contact_id=new_id(), force_id=fill.ONE_FORCE, body="My bicycle was taken", language="en",
                keys=keys, now=dt.datetime.now(dt.UTC),
            )  # fmt: skip
            held = {"contacts": {begun.reference: str(begun.contact_id)}}
            person = open_browser(session, stack.settings, audience=Audience.CITIZEN, data=held)
            session.commit()
        made.append(Talk(begun.contact_id, begun.reference, person))
    engine.dispose()
    return made


def _held(stack: Stack, talks: list[Talk]) -> list[Talk]:
    """A handler for each, who holds it."""
    people = agents.make(stack, len(talks), [fill.ONE_FORCE])
    engine = make_engine(stack.settings.database_url, pool_size=1)
    for talk, agent in zip(talks, people, strict=True):
        with make_sessions(engine, agent)() as session:
            now = dt.datetime.now(dt.UTC)
            control_room.claim(session, agent=agent, contact_id=talk.contact_id, kind=LeaseKind.LIVE, now=now)
            session.commit()
    engine.dispose()
    opened = agents.browsers(stack, people)
    return [
        Talk(talk.contact_id, talk.reference, talk.person, browser) for talk, browser in zip(talks, opened, strict=True)
    ]


class _Ear:
    """Hears a stream, and notes when words that were waited for stood in it."""

    def __init__(self) -> None:
        self.live = asyncio.Event()
        self._waited: dict[bytes, asyncio.Future[float]] = {}

    def wait_for(self, mark: str) -> asyncio.Future[float]:
        """The time at which the mark comes."""
        return self._waited.setdefault(mark.encode(), asyncio.get_running_loop().create_future())

    async def listen(self, port: int, path: str, cookie: str) -> None:
        """One browser's stream, for as long as it is open."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
        status = await reader.readline()
        if b" 200 " not in status:
            raise RuntimeError(f"the stream answered {status!r}")
        while line := await reader.readline():
            at = time.perf_counter()
            if line.startswith(b"event: live"):
                self.live.set()
            for mark in [mark for mark in self._waited if mark in line]:
                self._waited.pop(mark).set_result(at)


async def _both_ways(port: int, talks: list[Talk]) -> tuple[list[float], list[float]]:
    """Milliseconds from the press to the person's page, and from the person's post to the handler's stream."""
    to_person: list[float] = []
    to_handler: list[float] = []
    persons, handlers = [_Ear() for _ in talks], [_Ear() for _ in talks]
    streams = []
    for talk, person, handler in zip(talks, persons, handlers, strict=True):
        if talk.handler is None:
            raise ValueError("somebody holds it")
        streams.append(asyncio.create_task(person.listen(port, talk.events, talk.person.cookie)))
        streams.append(asyncio.create_task(handler.listen(port, "/control-room/events", talk.handler.cookie)))
    await asyncio.wait_for(asyncio.gather(*(ear.live.wait() for ear in (*persons, *handlers))), 30)

    async def pair(talk: Talk, person: _Ear, handler: _Ear) -> None:
        await asyncio.sleep(random.uniform(0, EACH_S))  # noqa: S311 - pairs do not speak in step
        for number in range(MESSAGES + 2):
            warm = number >= 2
            words = f"reply {number} of {talk.reference}"
            shown = person.wait_for(words)
            began = time.perf_counter()
            form = {"body": words, "once": f"{number}"}
            path = f"/control-room/contacts/{talk.contact_id}/reply"
            await asyncio.to_thread(_post, port, path, talk.handler, form)
            if warm:
                to_person.append((await asyncio.wait_for(shown, 10) - began) * 1000)
            await asyncio.sleep(EACH_S / 2)
            told = handler.wait_for(f'"name":"message_received","contact":"{talk.contact_id}"')
            began = time.perf_counter()
            form = {"body": f"message {number}", "key": f"{number}"}
            await asyncio.to_thread(_post, port, f"/chat/{talk.reference}", talk.person, form)
            if warm:
                to_handler.append((await asyncio.wait_for(told, 10) - began) * 1000)
            await asyncio.sleep(EACH_S / 2)

    await asyncio.gather(*(pair(*each) for each in zip(talks, persons, handlers, strict=True)))
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    return to_person, to_handler


def _post(port: int, path: str, browser: Browser | None, form: dict[str, str]) -> None:
    if browser is None:
        raise ValueError("nobody is there")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Cookie": browser.cookie, "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json",
    }  # fmt: skip
    connection.request("POST", path, urlencode({**form, "csrf_token": browser.csrf}), headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status not in (200, 303):
        raise RuntimeError(f"POST {path} answered {answer.status}: {body[:300]!r}")


def _say_to_all(stack: Stack, talks: list[Talk]) -> float:
    """One line in each conversation, all in one commit; answers the time at which it was asked for."""
    engine = make_engine(stack.settings.database_worker_url, pool_size=1)
    now = dt.datetime.now(dt.UTC)
    with make_sessions(engine, SYSTEM)() as session:
        for talk in talks:
            line = messages.add(
                session, contact_id=talk.contact_id, kind="system", channel="chat", body="said to all", now=now
            )
            audit.record(
                session, Event.MESSAGE_RECEIVED, force_id=fill.ONE_FORCE, contact_id=talk.contact_id, at=now,
                message_id=line.id, channel="chat", reopened=False,
            )  # fmt: skip
        session.flush()
        began = time.perf_counter()
        session.commit()
    engine.dispose()
    return began


async def _crowd(port: int, talks: list[Talk], stack: Stack) -> tuple[list[float], float, float]:
    """With a thousand pages open: milliseconds of single messages, and until the last of all was told in a burst;
    megabytes that the worker grew by."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    before = _megabytes(port)
    ears = [_Ear() for _ in talks]
    streams = []
    for first in range(0, len(talks), ARRIVE):  # people come one after another
        some = slice(first, first + ARRIVE)
        for talk, ear in zip(talks[some], ears[some], strict=True):
            streams.append(asyncio.create_task(ear.listen(port, talk.events, talk.person.cookie)))
        await asyncio.wait_for(asyncio.gather(*(ear.live.wait() for ear in ears[some])), 60)
    grown = _megabytes(port) - before
    times: list[float] = []
    for number in range(20):
        talk, ear = talks[(number * 53) % len(talks)], ears[(number * 53) % len(talks)]
        shown = ear.wait_for(f"said {number}")
        began = time.perf_counter()
        form = {"body": f"said {number}", "key": "1"}
        await asyncio.to_thread(_post, port, f"/chat/{talk.reference}", talk.person, form)
        times.append((await asyncio.wait_for(shown, 10) - began) * 1000)
    shown_to_all = [ear.wait_for("said to all") for ear in ears]
    began = await asyncio.to_thread(_say_to_all, stack, talks)
    last = max(await asyncio.wait_for(asyncio.gather(*shown_to_all), 60))
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    return times, (last - began) * 1000, grown


def _megabytes(port: int) -> float:
    """What the web's worker holds; it is the child of whoever listens at the port, and names itself in /livez's log."""
    total = 0.0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            command = (status.parent / "cmdline").read_bytes()
            if f"127.0.0.1:{port}".encode() in command:
                text = status.read_text()
                total += int(text.partition("VmRSS:")[2].split()[0]) / 1024
        except (OSError, IndexError):
            continue
    return total
