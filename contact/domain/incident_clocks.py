"""Clocks set by the day of the incident, not by the day we heard of it (practice 22): days in, last days out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any


class IncidentClock(StrEnum):
    """What runs out."""

    NOTICE = "notice"  # the notice of intended prosecution, Road Traffic Offenders Act 1988 section 1 [check]
    CAMERA = "camera"  # what a camera saw, before it is written over


DAYS = {IncidentClock.NOTICE: 14, IncidentClock.CAMERA: 31}
"""The day of the incident is not counted. Many cameras keep less than 31 days: the row says so."""
_SET_BY = {
    IncidentClock.NOTICE: frozenset({"notice_clock_runs", "notice_clock_nearly_over", "notice_clock_over"}),
    IncidentClock.CAMERA: frozenset({"camera_may_have_seen"}),
}
"""The reasons that a form gives where a clock runs."""
SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Counted:
    """One clock on one day. Both are None where nobody said which day it was; less than 0 days left: it is over."""

    clock: IncidentClock
    last_day: date | None
    days_left: int | None

    @property
    def state(self) -> str:
        """As the other clocks: late, soon, running. Without a day it is soon: somebody must ask for it."""
        if self.days_left is None:
            return "soon"
        return "late" if self.days_left < 0 else "soon" if self.days_left <= SOON.days else "running"


def count(*, reasons: Collection[str], happened: date | None, today: date) -> list[Counted]:
    """The clocks that these reasons set, counted from the day it happened; `today` on a London clock."""
    return list(_count(reasons, happened, today))


def _count(reasons: Collection[str], happened: date | None, today: date) -> Iterator[Counted]:
    for clock, codes in _SET_BY.items():
        if codes.isdisjoint(reasons):
            continue
        last_day = happened + timedelta(days=DAYS[clock]) if happened else None
        yield Counted(clock, last_day, (last_day - today).days if last_day else None)


def first_day(when: Mapping[str, Any] | str | None) -> date | None:
    """The earliest day that an answer to "when" allows, so that no clock is counted too long; None where none is.

    The answer is a `when`, a date, or a code such as `last_3_days`, which says no day that could be counted from.
    """
    said = when.get("date") if isinstance(when, Mapping) else when
    try:
        return date.fromisoformat(str(said)) if said else None
    except ValueError:
        return None
