"""Makes the chatbot's environment and model where they are missing, one at a time, giving way to whatever else runs."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from contact.run.children import end_with_parent
from contact.run.demo_environment import CLONE, home_of

ROOM = CLONE / "chatbot"
NO_PYTHON = 3
"""Exit code of `environment.py` where no Python 3.10 can be had."""
LONG_S = 5.0
_PASSED = {
    "PATH",
    "HOME",
    "LANG",
    "LANGUAGE",
    "TMPDIR",
    "TZ",
    "USER",
    "CHATBOT_PYTHON",
    "CHATBOT_THREADS",
    "PYENV_ROOT",
}
_PASSED_BEGINNINGS = ("LC_", "PIP_", "UV_", "SSL_", "REQUESTS_", "HTTP_", "HTTPS_", "NO_", "ALL_")

Say = Callable[[str], None]


class NotMade(Exception):
    """Environment or model could not be made; why, in words that end a sentence."""


@dataclass(frozen=True)
class Made:
    """What is needed to serve: the environment's Python and a trained model."""

    python: Path
    model: Path


@dataclass(frozen=True)
class _Done:
    """How it ended."""

    code: int
    last_line: str
    """Of what it printed on standard output."""


def home_for(environ: Mapping[str, str]) -> Path:
    """Where environment and models are kept: CHATBOT_HOME (to share them), else our own home."""
    given = environ.get("CHATBOT_HOME")
    return Path(given).expanduser().absolute() if given else home_of(environ)


def passed_on(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """What Rasa's processes may see of our environment: no key, no token and no address of the records."""
    kept = {
        name: value for name, value in environ.items() if name in _PASSED or name.upper().startswith(_PASSED_BEGINNINGS)
    }
    return kept | {
        "CONTACT_HOME": str(home),
        "PYTHONPATH": str(ROOM),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "LOG_LEVEL": "WARNING",  # below that Rasa writes down what people say
        "LOG_LEVEL_LIBRARIES": "ERROR",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SANIC_HOST": "127.0.0.1",
    }


def prepare(environ: Mapping[str, str], *, log: Path | None, say: Say, small: bool = False) -> Made:
    """Make what is missing of environment and model; one at a time for a home. Raises NotMade with the reason.

    The installation takes two to five minutes and the training ten to thirty; both give way to whatever else runs.
    """
    home = home_for(environ)
    surroundings = passed_on(environ, home)
    with _turn(home):
        make = [sys.executable, str(ROOM / "setup" / "environment.py")]
        if _run_step([*make, "--check"], surroundings, log=log, cwd=ROOM).code != 0:
            say("The assistant's own programs are missing: 3.2 GB are fetched in the background (CHATBOT=off: none).")
        done = _run_step([*_gently(), *make], surroundings, log=log, cwd=ROOM)
        if done.code == NO_PYTHON:
            raise NotMade("there is no Python 3.10 and none could be fetched (make one with pyenv, or CHATBOT_PYTHON)")
        python = Path(done.last_line)
        if done.code != 0 or not python.exists():
            raise NotMade("its programs could not be installed")
        train = [*_gently(), str(python), str(ROOM / "setup" / "train.py"), *(["--small"] if small else [])]
        waits = "The assistant is learning from its messages: ten to thirty minutes, by the machine."
        done = _run_step(train, surroundings, log=log, cwd=ROOM, when_long=lambda: say(waits))
        model = Path(done.last_line)
        if done.code != 0 or not model.is_file():
            raise NotMade("it could not be trained")
    return Made(python, model)


def _run_step(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    log: Path | None,
    cwd: Path,
    when_long: Callable[[], None] | None = None,
) -> _Done:
    """Run it; `when_long` is called once when it takes longer than five seconds. Raises OSError."""
    last = ""
    output = sys.stderr.fileno() if log is None else os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    timer = threading.Timer(LONG_S, when_long) if when_long else None
    process = subprocess.Popen(
        list(command),
        env=dict(environment),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=output,
        process_group=0,
        preexec_fn=end_with_parent,
    )
    try:
        if timer is not None:
            timer.daemon = True
            timer.start()
        if process.stdout is not None:
            for raw in process.stdout:
                os.write(output, raw)
                last = raw.decode(errors="replace").strip() or last
        return _Done(process.wait(), last)
    finally:
        if timer is not None:
            timer.cancel()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if log is not None:
            os.close(output)


@contextmanager
def _turn(home: Path) -> Iterator[None]:
    """One installs and trains at a time; the kernel gives the lock back when its holder dies."""
    folder = home / "chatbot"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _gently() -> list[str]:
    """Before a command that can wait: people's pages come first."""
    return [found, "-n", "15"] if (found := shutil.which("nice")) else []
