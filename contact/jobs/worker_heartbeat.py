"""The worker's sign of life: written by a job, so that it proves jobs are run."""

from __future__ import annotations

import datetime as dt

from contact.domain.jobs import JobName
from contact.jobs.registry import job, tools
from contact.store import heartbeats


@job(JobName.WORKER_HEARTBEAT, every="* * * * * */10")
def worker_heartbeat() -> None:
    """Say that jobs are running, and forget processes that ended a day ago."""
    now = tools().clock()
    with tools().sessions.begin() as session:
        heartbeats.beat(session, process=tools().worker, kind="worker", now=now)
        heartbeats.forget_silent(session, before=now - dt.timedelta(days=1))
