"""Exporting holders: asked for by one person, released by another, taken by who asked within a day (practice 27)."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

TAKE_WITHIN = dt.timedelta(hours=24)
"""How long the file may be taken after its release; then somebody asks again."""
LONGEST_REASON = 2_000


class What(StrEnum):
    """What leaves the register."""

    HOLDERS = "holders"
    HOLDERS_AND_GUNS = "holders_and_guns"

    @property
    def label(self) -> str:
        """What officers see, in English."""
        return "Holders" if self is What.HOLDERS else "Holders and their guns"


class ExportState(StrEnum):
    """How far a request got."""

    ASKED = "asked"
    RELEASED = "released"
    DECLINED = "declined"


def may_take(state: ExportState, decided_at: dt.datetime | None, *, now: dt.datetime) -> bool:
    """Whether who asked may take the file now."""
    return state is ExportState.RELEASED and decided_at is not None and now < decided_at + TAKE_WITHIN
