"""The demonstration's own settings: made-up keys that stay the same between starts, and addresses of the stand-ins."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from contact.run.private_database import DatabaseUrls, PrivateDatabase

CLONE = Path(__file__).resolve().parent.parent.parent
ACCOUNT_SID = "AC" + "0" * 32
OUR_NUMBER = "+441632960000"
_FILE = "demo-keys.json"


@dataclass(frozen=True)
class StandInPorts:
    """Where the stand-ins listen, on this machine only."""

    smtp: int
    twilio: int
    stripe: int


def home_of(environ: Mapping[str, str]) -> Path:
    """Where everything of ours is kept: CONTACT_HOME, else `.contact` in the clone, from whichever folder we start."""
    return Path(environ.get("CONTACT_HOME") or CLONE / ".contact").expanduser().absolute()


def prepared(environ: Mapping[str, str], *, home: Path, database: PrivateDatabase | None) -> dict[str, str]:
    """The environment of a demonstration with its database started, or with the one that was brought."""
    urls = database.start() if database is not None else None
    home.mkdir(parents=True, exist_ok=True)
    ports = StandInPorts(free_port(), free_port(), free_port())
    return environment(environ, home=home, port=int(environ.get("PORT") or "8000"), urls=urls, ports=ports)


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether we could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def keys_of(home: Path) -> Mapping[str, str]:
    """The home's keys, made at the first start and kept in a file for its owner alone."""
    path = home / _FILE
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "AUDIT_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "EVIDENCE_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        }
        half = home / f".{_FILE}.{secrets.token_hex(8)}"
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(made, file)
        try:
            os.link(half, path)  # the first of two starts at once wins, whole
        except FileExistsError:
            pass
        finally:
            half.unlink()
    kept = json.loads(path.read_text())
    return {str(name): str(value) for name, value in kept.items()}


def _payment_account(environ: Mapping[str, str], ports: StandInPorts) -> dict[str, str]:
    """Stripe's own test account where somebody brought one (a live key is refused), else the stand-in's."""
    if environ.get("STRIPE_SECRET_KEY"):
        return {}
    mark = hashlib.sha256(b"stripe" + environ["SECRET_KEY"].encode()).hexdigest()
    return {
        "STRIPE_SECRET_KEY": f"sk_test_{mark[:32]}",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{mark[32:]}",
        "STRIPE_API_URL": f"http://127.0.0.1:{ports.stripe}",
    }


def environment(
    environ: Mapping[str, str], *, home: Path, port: int, urls: DatabaseUrls | None, ports: StandInPorts
) -> dict[str, str]:
    """What every process of one demonstration gets. `urls` is None where the caller brought a database."""
    made = dict(environ) | dict(keys_of(home))
    made |= _payment_account(made, ports)
    made |= {
        "CONTACT_MODE": "demo",
        "CONTACT_HOME": str(home),
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SMTP_URL": f"smtp://127.0.0.1:{ports.smtp}",
        "MAIL_FROM": "contact@police.example",
        "EMERGENCY_FORCE": "kent",
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_FROM": OUR_NUMBER,
        "TWILIO_API_URL": f"http://127.0.0.1:{ports.twilio}",
        "PYTHONUNBUFFERED": "1",
    }
    if urls is not None:
        made |= {"DATABASE_URL": urls.web, "DATABASE_WORKER_URL": urls.worker, "DATABASE_OWNER_URL": urls.owner}
    return made
