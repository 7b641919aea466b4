"""Bring back the jobs of a worker that was killed (stack.md)."""

from __future__ import annotations

import datetime as dt
import logging

from contact.domain.jobs import JobName
from contact.jobs.registry import job, tools
from contact.store import heartbeats

log = logging.getLogger(__name__)

SILENT_FOR = dt.timedelta(seconds=20)
"""Twice what a worker lets pass between its own signs of life, and more."""
MOST_ATTEMPTS = 10
"""A job that kills its worker is given up, or it would kill every one."""


@job(JobName.RESCUE_STALLED_JOBS, every="* * * * * */10")
def rescue_stalled_jobs() -> None:
    """Put them back into their queues."""
    with tools().sessions.begin() as session:
        back, given_up = heartbeats.rescue_stalled_jobs(session, silent_for=SILENT_FOR, most_attempts=MOST_ATTEMPTS)
    if back or given_up:
        log.warning("stalled jobs: %d brought back, %d given up", back, given_up)
