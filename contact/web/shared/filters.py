"""How times and numbers are worded for people: London time, plain words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from contact.domain.clocks import LONDON


def london(at: datetime) -> datetime:
    """The same moment on a London clock."""
    return at.astimezone(LONDON)


def date_in_words(at: datetime) -> str:
    """`Saturday 21 November 2026`."""
    local = london(at)
    return f"{local:%A} {local.day} {local:%B} {local.year}"


def time_in_words(at: datetime) -> str:
    """`6:05pm`, `midnight`, `midday`."""
    local = london(at)
    if (local.hour, local.minute) == (0, 0):
        return "midnight"
    if (local.hour, local.minute) == (12, 0):
        return "midday"
    hour = local.hour % 12 or 12
    return f"{hour}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"


def when_in_words(at: datetime) -> str:
    """`Saturday 21 November 2026 at 6:05pm`."""
    return f"{date_in_words(at)} at {time_in_words(at)}"


def time_short(at: datetime) -> str:
    """`21 Nov 18:05`, for the control room's tables."""
    local = london(at)
    return f"{local.day} {local:%b %H:%M}"


def machine_time(at: datetime) -> str:
    """For `<time datetime>`: UTC, to the second."""
    return at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")


def span_in_words(span: timedelta) -> str:
    """`less than a minute`, `5 minutes`, `2 hours`, `3 days`."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return "less than a minute"
    for size, name in ((1440, "day"), (60, "hour"), (1, "minute")):
        count = minutes // size
        if count:
            return f"{count} {name}" + ("" if count == 1 else "s")
    return "less than a minute"


ALL: dict[str, Callable[..., object]] = {
    "date_in_words": date_in_words,
    "london": london,
    "machine_time": machine_time,
    "span_in_words": span_in_words,
    "time_in_words": time_in_words,
    "time_short": time_short,
    "when_in_words": when_in_words,
}
