"""What dies is started again with growing pauses; what is stubborn is ended; nothing outlives us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contact.run import server_process
from contact.run.children import FIRST_PAUSE_S, Child, stop_all

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[[str], Child]]:
    """Children that are ended afterwards."""
    made: list[Child] = []

    def start(code: str) -> Child:
        child = Child(
            f"child{len(made)}", [sys.executable, "-c", code], dict(os.environ), tmp_path / f"{len(made)}.log"
        )
        made.append(child)
        child.start()
        return child

    yield start
    stop_all(made, patience_s=0)


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Until it holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def pid_of(child: Child) -> int:
    """The running process."""
    assert child.process is not None
    return child.process.pid


def group_is_gone(group: int) -> bool:
    """Whether its members have all ended and been reaped."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def tend_until(child: Child, said: list[str], condition: Callable[[], bool]) -> None:
    """Look after it until the condition holds."""

    def looked_after() -> bool:
        child.tend(said.append)
        return condition()

    wait_for(looked_after)


def test_a_killed_child_is_started_again_after_a_pause(make: Callable[[str], Child]) -> None:
    said: list[str] = []
    child = make("import time; time.sleep(600)")
    first = pid_of(child)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: not child.alive())
    noticed = time.monotonic()
    child.tend(said.append)
    assert "SIGKILL" in said[0]
    assert f"{FIRST_PAUSE_S:g} s" in said[0]
    child.tend(said.append)
    # Not before its pause is over, unless this machine took that long over the lines above.
    assert not child.alive() or time.monotonic() - noticed > FIRST_PAUSE_S
    tend_until(child, said, child.alive)
    assert pid_of(child) != first


def test_pauses_grow(make: Callable[[str], Child]) -> None:
    said: list[str] = []
    child = make("raise SystemExit(3)")
    tend_until(child, said, lambda: child.deaths >= 3)
    assert [line.rsplit("in ", 1)[1] for line in said] == ["0.5 s", "1 s", "2 s"]
    assert "code 3" in said[0]


def test_a_child_that_will_not_end_is_ended_with_all_it_started(make: Callable[[str], Child]) -> None:
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {STUBBORN!r}])"
    child = make(f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {nested}")
    wait_for(lambda: "up" in child.tail())
    assert child.process is not None
    began = time.monotonic()
    assert stop_all([child], patience_s=0.3) == [child.name]
    assert time.monotonic() - began < 20  # it would go on for ten minutes
    group = child.process.pid
    wait_for(lambda: group_is_gone(group))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's death signal is Linux's")
def test_children_end_when_we_are_killed_outright(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from pathlib import Path; from contact.run.children import Child\n"
        "c = Child('c', [sys.executable, '-c', 'import time; time.sleep(600)'], dict(os.environ)); c.start()\n"
        "print(c.process.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert server_process.command_line(pid)
    parent.kill()
    parent.wait()
    wait_for(lambda: not server_process.command_line(pid))


def test_logs_are_for_their_owner(make: Callable[[str], Child]) -> None:
    child = make("print('a line')")
    wait_for(lambda: "a line" in child.tail())
    assert child.log is not None
    assert child.log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("to_errors", [True, False])
def test_a_child_without_a_log_leaves_our_standard_output_alone_where_that_is_an_answer(*, to_errors: bool) -> None:
    code = (
        "import os, sys; from contact.run.children import Child;"
        f"child = Child('one', [sys.executable, '-c', 'print(\"said\")'], dict(os.environ), to_errors={to_errors});"
        "child.start(); assert child.process; child.process.wait()"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert (ran.stderr if to_errors else ran.stdout) == "said\n"
    assert (ran.stdout if to_errors else ran.stderr) == ""
