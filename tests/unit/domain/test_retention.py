"""Every category has one group, and a day on which a person decides again."""

from datetime import UTC, date, datetime

import pytest

from contact.domain import retention
from contact.domain.taxonomy import Category

AT = datetime(2026, 11, 18, 10, tzinfo=UTC)


@pytest.mark.parametrize("category", Category)
def test_every_category_is_kept_and_reviewed(category: Category) -> None:
    kept = retention.assign(category, received_at=AT)
    assert kept.group in {f"group_{number}" for number in range(1, 6)}
    assert kept.review_due > date(2028, 1, 1)


@pytest.mark.parametrize(
    ("category", "group", "due"),
    [
        (Category.SEXUAL_OFFENCE, "group_1", date(2036, 11, 18)),
        (Category.ROBBERY, "group_2", date(2036, 11, 18)),
        (Category.THEFT, "group_3", date(2032, 11, 18)),
        (Category.MISSING_PERSON, "group_4", date(2032, 11, 18)),
        (Category.GENERAL_ENQUIRY, "group_5", date(2028, 11, 18)),
    ],
)
def test_the_groups(category: Category, group: str, due: date) -> None:
    assert retention.assign(category, received_at=AT) == retention.Retention(group, due)


def test_the_day_is_the_day_in_london_and_leap_days_are_never_early() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert retention.assign(Category.THEFT, received_at=late).review_due == date(2032, 7, 1)
    assert retention.years_after(date(2028, 2, 29), 6) == date(2034, 3, 1)
    assert retention.years_after(date(2028, 2, 29), 4) == date(2032, 2, 29)


@pytest.mark.parametrize(
    ("due", "hold", "is_open", "allowed"),
    [
        (date(2026, 1, 1), None, False, True),
        (date(2026, 1, 2), None, False, False),
        (None, None, False, False),
        (date(2020, 1, 1), "appeal", False, False),
        (date(2020, 1, 1), None, True, False),
    ],
)
def test_a_hold_beats_disposal(due: date | None, hold: str | None, is_open: bool, allowed: bool) -> None:
    assert retention.may_dispose(review_due=due, today=date(2026, 1, 1), hold_reason=hold, is_open=is_open) is allowed


def test_the_groups_have_an_owner() -> None:
    assert all(review.owner and not review.is_reviewed for review in retention.reviews())
