"""When a person must look and when they must answer: grade, staffed hours and bank holidays in, UTC times out."""

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from contact.domain.taxonomy import Grade

LONDON = ZoneInfo("Europe/London")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HORIZON_DAYS = 60

Window = tuple[time, time]
"""Opening and closing in local time; a closing at or before the opening is on the next day (00:00 is midnight)."""


class Attention(StrEnum):
    """Why a person must look within 15 minutes although the grade alone would give longer (taxonomy, "looking")."""

    FLAGGED = "flagged"
    SENSITIVE_FORM = "sensitive_form"
    LOW_CONFIDENCE = "low_confidence"
    DISAGREEMENT = "disagreement"


@dataclass(frozen=True)
class Hours:
    """A force's staffed hours. `always` is round the clock; `bank_holidays` None keeps the weekday's own windows."""

    always: bool = False
    week: Mapping[str, tuple[Window, ...]] = field(default_factory=dict)
    bank_holidays: tuple[Window, ...] | None = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Hours":
        """Read `{"always": true}` or `{"mon": [["09:00", "17:00"]], …, "bank_holidays": [] | null}`.

        Raises ValueError for an unknown key, a time that is none, or a week with no staffed minute.
        """
        if data.get("always"):
            return cls(always=True)
        strange = set(data) - {*WEEKDAYS, "bank_holidays", "always"}
        if strange:
            raise ValueError(f"unknown keys in hours: {', '.join(sorted(strange))}")
        week = {day: _windows(data[day]) for day in WEEKDAYS if data.get(day)}
        if not week:
            raise ValueError("no staffed hours in the week")
        holidays = data.get("bank_holidays", [])
        return cls(week=week, bank_holidays=None if holidays is None else _windows(holidays))

    def to_json(self) -> dict[str, Any]:
        """Answer what `from_json` reads."""
        if self.always:
            return {"always": True}

        def plain(windows: tuple[Window, ...]) -> list[list[str]]:
            return [[opens.strftime("%H:%M"), closes.strftime("%H:%M")] for opens, closes in windows]

        answer: dict[str, Any] = {day: plain(windows) for day, windows in self.week.items()}
        answer["bank_holidays"] = None if self.bank_holidays is None else plain(self.bank_holidays)
        return answer

    def windows_on(self, day: date, holidays: Container[date]) -> tuple[Window, ...]:
        """The windows that open on `day`."""
        if self.bank_holidays is not None and day in holidays:
            return self.bank_holidays
        return self.week.get(WEEKDAYS[day.weekday()], ())


LOOK_MINUTES = {Grade.EMERGENCY: 0, Grade.PRIORITY: 0, Grade.STANDARD: 60, Grade.ENQUIRY: 60}
ANSWER_MINUTES = {Grade.EMERGENCY: 0, Grade.PRIORITY: 15, Grade.STANDARD: 24 * 60, Grade.ENQUIRY: 48 * 60}


@dataclass(frozen=True)
class ClockPolicy:
    """What a force promises from `from_at` on; a new promise is a new row; a past breach stays one (scenario 25).

    `look_minutes` counts staffed time, `answer_minutes` and `soon_minutes` count time as it passes.
    """

    policy_id: str
    from_at: datetime
    hours: Hours
    look_minutes: Mapping[Grade, int] = field(default_factory=lambda: dict(LOOK_MINUTES))
    answer_minutes: Mapping[Grade, int] = field(default_factory=lambda: dict(ANSWER_MINUTES))
    soon_minutes: int = 15


OFFICE_HOURS = Hours(week={day: ((time(9), time(17)),) for day in WEEKDAYS[:5]})
ALWAYS = Hours(always=True)
NATIONAL_POLICY = ClockPolicy("national-1", datetime(2000, 1, 1, tzinfo=UTC), ALWAYS)


@dataclass(frozen=True)
class DueTimes:
    """The two clocks of one entry, and what set them."""

    look_by: datetime
    answer_by: datetime
    policy_id: str
    attention: tuple[Attention, ...] = ()


def policy_at(policies: Sequence[ClockPolicy], at: datetime) -> ClockPolicy:
    """Answer the policy in force at `at`, the national one before the first."""
    return max((one for one in policies if one.from_at <= at), key=lambda one: one.from_at, default=NATIONAL_POLICY)


def due_times(
    grade: Grade,
    *,
    started_at: datetime,
    policy: ClockPolicy = NATIONAL_POLICY,
    holidays: Container[date] = frozenset(),
    attention: Collection[Attention] = (),
) -> DueTimes:
    """Answer both clocks of a contact received, or reopened, at `started_at`.

    A reopened contact calls this again with the time of reopening: the clocks restart. A regraded one calls it with the
    time its present clocks began.
    """
    look_by = add_staffed(started_at, policy.look_minutes[grade], hours=policy.hours, holidays=holidays)
    if attention:
        look_by = min(look_by, started_at + timedelta(minutes=policy.soon_minutes))
    answer_by = started_at + timedelta(minutes=policy.answer_minutes[grade])
    ordered = tuple(reason for reason in Attention if reason in attention)
    return DueTimes(look_by.astimezone(UTC), answer_by.astimezone(UTC), policy.policy_id, ordered)


def is_late(
    due_at: datetime, *, now: datetime, done_at: datetime | None = None, stopped_at: datetime | None = None
) -> bool:
    """Say whether a clock was breached: done or stopped (closed) after its time, or still running past it."""
    ended_at = min((at for at in (done_at, stopped_at) if at is not None), default=now)
    return ended_at > due_at


def add_staffed(
    started_at: datetime, minutes: int, *, hours: Hours, holidays: Container[date] = frozenset()
) -> datetime:
    """Answer the UTC time at which `minutes` of staffed time have passed since `started_at` (aware).

    Zero minutes is `started_at` itself, staffed or not. Should no hour be staffed for 60 days, plain time counts
    instead, so that a clock always ends.
    """
    started_at = started_at.astimezone(UTC)
    left = timedelta(minutes=minutes)
    if hours.always or not left:
        return started_at + left
    now = started_at
    for opens_at, closes_at in _staffed_spans(started_at, hours, holidays):
        begin = max(now, opens_at)
        if closes_at - begin >= left:
            return begin + left
        if closes_at > begin:
            left -= closes_at - begin
            now = closes_at
    return started_at + timedelta(minutes=minutes)


def is_staffed(at: datetime, *, hours: Hours, holidays: Container[date] = frozenset()) -> bool:
    """Say whether somebody of the force is on duty at `at` by its published hours."""
    if hours.always:
        return True
    at = at.astimezone(UTC)
    return any(opens_at <= at < closes_at for opens_at, closes_at in _staffed_spans(at, hours, holidays, days=2))


def _staffed_spans(
    since: datetime, hours: Hours, holidays: Container[date], days: int = _HORIZON_DAYS
) -> Iterator[tuple[datetime, datetime]]:
    """Yield staffed spans in UTC from the day before `since`, in order of opening."""
    first = since.astimezone(LONDON).date() - timedelta(days=1)
    for offset in range(days + 1):
        day = first + timedelta(days=offset)
        for opens, closes in sorted(hours.windows_on(day, holidays)):
            closing_day = day if closes > opens else day + timedelta(days=1)
            yield _utc(day, opens)[0], _utc(closing_day, closes)[1]


def _utc(day: date, at: time) -> tuple[datetime, datetime]:
    """Answer the earlier and later UTC reading of a local time; they differ in the hours the clocks change."""
    local = datetime.combine(day, at, tzinfo=LONDON)
    readings = (local.astimezone(UTC), local.replace(fold=1).astimezone(UTC))
    return min(readings), max(readings)


def _windows(pairs: Sequence[Sequence[str]]) -> tuple[Window, ...]:
    windows = []
    for opens, closes in pairs:
        windows.append((time.fromisoformat(opens), time.fromisoformat("00:00" if closes == "24:00" else closes)))
    return tuple(sorted(windows))
