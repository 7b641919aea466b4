"""The bare Procrastinate application, and `defer`: a job added in the same transaction as the rows it speaks for."""

from __future__ import annotations

import datetime as dt
import json

import procrastinate
from sqlalchemy.orm import Session

from contact.domain.jobs import JobName
from contact.store.engine import driver_of

jobs = procrastinate.App(connector=procrastinate.PsycopgConnector(open=False))
"""Unconnected: `contact/jobs` registers the functions and the worker opens it on its own database role."""

_DEFER = (
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(%s, %s, 0, %s, %s, %s::jsonb, %s)::procrastinate_job_to_defer_v1])"
)


def defer(
    session: Session,
    job: JobName,
    *,
    lock: str | None = None,
    queueing_lock: str | None = None,
    at: dt.datetime | None = None,
    **ids: object,
) -> None:
    """Add a job that runs after this session commits, or never. Arguments are ids (anything JSON writes as text).

    `at`: not before then. `lock`: jobs of one lock never overlap. `queueing_lock`: a second waiting job of that name is
    an IntegrityError.
    """
    arguments = json.dumps(
        {name: value if isinstance(value, int | bool) else str(value) for name, value in ids.items()}
    )
    driver_of(session).execute(_DEFER, (job.queue.value, job.value, lock, queueing_lock, arguments, at), prepare=True)
