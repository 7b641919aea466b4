"""A force's promises as a clock policy: its staffed hours with the bank holidays of its nation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Container, Sequence
from functools import lru_cache

import holidays
from sqlalchemy.orm import Session

from contact.domain import queueing
from contact.domain.clocks import Attention, ClockPolicy, DueTimes, due_times
from contact.domain.events import Event
from contact.domain.taxonomy import Grade
from contact.store import audit, forces
from contact.store.triage import QueueEntry

_SUBDIVISIONS = {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}
_SINCE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def due(
    session: Session,
    *,
    force_id: str,
    grade: Grade,
    started_at: dt.datetime,
    attention: Collection[Attention] = (),
) -> DueTimes:
    """Both clocks of an entry with that force, begun at `started_at`. Raises NotFound."""
    force = forces.get(session, force_id=force_id)
    policy = ClockPolicy(f"{force.id}-1", _SINCE, force.hours)
    free_days = bank_holidays(force.nation)
    return due_times(grade, started_at=started_at, policy=policy, holidays=free_days, attention=attention)


def set_due(session: Session, entry: QueueEntry, *, policy: str, reasons: Sequence[str], now: dt.datetime) -> None:
    """Order an entry by the clocks that it now has, and write them down. Under the contact's lock."""
    entry.due_at = queueing.due_at(look_by=entry.look_by, answer_by=entry.answer_by, looked_at=entry.looked_at)
    audit.record(
        session,
        Event.CLOCKS_SET,
        force_id=entry.force_id,
        contact_id=entry.contact_id,
        at=now,
        entry_id=entry.id,
        look_by=entry.look_by,
        answer_by=entry.answer_by,
        policy=policy,
        reasons=list(reasons),
    )


def attention(flags: Collection[str], *, sensitive: bool, sure: bool) -> list[Attention]:
    """What makes a person look within fifteen minutes (taxonomy, "looking")."""
    found = []
    if flags:
        found.append(Attention.FLAGGED)
    if sensitive:
        found.append(Attention.SENSITIVE_FORM)
    if not sure:
        found.append(Attention.LOW_CONFIDENCE)
    return found


@lru_cache(maxsize=8)
def bank_holidays(nation: str) -> Container[dt.date]:
    """The bank holidays of `england-and-wales`, `scotland` or `northern-ireland`; England's for any other."""
    return holidays.country_holidays("GB", subdiv=_SUBDIVISIONS.get(nation, "ENG"))
