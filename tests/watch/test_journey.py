"""The whole way round: an emergency waits, the telephone rings, a duty officer presses 1, and the ringing stops."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

from werkzeug.serving import make_server

from contact.domain.access import SYSTEM
from contact.services import alarms
from contact.store.engine import make_engine, make_sessions
from contact.watch.rounds import Watcher
from tests.support.background import free_port, until
from tests.support.clients import Clock, make_app, make_settings
from tests.support.database import MigratedDatabase
from tests.support.emergencies import add_contact, add_force
from tests.support.stand_in import AUTH_TOKEN, running_stand_in


def test_answer_and_press_1(fresh_database: MigratedDatabase, tmp_path: Path) -> None:
    port = free_port()
    engine = make_engine(fresh_database.worker_url)
    sessions = make_sessions(engine, SYSTEM)
    with running_stand_in() as stand_in:
        settings = make_settings(
            fresh_database,
            tmp_path,
            PORT=str(port),
            TWILIO_API_URL=stand_in.address,
            TWILIO_AUTH_TOKEN=AUTH_TOKEN,
        )
        server = make_server("127.0.0.1", port, make_app(settings, Clock()), threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        with sessions.begin() as session:
            force_id = add_force(session, numbers=("+447700900101", "+447700900102"))
            add_contact(session, force_id=force_id, received_at=dt.datetime.now(dt.UTC))
        watcher = Watcher(
            sessions=sessions,
            company=stand_in.client(),
            public_url=settings.public_url,
            demo=True,
            name="watch",
            began_at=dt.datetime.now(dt.UTC),
            clock=lambda: dt.datetime.now(dt.UTC),
        )
        try:
            stand_in.order(on="callbacks", kind="duplicate")
            watcher.round()
            (call,) = stand_in.exchange.calls()
            until(lambda: call.status == "ringing")
            assert stand_in.answer(call.sid, digits="1") == 200
            assert "Press 1 to accept" in call.heard[0]
            assert "Alarms" in call.heard[-1]
            with sessions() as session:
                assert [alarm.accepted_by for alarm in alarms.list_open(session)] == ["Duty officer 1"]
            watcher.round()
            assert len(stand_in.exchange.calls()) == 1
        finally:
            server.shutdown()
            thread.join(5)
            server.server_close()
            engine.dispose()
