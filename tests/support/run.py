"""A whole `contact run` as a process of its own, for tests of what happens when parts of it die."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from contact.run import server_process
from contact.run.demo_environment import free_port

STARTS_WITHIN_S = 240.0  # with other tests beside it on a slow machine; alone it is 3
STOPS_WITHIN_S = 30.0
"""Three times what is promised (ten seconds): other tests keep the machine busy beside it."""


@dataclass
class Run:
    """A running demonstration."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]
    log: Path
    environment: Mapping[str, str] = field(repr=False)

    @property
    def address(self) -> str:
        """Where the web answers."""
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        """What it printed."""
        return self.log.read_text(errors="replace")

    def fetch(self, path: str, seconds: float = 5) -> tuple[int, str]:
        """Status and body; status 0 where nobody answers, or whoever did was killed in the middle of it."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=seconds) as answer:  # noqa: S310 - our address
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with contextlib.suppress(OSError, http.client.HTTPException):
                return error.code, error.read().decode()
        except (OSError, http.client.HTTPException):
            pass
        return 0, ""

    def healthy(self) -> bool:
        """Database, worker and watch all say ok."""
        status, body = self.fetch("/healthz")
        return status == 200 and {"database", "worker", "watch"} <= {
            k for k, v in json.loads(body).items() if v == "ok"
        }

    def wait_until(self, condition: Callable[[], bool], seconds: float = STARTS_WITHIN_S) -> None:
        """Raises AssertionError with what was said when the condition does not come to hold."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, f"it ended: {self.said()}"
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def pids(self, word: str) -> list[int]:
        """Our processes (children, and theirs) whose command line has the word."""
        return [
            pid for pid in descendants(self.process.pid) if any(word in w for w in server_process.command_line(pid))
        ]

    def postmaster(self) -> int:
        """The database server's pid."""
        running = server_process.read(self.home / "postgres" / "data")
        assert running is not None
        return running.pid

    def stop(self, sign: int = signal.SIGTERM) -> float:
        """Ask it to stop; answers the seconds it took. Raises when it takes too long or leaves somebody behind."""
        left = descendants(self.process.pid)
        began = time.monotonic()
        self.process.send_signal(sign)
        self.process.wait(STOPS_WITHIN_S + 20)
        took = time.monotonic() - began
        behind = [pid for pid in left if server_process.command_line(pid)]
        assert not behind, [server_process.command_line(pid) for pid in behind]
        return took


@contextmanager
def running(home: Path, more: Mapping[str, str] | None = None, *, wait: bool = True) -> Iterator[Run]:
    """Start `contact run` as a demonstration with this home; `more` are environment variables."""
    given = dict(more or {})
    port = int(given.get("PORT", "0")) or free_port()
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    ours = {"CONTACT_MODE": "demo", "CONTACT_HOME": str(home), "PORT": str(port), "CHATBOT": "off"}
    environment = kept | ours | given
    log = home.parent / f"run-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "contact.cli", "run"],
            cwd="/",
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
    run = Run(home, port, process, log, environment)
    try:
        if wait:
            run.wait_until(lambda: "Press Ctrl-C to stop." in run.said())  # its last words
        yield run
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(STOPS_WITHIN_S + 20)
            except subprocess.TimeoutExpired:
                process.kill()


def descendants(pid: int) -> list[int]:
    """The living children of a process, and theirs."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if stat[0] != "Z":
            parents.setdefault(int(stat[1]), []).append(int(folder.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found
