"""The citizen's stream: each line once, in order, resumed at any position, holding no database connection between.

The hub only taps it; what there is to tell is read anew each time, under the citizen's own rights.
"""

from __future__ import annotations

import json
import queue
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, current_app, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from contact.domain.access import Actor, ActorKind
from contact.services import chat
from contact.store import chats, sessions
from contact.web.shared.chat.place import ChatPlace
from contact.web.shared.chat.words import ADVICE_STANDS, NO_OFFER, offer, told
from contact.web.shared.cookies import RULES, Audience
from contact.web.shared.hub import ChatStream, Hub, the_hub
from contact.web.shared.language import current_language
from contact.web.shared.proofs import contacts_in
from contact.web.shared.session import web_session

HEARTBEAT_SECONDS = 15.0
_AWAY = (OperationalError, PoolTimeout)
_LAST = 2**31 - 1
MOST_OF_ONE = 30
"""Streams of one conversation on one web worker: far more than its tabs and lost connections, too few to tire us."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Whose stream it is, so that it can be asked again whether it may go on, without a request."""

    reference: str
    contact_id: UUID
    force_id: str
    force_ids: tuple[str, ...]
    audience: Audience
    id_hash: bytes
    used_at: datetime
    language: str
    talks: Mapping[str, str]
    now: Callable[[], datetime]

    @property
    def actor(self) -> Actor:
        """The citizen who has proven this contact."""
        return Actor(kind=ActorKind.CITIZEN, contact_id=self.contact_id)

    def ended(self, session: Session) -> bool:
        """Whether the browser has left, signed out or slept too long since."""
        now = self.now()
        rules = RULES[self.audience]
        stored = sessions.find_live(session, id_hash=self.id_hash, audience=rules.stored_as, now=now)
        held = contacts_in(stored.data) if stored else {}
        return held.get(self.reference) != str(self.contact_id) or now - self.used_at > rules.idle


def answer(place: ChatPlace, talks: Mapping[str, str]) -> Response:
    """What was said after `after`, or after the browser's own Last-Event-ID, and then what is said; `once`: no more.

    Too many streams of one conversation at once are refused; the page's script tries again later.
    """
    cursor = max(_position(request.args.get("after", "")), _position(request.headers.get("Last-Event-ID", "")))
    visit = Visit(
        reference=place.reference,
        contact_id=place.contact_id,
        force_id=place.force_id,
        force_ids=place.force_ids,
        audience=web_session().audience,
        id_hash=web_session().cookie.id_hash,
        used_at=web_session().cookie.used_at,
        language=current_language(),
        talks=talks,
        now=current_app.extensions["contact_clock"],
    )
    once = "once" in request.args
    if not once and the_hub().count_of_chat(place.contact_id) >= MOST_OF_ONE:
        return Response(status=429, headers={"Retry-After": str(int(HEARTBEAT_SECONDS))}, mimetype="text/plain")
    response = Response(frames(the_hub(), visit, cursor, once=once), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store, no-transform"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _position(text: str) -> int:
    return min(int(text), _LAST) if text.isascii() and text.isdecimal() and len(text) < 11 else 0


def frames(hub: Hub, visit: Visit, cursor: int, *, once: bool = False) -> Iterator[bytes]:
    """The stream's bytes: what was missed, then what is said; a sign of life and a look at the session between."""
    teller = _Teller(hub, visit, cursor)
    yield b"retry: 2000\n\n"
    if once:
        yield from teller.tell()
        return
    tapped = ChatStream(visit.contact_id, visit.force_ids)
    hub.join_chat(tapped)
    try:
        yield from teller.tell()
        yield b"event: live\ndata: %d\n\n" % teller.cursor
        next_beat = time.monotonic() + HEARTBEAT_SECONDS * random.uniform(0.8, 1)  # noqa: S311 - spreads the load
        while not teller.over:
            left = next_beat - time.monotonic()
            if left <= 0:
                if teller.must_end():
                    yield _event("ended", "signed-out")
                    return
                tapped = _follow(hub, tapped, teller.force_ids)
                next_beat = time.monotonic() + HEARTBEAT_SECONDS
                yield b": still here\n\n"
                continue
            try:
                tapped.taps.get(timeout=left)
            except queue.Empty:
                continue
            yield from teller.tell()
    finally:
        hub.leave_chat(tapped)


def _follow(hub: Hub, tapped: ChatStream, force_ids: tuple[str, ...]) -> ChatStream:
    """A contact that was passed on to another force is heard of by that force's events."""
    if not force_ids or force_ids == tapped.forces:
        return tapped
    anew = ChatStream(tapped.contact_id, force_ids)
    hub.join_chat(anew)
    hub.leave_chat(tapped)
    anew.tap()
    return anew


class _Teller:
    """Reads where the conversation stands and says what its page does not know yet."""

    def __init__(self, hub: Hub, visit: Visit, cursor: int) -> None:
        self.cursor = cursor
        self.over = False
        self.force_ids: tuple[str, ...] = ()
        self._hub = hub
        self._visit = visit
        self._read_to = 0
        self._state = ""
        self._offered: str | None = None
        self._advised = False

    def must_end(self) -> bool:
        """Asked at each sign of life. While the database is away nobody can be asked, and the stream stays."""
        try:
            with self._hub.session(self._visit.actor) as session:
                found = chats.standing(session, contact_id=self._visit.contact_id)
                self.force_ids = found.force_ids if found else ()
                return found is None or found.stopped or self._visit.ended(session)
        except _AWAY:
            return False

    def tell(self) -> Iterator[bytes]:
        """Every new line, how far a person has read, and who talks; `ended` where online access was stopped.

        `danger` before all else: whoever found it, words, model or a later message, the page shows its 999 advice.
        """
        visit = self._visit
        with self._hub.session(visit.actor) as session:
            news = chat.since(session, contact_id=visit.contact_id, after=self.cursor)
        if news is None or news[0].stopped:
            self.over = True
            yield _event("ended", "stopped")
            return
        found, lines = news
        self.force_ids = found.force_ids
        if found.advised_at is not None and not self._advised:
            self._advised = True
            if visit.now() - found.advised_at < ADVICE_STANDS:
                yield _event("danger", "999")
        for line in lines:
            self.cursor = line.position
            yield f"id: {line.position}\n".encode() + _event("line", _json(told(line, visit.language)))
        if found.read_to > self._read_to:
            self._read_to = found.read_to
            yield _event("read", str(found.read_to))
        if found.offered_form != self._offered:
            self._offered = found.offered_form
            form = offer(found.offered_form, visit.force_id, visit.language) if found.offered_form else None
            yield _event("offer", _json(form or NO_OFFER))
        if found.state != self._state:
            self._state = found.state
            who = chat.who_talks(found.state)
            yield _event("talks", _json({"who": who, "words": visit.talks[who]}))


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _event(name: str, data: str) -> bytes:
    return f"event: {name}\ndata: {data}\n\n".encode()
