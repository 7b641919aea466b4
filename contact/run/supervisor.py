"""`contact run`: everything on one machine, started in order, kept alive, and stopped whole within ten seconds."""

from __future__ import annotations

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from contact.run import chatbot_place, demo_environment
from contact.run.chatbot_place import ChatbotPlace
from contact.run.children import Child, stop_all
from contact.run.postgres_binaries import PostgresMissing
from contact.run.private_database import DatabaseFailed, PrivateDatabase
from contact.settings import ContactMode, Settings, SettingsError

WEB_WORKERS = 2
PATIENCE_S = 7.0  # gunicorn gives its requests 3 s; what a worker did not finish, another begins again
PORT_PATIENCE_S = 5.0
FIRST_ANSWER_S = 45.0
DATABASE_LOOK_S = 1.0
DEATHS_BEFORE_TELLING = 2
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Ctrl-C or SIGTERM arrived."""


class CannotStart(RuntimeError):
    """Why, in words for whoever typed the command."""


def run(environ: Mapping[str, str]) -> int:
    """Start everything and stay; answers the exit code."""
    for sign in _SIGNALS:
        signal.signal(sign, _stop)
    os.umask(0o077)  # what the processes keep is for this user alone
    supervisor = Supervisor(environ)
    try:
        supervisor.start()
        supervisor.stay()
    except Stopped:
        pass
    except (CannotStart, DatabaseFailed, PostgresMissing, SettingsError) as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1
    finally:
        _ignore_signals()
        supervisor.stop()
    return 0


class Supervisor:
    """One run. The demonstration brings its own database and outside world; the service is given them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = dict(environ)
        self.demo = environ.get("CONTACT_MODE") == ContactMode.DEMO.value
        self.home = demo_environment.home_of(environ)
        self.database: PrivateDatabase | None = None
        self.chatbot = ChatbotPlace(ours=False)
        self.children: list[Child] = []
        self.began = time.monotonic()

    # -- starting -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Database, migrations, data, then the processes; raises CannotStart, DatabaseFailed or SettingsError."""
        settings = self._settings()
        self._check_port(settings)
        self._start_child("web", self._web(settings), settings)  # loads while the tables are looked at
        from contact.run import preparation

        _say("Looking at the database's tables ...")
        if preparation.migrate_if_behind(settings):
            _say("The tables are made.")
        _say("Looking at the forces and the demonstration's people ..." if self.demo else "Looking at the forces ...")
        sign_ins = preparation.seed(settings)
        self._wait_for_first_answer(settings)
        self._start_others(settings)  # they would take the first page's share of a small machine
        self._tell(settings, sign_ins)
        if self.chatbot.ours:  # a minute or ten behind the site, which does not wait for it
            self._start_child("chatbot", self.chatbot.command(self._log("chatbot", settings)), settings)

    def _settings(self) -> Settings:
        if self.demo:
            _check_number(self.environ.get("PORT") or "8000")
            if not self.environ.get("DATABASE_URL"):
                _say("Starting the database ...")
                self.database = PrivateDatabase(self.home)
            with _signals_wait():  # a database is stopped when it has started, never half way
                self.environ = demo_environment.prepared(self.environ, home=self.home, database=self.database)
        self.chatbot = chatbot_place.decide(self.environ, demo=self.demo, database=self.database)
        if self.chatbot.problem and not self.demo:
            raise CannotStart(self.chatbot.problem)
        self.environ |= self.chatbot.environment
        settings = Settings.from_env(self.environ)
        self.home = settings.home
        self.environ["CONTACT_HOME"] = str(settings.home)
        return settings

    def _check_port(self, settings: Settings) -> None:
        """Raises CannotStart; what a run that was killed outright left behind gets the time to go."""
        deadline = time.monotonic() + PORT_PATIENCE_S
        while not demo_environment.is_free(settings.port, self._host()):
            if time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            raise CannotStart(
                f"Port {settings.port} is in use by another program. Choose another: make run PORT={settings.port + 1}"
            )

    def _host(self) -> str:
        return "127.0.0.1" if self.demo else ""

    def _web(self, settings: Settings) -> list[str]:
        where = f"{self._host()}:{settings.port}"  # without a host: every address of this machine
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:contact.run.gunicorn_settings"]
        return [*gunicorn, "--workers", str(WEB_WORKERS), "--bind", where, "contact.wsgi:app"]

    def _start_others(self, settings: Settings) -> None:
        python = sys.executable
        watch = [python, "-m", "contact.cli", "watch"]
        if self.demo:
            self._start_child("stand-ins", [python, "-m", "contact.run.stand_ins"], settings)
            watch += ["--port", str(demo_environment.free_port())]  # two demonstrations at once
        self._start_child("worker", [python, "-m", "contact.cli", "worker"], settings)
        self._start_child("watch", watch, settings)

    def _start_child(self, name: str, command: list[str], settings: Settings) -> None:
        environment = dict(self.environ)
        if name == "web":
            environment["PROMETHEUS_MULTIPROC_DIR"] = str(self.home / f"counters-{settings.port}")
        log = self._log(name, settings)
        if name == "chatbot":
            log = None  # its few words are for whoever typed the command; its processes have the log
        else:
            _say(f"Starting {name} ...")
        child = Child(name, command, environment, log)
        self.children.append(child)
        child.start()

    def _log(self, name: str, settings: Settings) -> Path | None:
        return self.home / "logs" / f"{name}-{settings.port}.log" if self.demo else None

    def _wait_for_first_answer(self, settings: Settings) -> None:
        web = next(child for child in self.children if child.name == "web")
        deadline = time.monotonic() + FIRST_ANSWER_S
        while not _answers(f"http://127.0.0.1:{settings.port}/livez"):
            for child in self.children:
                child.tend(_say)
            if time.monotonic() > deadline or web.deaths > DEATHS_BEFORE_TELLING:
                raise CannotStart(f"The web does not start. Its last words:\n{web.tail()}")
            time.sleep(0.05)

    def _tell(self, settings: Settings, sign_ins: list[str]) -> None:
        _say(f"Ready after {time.monotonic() - self.began:.1f} s.\n")
        base = settings.public_url
        lines = [
            f"  For the public     {base}/",
            f"  Chat               {base}/chat",
            f"  The control room   {base}/control-room/",
        ]
        if self.demo:
            lines += [
                f"  Mail that was sent {base}/demo/outbox",
                f"  The telephone      {base}/demo/phone",
                f"  Logs               {self.home / 'logs'}",
            ]
        lines += ["", *(f"  {line}" for line in sign_ins)] if sign_ins else []
        lines += ["", "This is a demonstration: nothing here reaches the police."] if self.demo else []
        lines += ["", self.chatbot.standing()]
        _say("\n".join([*lines, "Press Ctrl-C to stop."]))

    # -- staying ------------------------------------------------------------------------------------------------

    def stay(self) -> None:
        """Restart what dies, the database first, until a signal comes."""
        next_look = 0.0
        while True:
            now = time.monotonic()
            if self.database is not None and now >= next_look:
                next_look = now + DATABASE_LOOK_S
                self._tend_database(self.database)
            for child in self.children:
                before = child.deaths
                child.tend(_say)
                if child.deaths != before and child.deaths > DEATHS_BEFORE_TELLING and child.log is not None:
                    _say(f"see {child.log}")
            time.sleep(0.2)

    def _tend_database(self, database: PrivateDatabase) -> None:
        if database.is_running():
            return
        _say("The database ended; starting it again ...")
        try:
            database.ensure()
        except DatabaseFailed as error:
            _say(f"The database does not start: {error}")

    # -- stopping -----------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """End the processes, then leave the database."""
        if self.children:
            _say("\nStopping ...")
            late = stop_all(self.children, patience_s=PATIENCE_S)
            if late:
                _say(f"ended without waiting longer: {', '.join(late)}")
        if self.database is not None:
            try:
                self.database.stop()
            except (DatabaseFailed, OSError) as error:
                _say(f"The database did not stop: {error}")
        if self.children:
            _say("Stopped.")


def _stop(_number: int, _frame: FrameType | None) -> None:
    _ignore_signals()
    raise Stopped


@contextmanager
def _signals_wait() -> Iterator[None]:
    """Whoever asks us to stop meanwhile is heard at the end."""
    heard: list[int] = []
    for sign in _SIGNALS:
        signal.signal(sign, lambda number, _frame: heard.append(number))
    try:
        yield
    finally:
        for sign in _SIGNALS:
            signal.signal(sign, _stop)
    if heard:
        _stop(heard[0], None)


def _ignore_signals() -> None:
    """A second Ctrl-C does not interrupt the stopping, which ends by itself."""
    for sign in _SIGNALS:
        signal.signal(sign, signal.SIG_IGN)


def _check_number(raw: str) -> None:
    if not (raw.isascii() and raw.isdigit() and 1 <= int(raw) <= 65535):
        raise CannotStart(f"PORT must be a number from 1 to 65535, not {raw!r}.")


def _answers(url: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (TimeoutError, urllib.error.URLError, OSError):
        return False


def _say(line: str) -> None:
    with suppress(OSError, ValueError):  # the terminal may be gone; that is no reason to stop half way
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(run(os.environ))
