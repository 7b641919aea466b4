"""Every morning the renewal clock strikes: notices, extensions, alarms and ends, a transaction for each certificate."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from contact.domain.errors import DomainError
from contact.domain.jobs import JobName
from contact.jobs.registry import job, tools
from contact.services.licensing import renewals

log = logging.getLogger(__name__)
_AT_ONCE = 200
_UNREADABLE = (DomainError, ValueError, TypeError, ArithmeticError, LookupError)
"""What one row that cannot be read may raise, such as a day beyond the calendar; a lost database raises none."""


@job(JobName.RUN_RENEWAL_CLOCK, every="10 4 * * *")
def run_renewal_clock() -> None:
    """Killed half way it goes on where it was: what is done is committed, and is not done again."""
    now = tools().clock()
    with tools().sessions.begin() as session:
        named = renewals.list_to_join(session)
    for contact_id in named:
        _alone(renewals.join, contact_id=contact_id, now=now)
    after: tuple[dt.date, UUID] | None = None
    struck = 0
    while True:
        with tools().sessions.begin() as session:
            due = renewals.list_due(session, now=now, after=after, limit=_AT_ONCE)
        for _expires, certificate_id in due:
            struck += _strike(certificate_id, now)
        if len(due) < _AT_ONCE:
            break
        after = due[-1]
    with tools().sessions.begin() as session:
        run_out = renewals.list_run_out(session, now=now)
    for certificate_id in run_out:
        struck += _strike(certificate_id, now)
    for contact_id in named:
        _alone(renewals.judge, contact_id=contact_id)
    log.info("certificates the clock struck for: %d", struck)


def _alone(work: Callable[..., None], **given: Any) -> None:  # noqa: ANN401 - what the work takes
    """One application in a transaction of its own; one that cannot be read keeps no other waiting."""
    try:
        with tools().sessions.begin() as session:
            work(session, **given)
    except _UNREADABLE:
        log.exception("an application could not be held against the register: %s", given["contact_id"])


def _strike(certificate_id: UUID, now: dt.datetime) -> bool:
    """Whether there was anything to do. One that cannot be moved keeps no other waiting."""
    try:
        with tools().sessions.begin() as session:
            return bool(renewals.strike(session, certificate_id=certificate_id, now=now))
    except _UNREADABLE:
        log.exception("the clock could not strike for certificate %s", certificate_id)
        return False
