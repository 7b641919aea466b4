"""What must stand before a force goes live; until all of it does, every page says that it is a demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Missing(StrEnum):
    """What a force still owes (practice 10, engineering 17, 35), in the order it is asked for."""

    SERVICE_MODE = "service_mode"
    HOURS = "hours"
    ALARM_NUMBERS = "alarm_numbers"
    EMERGENCY_ROUTE = "emergency_route"
    PRIVACY_NOTICE = "privacy_notice"
    DPIA_REFERENCE = "dpia_reference"
    PAGE_FACTS = "page_facts"
    REVIEWED_TEXTS = "reviewed_texts"
    APPROVAL = "approval"


class PageFact(StrEnum):
    """What only a force can say on its privacy notice and its accessibility statement (practice 23)."""

    OFFICER = "officer"
    LAWFUL_BASIS = "lawful_basis"
    SUPPLIERS = "suppliers"
    PLACES = "places"
    RETENTION = "retention"
    HELP = "help"
    REPLY_DAYS = "reply_days"
    VISIT = "visit"
    AUDIT = "audit"


NEEDED_ON_PAGES = tuple(each for each in PageFact if each not in {PageFact.RETENTION, PageFact.VISIT, PageFact.AUDIT})
"""Those without which a page is not complete; the others may stay out."""


@dataclass(frozen=True, slots=True)
class Facts:
    """How a force stands. Times are UTC; `unreviewed` counts the texts that nobody has read."""

    service_mode: bool
    hours_set_at: datetime | None = None
    alarm_numbers: int = 0
    emergency_route_tested_at: datetime | None = None
    privacy_notice_url: str | None = None
    dpia_reference: str | None = None
    page_facts: bool = False
    unreviewed: int = 0
    approved_by: UUID | None = None


def missing(facts: Facts) -> tuple[Missing, ...]:
    """What still stands in the way; empty when the force may go live."""
    stands = {
        Missing.SERVICE_MODE: facts.service_mode,
        Missing.HOURS: facts.hours_set_at is not None,
        Missing.ALARM_NUMBERS: facts.alarm_numbers > 0,
        Missing.EMERGENCY_ROUTE: facts.emergency_route_tested_at is not None,
        Missing.PRIVACY_NOTICE: bool(facts.privacy_notice_url),
        Missing.DPIA_REFERENCE: bool(facts.dpia_reference),
        Missing.PAGE_FACTS: facts.page_facts,
        Missing.REVIEWED_TEXTS: facts.unreviewed == 0,
        Missing.APPROVAL: facts.approved_by is not None,
    }
    return tuple(each for each, there in stands.items() if not there)
