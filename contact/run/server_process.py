"""Says whether the server a data folder names is really running, without trusting a stale pid and without `ps`."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NOBODY_PID = 2147483646  # above every system's largest pid


@dataclass(frozen=True)
class Running:
    """What `postmaster.pid` claims."""

    pid: int
    socket_folder: Path

    def socket_exists(self, port: int) -> bool:
        """Whether the socket is still in its folder (cleaners of /tmp take it away)."""
        return (self.socket_folder / f".s.PGSQL.{port}").exists()


def read(data: Path) -> Running | None:
    """The claim of `postmaster.pid` (line 1 pid, line 5 socket folder), None when there is no whole one."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return Running(int(lines[0]), Path(lines[4])) if len(lines) > 4 and lines[4] else None
    except (OSError, ValueError):
        return None


def is_server(pid: int, data: Path) -> bool:
    """Whether the process is alive, not a zombie, and a PostgreSQL server of this very folder."""
    words = command_line(pid)
    if not words or "postgres" not in os.path.basename(words[0]).split(":")[0]:
        return False
    return any(_same(word, data) for word in words[1:])


def forget_dead(data: Path) -> None:
    """Let a pid file whose pid now belongs to nobody, a zombie or another program not stop the next start.

    The pid is overwritten and the rest left: the server itself then still checks, by the shared memory the file
    names, that no session of the old server is alive. Removing the file would skip that check.
    """
    path = data / "postmaster.pid"
    try:
        lines = path.read_text().splitlines()
        pid = int(lines[0])
    except FileNotFoundError:
        return
    except (ValueError, IndexError):
        path.unlink()  # torn while it was written: no server came up behind it
        return
    if not is_server(pid, data):
        with path.open("r+") as file:
            file.write("\n".join([str(NOBODY_PID), *lines[1:]]) + "\n")
            file.truncate()


def may_pass(log_tail: str) -> bool:
    """Whether a failed start is worth another try: the killed server's sessions have not all gone yet."""
    last = log_tail[-800:]
    return any(sign in last for sign in ("shared memory block", "lock file", "in use", "Address already in use"))


def command_line(pid: int) -> list[str]:
    """The process's words, empty for one that is gone or a zombie."""
    if Path("/proc/self").exists():
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return []
        return [os.fsdecode(word) for word in raw.split(b"\0") if word]
    ps = shutil.which("ps")
    if ps is None:
        return []
    asked = subprocess.run([ps, "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return asked.stdout.split()


def _same(word: str, folder: Path) -> bool:
    if not word.startswith("/"):
        return False
    try:
        return os.path.samefile(word, folder)
    except OSError:
        return False
