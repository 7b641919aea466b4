"""The one clock of a request, so that a test can set it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, current_app

_KEY = "contact_clock"


def _system_clock() -> datetime:
    return datetime.now(UTC)


def init_clock(app: Flask, clock: Callable[[], datetime] = _system_clock) -> None:
    """Give the application its clock; tests call it again with their own."""
    app.extensions[_KEY] = clock


def utcnow() -> datetime:
    """Now, aware, in UTC."""
    now: datetime = current_app.extensions[_KEY]()
    return now
