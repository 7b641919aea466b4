"""The renewal clock: whole London days, whatever the season and the year (practice 28)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contact.domain.licensing.certificate_states import CertificateState
from contact.domain.licensing.renewal_clock import (
    Action,
    NoticeKind,
    Standing,
    actions,
    extension_ends,
    is_in_time,
    last_safe_day,
    london_day,
    notice_due,
    notices,
    permit_needed_from,
    renewed_until,
)

LIVE, EXTENDED = CertificateState.LIVE, CertificateState.EXTENDED_S28B
PERMIT, EXPIRED = CertificateState.TEMPORARY_PERMIT_S7, CertificateState.EXPIRED
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2040, 12, 31))
EXPIRES = dt.date(2027, 5, 31)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@given(DAYS)
def test_notices_stand_16_12_10_and_9_weeks_before_and_name_the_last_safe_day(expires: dt.date) -> None:
    found = notices(expires)
    assert [(expires - each.due_on).days for each in found] == [112, 84, 70, 63]
    assert {(expires - each.last_safe_day).days for each in found} == {56}


@pytest.mark.parametrize(
    ("expires", "safe", "ends"),
    [
        ("2027-05-31", "2027-04-05", "2027-07-26"),
        ("2028-03-01", "2028-01-05", "2028-04-26"),  # over the 29th of February
        ("2028-02-29", "2028-01-04", "2028-04-25"),
        ("2027-01-15", "2026-11-20", "2027-03-12"),  # over the turn of the year
    ],
)
def test_days_counted_by_hand(expires: str, safe: str, ends: str) -> None:
    assert last_safe_day(day(expires)) == day(safe)
    assert extension_ends(day(expires)) == day(ends)


@pytest.mark.parametrize(
    ("declared", "in_time"),
    [
        ("2027-04-05T22:59", True),  # one minute to midnight in London, in summer
        ("2027-04-05T23:00", False),  # midnight has struck there
        ("2027-04-04T23:30", True),
        ("2026-12-01T12:00", True),
        ("2027-05-31T12:00", False),
    ],
)
def test_in_time_is_decided_by_the_day_in_london(declared: str, in_time: bool) -> None:
    assert is_in_time(at(declared), EXPIRES) is in_time


def test_in_winter_the_day_ends_at_midnight_utc() -> None:
    expires = day("2027-02-28")
    assert last_safe_day(expires) == day("2027-01-03")
    assert is_in_time(at("2027-01-03T23:59"), expires)
    assert not is_in_time(at("2027-01-04T00:00"), expires)


def test_a_time_without_a_zone_has_no_day() -> None:
    with pytest.raises(ValueError, match="zone"):
        london_day(dt.datetime(2027, 1, 1))  # noqa: DTZ001 - the very mistake


@pytest.mark.parametrize(
    ("old", "new"),
    [("2027-05-31", "2032-05-31"), ("2028-02-29", "2033-02-28"), ("2023-02-28", "2028-02-28")],
)
def test_the_new_certificate_is_dated_from_the_old_expiry(old: str, new: str) -> None:
    assert renewed_until(day(old)) == day(new)


@pytest.mark.parametrize(
    ("today", "kind"),
    [
        ("2027-02-07", None),
        ("2027-02-08", NoticeKind.WEEKS_16),
        ("2027-03-07", NoticeKind.WEEKS_16),
        ("2027-03-08", NoticeKind.WEEKS_12),
        ("2027-03-22", NoticeKind.WEEKS_10),
        ("2027-03-29", NoticeKind.WEEKS_9),
        ("2027-04-05", NoticeKind.WEEKS_9),  # the last safe day itself: still worth a letter
        ("2027-04-06", None),
    ],
)
def test_the_notice_of_a_day(today: str, kind: NoticeKind | None) -> None:
    found = notice_due(day(today), EXPIRES)
    assert (found.kind if found else None) == kind


def test_a_notice_goes_once_and_never_to_whoever_has_applied() -> None:
    today = day("2027-02-08")
    assert actions(Standing(LIVE, EXPIRES), today) == [Action.NOTICE]
    assert actions(Standing(LIVE, EXPIRES, done=[(NoticeKind.WEEKS_16, EXPIRES)]), today) == []
    assert actions(Standing(LIVE, EXPIRES, declared_at=at("2027-02-01T12:00")), today) == []


def test_the_notice_of_the_certificate_before_does_not_silence_this_one() -> None:
    before = [(NoticeKind.WEEKS_16, day("2022-05-31"))]
    assert actions(Standing(LIVE, EXPIRES, done=before), day("2027-02-08")) == [Action.NOTICE]


def test_declared_in_time_it_runs_on_from_the_day_after_expiry() -> None:
    standing = Standing(LIVE, EXPIRES, declared_at=at("2027-04-05T12:00"))
    assert actions(standing, EXPIRES) == []
    assert actions(standing, day("2027-06-01")) == [Action.EXTEND]


def test_declared_late_it_expires_and_the_alarm_rang_fourteen_days_before() -> None:
    standing = Standing(LIVE, EXPIRES, declared_at=at("2027-04-06T12:00"))
    assert permit_needed_from(standing) == day("2027-06-01")
    assert actions(standing, day("2027-05-17")) == []
    assert actions(standing, day("2027-05-18")) == [Action.PERMIT_ALARM]
    rung = Standing(LIVE, EXPIRES, at("2027-04-06T12:00"), done=[(NoticeKind.PERMIT_ALARM, day("2027-06-01"))])
    assert actions(rung, EXPIRES) == []
    assert actions(rung, day("2027-06-01")) == [Action.EXPIRE]


def test_nobody_applied_and_it_expires() -> None:
    assert actions(Standing(LIVE, EXPIRES), EXPIRES) == []
    assert actions(Standing(LIVE, EXPIRES), day("2027-06-01")) == [Action.EXPIRE]


def test_the_extension_ends_after_eight_weeks_with_the_alarm_fourteen_days_ahead() -> None:
    standing = Standing(EXTENDED, EXPIRES, declared_at=at("2027-04-01T12:00"), extended_until=day("2027-07-26"))
    assert permit_needed_from(standing) == day("2027-07-27")
    assert actions(standing, day("2027-07-12")) == []
    assert actions(standing, day("2027-07-13")) == [Action.PERMIT_ALARM]
    assert actions(standing, day("2027-07-27")) == [Action.PERMIT_ALARM, Action.EXPIRE]


def test_a_permit_has_a_last_day_of_its_own() -> None:
    standing = Standing(PERMIT, EXPIRES, at("2027-04-01T12:00"), permit_until=day("2027-09-30"))
    assert actions(standing, day("2027-09-16")) == []
    assert actions(standing, day("2027-09-17")) == [Action.PERMIT_ALARM]
    assert actions(standing, day("2027-10-01"))[-1] is Action.EXPIRE


def test_an_extension_of_ours_ends_where_the_renewal_was_taken_off_and_one_of_nflms_runs_on() -> None:
    ours = Standing(EXTENDED, EXPIRES, extended_until=day("2027-07-26"), done=[(NoticeKind.EXTENSION, EXPIRES)])
    assert actions(ours, EXPIRES + dt.timedelta(days=3)) == [Action.EXPIRE]
    copied = Standing(EXTENDED, EXPIRES, extended_until=day("2027-07-26"))
    assert actions(copied, EXPIRES + dt.timedelta(days=3)) == []


def test_a_permit_never_ends_a_certificate_before_its_own_day() -> None:
    standing = Standing(PERMIT, EXPIRES, permit_until=EXPIRES - dt.timedelta(days=60))
    assert actions(standing, EXPIRES - dt.timedelta(days=59)) == []
    assert actions(standing, EXPIRES) == []
    assert actions(standing, EXPIRES + dt.timedelta(days=1)) == [Action.EXPIRE]


@given(DAYS, st.integers(-200, 200), st.sampled_from(sorted(CertificateState)))
def test_what_is_over_stays_over(expires: dt.date, offset: int, state: CertificateState) -> None:
    found = actions(Standing(state, expires), expires + dt.timedelta(days=offset))
    if state not in (LIVE, CertificateState.PART_REVOKED, EXTENDED, PERMIT):
        assert found == []


@settings(deadline=None)  # 400 days at a time, and the machine may be busy
@given(DAYS, st.integers(1, 400), st.booleans())
def test_day_by_day_nobody_is_left_without_a_word(expires: dt.date, before: int, applied: bool) -> None:
    """Run every day from half a year before to half a year after: each notice once at most, and an end."""
    declared = dt.datetime.combine(expires - dt.timedelta(days=before), dt.time(12), tzinfo=dt.UTC) if applied else None
    state, until = LIVE, None
    done: list[tuple[NoticeKind, dt.date]] = []
    seen: list[Action] = []
    for number in range(-180, 181):
        today = expires + dt.timedelta(days=number)
        known = declared if declared is not None and london_day(declared) <= today else None
        standing = Standing(state, expires, known, extended_until=until, done=done)
        for action in actions(standing, today):
            seen.append(action)
            if action is Action.NOTICE:
                notice = notice_due(today, expires)
                assert notice is not None
                done.append((notice.kind, expires))
            elif action is Action.PERMIT_ALARM:
                needed = permit_needed_from(standing)
                assert needed is not None
                done.append((NoticeKind.PERMIT_ALARM, needed))
            elif action is Action.EXTEND:
                state, until = EXTENDED, extension_ends(expires)
            else:
                state = EXPIRED
    assert state is EXPIRED
    assert len(done) == len(set(done))
    in_time = declared is not None and is_in_time(declared, expires)
    assert seen.count(Action.EXTEND) == (1 if in_time else 0)
    assert seen.count(Action.PERMIT_ALARM) == (1 if declared is not None else 0)
