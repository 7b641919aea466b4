"""The strict client: every page it fetches is checked, and no request may leave work uncommitted."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element

import sqlalchemy as sa
from flask import Flask, Response, has_request_context, request
from flask.testing import FlaskClient
from flask_sqlalchemy.session import Session as RequestSession
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from contact.app import create_app
from contact.domain.access import Role
from contact.extensions import db
from contact.settings import Settings
from contact.store import agents, sessions
from contact.store.sessions import StoredSession
from contact.web.shared.clock import init_clock
from contact.web.shared.cookies import RULES, Audience, IdCookie
from tests.support.database import MigratedDatabase
from tests.support.html_checks import complaints_of, parse

GETS_THAT_WRITE = {"citizen.leave", "citizen.paid"}
"""`/exit` ends the session (engineering 24); where the provider sends a payer back its books are asked, and settled.

The provider comes by GET alone. What is written is what its books say and nothing of what the request says.
"""
_WRITTEN = sa.text(
    "SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)"
    " + pg_stat_get_xact_tuples_deleted(oid) FROM pg_class WHERE relkind IN ('r', 'm', 'p')"
    " AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
)
"""What `pg_stat_xact_user_tables` tells of writing, without the indexes that the view looks at for what was read."""
_BEFORE = "written before this transaction"
SECRET = "only-for-tests-" * 4
KEY = b"k" * 32


def make_settings(database: MigratedDatabase, home: Path, **more: str) -> Settings:
    """Demo settings for a test's database; `more` are environment variables."""
    key = base64.b64encode(KEY).decode()
    environ = {
        "CONTACT_MODE": "demo",
        "DATABASE_URL": database.web_url,
        "DATABASE_WORKER_URL": database.worker_url,
        "DATABASE_OWNER_URL": database.owner_url,
        "CONTACT_HOME": str(home),
        "SECRET_KEY": SECRET,
        "AUDIT_KEY": key,
        "EVIDENCE_KEY": key,
        "SMTP_URL": "smtp://127.0.0.1:1",
        "MAIL_FROM": "contact@police.example",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "token-of-the-stand-in",
        "TWILIO_FROM": "+441632960000",
        "TWILIO_API_URL": "http://127.0.0.1:1",
        "DATABASE_POOL_SIZE": "3",
    }
    return Settings.from_env({**environ, **more})


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.reset()

    def __call__(self) -> datetime:
        return self.now

    def reset(self) -> None:
        """Back to the present."""
        self.now = datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        """Later."""
        self.now += by


class StrictClient(FlaskClient):
    """Checks every HTML answer. Give `lax=True` where a page is meant to be odd, and say why beside it."""

    def open(self, *args: Any, lax: bool = False, **kwargs: Any) -> TestResponse:  # noqa: ANN401 - Werkzeug's own
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303, 307, 308} and not lax:
            wrong = complaints_of(response.get_data(as_text=True))
            assert not wrong, f"{response.request.path} ({response.status_code}): " + "; ".join(wrong)
        return response

    def tree(self, path: str, **kwargs: Any) -> Element:  # noqa: ANN401 - as above
        """A page as a tree; must be found."""
        response = self.get(path, **kwargs)
        assert response.status_code == 200, f"{path}: {response.status_code} {response.headers.get('Location', '')}"
        return parse(response.get_data(as_text=True))[0]

    def token(self, path: str) -> str:
        """The form token that a page carries."""
        for field in self.tree(path).iter("input"):
            if field.get("name") == "csrf_token":
                return field.get("value") or ""
        raise AssertionError(f"{path} has no form")

    def send(
        self,
        path: str,
        data: Mapping[str, Any] | None = None,
        *,
        page: str | None = None,
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> TestResponse:
        """Post a form as a browser does: load its page (`page`, or the same address), then send its token too."""
        token = self.token(page or path)
        return self.post(path, data={**(data or {}), "csrf_token": token}, **kwargs)


def _written(connection: sa.Connection) -> dict[str, int]:
    """Rows written, table by table, by this connection; includes earlier transactions, so only a change counts."""
    return {row[0]: row[1] for row in connection.execute(_WRITTEN)}


@sa.event.listens_for(RequestSession, "after_begin")
def _note_what_was_written_before(session: RequestSession, transaction: object, connection: sa.Connection) -> None:
    if _looks():
        session.info[_BEFORE] = _written(connection)


def _looks() -> bool:
    """Whether this is a request that may change nothing."""
    return has_request_context() and request.method in {"GET", "HEAD"} and request.endpoint not in GETS_THAT_WRITE


def make_app(settings: Settings, clock: Clock, prepare: Callable[[Flask], None] | None = None) -> Flask:
    """The application under test: strict client, the test's clock, and a check at the end of each request.

    `prepare` may add routes of the test's own; it runs before the access declarations are read again.
    """
    app = create_app(settings)
    app.testing = True
    app.test_client_class = StrictClient
    init_clock(app, clock)
    if prepare is not None:
        prepare(app)

    @app.after_request
    def a_get_writes_nothing(response: Response) -> Response:
        orm = db.session()
        if _looks() and response.status_code < 500 and orm.in_transaction():
            before, now = orm.info.get(_BEFORE, {}), _written(orm.connection())
            written = {table for table in now if now[table] != before.get(table, 0)} - {"events", "chain_heads"}
            assert not written, f"GET {request.path} wrote to {sorted(written)}"
        return response

    @app.teardown_request
    def nothing_left(error: BaseException | None) -> None:
        if error is None:
            assert not db.session().in_transaction(), "the request left a transaction open"

    return app


@dataclass(frozen=True)
class TestAgent:
    """An agent that a test made."""

    __test__ = False

    id: UUID
    email: str
    name: str


class Staff:
    """Makes agents and signs clients in, past the sign-in page."""

    def __init__(self, system: sessionmaker[Session], clock: Clock) -> None:
        self._system = system
        self._clock = clock
        self._made = 0

    def make(self, roles: Mapping[str, set[Role]], name: str = "Sam Okafor") -> TestAgent:
        """An agent with these roles, force by force."""
        self._made += 1
        with self._system.begin() as session:
            unique = f"agent{self._made}.{datetime.now(UTC).timestamp():.6f}@police.example"
            agent = agents.add(session, name=name, email=unique, now=self._clock.now)
            for force_id, held in roles.items():
                agents.set_roles(session, agent_id=agent.id, force_id=force_id, roles=frozenset(held))
            return TestAgent(agent.id, agent.email, agent.name)

    def sign_in(self, client: FlaskClient, agent: TestAgent, *, stepped_up: bool = True) -> IdCookie:
        """Give the client a live session of that agent."""
        now = self._clock.now
        cookie = IdCookie.fresh(now)
        rules = RULES[Audience.AGENT]
        with self._system.begin() as session:
            sessions.save(
                session,
                StoredSession(
                    id_hash=cookie.id_hash,
                    audience=Audience.AGENT.value,
                    agent_id=agent.id,
                    data={},
                    created_at=now,
                    seen_at=now,
                    expires_at=now + rules.absolute,
                    stepped_up_at=now if stepped_up else None,
                ),
            )
        client.set_cookie(rules.name, cookie.sealed(SECRET, Audience.AGENT), path=rules.path)
        return cookie
