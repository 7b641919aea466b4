"""Write into the log which clocks ran out, once each; a later change of policy never rewrites it (scenario 25)."""

from __future__ import annotations

import datetime as dt

from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.jobs.registry import job, tools
from contact.store import audit, breaches

_LOOKS_BACK = dt.timedelta(days=2)
_AT_ONCE = 200


@job(JobName.NOTE_BREACHES, every="* * * * *")
def note_breaches() -> None:
    """Note them, so many a minute."""
    now = tools().clock()
    with tools().sessions.begin() as session:
        for breach in breaches.list_new(session, now=now, since=now - _LOOKS_BACK, limit=_AT_ONCE):
            audit.record(
                session,
                Event.CLOCK_BREACHED,
                force_id=breach.force_id,
                contact_id=breach.contact_id,
                at=now,
                entry_id=breach.entry_id,
                clock=breach.clock,
                due_at=breach.due_at,
            )
