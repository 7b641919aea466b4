"""The home visit: times offered, one chosen, what is looked at there; the calendar's words betray nothing."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contact.domain.errors import DomainError, MoveNotAllowed

AT_MOST = 6
"""Times offered at once: more is a timetable, not a choice."""
LONGEST = dt.timedelta(hours=4)
LASTS = dt.timedelta(hours=2)
"""How long a visit is said to take where nobody says otherwise."""
NOTICE = dt.timedelta(hours=24)
"""A time that begins sooner than this is no offer to somebody who works."""
REMIND_BEFORE = dt.timedelta(hours=48)


class VisitState(StrEnum):
    """Where one visit stands."""

    OFFERED = "offered"
    NONE_SUITS = "none_suits"  # the applicant asked for other times
    BOOKED = "booked"
    VISITED = "visited"
    MISSED = "missed"
    CANCELLED = "cancelled"


class VisitEvent(StrEnum):
    """What can happen to a visit."""

    CHOOSE = "choose"
    MOVE = "move"  # to another time, by either side
    ASK_OTHERS = "ask_others"
    CANCEL = "cancel"
    VISIT = "visit"
    MISS = "miss"


_S, _E = VisitState, VisitEvent
OPEN_VISITS = frozenset({_S.OFFERED, _S.NONE_SUITS, _S.BOOKED})
VISIT_MOVES: dict[tuple[VisitState, VisitEvent], VisitState] = {
    (_S.OFFERED, _E.CHOOSE): _S.BOOKED,
    (_S.OFFERED, _E.ASK_OTHERS): _S.NONE_SUITS,
    (_S.OFFERED, _E.CANCEL): _S.CANCELLED,
    (_S.NONE_SUITS, _E.CANCEL): _S.CANCELLED,
    (_S.BOOKED, _E.MOVE): _S.BOOKED,
    (_S.BOOKED, _E.CANCEL): _S.CANCELLED,
    (_S.BOOKED, _E.VISIT): _S.VISITED,
    (_S.BOOKED, _E.MISS): _S.MISSED,
}


def next_visit(state: VisitState, event: VisitEvent) -> VisitState:
    """The visit's state after `event`; raises MoveNotAllowed for every pair not in the table."""
    try:
        return VISIT_MOVES[state, event]
    except KeyError:
        raise MoveNotAllowed(state=state.value, move=event.value) from None


@dataclass(eq=False)
class SlotsNotPossible(DomainError):
    """The times cannot be offered. `reason`: none, too_many, too_soon, too_long, overlap, one_agreed."""

    reason: str


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time to come, in UTC."""

    starts_at: dt.datetime
    ends_at: dt.datetime

    def as_json(self) -> dict[str, str]:
        """As it stands in the visit's row."""
        return {"starts_at": self.starts_at.isoformat(), "ends_at": self.ends_at.isoformat()}

    @classmethod
    def from_json(cls, stored: Mapping[str, str]) -> Slot:
        """As it was stored."""
        return cls(dt.datetime.fromisoformat(stored["starts_at"]), dt.datetime.fromisoformat(stored["ends_at"]))


def slots_to_offer(slots: Sequence[Slot], *, now: dt.datetime) -> tuple[Slot, ...]:
    """The times in order, each once. Raises SlotsNotPossible."""
    found = tuple(sorted(set(slots)))
    if not found:
        raise SlotsNotPossible(reason="none")
    if len(found) > AT_MOST:
        raise SlotsNotPossible(reason="too_many")
    if any(each.starts_at < now + NOTICE for each in found):
        raise SlotsNotPossible(reason="too_soon")
    if any(not dt.timedelta(0) < each.ends_at - each.starts_at <= LONGEST for each in found):
        raise SlotsNotPossible(reason="too_long")
    if any(later.starts_at < earlier.ends_at for earlier, later in itertools.pairwise(found)):
        raise SlotsNotPossible(reason="overlap")
    return found


class LookedAt(StrEnum):
    """The checklist of a visit, in the order of a walk through the house."""

    IDENTITY = "identity"
    CABINET_FIXED = "cabinet_fixed"
    CABINET_LOCKED = "cabinet_locked"
    KEYS = "keys"
    AMMUNITION = "ammunition"
    OUT_OF_SIGHT = "out_of_sight"
    GUNS_MATCH = "guns_match"
    HOUSEHOLD_MET = "household_met"
    GOOD_REASON = "good_reason"
    LAND_SEEN = "land_seen"

    @property
    def label(self) -> str:
        """What the officer reads on the phone, in English."""
        return _LOOKED_AT[self]


class Found(StrEnum):
    """What the officer found at one point of the checklist."""

    IN_ORDER = "in_order"
    NOT_IN_ORDER = "not_in_order"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        """What the officer reads on the phone, in English."""
        return _FOUND[self]


_LOOKED_AT = {
    LookedAt.IDENTITY: "The person is who they say: document seen",
    LookedAt.CABINET_FIXED: "Cabinet fixed to the fabric of the building",
    LookedAt.CABINET_LOCKED: "Cabinet locks, and opens for the applicant alone",
    LookedAt.KEYS: "Keys or code known to the applicant alone",
    LookedAt.AMMUNITION: "Ammunition kept apart and locked",
    LookedAt.OUT_OF_SIGHT: "Not to be seen from outside or by callers",
    LookedAt.GUNS_MATCH: "Serial numbers of what is held agree with the file",
    LookedAt.HOUSEHOLD_MET: "Everybody who lives there is known to us",
    LookedAt.GOOD_REASON: "Good reason talked through",
    LookedAt.LAND_SEEN: "Land or club confirmed",
}
_FOUND = {
    Found.IN_ORDER: "In order",
    Found.NOT_IN_ORDER: "Not in order",
    Found.NOT_APPLICABLE: "Does not apply",
}


def missing_from(found: Mapping[str, str]) -> tuple[LookedAt, ...]:
    """The points of the checklist that say nothing yet."""
    known = {each.value for each in Found}
    return tuple(each for each in LookedAt if found.get(each.value) not in known)


def calendar_file(
    *,
    uid: str,
    slot: Slot,
    summary: str,
    description: str,
    made_at: dt.datetime,
    sequence: int = 0,
    called_off: bool = False,
) -> str:
    """One appointment as iCalendar (RFC 5545, 5546), or its cancellation, which takes the same `uid` away again.

    A file of a higher `sequence` takes the place of the one before.

    The words are the caller's: neutral, since calendars are shared; so is `uid`, which names no host.
    """

    def line(name: str, value: str) -> str:
        escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return _folded(f"{name}:{escaped}")

    def stamp(at: dt.datetime) -> str:
        return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")

    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Contact//Appointments//EN",
        f"METHOD:{'CANCEL' if called_off else 'PUBLISH'}",
        "BEGIN:VEVENT",
        line("UID", uid),
        f"SEQUENCE:{sequence}",
        f"STATUS:{'CANCELLED' if called_off else 'CONFIRMED'}",
        f"DTSTAMP:{stamp(made_at)}",
        f"DTSTART:{stamp(slot.starts_at)}",
        f"DTEND:{stamp(slot.ends_at)}",
        line("SUMMARY", summary),
        line("DESCRIPTION", description),
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(lines) + "\r\n"


def _folded(line: str) -> str:
    """Lines are at most 75 octets; the next begins with a space."""
    pieces: list[str] = []
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > 74:
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])
