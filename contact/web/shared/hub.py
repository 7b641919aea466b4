"""One LISTEN a process, fanned out to every stream: an event is read once and sent to those who may know of it.

Agents hear what happens in their forces; a citizen's chat is only told that something happened in it.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
from flask import Flask, current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from contact.domain.access import Actor
from contact.domain.events import READ_EVENTS, Event
from contact.extensions import db
from contact.store import audit
from contact.store.audit import Live
from contact.store.engine import make_sessions, plan_once

log = logging.getLogger(__name__)
BEHIND = 1000
"""Events a stream may lag before it is told to load its page anew (engineering 9)."""
_UNTOLD = {event.value for event in READ_EVENTS - {Event.MESSAGE_READ}}
_AT_ONCE = 4
"""Streams that read at once, to catch up or to ask whether they may go on: they share the pages' own pool."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.25, 4.0
_HUB = "contact_hub"


def the_hub() -> Hub:
    """The hub of the process that answers this request."""
    return hub_of(current_app._get_current_object())  # type: ignore[attr-defined]


def hub_of(app: Flask) -> Hub:
    """The process's hub; it begins to listen with the first stream."""
    if _HUB not in app.extensions:
        app.extensions[_HUB] = Hub(db.engine)
    hub: Hub = app.extensions[_HUB]
    return hub


class Gap:
    """Put into a stream's post when notifications may have been lost: it reads the log for itself."""


@dataclass(eq=False)
class Stream:
    """One browser's stream: what it may see, and the post that waits for it."""

    agent_id: UUID
    forces: tuple[str, ...]
    post: queue.SimpleQueue[Live | Gap] = field(default_factory=queue.SimpleQueue)

    @property
    def is_behind(self) -> bool:
        """True when the browser does not keep up."""
        return self.post.qsize() > BEHIND

    def may_see(self, event: Live) -> bool:
        """Whether an event is for this agent: not who read what, and restricted contacts only for those named."""
        return event.name not in _UNTOLD and (event.named is None or self.agent_id in event.named)


@dataclass(eq=False)
class ChatStream:
    """One citizen's stream: nothing is told but that it is time to look; a thousand taps are one."""

    contact_id: UUID
    forces: tuple[str, ...]
    taps: queue.SimpleQueue[None] = field(default_factory=queue.SimpleQueue)

    def tap(self) -> None:
        """Something happened in this chat, or may have."""
        if self.taps.empty():
            self.taps.put(None)


class Hub:
    """The listener and its streams. Threads under a test server, greenlets under gunicorn: the same code."""

    def __init__(self, engine: Engine) -> None:
        self._url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._sessions = make_sessions(engine)
        self._streams: dict[str, set[Stream]] = {}
        self._chats: dict[UUID, set[ChatStream]] = {}
        self._chats_of_force: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._listener: threading.Thread | None = None
        self._listening = threading.Event()
        self.reconnections = 0

    @contextmanager
    def session(self, actor: Actor) -> Iterator[Session]:
        """A short turn with a connection of the pages' pool.

        It only reads, and still ends in a commit: after a rollback psycopg prepares every statement anew, and the
        database plans each of them again, for the pages too.
        """
        with self._turns, self._sessions(info={"actor": actor}) as session:
            plan_once(session)
            yield session
            session.commit()

    def join(self, stream: Stream) -> None:
        """From now on this stream is told of new events; returns once the listener hears."""
        with self._lock:
            for force_id in stream.forces:
                self._streams.setdefault(force_id, set()).add(stream)
            self._begin_to_listen()
        self._listening.wait(timeout=5)

    def leave(self, stream: Stream) -> None:
        """Forget a stream."""
        with self._lock:
            for force_id in stream.forces:
                self._streams.get(force_id, set()).discard(stream)

    def join_chat(self, chat: ChatStream) -> None:
        """From now on this stream is tapped for what happens in its contact; returns once the listener hears."""
        with self._lock:
            self._chats.setdefault(chat.contact_id, set()).add(chat)
            self._chats_of_force.update(chat.forces)
            self._begin_to_listen()
        self._listening.wait(timeout=5)

    def leave_chat(self, chat: ChatStream) -> None:
        """Forget a citizen's stream."""
        with self._lock:
            self._chats_of_force.subtract(chat.forces)
            others = self._chats.get(chat.contact_id, set())
            others.discard(chat)
            if not others:
                self._chats.pop(chat.contact_id, None)

    def _begin_to_listen(self) -> None:
        """Start the listener unless it runs; the caller holds the lock."""
        if self._listener is None or not self._listener.is_alive():
            self._listener = threading.Thread(target=self._listen, name="contact-listener", daemon=True)
            self._listener.start()

    def count(self) -> int:
        """How many streams there are."""
        return len({id(stream) for streams in self._streams.values() for stream in streams})

    def count_chats(self) -> int:
        """How many citizens' streams there are."""
        return sum(map(len, tuple(self._chats.values())))

    def count_of_chat(self, contact_id: UUID) -> int:
        """How many streams one contact has."""
        return len(self._chats.get(contact_id, ()))

    def missed(self, actor: Actor, cursor: Mapping[str, int], forces: Iterable[str]) -> dict[str, list[Live]]:
        """What the log has after a cursor, force by force, a thousand each at most; a few streams read at a time."""
        with self.session(actor) as session:
            return {
                force_id: audit.live(session, force_id=force_id, after=cursor[force_id], limit=BEHIND + 1)
                for force_id in forces
                if force_id in cursor
            }

    def _listen(self) -> None:
        pause = _FIRST_PAUSE_S
        while True:
            try:
                with psycopg.connect(
                    self._url, autocommit=True, connect_timeout=3, application_name="contact-listener",
                    keepalives_idle=10, keepalives_interval=5, keepalives_count=2, tcp_user_timeout=10_000,
                ) as connection:  # fmt: skip
                    connection.execute("LISTEN contact_events")
                    # One question, asked at each event: planned once, not for each cursor anew.
                    connection.execute("SET plan_cache_mode = force_generic_plan")
                    self._listening.set()
                    pause = _FIRST_PAUSE_S
                    self._tell_all(Gap())
                    self._relay(connection)
            except psycopg.Error as lost:
                self._listening.clear()
                self.reconnections += 1
                if pause == _FIRST_PAUSE_S:
                    log.warning("the listener lost its connection (%s) and tries until it is back", type(lost).__name__)
                time.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)

    def _relay(self, connection: psycopg.Connection) -> None:
        """Hand on what is notified. All notifications are drained before a query is made on the same connection."""
        while True:
            heard = list(connection.notifies(timeout=30, stop_after=1))
            if heard:
                heard += list(connection.notifies(timeout=0))
            else:
                connection.execute("SELECT 1")  # a connection that died silently is noticed here
            firsts: dict[str, int] = {}
            for note in heard:
                force_id, _, seq = note.payload.rpartition("|")
                firsts[force_id] = min(int(seq), firsts.get(force_id, int(seq)))
            for force_id, first in firsts.items():
                if self._streams.get(force_id) or self._chats_of_force[force_id] > 0:
                    self._hand_out(connection, force_id, first)

    def _hand_out(self, connection: psycopg.Connection, force_id: str, first: int) -> None:
        after = first - 1
        while True:
            rows = connection.execute(
                "SELECT seq, name, contact_id, agent_id, named FROM live_events(%s, %s, %s)", (force_id, after, BEHIND)
            ).fetchall()
            for seq, name, contact_id, agent_id, named in rows:
                event = Live(force_id, seq, name, contact_id, agent_id, None if named is None else frozenset(named))
                # One page waits for these words, before a whole control room; but the person's own stand on it already.
                own = name == Event.MESSAGE_RECEIVED
                if not own:
                    self._tap(contact_id)
                for stream in tuple(self._streams.get(force_id, ())):
                    if stream.may_see(event):
                        stream.post.put(event)
                if own:
                    self._tap(contact_id)
            if len(rows) < BEHIND:
                return
            after = rows[-1][0]

    def _tap(self, contact_id: UUID | None) -> None:
        for chat in tuple(self._chats.get(contact_id, ())) if contact_id else ():
            chat.tap()

    def _tell_all(self, what: Gap) -> None:
        for stream in {stream for streams in tuple(self._streams.values()) for stream in tuple(streams)}:
            stream.post.put(what)
        for chat in [chat for chats in tuple(self._chats.values()) for chat in tuple(chats)]:
            chat.tap()
