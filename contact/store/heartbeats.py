"""Signs of life of processes, and how long work has been standing still."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.store.models import Heartbeat


def beat(session: Session, *, process: str, kind: str, now: dt.datetime) -> None:
    """Say that a process is alive; `kind` is web, worker or watch."""
    statement = insert(Heartbeat).values(process=process, kind=kind, seen_at=now)
    session.execute(statement.on_conflict_do_update(index_elements=["process"], set_={"seen_at": now, "kind": kind}))


def last_beat(session: Session, *, kind: str) -> dt.datetime | None:
    """When any process of this kind was last alive; None where there never was one."""
    return session.scalar(sa.select(sa.func.max(Heartbeat.seen_at)).where(Heartbeat.kind == kind))


def forget_silent(session: Session, *, before: dt.datetime) -> None:
    """Drop processes that ended long ago."""
    session.execute(sa.delete(Heartbeat).where(Heartbeat.seen_at < before))


def oldest_due_job(session: Session) -> dt.datetime | None:
    """Since when the longest-waiting due job has been due; None where nothing is due (engineering 15)."""
    return session.execute(
        sa.text(
            "SELECT min(coalesce(j.scheduled_at, e.at)) FROM procrastinate_jobs j"
            " LEFT JOIN LATERAL (SELECT min(d.at) AS at FROM procrastinate_events d WHERE d.job_id = j.id"
            " AND d.type = 'deferred') e ON true"
            " WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())"
        )
    ).scalar()


def rescue_stalled_jobs(session: Session, *, silent_for: dt.timedelta, most_attempts: int) -> tuple[int, int]:
    """Bring back jobs whose worker was killed; (brought back, given up after `most_attempts`) (stack.md)."""
    stalled = session.execute(
        sa.text(
            "SELECT j.id, j.attempts FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id"
            " WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - :silent)"
            " ORDER BY j.id FOR UPDATE OF j SKIP LOCKED"
        ),
        {"silent": silent_for},
    ).all()
    given_up = [row.id for row in stalled if row.attempts >= most_attempts]
    back = [row.id for row in stalled if row.attempts < most_attempts]
    for job_id in back:
        session.execute(sa.text("SELECT procrastinate_retry_job_v2(:id, now(), NULL, NULL, NULL)"), {"id": job_id})
    for job_id in given_up:
        session.execute(sa.text("SELECT procrastinate_finish_job_v1(:id, 'failed', false)"), {"id": job_id})
    return len(back), len(given_up)
