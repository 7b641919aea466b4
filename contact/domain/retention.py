"""How long a contact is kept before a person decides again: groups and years are data with an owner, not code."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files

from contact.domain.clocks import LONDON
from contact.domain.screen import DataReview
from contact.domain.taxonomy import Category


@dataclass(frozen=True)
class Retention:
    """The group a contact is kept under and the day a person must decide again; that day disposes of nothing."""

    group: str
    review_due: date


@dataclass(frozen=True)
class _Groups:
    group_of: dict[Category, str]
    years: dict[str, int]
    what: dict[str, str]
    review: DataReview
    opt_out_days: int


def assign(category: Category, *, received_at: datetime) -> Retention:
    """Answer the retention of a contact received at that time; the clear period begins with receipt."""
    groups = _loaded()
    group = groups.group_of[category]
    return Retention(group, years_after(received_at.astimezone(LONDON).date(), groups.years[group]))


@dataclass(frozen=True)
class Group:
    """A group as a paper names it: what is in it, and after how many years a person decides again."""

    name: str
    what: str
    years: int
    categories: tuple[str, ...]


def groups() -> tuple[Group, ...]:
    """Answer every group, in the order of the data."""
    loaded = _loaded()
    return tuple(
        Group(name, loaded.what[name], years, tuple(str(each) for each, its in loaded.group_of.items() if its == name))
        for name, years in loaded.years.items()
    )


def years_after(day: date, years: int) -> date:
    """Answer the same day some years later; 29 February becomes 1 March, so nothing is reviewed early."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def opt_outs_before(now: datetime) -> datetime:
    """Answer when a STOP was said that may go now, where no contact has its number any more."""
    return now - timedelta(days=_loaded().opt_out_days)


def may_dispose(*, review_due: date | None, today: date, hold_reason: str | None, is_open: bool) -> bool:
    """Say whether a person may decide to dispose: never under a hold, while open, or before the review is due."""
    return not is_open and not hold_reason and review_due is not None and review_due <= today


def reviews() -> tuple[DataReview, ...]:
    """Answer who has reviewed the groups, for go-live (engineering 35)."""
    return (_loaded().review,)


@lru_cache(maxsize=1)
def _loaded() -> _Groups:
    data = json.loads(files("contact.domain").joinpath("data/retention.json").read_text("utf-8"))
    group_of = {Category(code): name for name, group in data["groups"].items() for code in group["categories"]}
    years = {name: int(group["review_after_years"]) for name, group in data["groups"].items()}
    what = {name: str(group["what"]) for name, group in data["groups"].items()}
    review = DataReview("retention", data["source"], data["owner"], data["reviewer"], data["reviewed_on"])
    return _Groups(group_of, years, what, review, int(data["opt_outs"]["delete_after_days"]))
