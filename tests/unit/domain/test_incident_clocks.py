"""Clocks from the day of the incident (practice 22): 14 days for the notice, 31 for what a camera saw."""

from __future__ import annotations

from datetime import date

import pytest

from contact.domain.incident_clocks import IncidentClock, count, first_day

N, C = IncidentClock.NOTICE, IncidentClock.CAMERA


@pytest.mark.parametrize(
    ("reason", "happened", "today", "clock", "last_day", "left", "state"),
    [
        ("notice_clock_runs", date(2026, 11, 1), date(2026, 11, 1), N, date(2026, 11, 15), 14, "running"),
        ("notice_clock_runs", date(2026, 11, 1), date(2026, 11, 11), N, date(2026, 11, 15), 4, "running"),
        ("notice_clock_nearly_over", date(2026, 11, 1), date(2026, 11, 12), N, date(2026, 11, 15), 3, "soon"),
        ("notice_clock_nearly_over", date(2026, 11, 1), date(2026, 11, 15), N, date(2026, 11, 15), 0, "soon"),
        ("notice_clock_over", date(2026, 11, 1), date(2026, 11, 16), N, date(2026, 11, 15), -1, "late"),
        ("notice_clock_runs", date(2028, 2, 20), date(2028, 2, 29), N, date(2028, 3, 5), 5, "running"),
        ("notice_clock_runs", None, date(2026, 11, 1), N, None, None, "soon"),
        ("camera_may_have_seen", date(2026, 10, 30), date(2026, 11, 21), C, date(2026, 11, 30), 9, "running"),
        ("camera_may_have_seen", date(2026, 10, 20), date(2026, 11, 21), C, date(2026, 11, 20), -1, "late"),
    ],
)
def test_the_last_day(
    reason: str, happened: date | None, today: date, clock: str, last_day: date | None, left: int | None, state: str
) -> None:
    (counted,) = count(reasons={reason, "form_chosen"}, happened=happened, today=today)
    assert (counted.clock, counted.last_day, counted.days_left, counted.state) == (clock, last_day, left, state)


def test_no_reason_no_clock() -> None:
    assert (
        count(reasons={"form_chosen", "evidence_soon_lost"}, happened=date(2026, 11, 1), today=date(2026, 11, 2)) == []
    )


def test_both_stand_side_by_side() -> None:
    found = count(
        reasons={"notice_clock_runs", "camera_may_have_seen"}, happened=date(2026, 11, 1), today=date(2026, 11, 2)
    )
    assert [each.clock for each in found] == [N, C]


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ({"kind": "exact", "date": "2026-11-01", "time": "08:15"}, date(2026, 11, 1)),
        ({"kind": "between", "date": "2026-11-01", "end_date": "2026-11-04"}, date(2026, 11, 1)),
        ({"kind": "ongoing", "date": "2026-10-01"}, date(2026, 10, 1)),
        ({"kind": "ongoing"}, None),
        ({"kind": "not_sure"}, None),
        (None, None),
        ("2026-11-01", date(2026, 11, 1)),  # a question that asks for a date alone
        ("last_3_days", None),  # one that offers spans, as the sexual offence form does
    ],
)
def test_the_earliest_day_counts(when: dict[str, str] | str | None, day: date | None) -> None:
    assert first_day(when) == day
