"""The live stream of an agent's browser: server-sent events from the log, resumed anywhere, holding no connection."""

from __future__ import annotations

import functools
import json
import queue
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Response, current_app, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from contact.domain.access import SIGNIN, Actor, Permission
from contact.store import agents, audit, sessions
from contact.store.audit import Live
from contact.web.controlroom.blueprint import room
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.cookies import Audience
from contact.web.shared.hub import BEHIND, Gap, Hub, Stream, the_hub
from contact.web.shared.request_actor import current_agent
from contact.web.shared.session import web_session

HEARTBEAT_SECONDS = 15.0
_AT_ONCE = 20


def read_cursor(text: str) -> dict[str, int]:
    """`force:seq,force:seq` as a mapping; what is none is left out."""
    found: dict[str, int] = {}
    for part in text.split(","):
        force_id, _, seq = part.rpartition(":")
        if force_id and seq.isdecimal() and len(seq) < 19:
            found[force_id] = int(seq)
    return found


def write_cursor(cursor: Mapping[str, int]) -> str:
    """The other way, by force."""
    return ",".join(f"{force_id}:{seq}" for force_id, seq in sorted(cursor.items()))


@room.get("/events")
@requires(Permission.SEE_QUEUE, background=True)
def events() -> Response:
    """What happens from the cursor on (`after`, or the browser's own Last-Event-ID, whichever is further)."""
    agent, session = current_agent(), database.session()()
    forces = agent.actor.contact_forces
    cursor = audit.cursors(session, force_ids=forces)
    seen = read_cursor(request.args.get("after", ""))
    for force_id, seq in read_cursor(request.headers.get("Last-Event-ID", "")).items():
        seen[force_id] = max(seq, seen.get(force_id, 0))
    cursor.update({force_id: min(seq, cursor[force_id]) for force_id, seq in seen.items() if force_id in cursor})
    hub = the_hub()
    visit = Visit(web_session().cookie.id_hash, agent.id, agent.actor, current_app.extensions["contact_clock"])
    answer = Response(frames(hub, visit, cursor), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-cache, no-transform"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


@dataclass(frozen=True, slots=True)
class Visit:
    """Whose stream it is, so that it can be asked again whether they are still signed in."""

    id_hash: bytes
    agent_id: UUID
    actor: Actor
    now: Callable[[], datetime]

    def verdict(self, hub: Hub) -> str | None:
        """None while all is as it was, else the event that ends the stream: `signed-out` or `reload`.

        While the database is away nobody can be asked, and the stream stays: it has nothing to tell then either.
        """
        try:
            return self._ask(hub)
        except (OperationalError, PoolTimeout):
            return None

    def _ask(self, hub: Hub) -> str | None:
        with hub.session(SIGNIN) as session:
            now = self.now()
            stored = sessions.find_live(session, id_hash=self.id_hash, audience=Audience.AGENT.value, now=now)
            if stored is None or stored.agent_id != self.agent_id:
                return "signed-out"
            found = agents.find_signed_in(session, agent_id=self.agent_id, now=now)
        if found is None or not found.actor.contact_forces:
            return "signed-out"
        return None if found.actor.contact_forces == self.actor.contact_forces else "reload"


def frames(hub: Hub, visit: Visit, cursor: dict[str, int]) -> Iterator[bytes]:
    """The stream's bytes: what was missed, then what happens, with a sign of life and a look at the session between."""
    stream = Stream(visit.agent_id, tuple(cursor))
    hub.join(stream)
    try:
        yield b"retry: 2000\n\n"
        yield from _missed(hub, visit, stream, cursor)
        yield b"event: crowd\ndata: %d\n\n" % hub.count()
        yield b"event: live\ndata: " + write_cursor(cursor).encode() + b"\n\n"
        next_beat = time.monotonic() + HEARTBEAT_SECONDS * random.uniform(0.8, 1)  # noqa: S311 - spreads the load
        while True:
            left = next_beat - time.monotonic()
            if left <= 0:  # also while event follows event: who has signed out is not told of one more
                ended = visit.verdict(hub)
                if ended:
                    yield _ending(ended)
                    return
                next_beat = time.monotonic() + HEARTBEAT_SECONDS
                yield b": still here\n\n"
                continue
            try:
                item = stream.post.get(timeout=left)
            except queue.Empty:
                continue
            if stream.is_behind:
                yield _ending("reload")
                return
            if told := _together(hub, visit, stream, cursor, item):
                yield told
    except _Behind:
        yield _ending("reload")
    finally:
        hub.leave(stream)


def _together(hub: Hub, visit: Visit, stream: Stream, cursor: dict[str, int], item: Live | Gap) -> bytes:
    """What was posted, and what waits behind it, written at once: a reply alone is two or three events."""
    told: list[bytes] = []
    for left in range(_AT_ONCE, 0, -1):
        if isinstance(item, Gap):
            told += _missed(hub, visit, stream, cursor)
        elif item.seq > cursor[item.force_id]:
            cursor[item.force_id] = item.seq
            told.append(frame(item, cursor))
        if left == 1 or stream.post.empty():
            break
        item = stream.post.get()
    return b"".join(told)


class _Behind(Exception):
    """More was missed than is worth sending."""


def _missed(hub: Hub, visit: Visit, stream: Stream, cursor: dict[str, int]) -> Iterator[bytes]:
    for force_id, missed in hub.missed(visit.actor, cursor, stream.forces).items():
        if len(missed) > BEHIND:
            raise _Behind
        for event in missed:
            if event.seq > cursor[force_id]:
                cursor[force_id] = event.seq
                if stream.may_see(event):
                    yield frame(event, cursor)


def frame(event: Live, cursor: Mapping[str, int]) -> bytes:
    """One event; its id is the whole cursor, so that a browser can resume anywhere."""
    return f"id: {write_cursor(cursor)}\ndata: {_told(event)}\n\n".encode()


@functools.lru_cache(maxsize=256)
def _told(event: Live) -> str:
    """Ids and codes only, written once for all streams."""
    data = {
        "force": event.force_id,
        "seq": event.seq,
        "name": event.name,
        "contact": str(event.contact_id) if event.contact_id else None,
        "agent": str(event.agent_id) if event.agent_id else None,
    }
    return json.dumps(data, separators=(",", ":"))


def _ending(name: str) -> bytes:
    return f"event: {name}\ndata: {name}\n\n".encode()
