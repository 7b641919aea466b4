"""Sessions speak for their actor, nothing leaks through the pool, and a dead connection is replaced."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import sqlalchemy as sa

from contact.domain.access import SYSTEM, Actor, ActorKind, Role
from contact.store import engine as engines
from contact.store.engine import act_as, make_engine, make_sessions
from tests.support.database import MigratedDatabase

_WHO = sa.text("SELECT current_setting('contact.actor', true), current_setting('contact.forces', true)")


def test_the_actor_ends_with_its_transaction(database: MigratedDatabase) -> None:
    """One connection for all: the next user of it is nobody until they say who they are."""
    engine = make_engine(database.web_url, pool_size=1)
    agent = Actor(ActorKind.AGENT, uuid4(), {"kent": frozenset({Role.CALL_HANDLER})})
    with make_sessions(engine, agent)() as session:
        assert tuple(session.execute(_WHO).one()) == ("agent", "kent")
        session.commit()
        assert tuple(session.execute(_WHO).one()) == ("agent", "kent")
    with make_sessions(engine)() as session:
        assert set(session.execute(_WHO).one()) <= {"", None}
        act_as(session, SYSTEM)
        assert tuple(session.execute(_WHO).one()) == ("system", "")
        act_as(session, None)
        assert tuple(session.execute(_WHO).one()) == ("", "")
    engine.dispose()


def test_a_connection_that_died_while_idle_is_replaced(database: MigratedDatabase) -> None:
    """After a restart of the database the first user of each connection notices nothing."""
    engine = make_engine(database.web_url, pool_size=1)
    sessions = make_sessions(engine)
    with sessions() as session:
        backend = session.execute(sa.text("SELECT pg_backend_pid()")).scalar()
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", (backend,))
    was, engines.PING_AFTER_S = engines.PING_AFTER_S, 0.0
    try:
        with sessions() as session:
            assert session.execute(sa.text("SELECT pg_backend_pid()")).scalar() != backend
    finally:
        engines.PING_AFTER_S = was
    engine.dispose()
