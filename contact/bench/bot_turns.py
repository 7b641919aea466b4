"""A bot turn, from stored message to stored reply, beside Rasa's own turn for the same words over plain HTTP."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import requests
from sqlalchemy.orm import Session, sessionmaker

from contact.bench import fill
from contact.bench.row import Row, percentile
from contact.bench.stack import Stack, running
from contact.domain.taxonomy import Channel
from contact.gateways.rasa import RasaClient
from contact.run.chatbot import serving
from contact.run.chatbot_preparation import NotMade, home_for
from contact.services import chat
from contact.services.keys import Keys
from contact.store import heartbeats
from contact.store.engine import make_engine, make_sessions
from contact.store.identifiers import new_id

TURNS, WARM_UP = 100, 15
OVERHEAD_MS = 60.0
REPLY_WITHIN_S = 20.0
KEYS = Keys(code_key=b"b" * 32, audit_key=b"b" * 32)
WORDS = (
    "someone took my bike from outside the library last night",
    "i lost my phone on the 42 bus",
    "how do i renew my shotgun certificate",
    "my car window was smashed and the sat nav is gone",
    "the neighbours are having a party again and its 3am",
)
_HAS_REPLY = "SELECT EXISTS (SELECT FROM messages WHERE contact_id = %s AND kind = 'bot')"


def rows(_: Stack) -> list[Row]:
    """One conversation after the other, each with its first message; worker, Rasa and its memory as the service has.

    On a stack of its own: hundreds of texts that the webhooks' rows left to be read would all come first.
    """
    with contextlib.ExitStack() as kept:
        stack = kept.enter_context(running())
        try:
            small = os.environ.get("CHATBOT_MODEL") == "small"
            address = kept.enter_context(
                serving(home_for(os.environ), print, small=small, memory=stack.chatbot_url, log=stack.home / "rasa.log")
            )
        except NotMade as error:
            return [Row(f"bot turn: {error}", 0, "ms", None, None, "a chatbot", False)]
        kept.enter_context(_worker(stack, address))
        engine = make_engine(stack.settings.database_url, pool_size=1)
        kept.callback(engine.dispose)
        watching = kept.enter_context(psycopg.connect(stack.superuser_url, autocommit=True))
        watching.execute("LISTEN contact_events")
        sessions = make_sessions(engine)
        ours, bare = [], []
        with requests.Session() as http:
            http.trust_env = False
            for number in range(WARM_UP + TURNS):
                words = WORDS[number % len(WORDS)]
                ours.append(_turn(sessions, watching, words))
                bare.append(_bare_turn(http, address, words))
    return _rows(ours[WARM_UP:], bare[WARM_UP:])


def _rows(ours: list[float], bare: list[float]) -> list[Row]:
    found = []
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        value, floor = percentile(ours, share), percentile(bare, share)
        target = f"<= Rasa's own + {OVERHEAD_MS:g} ms"
        found.append(
            Row(
                f"bot turn, stored to stored, {name}",
                value,
                "ms",
                floor,
                value / floor,
                target,
                value <= floor + OVERHEAD_MS,
            )
        )
    return found


def _turn(sessions: sessionmaker[Session], watching: psycopg.Connection, words: str) -> float:
    """Milliseconds from the commit of a first message until its reply can be read."""
    contact_id = new_id()
    now = dt.datetime.now(dt.UTC)
    with sessions.begin() as session:
        chat.begin(
            session, contact_id=contact_id, force_id=fill.ONE_FORCE, body=words, language="en", keys=KEYS, now=now,
            channel=Channel.CHAT,
        )  # fmt: skip
    began = time.perf_counter()
    while not _replied(watching, contact_id):
        if time.perf_counter() - began > REPLY_WITHIN_S:
            raise RuntimeError("no reply came")
        # Asked when something was committed, not all the time: 500 questions a second were load of the bench's own.
        list(watching.notifies(timeout=1, stop_after=1))
    return (time.perf_counter() - began) * 1000


def _replied(watching: psycopg.Connection, contact_id: UUID) -> bool:
    row = watching.execute(_HAS_REPLY, (contact_id,)).fetchone()
    return row is not None and bool(row[0])


def _bare_turn(http: requests.Session, address: str, words: str) -> float:
    """Milliseconds of the same turn without us."""
    metadata: dict[str, Any] = {
        "message_id": str(uuid4()), "channel": "chat", "language": "en", "first": True, "staffed": True,
        "nation": "england-and-wales", "safe_contact_known": False, "known": {"reference_proven": False},
    }  # fmt: skip
    began = time.perf_counter()
    body: dict[str, Any] = {"sender": str(uuid4()), "message": words, "metadata": metadata}
    answer = http.post(f"{address}/webhooks/rest/webhook", json=body, timeout=REPLY_WITHIN_S)
    answer.raise_for_status()
    return (time.perf_counter() - began) * 1000


@contextlib.contextmanager
def _worker(stack: Stack, address: str) -> Iterator[None]:
    """A worker as the service runs it, once it has noted that the chatbot is there."""
    more = {"CHATBOT": "on", "RASA_URL": address, "CHATBOT_DATABASE_URL": stack.chatbot_url}
    log = (stack.home / "worker.log").open("wb")
    command = [sys.executable, "-m", "contact.cli", "worker"]
    process = subprocess.Popen(command, env=stack.environment | more, stdout=log, stderr=log, process_group=0)
    engine = make_engine(stack.settings.database_url, pool_size=1)
    try:
        deadline = time.monotonic() + 60
        while not _knows(make_sessions(engine)):
            if time.monotonic() > deadline or process.poll() is not None or not RasaClient(address).is_there():
                raise RuntimeError("the worker does not see the chatbot")
            time.sleep(0.1)
        yield
    finally:
        engine.dispose()
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        log.close()


def _knows(sessions: sessionmaker[Session]) -> bool:
    with sessions.begin() as session:
        return heartbeats.last_beat(session, kind="chatbot") is not None
