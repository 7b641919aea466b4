"""Limits on what one place may try in a while; the place is a digest under a key of the day (engineering 25, 27)."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from flask import current_app, request

from contact.domain.errors import TooManyTries
from contact.store import attempts
from contact.web.shared import clock, database
from contact.web.shared.transaction import commit_now


def limit(
    name: str, *, at_most: int, window: timedelta, subject: str | None = None, commits_next: bool = False
) -> None:
    """Count one try of `name` by `subject`, or by the caller's address; raises TooManyTries beyond `at_most`.

    Call it first in a view: it commits, so that the counter is neither lost with a refusal nor locked meanwhile.
    `commits_next`: what the caller does next commits anyway, before it asks anybody else or shows a page.
    """
    now = clock.utcnow()
    who = subject if subject is not None else (request.remote_addr or "")
    tried = attempts.count(database.session()(), key=digest(name, who, now), window=window, now=now)
    if tried > at_most or not commits_next:
        commit_now()
    if tried > at_most:
        over = attempts.window_start(now, window) + window
        raise TooManyTries(until=over, retry_after_seconds=max(1, int((over - now).total_seconds())))


def digest(name: str, who: str, now: datetime) -> bytes:
    """The counter's key: it cannot be turned back, and not be compared with yesterday's."""
    secret = str(current_app.secret_key).encode()
    day_key = hmac.new(secret, f"limits|{now:%Y-%m-%d}".encode(), hashlib.sha256).digest()
    return hmac.new(day_key, f"{name}|{who}".encode(), hashlib.sha256).digest()
