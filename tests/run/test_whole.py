"""`contact run`: everything comes up, what is killed comes back, and it all goes when asked."""

from __future__ import annotations

import base64
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from contact.run import server_process
from tests.support.database import MigratedDatabase, count, new_home
from tests.support.run import STOPS_WITHIN_S, Run, descendants, running

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")


@pytest.fixture
def home() -> Iterator[Path]:
    """A home below a folder that the database's user can reach."""
    folder = new_home()
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


def kill(run: Run, word: str) -> list[int]:
    """Kill our processes with that word outright."""
    pids = run.pids(word)
    assert pids, f"no {word} among the processes"
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    return pids


def test_what_is_killed_comes_back_and_all_goes_when_asked(home: Path) -> None:
    with running(home) as run:
        run.wait_until(run.healthy)
        server = run.postmaster()
        gone = [*kill(run, "gunicorn"), *kill(run, "worker"), *kill(run, "watch"), *kill(run, "stand_ins"), server]
        os.kill(server, signal.SIGKILL)
        run.wait_until(lambda: not any(server_process.command_line(pid) for pid in gone))
        run.wait_until(lambda: bool(run.pids("worker") and run.pids("watch") and run.pids("stand_ins")))
        run.wait_until(run.healthy)
        server = run.postmaster()
        assert run.stop() < STOPS_WITHIN_S, run.said()
        assert run.process.returncode == 0
        assert not server_process.command_line(server)
        assert "Stopped." in run.said()


def test_no_secret_is_printed_or_readable_by_others(home: Path) -> None:
    with running(home) as run:
        keys = (home / "demo-keys.json").read_text()
        for secret in (word for word in keys.split('"') if len(word) > 30):
            assert secret not in run.said()
            assert not any(secret in word for pid in run.pids("") for word in server_process.command_line(pid))
        for path in home.rglob("*"):
            public = path.name.startswith("database.") or home / "static" in path.parents
            if path.is_file() and not public:
                assert path.stat().st_mode & 0o077 == 0, path
        assert run.stop(signal.SIGINT) < STOPS_WITHIN_S  # as Ctrl-C does


def test_two_at_once_share_the_database_and_the_last_one_stops_it(home: Path) -> None:
    with running(home) as first, running(home) as second:
        server = first.postmaster()
        assert second.postmaster() == server
        first.stop()
        assert server_process.command_line(server)
        second.wait_until(lambda: second.fetch("/livez")[0] == 200)
        second.wait_until(lambda: second.fetch("/healthz")[0] == 200)
        second.stop()
        assert not server_process.command_line(server)


def test_a_run_that_was_killed_outright_does_not_stop_the_next(home: Path) -> None:
    with running(home) as run:
        children = run.pids("")
        run.process.kill()
        run.process.wait()
    with running(home, {"PORT": str(run.port)}) as again:
        again.wait_until(lambda: again.fetch("/livez")[0] == 200)
        assert not any(pid in again.pids("") for pid in children)


def test_a_port_in_use_is_named(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with running(home, {"PORT": str(port)}, wait=False) as run:
            assert run.process.wait(60) == 1
            assert f"Port {port} is in use" in run.said()


def test_a_service_without_settings_is_told_all_of_them() -> None:
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-m", "contact.cli", "run"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    for name in ("DATABASE_URL", "DATABASE_WORKER_URL", "SECRET_KEY", "AUDIT_KEY", "PUBLIC_URL", "TWILIO_AUTH_TOKEN"):
        assert name in done.stderr


def test_a_service_runs_on_the_database_it_is_given(fresh_database: MigratedDatabase, home: Path) -> None:
    key = base64.b64encode(b"k" * 32).decode()
    given = {
        "CONTACT_MODE": "service",
        "DATABASE_URL": fresh_database.web_url,
        "DATABASE_WORKER_URL": fresh_database.worker_url,
        "DATABASE_OWNER_URL": fresh_database.owner_url,
        "PUBLIC_URL": "https://contact.police.example",
        "SECRET_KEY": "only-for-tests-" * 4,
        "AUDIT_KEY": key,
        "EVIDENCE_KEY": key,
        "EMERGENCY_FORCE": "kent",
        "SMTP_URL": "smtp://127.0.0.1:1",
        "MAIL_FROM": "contact@police.example",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "a-token-of-nobody",
        "TWILIO_FROM": "+441632960000",
    }
    home.parent.mkdir(exist_ok=True)
    with running(home, given) as run:
        run.wait_until(run.healthy)
        run.wait_until(lambda: run.fetch("/demo/outbox")[0] == 404)
        assert not run.pids("stand_ins")
        assert "demonstration" not in run.said().split("Ready after")[1]
        assert not (home / "postgres").exists()
        assert run.stop() < STOPS_WITHIN_S, run.said()
    assert count(fresh_database.web_url, "forces") > 40


@pytest.mark.parametrize("moment", ["Starting the database", "Starting web", "Looking at the forces"])
def test_asked_to_stop_while_it_starts_it_leaves_nothing(home: Path, moment: str) -> None:
    with running(home, wait=False) as run:
        run.wait_until(lambda: moment in run.said())
        left = descendants(run.process.pid)
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(60) == 0, run.said()
        assert server_process.read(home / "postgres" / "data") is None
        deadline = time.monotonic() + 20  # orphans of a child that was just ended take a moment to notice
        while (alive := [pid for pid in left if server_process.command_line(pid)]) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not alive
