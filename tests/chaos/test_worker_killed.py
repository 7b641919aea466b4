"""The worker killed with -9 in the middle of a mail: the mail leaves all the same, under the same identifier."""

from __future__ import annotations

import asyncio
import datetime as dt
import signal
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from contact.demo.mail_sink import list_kept, start_sink
from contact.domain.access import SYSTEM
from contact.domain.jobs import JobName
from contact.store import mails, models, outbox
from contact.store.engine import make_engine, make_sessions
from tests.support.background import WORKER, free_port, running, until
from tests.support.database import MigratedDatabase
from tests.support.emergencies import add_contact, add_force

PATIENCE_S = 180.0
"""A worker must be silent for twenty seconds, and whoever looks for such does so every ten: 35 s on a quiet machine."""


class Hanging:
    """A mail server that takes the words and never answers."""

    def __init__(self) -> None:
        self.reached = False

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.reached = True
        await asyncio.sleep(60)
        return "451 too late"


@pytest.mark.slow
def test_a_mail_in_hand_is_not_lost(fresh_database: MigratedDatabase, tmp_path: Path) -> None:
    engine = make_engine(fresh_database.worker_url)
    sessions, port = make_sessions(engine, SYSTEM), free_port()
    now = dt.datetime.now(dt.UTC)
    with sessions.begin() as session:
        force_id = add_force(session)
        contact_id = add_contact(
            session, force_id=force_id, received_at=now, emergency=False, safe_contact={"how": "email"}
        )
        mail_id = mails.add(
            session,
            recipient="ann@example.org",
            template="acknowledgement",
            language="en",
            now=now,
            contact_id=contact_id,
            force_id=force_id,
        )
        outbox.defer(session, JobName.DELIVER_MAIL, mail_id=mail_id)
    hanging = Hanging()
    controller = Controller(hanging, hostname="127.0.0.1", port=port)
    controller.start()
    with running(WORKER, fresh_database, tmp_path, SMTP_URL=f"smtp://127.0.0.1:{port}") as process:
        until(lambda: hanging.reached, PATIENCE_S)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    controller.stop(no_assert=True)
    with sessions() as session:
        row = session.get(models.Mail, mail_id)
        assert row is not None
        assert row.state == "sending"
    sink = start_sink(tmp_path / "outbox", port=port)
    try:
        with running(WORKER, fresh_database, tmp_path, SMTP_URL=f"smtp://127.0.0.1:{port}"):
            until(lambda: list_kept(tmp_path / "outbox"), PATIENCE_S)
    finally:
        sink.stop(no_assert=True)
    (kept,) = list_kept(tmp_path / "outbox")
    assert str(mail_id) in dict(kept.headers)["Message-ID"]
    engine.dispose()
