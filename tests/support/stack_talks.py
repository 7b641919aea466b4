"""Conversations on a running demonstration whose assistant is played by the test: what it says is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.access import SYSTEM
from contact.domain.bot_turn import read_turn
from contact.domain.events import Event
from contact.domain.taxonomy import Channel
from contact.services import bot_turns, chat, incoming, speaking
from contact.services.keys import Keys
from contact.store import audit, contacts, conversations, heartbeats
from contact.store.engine import make_engine, make_sessions
from contact.store.identifiers import new_id
from tests.support.stack import Stack

KEYS = Keys(code_key=b"c" * 32, audit_key=b"k" * 32)
_TRIAGE = {
    "category": "theft", "category_confidence": 0.9, "grade": "standard", "grade_confidence": 0.9, "advise_999": False,
    "flags": [], "confidence": 0.9, "reasons": ["category:theft"], "version": "model-1", "data_version": "data-1",
}  # fmt: skip
_PLAYED = "played-by-a-test"
_OTHERS_TURN = sa.text("DELETE FROM procrastinate_jobs WHERE task_name = 'take_bot_turn' AND args->>'contact_id' = :id")


class Talk:
    """One conversation; with the assistant where `assistant_there`, else with people from the first word."""

    def __init__(self, stack: Stack, force_id: str, first: str, *, channel: Channel = Channel.CHAT) -> None:
        self.stack, self.id = stack, new_id()
        with self._at_work() as session:
            now = dt.datetime.now(dt.UTC)
            phone = "+447700900321" if channel is Channel.SMS else None
            begun = chat.begin(
                session, contact_id=self.id, force_id=force_id, body=first, language="en", keys=KEYS, now=now,
                channel=channel, phone=phone,
            )  # fmt: skip
        self.reference = begun.reference
        self.channel = channel

    @property
    def address(self) -> str:
        """Its page in the control room."""
        return f"{self.stack.address}/control-room/contacts/{self.id}"

    def say(self, body: str) -> None:
        """The person says something more."""
        with self._at_work() as session:
            incoming.receive(
                session, contact_id=self.id, body=body, now=dt.datetime.now(dt.UTC), channel=self.channel.value
            )

    def turn(
        self,
        *say: str,
        summary: tuple[str, ...] = (),
        facts: tuple[tuple[str, str, str], ...] = (),
        hand_over: str | None = None,
        **triage: Any,  # noqa: ANN401 - what a model may find
    ) -> str:
        """The assistant says that; `facts` are (kind, value, words). Answers what came of it."""
        now = dt.datetime.now(dt.UTC)
        with self._at_work() as session:
            turn = bot_turns.begin(session, contact_id=self.id, now=now)
        if turn is None:
            return "none due"
        found = [
            {"kind": kind, "value": value, "words": words, "start": (at := max(turn.text.find(words), 0)),
             "end": at + len(words)}
            for kind, value, words in facts
        ]  # fmt: skip
        given = {
            "version": 1, "say": list(say), "asks": None, "hand_over": hand_over, "form": None,
            "answer": None, "triage": {**_TRIAGE, **triage}, "summary": list(summary), "facts": found,
        }  # fmt: skip
        with self._at_work() as session:
            return bot_turns.end(session, turn=turn, answer=read_turn(given), took_ms=40, now=now)

    @contextmanager
    def _at_work(self) -> Iterator[Session]:
        """A transaction of the worker's, after which nobody but the test takes this conversation's turns."""
        with _worker(self.stack) as session:
            yield session
            session.flush()
            session.execute(_OTHERS_TURN, {"id": str(self.id)})


@contextmanager
def assistant_there(stack: Stack) -> Iterator[None]:
    """The platform takes the assistant for alive, though the test plays it; afterwards it is away as before."""
    with _worker(stack) as session:
        ahead = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
        heartbeats.beat(session, process=_PLAYED, kind="chatbot", now=ahead)
    try:
        yield
    finally:
        stack.rows("DELETE FROM heartbeats WHERE process = %s", _PLAYED)


@contextmanager
def _worker(stack: Stack) -> Iterator[Session]:
    engine = make_engine(stack.server.urls().worker, pool_size=1)
    try:
        with make_sessions(engine, SYSTEM).begin() as session:
            yield session
    finally:
        engine.dispose()


def say_as_a_person(stack: Stack, contact_id: UUID, body: str) -> None:
    """Somebody of the force answers in a chat."""
    now = dt.datetime.now(dt.UTC)
    with _worker(stack) as session:
        contact = contacts.lock(session, contact_id=contact_id)
        talk = conversations.find(session, contact_id=contact_id, lock=True)
        assert talk is not None
        line = speaking.speak(session, contact=contact, conversation=talk, body=body, kind="outbound", now=now)
        audit.record(
            session, Event.REPLIED, force_id=contact.force_id, contact_id=contact_id, at=now, message_id=line.id,
            channel=line.channel, first=True,
        )  # fmt: skip
