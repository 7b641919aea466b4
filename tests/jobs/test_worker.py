"""The worker: every named job is registered, runs, is brought back after a kill -9, and signs off at shutdown."""

from __future__ import annotations

import datetime as dt
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from contact.demo.mail_sink import list_kept, start_sink
from contact.domain.access import SYSTEM
from contact.domain.events import Event
from contact.domain.jobs import JobName, Queue
from contact.gateways.mail import SmtpMail
from contact.jobs import expire, note_breaches, rescue_stalled_jobs
from contact.jobs.registry import Tools, equip, load_all
from contact.jobs.sign_chain_heads import sign_chain_heads
from contact.jobs.worker import CONCURRENCY
from contact.services import integrity
from contact.store import audit, drafts, heartbeats, mails, models, outbox
from contact.store.engine import make_engine, make_sessions
from tests.support.background import WORKER, free_port, running, until
from tests.support.clients import KEY, make_settings
from tests.support.database import MigratedDatabase
from tests.support.emergencies import add_contact, add_force


@pytest.fixture
def sessions(fresh_database: MigratedDatabase, tmp_path: Path) -> Iterator[sessionmaker[Session]]:
    engine = make_engine(fresh_database.worker_url)
    made = make_sessions(engine, SYSTEM)
    settings = make_settings(fresh_database, tmp_path)
    equip(Tools(settings=settings, sessions=made, mail=SmtpMail(settings.smtp_url), worker="test"))
    yield made
    engine.dispose()


def test_every_name_has_a_function_in_its_queue_and_every_queue_a_worker() -> None:
    load_all()
    tasks = outbox.jobs.tasks
    assert {name.value for name in JobName} <= set(tasks)
    assert all(tasks[name.value].queue == name.queue.value for name in JobName)
    assert set(CONCURRENCY) == set(Queue)


def test_a_mail_deferred_with_its_row_arrives_and_the_heads_are_signed_at_shutdown(
    fresh_database: MigratedDatabase, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    port = free_port()
    sink = start_sink(tmp_path / "outbox", port=port)
    try:
        with running(WORKER, fresh_database, tmp_path, SMTP_URL=f"smtp://127.0.0.1:{port}") as process:
            with sessions.begin() as session:
                force_id = add_force(session)
                contact_id = add_contact(
                    session,
                    force_id=force_id,
                    received_at=dt.datetime.now(dt.UTC),
                    emergency=False,
                    safe_contact={"how": "email"},
                )
                mail_id = mails.add(
                    session,
                    recipient="ann@example.org",
                    template="acknowledgement",
                    language="cy",
                    now=dt.datetime.now(dt.UTC),
                    contact_id=contact_id,
                    force_id=force_id,
                )
                outbox.defer(session, JobName.DELIVER_MAIL, mail_id=mail_id)
            until(lambda: list_kept(tmp_path / "outbox"))
            until(lambda: worker_seen(sessions))
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
    finally:
        sink.stop(no_assert=True)
    heads = integrity.read_heads(tmp_path)
    assert force_id in {head.chain for head in heads}
    assert all(head.genuine(KEY) for head in heads)
    with sessions() as session:
        assert integrity.verify(session, key=KEY, signed=heads).faults == ()


def worker_seen(sessions: sessionmaker[Session]) -> bool:
    with sessions() as session:
        return heartbeats.last_beat(session, kind="worker") is not None


def test_a_killed_workers_job_is_brought_back_and_a_deadly_one_given_up(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        gone = session.execute(
            sa.text(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id"
            )
        ).scalar_one()
        alive = session.execute(sa.text("SELECT worker_id FROM procrastinate_register_worker_v1()")).scalar_one()
        insert = sa.text(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, worker_id)"
            " VALUES ('mail', :name, 'doing', :attempts, :worker)"
        )
        for name, attempts, worker in (
            ("killed", 1, gone),
            ("forgotten", 0, None),
            ("deadly", 10, gone),
            ("at work", 0, alive),
        ):
            session.execute(insert, {"name": name, "attempts": attempts, "worker": worker})
    rescue_stalled_jobs.rescue_stalled_jobs()
    with sessions() as session:
        rows = session.execute(sa.text("SELECT task_name, status::text FROM procrastinate_jobs")).all()
        assert {row[0]: row[1] for row in rows} == {
            "killed": "todo",
            "forgotten": "todo",
            "deadly": "failed",
            "at work": "doing",
        }


def test_due_work_that_stands_still_is_noticed(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        assert heartbeats.oldest_due_job(session) is None
        outbox.defer(session, JobName.DELIVER_MAIL, mail_id="x")
    with sessions.begin() as session:
        session.execute(sa.text("UPDATE procrastinate_events SET at = now() - interval '2 minutes'"))
    with sessions() as session:
        due = heartbeats.oldest_due_job(session)
        assert due is not None
        assert dt.datetime.now(dt.UTC) - due > dt.timedelta(seconds=110)


def test_heads_are_signed_beside_the_database(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    with sessions.begin() as session:
        audit.record(session, Event.SIGNED_OUT, how="test")
    sign_chain_heads()
    sign_chain_heads()
    heads = integrity.read_heads(tmp_path)
    assert len(heads) == 2
    assert all(head.genuine(KEY) for head in heads)


def test_drafts_and_sessions_end_by_themselves(sessions: sessionmaker[Session]) -> None:
    now = dt.datetime.now(dt.UTC)
    with sessions.begin() as session:
        drafts.keep_form_version(session, sha256="0" * 64, form_id="theft", definition={})
        for days in (-1, 1):
            drafts.add(
                session,
                form_id="theft",
                form_sha256="0" * 64,
                force_id=None,
                language="en",
                now=now,
                expires_at=now + dt.timedelta(days=days),
            )
            session.add(
                models.WebSession(
                    id_hash=bytes([days % 256]) * 32,
                    audience="citizen",
                    created_at=now,
                    seen_at=now,
                    expires_at=now + dt.timedelta(days=days),
                )
            )
    expire.expire_drafts()
    expire.expire_sessions()
    with sessions() as session:
        assert session.query(models.Draft).count() == 1
        assert session.query(models.WebSession).count() == 1
        assert [event.name for event in session.query(models.Event)] == ["draft_deleted"]


def test_a_breached_clock_is_noted_once(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        force_id = add_force(session)
        contact_id = add_contact(
            session, force_id=force_id, received_at=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=5), emergency=False
        )
    note_breaches.note_breaches()
    note_breaches.note_breaches()
    with sessions() as session:
        found = audit.list_for_contact(session, contact_id=contact_id)
        assert [(event.name, event.data["clock"]) for event in found] == [("clock_breached", "look")]
