"""Worker and watch as real processes, for tests that kill them; and waiting for a condition, never for a time."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.clients import SECRET, make_settings
from tests.support.database import MigratedDatabase

_KEY = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
_START = "import os; from contact.settings import Settings; settings = Settings.from_env(os.environ);"
WORKER = _START + "from contact.jobs.worker import run; run(settings)"
WATCH = _START + "from contact.watch.process import run; run(settings, port=int(os.environ['WATCH_PORT']), round_s=0.3)"


@contextmanager
def running(program: str, database: MigratedDatabase, home: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A background process on a test's database until the block ends; `more` are environment variables."""
    settings = make_settings(database, home)
    environment = {
        **os.environ,
        "CONTACT_MODE": "demo",
        "DATABASE_URL": settings.database_url,
        "DATABASE_WORKER_URL": settings.database_worker_url,
        "DATABASE_OWNER_URL": settings.database_owner_url,
        "CONTACT_HOME": str(home),
        "SECRET_KEY": SECRET,
        "AUDIT_KEY": _KEY,
        "EVIDENCE_KEY": _KEY,
        "SMTP_URL": settings.smtp_url,
        "MAIL_FROM": settings.mail_from,
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token,
        "TWILIO_FROM": settings.twilio_from,
        "TWILIO_API_URL": "http://127.0.0.1:1",
        "PUBLIC_URL": "http://127.0.0.1:9",
        **more,
    }
    process = subprocess.Popen([sys.executable, "-c", program], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def until(condition: Callable[[], object], limit_s: float = 120) -> None:
    """Wait for a condition. Raises AssertionError when it does not come about in time."""
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
