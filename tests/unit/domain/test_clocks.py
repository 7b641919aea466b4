"""Clocks follow staffed hours, bank holidays and both clock changes, and stay where they were set (scenario 25)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contact.domain.clocks import (
    ALWAYS,
    LONDON,
    OFFICE_HOURS,
    Attention,
    ClockPolicy,
    Hours,
    add_staffed,
    due_times,
    is_late,
    is_staffed,
    policy_at,
)
from contact.domain.taxonomy import Grade

EASTER = frozenset({date(2026, 4, 3), date(2026, 4, 6)})
NIGHT = Hours.from_json({day: [["22:00", "06:00"]] for day in ("fri", "sat", "sun")})


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("received", "minutes", "due"),
    [
        pytest.param("2026-11-20T16:30", 60, "2026-11-23T09:30", id="Friday 16:30 to Monday 09:30"),
        pytest.param("2026-04-02T16:30", 60, "2026-04-07T09:30", id="Thursday before Easter to Tuesday after"),
        pytest.param("2026-03-27T16:30", 60, "2026-03-30T09:30", id="over the clocks going forward"),
        pytest.param("2026-10-23T16:30", 60, "2026-10-26T09:30", id="over the clocks going back"),
        pytest.param("2026-11-18T10:00", 60, "2026-11-18T11:00", id="inside one day"),
        pytest.param("2026-11-18T16:00", 60, "2026-11-18T17:00", id="exactly until closing"),
        pytest.param("2026-11-18T17:00", 60, "2026-11-19T10:00", id="at closing"),
        pytest.param("2026-11-18T03:00", 60, "2026-11-18T10:00", id="before opening"),
        pytest.param("2026-11-21T12:00", 60, "2026-11-23T10:00", id="Saturday"),
        pytest.param("2026-11-20T16:30", 600, "2026-11-24T10:30", id="over two days"),
        pytest.param("2026-11-21T12:00", 0, "2026-11-21T12:00", id="at once is at once"),
    ],
)
def test_scenario_25_an_hour_of_staffed_time(received: str, minutes: int, due: str) -> None:
    assert add_staffed(london(received), minutes, hours=OFFICE_HOURS, holidays=EASTER) == london(due)


@pytest.mark.parametrize(
    ("since", "minutes", "due_utc"),
    [
        # 28 to 29 March 2026: the night shift 22:00 to 06:00 lasts seven hours.
        ("2026-03-28T22:00+00:00", 7 * 60, "2026-03-29T05:00+00:00"),
        # 24 to 25 October 2026: it lasts nine.
        ("2026-10-24T21:00+00:00", 9 * 60, "2026-10-25T06:00+00:00"),
    ],
)
def test_a_night_shift_is_as_long_as_it_really_is(since: str, minutes: int, due_utc: str) -> None:
    assert add_staffed(datetime.fromisoformat(since), minutes, hours=NIGHT) == datetime.fromisoformat(due_utc)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(0, 5000),
    st.integers(0, 5000),
    st.sampled_from([OFFICE_HOURS, NIGHT, ALWAYS]),
)
def test_more_time_is_never_due_earlier_and_a_later_start_never_ends_earlier(
    start: datetime, minutes: int, more: int, hours: Hours
) -> None:
    due = add_staffed(start, minutes, hours=hours, holidays=EASTER)
    assert due >= start + timedelta(minutes=minutes)
    assert add_staffed(start, minutes + more, hours=hours, holidays=EASTER) >= due
    if minutes:
        assert add_staffed(start + timedelta(minutes=more), minutes, hours=hours, holidays=EASTER) >= due


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)), st.integers(1, 900))  # noqa: DTZ001
def test_time_in_two_steps_is_the_same_as_in_one(start: datetime, minutes: int) -> None:
    halfway = add_staffed(start, minutes, hours=OFFICE_HOURS, holidays=EASTER)
    assert add_staffed(halfway, 7, hours=OFFICE_HOURS, holidays=EASTER) == add_staffed(
        start, minutes + 7, hours=OFFICE_HOURS, holidays=EASTER
    )


@pytest.mark.parametrize(
    ("grade", "attention", "look_minutes", "answer_minutes"),
    [
        (Grade.EMERGENCY, (), 0, 0),
        (Grade.PRIORITY, (), 0, 15),
        (Grade.STANDARD, (), 60, 24 * 60),
        (Grade.ENQUIRY, (), 60, 48 * 60),
        (Grade.STANDARD, (Attention.FLAGGED,), 15, 24 * 60),
        (Grade.ENQUIRY, (Attention.SENSITIVE_FORM,), 15, 48 * 60),
        (Grade.ENQUIRY, (Attention.LOW_CONFIDENCE,), 15, 48 * 60),
        (Grade.PRIORITY, (Attention.FLAGGED,), 0, 15),
    ],
)
def test_the_table_of_grades(
    grade: Grade, attention: tuple[Attention, ...], look_minutes: int, answer_minutes: int
) -> None:
    start = datetime(2026, 11, 18, 10, tzinfo=UTC)
    due = due_times(grade, started_at=start, attention=attention)
    assert due.look_by == start + timedelta(minutes=look_minutes)
    assert due.answer_by == start + timedelta(minutes=answer_minutes)


def test_a_flag_is_looked_at_within_fifteen_minutes_even_at_night() -> None:
    policy = ClockPolicy("office", datetime(2026, 1, 1, tzinfo=UTC), OFFICE_HOURS)
    start = datetime(2026, 11, 21, 3, tzinfo=UTC)
    plain = due_times(Grade.STANDARD, started_at=start, policy=policy)
    flagged = due_times(Grade.STANDARD, started_at=start, policy=policy, attention=[Attention.FLAGGED])
    assert plain.look_by == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert flagged.look_by == start + timedelta(minutes=15)


def test_scenario_25_a_new_policy_never_rewrites_what_was_promised() -> None:
    old = ClockPolicy("p1", datetime(2026, 1, 1, tzinfo=UTC), ALWAYS)
    new = ClockPolicy("p2", datetime(2026, 6, 1, tzinfo=UTC), ALWAYS, look_minutes=dict.fromkeys(Grade, 600))
    received = datetime(2026, 5, 31, 12, tzinfo=UTC)
    for policies in ([old], [old, new], [new, old]):
        due = due_times(Grade.STANDARD, started_at=received, policy=policy_at(policies, received))
        assert (due.policy_id, due.look_by) == ("p1", received + timedelta(hours=1))
        assert is_late(due.look_by, now=received + timedelta(hours=2))
    assert policy_at([old, new], datetime(2026, 6, 1, tzinfo=UTC)) is new


def test_scenario_25_a_clock_stops_on_close_and_restarts_on_reopen() -> None:
    received = datetime(2026, 11, 18, 10, tzinfo=UTC)
    due = due_times(Grade.STANDARD, started_at=received)
    closed_at, much_later = received + timedelta(minutes=30), received + timedelta(days=9)
    assert not is_late(due.look_by, now=much_later, stopped_at=closed_at)
    assert is_late(due.look_by, now=much_later)
    assert is_late(due.look_by, now=much_later, done_at=received + timedelta(minutes=61))
    again = due_times(Grade.STANDARD, started_at=much_later)
    assert again.look_by == much_later + timedelta(hours=1)


def test_staffed_now_or_not() -> None:
    assert is_staffed(london("2026-11-18T09:00"), hours=OFFICE_HOURS)
    assert not is_staffed(london("2026-11-18T17:00"), hours=OFFICE_HOURS)
    assert not is_staffed(london("2026-04-06T12:00"), hours=OFFICE_HOURS, holidays=EASTER)
    assert is_staffed(london("2026-11-21T02:00"), hours=NIGHT)
    assert not is_staffed(london("2026-11-20T02:00"), hours=NIGHT)
    assert is_staffed(london("2026-11-20T02:00"), hours=ALWAYS)


def test_hours_are_read_as_written_and_refuse_nonsense() -> None:
    data = {"mon": [["09:00", "12:00"], ["13:00", "00:00"]], "bank_holidays": [["10:00", "12:00"]]}
    assert Hours.from_json(data).to_json() == data
    assert Hours.from_json({"always": True}).to_json() == {"always": True}
    assert Hours.from_json({"mon": [["00:00", "24:00"]], "bank_holidays": None}).bank_holidays is None
    for wrong in ({"monday": [["09:00", "17:00"]]}, {}, {"mon": [["9 o'clock", "17:00"]]}):
        with pytest.raises(ValueError, match=r".+"):
            Hours.from_json(wrong)


def test_times_of_other_zones_are_understood() -> None:
    paris = datetime(2026, 11, 18, 11, tzinfo=ZoneInfo("Europe/Paris"))
    assert add_staffed(paris, 60, hours=OFFICE_HOURS) == london("2026-11-18T11:00")
