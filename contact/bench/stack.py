"""A stack of the bench's own: a private database with fsync on, filled and thrown away, and real gunicorn workers."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from contact.gateways import gazetteer
from contact.run import demo_environment
from contact.run.demo_environment import StandInPorts
from contact.run.private_database import PrivateDatabase
from contact.settings import Settings
from contact.store import forces
from contact.store.engine import make_engine, make_sessions
from contact.store.migrations.migrate import migrate

START_S = 60


@dataclass(frozen=True)
class Stack:
    """A migrated database with the forces in it, the settings of every process, and a superuser to fill it with."""

    settings: Settings
    environment: dict[str, str]
    superuser_url: str
    chatbot_url: str
    home: Path

    def superuser(self) -> psycopg.Connection:
        """For filling tables only; nothing is measured through it."""
        return psycopg.connect(self.superuser_url, autocommit=True)

    @contextlib.contextmanager
    def web(self, workers: int, application: str = "contact.wsgi:app", **more: str) -> Iterator[int]:
        """Gunicorn as the service runs it; yields its port once it answers."""
        port = demo_environment.free_port()
        environment = self.environment | {"PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}"} | more
        environment["PROMETHEUS_MULTIPROC_DIR"] = str(self.home / f"counters-{port}")
        command = [sys.executable, "-m", "gunicorn", "-c", "python:contact.run.gunicorn_settings"]
        command += ["--workers", str(workers), "--bind", f"127.0.0.1:{port}", application]
        log = (self.home / f"gunicorn-{port}.log").open("wb")
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, process_group=0)
        try:
            _wait(port, process)
            yield port
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=10)
            log.close()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("gunicorn ended before it answered")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/livez")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("gunicorn did not answer")


@contextlib.contextmanager
def running() -> Iterator[Stack]:
    """A fresh stack; everything of it is gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="contact-bench-"))
    home.chmod(0o711)
    try:
        with PrivateDatabase(home, durable=True, system_folder=home / "system") as server:
            urls = server.create_database("bench")
            migrate(urls.owner)
            ports = StandInPorts(*(demo_environment.free_port() for _ in range(3)))
            environment = demo_environment.environment(os.environ, home=home, port=8000, urls=urls, ports=ports)
            settings = Settings.from_env(environment)
            superuser_url = server.url("contact_superuser", "bench")
            _load_forces(superuser_url)
            yield Stack(settings, environment, superuser_url, server.chatbot_url(), home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _load_forces(url: str) -> None:
    engine = make_engine(url, pool_size=1)
    with make_sessions(engine)() as session:
        forces.load_reference(session, forces=gazetteer.reference_forces())
        session.commit()
    engine.dispose()
