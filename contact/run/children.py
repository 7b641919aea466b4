"""Processes that are kept alive: started, watched, started again with growing pauses, and ended together."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 5.0  # nobody can report anything while the web pauses
WELL_AFTER_S = 30.0  # a process that lived this long starts again without a pause
LOG_LIMIT = 5_000_000  # bytes; a longer log is begun anew at the next start
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


@dataclass
class Child:
    """One process and its restarts. `log` None lets it write where we do, all on standard error if so wished."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path | None = None
    folder: Path | None = None  # where it runs; else where we do
    to_errors: bool = False  # our standard output is an answer that others read
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    _next_start: float = field(default=0.0, repr=False)

    def start(self) -> None:
        """Start it in a process group of its own, so that Ctrl-C reaches us first."""
        self.started_at = time.monotonic()
        output = None
        if self.log is not None:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            fresh = not self.log.exists() or self.log.stat().st_size > LOG_LIMIT
            output = os.open(self.log, os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if fresh else os.O_APPEND), 0o600)
        try:
            self.process = subprocess.Popen(
                list(self.command),
                env=dict(self.environment),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr.fileno() if output is None and self.to_errors else output,
                stderr=output,
                process_group=0,
                preexec_fn=end_with_parent,
            )
        finally:
            if output is not None:
                os.close(output)

    def tend(self, say: Callable[[str], None]) -> None:
        """Notice a death and start again when its pause is over."""
        now = time.monotonic()
        if self.process is None:
            if now >= self._next_start:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self._end_group(signal.SIGKILL)  # what it left behind
        self.process = None
        self.deaths = 1 if now - self.started_at > WELL_AFTER_S else self.deaths + 1
        pause = min(FIRST_PAUSE_S * 2 ** (self.deaths - 1), LONGEST_PAUSE_S)
        self._next_start = now + pause
        say(f"{self.name} ended ({_words(code)}); it starts again in {pause:g} s")

    def alive(self) -> bool:
        """Whether it runs now."""
        return self.process is not None and self.process.poll() is None

    def tail(self, lines: int = 15) -> str:
        """The end of its log."""
        if self.log is None or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def end(self, sign: int) -> None:
        """Send a signal to it, SIGKILL to its whole group."""
        if self.process is not None:
            if sign == signal.SIGKILL:
                self._end_group(sign)
            elif self.process.poll() is None:
                self.process.send_signal(sign)

    def _end_group(self, sign: int) -> None:
        if self.process is not None:
            try:
                os.killpg(self.process.pid, sign)
            except (ProcessLookupError, PermissionError):
                return


def stop_all(children: Sequence[Child], *, patience_s: float) -> list[str]:
    """Ask all to end at once, and end those that have not after `patience_s`; answers with the names of these."""
    for child in children:
        child.end(signal.SIGTERM)
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline and any(child.alive() for child in children):
        time.sleep(0.02)
    late = [child.name for child in children if child.alive()]
    for child in children:
        child.end(signal.SIGKILL)
        if child.process is not None:
            child.process.wait()
    return late


def _load_prctl() -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        found: Callable[..., int] = ctypes.CDLL(None, use_errno=True).prctl
        return found
    except (OSError, AttributeError):
        return None


_PRCTL = _load_prctl()  # looked up before any fork


def end_with_parent() -> None:
    """Between fork and exec: the kernel ends the child when we are killed outright."""
    if _PRCTL is not None:
        _PRCTL(_DEATH_SIGNAL, signal.SIGTERM)


def _words(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
