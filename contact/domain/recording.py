"""Recording a crime: the number's shape, the 24-hour clock, why none was recorded, and what is owed before closing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contact.domain.errors import DomainError
from contact.domain.queueing import IncidentLog, may_let_go
from contact.domain.taxonomy import Category, Grade

RECORD_WITHIN = timedelta(hours=24)
"""A crime is recorded so soon after its report, also one made online (Home Office Crime Recording Rules)."""

CRIME_NUMBER = r"[0-9A-Z]{1,12}([/ -][0-9A-Z]{1,12}){0,3}"
"""Wide enough for every force's own layout, such as 42/12345/26, CR-26-000123 or 22260012345; a force may narrow it."""

_CRIMES = frozenset(
    {
        Category.BURGLARY,
        Category.ROBBERY,
        Category.THEFT,
        Category.VEHICLE_CRIME,
        Category.CRIMINAL_DAMAGE,
        Category.ASSAULT,
        Category.DOMESTIC_ABUSE,
        Category.SEXUAL_OFFENCE,
        Category.HARASSMENT_STALKING,
        Category.HATE_CRIME,
        Category.CHILD_PROTECTION,
        Category.EXPLOITATION,
        Category.TERRORISM,
        Category.DRUGS,
        Category.WEAPONS,
    }
)


@dataclass(eq=False)
class MalformedNumber(DomainError):
    """A number cannot be one of that kind. `kind`: crime, incident; `reason`: empty, shape."""

    kind: str
    reason: str


@dataclass(eq=False)
class TimeNotPossible(DomainError):
    """A time lies in the future, or before the matter began. `what` names it; `reason`: future, too_early."""

    what: str
    reason: str


class NotRecorded(StrEnum):
    """Why no crime was recorded (practice 18); each needs the name of who decided."""

    NO_CRIME = "no_crime"
    RECORDED_ELSEWHERE = "recorded_elsewhere"
    RECORDED_ALREADY = "recorded_already"
    ADDITIONAL_INFORMATION = "additional_information"
    NOT_OUR_GROUND = "not_our_ground"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """What people see, in English."""
        return _LABELS[self]


_LABELS = {
    NotRecorded.NO_CRIME: "Nothing in it is a crime",
    NotRecorded.RECORDED_ELSEWHERE: "Recorded by another force or body",
    NotRecorded.RECORDED_ALREADY: "Recorded already under another number",
    NotRecorded.ADDITIONAL_INFORMATION: "It adds to a crime already recorded",
    NotRecorded.NOT_OUR_GROUND: "It did not happen on our ground",
    NotRecorded.CANCELLED: "Recorded, then cancelled: additional verifiable information shows that no crime happened",
}


class Owed(StrEnum):
    """What stands open when somebody wants to close. All are told; `INCIDENT_LOG` alone forbids."""

    INCIDENT_LOG = "incident_log"
    DECISION = "decision"
    ANSWER = "answer"
    UNREAD = "unread"
    CRIME = "crime"
    WRITTEN_CONFIRMATION = "written_confirmation"
    SUPPORT = "support"
    UPDATES = "updates"

    @property
    def words(self) -> str:
        """What the handler reads."""
        return _OWED[self]


_OWED = {
    Owed.INCIDENT_LOG: "Enter the incident log number, who was told and when. Until then this cannot be let go.",
    Owed.DECISION: "Nobody has decided the category and grade yet. The machine only proposes.",
    Owed.ANSWER: "The person has had no answer yet.",
    Owed.UNREAD: "The person has written again and nobody has marked it as read.",
    Owed.CRIME: "Enter the crime number, or why no crime is recorded and who decided.",
    Owed.WRITTEN_CONFIRMATION: "Victims' Code: confirm the crime in writing, with number and officer.",
    Owed.SUPPORT: "Victims' Code: ask what support is needed and offer it; support services call within 2 days.",
    Owed.UPDATES: "Victims' Code: agree how and how often the victim hears from us.",
}


def crime_number(text: str, *, pattern: str = CRIME_NUMBER) -> str:
    """The number as it is kept: capitals, single spaces. Raises MalformedNumber (practice 18: we mint none)."""
    plain = " ".join(text.upper().split())
    if not plain:
        raise MalformedNumber(kind="crime", reason="empty")
    if not re.fullmatch(pattern, plain) or sum(symbol.isdigit() for symbol in plain) < 3:
        raise MalformedNumber(kind="crime", reason="shape")
    return plain


def incident_number(text: str) -> str:
    """An incident log number as it is kept, such as `0123 of 21 NOV` or `CAD 4411/21NOV26`. Raises MalformedNumber."""
    plain = " ".join(text.upper().split())
    if not plain:
        raise MalformedNumber(kind="incident", reason="empty")
    if len(plain) > 40 or not re.fullmatch(r"[0-9A-Z][0-9A-Z /.:-]*", plain) or not any(map(str.isdigit, plain)):
        raise MalformedNumber(kind="incident", reason="shape")
    return plain


def recorded_late(*, received_at: datetime, recorded_at: datetime) -> bool:
    """Whether the records system got the crime later than 24 hours after the report was received."""
    return recorded_at - received_at > RECORD_WITHIN


def is_crime(category: Category) -> bool:
    """Whether a contact of this category is expected to end in a crime number, or in the reason why not."""
    return category in _CRIMES


@dataclass(frozen=True)
class Standing:
    """What `owed_before_close` must know of a contact."""

    category: Category
    grade: Grade
    logs: tuple[IncidentLog, ...]
    since: datetime
    decided: bool
    answered: bool
    unread: bool
    crime_numbers: int
    crime_settled: bool


def owed_before_close(standing: Standing) -> tuple[Owed, ...]:
    """What stands open, in the order it should be dealt with (practice 3 and 18)."""
    owed = []
    if not may_let_go(standing.grade, standing.logs, since=standing.since):
        owed.append(Owed.INCIDENT_LOG)
    if not standing.decided:
        owed.append(Owed.DECISION)
    if standing.unread:
        owed.append(Owed.UNREAD)
    if not standing.answered:
        owed.append(Owed.ANSWER)
    if is_crime(standing.category) and not standing.crime_settled:
        owed.append(Owed.CRIME)
    if standing.crime_numbers:
        owed += [Owed.WRITTEN_CONFIRMATION, Owed.SUPPORT, Owed.UPDATES]
    return tuple(owed)
