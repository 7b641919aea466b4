"""Times as a browser's date and time field sends them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo


def local_minute(at: dt.datetime) -> str:
    """On a London clock, to the minute."""
    return at.astimezone(ZoneInfo("Europe/London")).strftime("%Y-%m-%dT%H:%M")
