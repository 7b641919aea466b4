"""What ends by itself: drafts nobody came back for, sessions, and counters against guessing."""

from __future__ import annotations

import datetime as dt
import logging

from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.domain.retention import opt_outs_before
from contact.jobs.registry import job, tools
from contact.store import attempts, audit, drafts, sessions, text_numbers

log = logging.getLogger(__name__)
_COUNTED_FOR = dt.timedelta(days=2)


@job(JobName.EXPIRE_DRAFTS, every="7 * * * *")
def expire_drafts() -> None:
    """Delete drafts past their time, each with its event."""
    now = tools().clock()
    while True:
        with tools().sessions.begin() as session:
            gone = drafts.delete_expired(session, now=now)
            for draft_id in gone:
                audit.record(session, Event.DRAFT_DELETED, at=now, draft_id=draft_id, reason="expired")
        if not gone:
            return
        log.info("drafts expired: %d", len(gone))


@job(JobName.EXPIRE_SESSIONS, every="*/15 * * * *")
def expire_sessions() -> None:
    """Delete ended sessions, old counters, and each STOP of a number that no contact has, after its time."""
    now = tools().clock()
    with tools().sessions.begin() as session:
        sessions.sweep(session, now=now)
        attempts.sweep(session, before=now - _COUNTED_FOR)
        text_numbers.expire_opt_outs(session, before=opt_outs_before(now))
