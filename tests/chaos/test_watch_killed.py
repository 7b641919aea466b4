"""The watch killed with -9 at the worst moments: whoever must be rung is rung, and rung once for one look."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import SYSTEM
from contact.store import alarms as store
from contact.store.engine import make_engine, make_sessions
from contact.watch.process import Leadership
from tests.support.background import WATCH, free_port, running, until
from tests.support.database import MigratedDatabase
from tests.support.emergencies import add_contact, add_force
from tests.support.stand_in import AUTH_TOKEN, StandIn, running_stand_in

FIRST = "+447700900101"


@contextmanager
def watching(
    database: MigratedDatabase, stand_in: StandIn, home: Path, *, port: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    more = {"TWILIO_API_URL": stand_in.address, "TWILIO_AUTH_TOKEN": AUTH_TOKEN, "WATCH_PORT": str(port or free_port())}
    with running(WATCH, database, home, **more) as process:
        yield process


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
    fresh_database: MigratedDatabase, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    with running_stand_in() as stand_in:
        stand_in.order(on="calls", kind="delay", seconds=5)
        with watching(fresh_database, stand_in, tmp_path) as process:
            until(lambda: stand_in.exchange.calls())
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        assert voice_calls(sessions) == [("placing", None)]
        with watching(fresh_database, stand_in, tmp_path):
            until(lambda: voice_calls(sessions)[0][1])
        assert [call.sid for call in stand_in.exchange.calls()] == [voice_calls(sessions)[0][1]]


@pytest.mark.slow
def test_killed_after_the_commit_and_before_the_call(
    fresh_database: MigratedDatabase, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    with running_stand_in() as stand_in:
        stand_in.order(on="calls", kind="hang_before", seconds=3)
        with watching(fresh_database, stand_in, tmp_path) as process:
            until(lambda: voice_calls(sessions))
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        assert stand_in.exchange.calls() == []
        stand_in.exchange.forget_faults()  # the kill may have come before the call went out and met it
        with watching(fresh_database, stand_in, tmp_path):
            until(lambda: stand_in.exchange.calls())
            until(lambda: voice_calls(sessions)[-1][1])
        assert next(state for state, _ in voice_calls(sessions)) == "failed"
        assert len(stand_in.exchange.calls()) == 1


def test_a_second_watch_stands_by_and_takes_over(
    fresh_database: MigratedDatabase, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    port, leader = free_port(), Leadership(fresh_database.worker_url)
    assert leader.held()
    with running_stand_in() as stand_in, watching(fresh_database, stand_in, tmp_path, port=port):
        until(lambda: answers(f"http://127.0.0.1:{port}/livez"))
        time.sleep(1)  # three of its rounds: there is no condition for "nothing happens"
        assert stand_in.exchange.calls() == []
        leader.end()
        until(lambda: stand_in.exchange.calls())


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1) as answer:  # noqa: S310 - our own process
            return bool(answer.read() == b"ok\n")
    except OSError:
        return False
