"""The watch as a process: one leader among many, a round every five seconds, and an answer to `/livez`."""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from contact.domain.access import SYSTEM
from contact.gateways.twilio import TwilioClient
from contact.settings import Settings
from contact.store.engine import make_engine, make_sessions
from contact.watch.rounds import Watcher

log = logging.getLogger("contact.watch")

ROUND_S = 5.0
_LEADER = (7005, 1)
"""The advisory lock that only one watch holds; another on a second machine stands by and takes over within a round."""


def run(settings: Settings, *, port: int | None = None, round_s: float = ROUND_S) -> None:
    """Watch until SIGTERM or SIGINT. `port` is where `/livez` answers, on this machine's loopback; None for nowhere."""
    stop = threading.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: stop.set())
    answering = _answer_livez(port) if port is not None else None
    engine = make_engine(settings.database_worker_url, pool_size=2)
    watcher = Watcher(
        sessions=make_sessions(engine, SYSTEM),
        company=TwilioClient(
            account_sid=settings.twilio_account_sid,
            auth_token=settings.twilio_auth_token,
            number=settings.twilio_from,
            address=settings.twilio_api_url,
        ),
        public_url=settings.public_url,
        demo=settings.demo,
        name=f"watch-{socket.gethostname()}-{os.getpid()}",
        began_at=dt.datetime.now(dt.UTC),
        clock=lambda: dt.datetime.now(dt.UTC),
    )
    leadership = Leadership(settings.database_worker_url)
    log.info("watching every %g s", round_s)
    try:
        while not stop.is_set():
            _one_round(watcher, leadership)
            stop.wait(round_s)
    finally:
        leadership.end()
        engine.dispose()
        if answering is not None:
            answering.shutdown()


def _one_round(watcher: Watcher, leadership: Leadership) -> None:
    """A round, if this watch leads. Whatever goes wrong is logged, and the next round tries again."""
    try:
        if leadership.held():
            watcher.round()
    except (SQLAlchemyError, psycopg.Error):
        log.exception("the database did not answer; trying again")
        leadership.end()
    except Exception:
        log.exception("a round failed; trying again")


class Leadership:
    """The right to ring: a lock of the database session, so that it ends with this process, however it ends."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._connection: psycopg.Connection | None = None

    def held(self) -> bool:
        """True while this process leads; tries to become leader otherwise. Raises psycopg.Error."""
        if self._connection is not None:
            self._connection.execute("SELECT 1")  # a lost session has lost the lock
            return True
        connection = psycopg.connect(
            self._url, autocommit=True, connect_timeout=3, application_name="contact watch", prepare_threshold=None
        )
        row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", _LEADER).fetchone()
        if row is not None and row[0]:
            self._connection = connection
            return True
        connection.close()
        return False

    def end(self) -> None:
        """Let another lead."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _answer_livez(port: int) -> ThreadingHTTPServer:
    class Livez(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """`/livez`: the process answers (engineering 15)."""
            alive = self.path == "/livez"
            self.send_response(200 if alive else 404)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            self.wfile.write(b"ok\n" if alive else b"not here\n")

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: it is asked every few seconds."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Livez)
    threading.Thread(target=server.serve_forever, name="livez", daemon=True).start()
    return server
