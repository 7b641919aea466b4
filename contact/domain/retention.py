"""How long a contact is kept before a person reviews it: groups of the police retention rules as one table [check]."""

from dataclasses import dataclass
from datetime import date, datetime

from contact.domain.clocks import LONDON
from contact.domain.taxonomy import Category

# Years until review, by group. From memory of the authorised practice, for each force to confirm [check]:
# 1 public protection, 2 sexual, violent or serious, 3 all other offences, 4 incidents and other contacts, 5 enquiries.
REVIEW_AFTER_YEARS = {"group_1": 10, "group_2": 10, "group_3": 6, "group_4": 6, "group_5": 2}

_GROUP_1 = {Category.SEXUAL_OFFENCE, Category.CHILD_PROTECTION, Category.TERRORISM, Category.EXPLOITATION}
_GROUP_2 = {
    Category.ROBBERY,
    Category.ASSAULT,
    Category.DOMESTIC_ABUSE,
    Category.HARASSMENT_STALKING,
    Category.HATE_CRIME,
    Category.WEAPONS,
}
_GROUP_3 = {
    Category.BURGLARY,
    Category.THEFT,
    Category.VEHICLE_CRIME,
    Category.CRIMINAL_DAMAGE,
    Category.FRAUD_CYBER,
    Category.DRUGS,
}
_GROUP_5 = {
    Category.INFORMATION_REQUEST,
    Category.NOT_POLICE,
    Category.GENERAL_ENQUIRY,
    Category.PROPERTY_LOST_FOUND,
}


@dataclass(frozen=True)
class Retention:
    """The group a contact is kept under and the day a person must decide again; that day disposes of nothing."""

    group: str
    review_due: date


def assign(category: Category, *, received_at: datetime) -> Retention:
    """Answer the retention of a contact received at that time; the clear period begins with receipt."""
    group = _group(category)
    day = received_at.astimezone(LONDON).date()
    year = day.year + REVIEW_AFTER_YEARS[group]
    return Retention(group, date(year, day.month, min(day.day, 28)))


def _group(category: Category) -> str:
    for group, members in (("group_1", _GROUP_1), ("group_2", _GROUP_2), ("group_3", _GROUP_3), ("group_5", _GROUP_5)):
        if category in members:
            return group
    return "group_4"
