"""Sessions speak for their actor, nothing leaks through the pool, and a dead connection is replaced."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from contact.domain.access import SYSTEM, Actor, ActorKind, Role
from contact.store import engine as engines
from contact.store.engine import act_as, driver_of, make_engine, make_sessions, plan_once
from contact.web.shared.hub import Hub
from tests.support.database import MigratedDatabase

_PREPARED = sa.text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%a question of many%'")
_PLANS = sa.text("SELECT current_setting('plan_cache_mode')")
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


def test_what_was_prepared_survives_a_ping_and_a_streams_turn(database: MigratedDatabase) -> None:
    """Psycopg forgets every prepared statement at a rollback, and each page would then be planned anew."""
    engine = make_engine(database.web_url, pool_size=1)
    sessions = make_sessions(engine)
    for _ in range(5):
        with sessions.begin() as session:
            session.connection().exec_driver_sql("SELECT 'a question of many' WHERE %s", (True,))
    was, engines.PING_AFTER_S = engines.PING_AFTER_S, 0.0
    try:
        with Hub(engine).session(SYSTEM) as session:
            assert session.scalar(sa.text("SELECT 1")) == 1
        with sessions.begin() as session:
            assert session.scalar(_PREPARED)
    finally:
        engines.PING_AFTER_S = was
    engine.dispose()


def test_an_actor_who_asked_nothing_is_forgotten(database: MigratedDatabase) -> None:
    """The actor goes with the first statement; where there was none, the connection's next user is still nobody."""
    engine = make_engine(database.web_url, pool_size=1)
    for end in ("commit", "rollback", "close"):
        with make_sessions(engine, SYSTEM)() as session:
            session.connection()
            getattr(session, end)()
        with make_sessions(engine)() as session:
            assert set(session.execute(_WHO).one()) <= {"", None}
    engine.dispose()


def test_every_way_to_ask_speaks_for_the_latest_actor(database: MigratedDatabase) -> None:
    """Statements past SQLAlchemy, many at once, savepoints and what was undone to one."""
    engine = make_engine(database.web_url, pool_size=1)
    agent = Actor(ActorKind.AGENT, uuid4(), {"kent": frozenset({Role.CALL_HANDLER})})
    with make_sessions(engine, SYSTEM)() as session:
        assert driver_of(session).execute(str(_WHO)).fetchone() == ("system", "")
        act_as(session, agent)
        assert driver_of(session).execute(str(_WHO)).fetchone() == ("agent", "kent")
        act_as(session, SYSTEM)
        session.execute(
            sa.text("SELECT set_config('contact.seen', current_setting('contact.actor'), :x)"), [{"x": True}] * 2
        )
        assert session.scalar(sa.text("SELECT current_setting('contact.seen')")) == "system"
        act_as(session, agent)
        with pytest.raises(sa.exc.DataError), session.begin_nested():
            session.execute(sa.text("SELECT 1 / :none"), {"none": 0})
        assert tuple(session.execute(_WHO).one()) == ("agent", "kent")
    engine.dispose()


def test_a_first_statement_that_fails_says_so_itself(database: MigratedDatabase) -> None:
    """Whatever the actor goes with, the error is the statement's own, and the next transaction is whole."""
    engine = make_engine(database.web_url, pool_size=1)
    with make_sessions(engine, SYSTEM)() as session:
        with pytest.raises(sa.exc.DataError, match="division by zero"):
            session.execute(sa.text("SELECT 1 / :none"), {"none": 0})
        session.rollback()
        assert tuple(session.execute(_WHO).one()) == ("system", "")
    engine.dispose()


def test_what_is_planned_once_is_so_in_its_own_transaction_alone(database: MigratedDatabase) -> None:
    """The next user of the connection is planned for by the values that it gives."""
    engine = make_engine(database.web_url, pool_size=1)
    with make_sessions(engine, SYSTEM)() as session:
        plan_once(session)
        assert session.scalar(_PLANS) == "force_generic_plan"
        assert session.scalar(
            sa.text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%plan_cache_mode''%'")
        )
        act_as(session, None)
        assert session.scalar(_PLANS) == "force_generic_plan"
        session.commit()
    with make_sessions(engine, SYSTEM)() as session:
        assert session.scalar(_PLANS) == "auto"
    engine.dispose()


def test_a_connection_that_dies_in_use_is_an_error_once_and_then_replaced(database: MigratedDatabase) -> None:
    """No ping asked it: the first statement finds out, with the actor that it carries."""
    engine = make_engine(database.web_url, pool_size=1)
    with make_sessions(engine, SYSTEM)() as session:
        backend = session.scalar(sa.text("SELECT pg_backend_pid()"))
        session.commit()
        with psycopg.connect(database.superuser_url) as connection:
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", (backend,))
        was, engines.PING_AFTER_S = engines.PING_AFTER_S, 60.0
        try:
            with pytest.raises(sa.exc.OperationalError) as lost:
                session.execute(_WHO)
            assert lost.value.connection_invalidated
            session.rollback()
            assert tuple(session.execute(_WHO).one()) == ("system", "")
        finally:
            engines.PING_AFTER_S = was
    engine.dispose()
