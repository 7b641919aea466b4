"""A local mail server for the demonstration: takes every message into a folder and sends none on."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default as default_rules
from pathlib import Path
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_KEPT = 200


class _Sink:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep one message, whole or not at all."""
        part = self._folder / f"{time.time_ns()}.part"
        part.write_bytes(cast(bytes, envelope.original_content))
        os.replace(part, part.with_suffix(".eml"))
        for old in sorted(self._folder.glob("*.eml"))[:-_KEPT]:
            old.unlink(missing_ok=True)
        return "250 kept"


def outbox_folder(home: Path) -> Path:
    """Where the sink keeps what it took."""
    return home / "demo" / "outbox"


def start_sink(folder: Path, *, port: int, host: str = "127.0.0.1") -> Controller:
    """Serve in a thread of its own until `.stop()`. Raises OSError when the port is taken."""
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(_Sink(folder), hostname=host, port=port, data_size_limit=2**20)
    controller.start()
    return controller


@dataclass(frozen=True, slots=True)
class KeptMail:
    """One message as the outbox page shows it."""

    name: str
    to: str
    subject: str
    date: str
    text: str
    headers: tuple[tuple[str, str], ...]


def list_kept(folder: Path) -> list[KeptMail]:
    """What the sink holds, newest first."""
    return [_read(file) for file in sorted(folder.glob("*.eml"), reverse=True)]


def _read(file: Path) -> KeptMail:
    message = message_from_bytes(file.read_bytes(), policy=default_rules)
    body = message.get_body(("plain",))
    return KeptMail(
        name=file.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        date=str(message["Date"]),
        text=body.get_content() if body is not None else "",
        headers=tuple((name, str(value)) for name, value in message.items()),
    )
