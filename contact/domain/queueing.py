"""Who is first, who holds what for how long, and what must be true before an urgent contact is let go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from uuid import UUID

from contact.domain.errors import EmergencyNeedsLivePage
from contact.domain.taxonomy import Grade


class Band(IntEnum):
    """Emergencies stand before everything else (engineering 4)."""

    EMERGENCY = 0
    OTHER = 1


class LeaseKind(StrEnum):
    """A live page proves with heartbeats that somebody is there; a page without JavaScript cannot."""

    LIVE = "live"
    PAGE = "page"


EMERGENCY_LEASE = timedelta(seconds=20)
"""Practice 2; engineering 10 would allow 30, and the stricter of the two holds."""

LIVE_LEASE = timedelta(seconds=90)
PAGE_LEASE = timedelta(minutes=15)
EMERGENCY_HEARTBEAT = timedelta(seconds=5)
HEARTBEAT = timedelta(seconds=20)
REOPENS_WITHIN = timedelta(days=28)
"""A message this soon after closing reopens; later it starts a linked new contact (engineering 28)."""

DISTRESS_BREAK = timedelta(minutes=10)
"""What a handler may take after a distressing contact, no reason asked (practice 30)."""

CAPACITY = 10
"""How many contacts one agent may hold at once, unless the force says otherwise."""

_NEEDS_LOG = frozenset({Grade.EMERGENCY, Grade.PRIORITY})


@dataclass(frozen=True)
class IncidentLog:
    """A line of the force's command-and-control system that says somebody who can deploy was told (practice 3)."""

    number: str
    logged_at: datetime
    told_who: str

    @property
    def is_complete(self) -> bool:
        """Whether number and name are both there."""
        return bool(self.number.strip()) and bool(self.told_who.strip())


def band(grade: Grade) -> Band:
    """Answer the band a grade stands in."""
    return Band.EMERGENCY if grade is Grade.EMERGENCY else Band.OTHER


def due_at(*, look_by: datetime, answer_by: datetime, looked_at: datetime | None) -> datetime:
    """Answer what orders an entry: its look-by until someone has looked, then its answer-by (engineering 4)."""
    return look_by if looked_at is None else answer_by


def lease(grade: Grade, kind: LeaseKind, *, contact_id: UUID) -> timedelta:
    """Answer how long a lease lasts after its last renewal; raises EmergencyNeedsLivePage (engineering 10)."""
    if kind is LeaseKind.LIVE:
        return EMERGENCY_LEASE if grade is Grade.EMERGENCY else LIVE_LEASE
    if grade is Grade.EMERGENCY:
        raise EmergencyNeedsLivePage(contact_id=contact_id)
    return PAGE_LEASE


def heartbeat(grade: Grade) -> timedelta:
    """Answer how often a live page must renew its lease."""
    return EMERGENCY_HEARTBEAT if grade is Grade.EMERGENCY else HEARTBEAT


def may_let_go(grade: Grade, logs: Iterable[IncidentLog], *, since: datetime | None = None) -> bool:
    """Say whether a contact may be released, snoozed or closed (practice 3).

    `since` is when this matter began (received or last reopened): an older log number does not cover a new danger.
    """
    if grade not in _NEEDS_LOG:
        return True
    return any(log.is_complete and (since is None or log.logged_at >= since) for log in logs)


def reopens(*, closed_at: datetime, message_at: datetime) -> bool:
    """Say whether a message reopens the contact, or starts a linked new one."""
    return message_at - closed_at <= REOPENS_WITHIN
