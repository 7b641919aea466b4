"""The watch killed with -9 at the worst moments: whoever must be rung is rung, and rung once for one look."""

from __future__ import annotations

import base64
import datetime as dt
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import SYSTEM
from contact.store import alarms as store
from contact.store.engine import make_engine, make_sessions
from contact.watch.process import Leadership
from tests.support.database import MigratedDatabase
from tests.support.emergencies import add_contact, add_force
from tests.support.stand_in import ACCOUNT_SID, AUTH_TOKEN, OUR_NUMBER, StandIn, running_stand_in

FIRST = "+447700900101"
_RUN = (
    "import os; from contact.settings import Settings; from contact.watch.process import run;"
    "run(Settings.from_env(os.environ), port=int(os.environ['WATCH_PORT']) or None, round_s=0.3)"
)


@contextmanager
def watching(database: MigratedDatabase, stand_in: StandIn, *, port: int = 0) -> Iterator[subprocess.Popen[bytes]]:
    key = base64.b64encode(b"k" * 32).decode()
    environment = {
        **os.environ,
        "CONTACT_MODE": "demo",
        "DATABASE_URL": "postgresql://contact_web@127.0.0.1/x",
        "DATABASE_WORKER_URL": database.worker_url,
        "DATABASE_OWNER_URL": "postgresql://contact_owner@127.0.0.1/x",
        "SECRET_KEY": "s" * 40,
        "AUDIT_KEY": key,
        "EVIDENCE_KEY": key,
        "SMTP_URL": "smtp://127.0.0.1:9",
        "MAIL_FROM": "contact@contact.example",
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO_FROM": OUR_NUMBER,
        "TWILIO_API_URL": stand_in.address,
        "PUBLIC_URL": "http://127.0.0.1:9",
        "WATCH_PORT": str(port),
    }
    process = subprocess.Popen([sys.executable, "-c", _RUN], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def until(condition: Callable[[], object], limit_s: float = 30) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def sessions(fresh_database: MigratedDatabase) -> Iterator[sessionmaker[Session]]:
    engine = make_engine(fresh_database.worker_url)
    made = make_sessions(engine, SYSTEM)
    with made.begin() as session:
        force_id = add_force(session, numbers=(FIRST,))
        add_contact(session, force_id=force_id, received_at=dt.datetime.now(dt.UTC))
    yield made
    engine.dispose()


def voice_calls(sessions: sessionmaker[Session]) -> list[tuple[str, str | None]]:
    with sessions() as session:
        return [
            (call.state, call.sid)
            for alarm in store.list_open(session)
            for call in store.list_calls(session, alarm_id=alarm.id)
            if call.kind == "voice"
        ]


@pytest.mark.slow
def test_killed_between_the_call_and_its_record(
    fresh_database: MigratedDatabase, sessions: sessionmaker[Session]
) -> None:
    with running_stand_in() as stand_in:
        stand_in.order(on="calls", kind="delay", seconds=5)
        with watching(fresh_database, stand_in) as process:
            until(lambda: stand_in.exchange.calls())
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        assert voice_calls(sessions) == [("placing", None)]
        with watching(fresh_database, stand_in):
            until(lambda: voice_calls(sessions)[0][1])
        assert [call.sid for call in stand_in.exchange.calls()] == [voice_calls(sessions)[0][1]]


@pytest.mark.slow
def test_killed_after_the_commit_and_before_the_call(
    fresh_database: MigratedDatabase, sessions: sessionmaker[Session]
) -> None:
    with running_stand_in() as stand_in:
        stand_in.order(on="calls", kind="hang_before", seconds=3)
        with watching(fresh_database, stand_in) as process:
            until(lambda: voice_calls(sessions))
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        assert stand_in.exchange.calls() == []
        with watching(fresh_database, stand_in):
            until(lambda: stand_in.exchange.calls())
            until(lambda: voice_calls(sessions)[-1][1])
        assert next(state for state, _ in voice_calls(sessions)) == "failed"
        assert len(stand_in.exchange.calls()) == 1


def test_a_second_watch_stands_by_and_takes_over(
    fresh_database: MigratedDatabase, sessions: sessionmaker[Session], unused_tcp_port: int
) -> None:
    leader = Leadership(fresh_database.worker_url)
    assert leader.held()
    with running_stand_in() as stand_in, watching(fresh_database, stand_in, port=unused_tcp_port):
        until(lambda: answers(f"http://127.0.0.1:{unused_tcp_port}/livez"))
        time.sleep(1)  # three of its rounds
        assert stand_in.exchange.calls() == []
        leader.end()
        until(lambda: stand_in.exchange.calls())


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1) as answer:  # noqa: S310 - our own process
            return bool(answer.read() == b"ok\n")
    except OSError:
        return False
