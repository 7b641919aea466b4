"""The contacts whose keys were destroyed, listed outside the database so that a restore cannot bring them back."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from uuid import UUID

FILE = "destroyed-keys.jsonl"


def note(contact_id: UUID, *, home: Path, at: dt.datetime) -> None:
    """Add a contact before its key is deleted; durable when this returns. Adding it twice does no harm."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(json.dumps({"contact_id": str(contact_id), "at": at.astimezone(dt.UTC).isoformat()}) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read(home: Path) -> frozenset[UUID]:
    """Every contact on the list; a torn last line is passed over."""
    path = home / FILE
    if not path.exists():
        return frozenset()
    found = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.add(UUID(json.loads(line)["contact_id"]))
        except (ValueError, KeyError, TypeError):
            continue
    return frozenset(found)
