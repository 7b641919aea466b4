"""The chatbot as processes: environment and model made once, then Rasa and its actions kept alive, without our keys.

`python -m contact.run.chatbot`, started by `contact run`, or alone on a machine of the private network.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from contact.gateways.rasa import RasaClient
from contact.run.chatbot_preparation import ROOM, Made, NotMade, Say, home_for, passed_on, prepare
from contact.run.children import Child, stop_all
from contact.run.demo_environment import free_port, home_of

PATIENCE_S = 2.0  # they keep nothing that is not in the database
LOOK_S = 1.0
COMES_UP_WITHIN_S = 300.0
HANGS_AFTER_S = 60.0
DEATHS_BEFORE_GIVING_UP = 3


class Stopped(BaseException):
    """SIGTERM or Ctrl-C arrived."""


@dataclass(frozen=True)
class Address:
    """Where Rasa and its actions listen; the actions for this machine alone. `memory` is Rasa's own database."""

    rasa_url: str
    actions_url: str
    memory: str

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Address:
        """As the environment says: RASA_URL, RASA_ACTIONS_URL, CHATBOT_DATABASE_URL."""
        own = f"http://127.0.0.1:{free_port()}/webhook"
        rasa = environ.get("RASA_URL") or "http://127.0.0.1:5005"
        return cls(rasa, environ.get("RASA_ACTIONS_URL") or own, environ.get("CHATBOT_DATABASE_URL") or "")


def children(made: Made, address: Address, environ: Mapping[str, str], *, log: Path | None) -> list[Child]:
    """Rasa and its actions, not yet started. Without a memory it only reads texts, and needs no actions."""
    parts = urlsplit(address.rasa_url)
    surroundings = passed_on(environ, home_for(environ))
    python = str(made.python)
    rasa = [python, "-m", "rasa", "run", "-i", parts.hostname or "127.0.0.1", "-p", str(parts.port or 5005)]
    rasa += ["--enable-api", "--model", str(made.model)]  # for /status and /model/parse
    if not address.memory:
        return [Child("Rasa", rasa, surroundings, log, made.model.parent)]  # where no endpoints.yml is taken for ours
    rasa += ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
    surroundings |= {"RASA_ACTIONS_URL": address.actions_url, "CHATBOT_DATABASE_URL": address.memory}
    port = urlsplit(address.actions_url).port or 5055
    actions = [python, "-m", "rasa_sdk", "--actions", "actions", "-p", str(port), "--cors", "http://127.0.0.1"]
    return [Child("Rasa", rasa, surroundings, log, ROOM), Child("its actions", actions, surroundings, log, ROOM)]


def keep_alive(kept: list[Child], address: Address, *, say: Say, when_ready: Callable[[], None]) -> None:
    """Until a signal comes; Rasa is also ended when it hangs, and starts again."""
    client = RasaClient(address.rasa_url)
    rasa = kept[0]
    for child in kept:
        child.start()
    heard, ready = 0.0, False
    while True:
        for child in kept:
            child.tend(lambda line: say(f"The assistant: {line}"))
        if client.is_there():
            heard = time.monotonic()
            if not ready:
                say(f"The assistant is ready, {heard - rasa.started_at:.0f} s after its program was started.")
                when_ready()
            ready = True
        ready = ready and rasa.alive()
        if rasa.alive():
            patience = HANGS_AFTER_S if heard > rasa.started_at else COMES_UP_WITHIN_S
            if time.monotonic() - max(heard, rasa.started_at) > patience:
                say("The assistant does not answer; it is started again.")
                rasa.end(signal.SIGKILL)
        time.sleep(LOOK_S)


@contextmanager
def serving(home: Path, say: Say, *, small: bool = False, memory: str = "", log: Path | None = None) -> Iterator[str]:
    """Make what is missing in `home`, serve it on a free port and yield Rasa's address; all is ended afterwards.

    With `memory`, the address of a database for Rasa, it holds conversations too; else it only reads texts. Raises
    NotMade.
    """
    environ = {**os.environ, "CHATBOT_HOME": str(home)}
    made = prepare(environ, log=log, say=say, small=small)
    address = Address(f"http://127.0.0.1:{free_port()}", f"http://127.0.0.1:{free_port()}/webhook", memory)
    kept = children(made, address, environ, log=log)
    client = RasaClient(address.rasa_url)
    try:
        for child in kept:
            child.to_errors = True
            child.start()
        deadline = time.monotonic() + COMES_UP_WITHIN_S
        while not client.is_there():
            for child in kept:
                child.tend(say)
            if time.monotonic() > deadline or any(child.deaths >= DEATHS_BEFORE_GIVING_UP for child in kept):
                raise NotMade("it does not start")
            time.sleep(LOOK_S)
        yield address.rasa_url
    finally:
        stop_all(kept, patience_s=PATIENCE_S)


def address_of_running(home: Path) -> str | None:
    """Where the chatbot of a run with this home answers now, if one does."""
    try:
        found = _address_file(home).read_text().strip()
    except OSError:
        return None
    return found if found and RasaClient(found).is_there() else None


def main() -> int:
    """Prepare and serve until SIGTERM; where that cannot be, say why once and wait, so that nobody starts us again."""
    parser = argparse.ArgumentParser(description="Serve the chatbot at RASA_URL, with CHATBOT_DATABASE_URL.")
    parser.add_argument("--log", type=Path, help="where its processes write; else where we do")
    log: Path | None = parser.parse_args().log
    address = Address.of(os.environ)
    if not address.memory:
        parser.error("CHATBOT_DATABASE_URL is missing: where Rasa keeps its memory of conversations")
    _heed(_stop)
    os.umask(0o077)
    kept: list[Child] = []
    try:
        kept += _made_or_wait(address, log)
        keep_alive(kept, address, say=_say, when_ready=lambda: _write_address(address.rasa_url))
    except Stopped:
        pass
    finally:
        _heed(signal.SIG_IGN)
        with suppress(OSError):
            if (file := _address_file(home_of(os.environ))).read_text().strip() == address.rasa_url:
                file.unlink()
        stop_all(kept, patience_s=PATIENCE_S)
    return 0


def _made_or_wait(address: Address, log: Path | None) -> list[Child]:
    try:
        small = os.environ.get("CHATBOT_MODEL") == "small"  # for tests: a minute to train, and often wrong
        made = prepare(os.environ, log=log, say=_say, small=small)
        return children(made, address, os.environ, log=log)
    except (NotMade, OSError) as error:
        where = f" See {log}." if log else ""
        _say(f"There is no assistant in this run: {error}. A person answers every conversation.{where}")
        while True:
            signal.pause()


def _address_file(home: Path) -> Path:
    return home / "chatbot" / "address"


def _write_address(rasa_url: str) -> None:
    file = _address_file(home_of(os.environ))
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f"address.{os.getpid()}")
    half.write_text(rasa_url + "\n")
    half.replace(file)


def _heed(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, handler)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _say(line: str) -> None:
    with suppress(OSError, ValueError):  # the terminal may be gone
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
