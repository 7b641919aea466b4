"""When a text may leave: nights are quiet for what is neither urgent nor an answer."""

from __future__ import annotations

import datetime as dt

from contact.domain.clocks import LONDON

FROM, UNTIL = dt.time(21), dt.time(8)
"""Of a London clock, whatever the season."""
ANSWERS_WITHIN = dt.timedelta(minutes=30)
"""Whoever texted this lately is awake, and waits: what leaves now is no notice."""


def leaves_at(now: dt.datetime, *, urgent: bool, last_heard: dt.datetime | None) -> dt.datetime | None:
    """When a text may leave; None: at once. `last_heard`: when the person last texted."""
    local = now.astimezone(LONDON)
    if urgent or (last_heard is not None and now - last_heard <= ANSWERS_WITHIN) or UNTIL <= local.time() < FROM:
        return None
    day = local.date() if local.time() < UNTIL else local.date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, UNTIL, LONDON).astimezone(dt.UTC)
