"""Remind applicants of a visit that is near, by the way they called safe, once each (practice 13)."""

from __future__ import annotations

from contact.domain.jobs import JobName
from contact.jobs.registry import job, tools
from contact.services.licensing import visits


@job(JobName.REMIND_OF_VISITS, every="*/15 * * * *")
def remind_of_visits() -> None:
    """A few at a time, each quarter of an hour."""
    with tools().sessions.begin() as session:
        visits.remind_due(session, now=tools().clock())
