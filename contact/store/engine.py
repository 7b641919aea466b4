"""Engine options, sessions and the actor of each transaction, the same for web, worker and tests."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.pq import TransactionStatus
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection, ExecutionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry, Pool, PoolProxiedConnection

from contact.domain.access import Actor

_SET_ACTOR = (
    "SELECT set_config('contact.actor', %s, true), set_config('contact.agent_id', %s, true),"
    " set_config('contact.forces', %s, true), set_config('contact.contact_id', %s, true),"
    " set_config('contact.draft_id', %s, true), set_config('contact.admin_forces', %s, true),"
    " set_config('contact.source_forces', %s, true), set_config('contact.licensing_forces', %s, true),"
    " set_config('contact.finance_forces', %s, true), set_config('plan_cache_mode', %s, true)"
)
_DUE, _PREPARED = "contact_settings_due", "contact_prepares"
"""What a connection has yet to be told of its transaction, and whether its statements are prepared at once."""
_PLANS_ONCE = "plans_once"
PING_AFTER_S = 1.0
"""A connection that lay idle this long is asked whether it still lives before anybody gets it."""


def sqlalchemy_url(url: str) -> str:
    """The same address for SQLAlchemy with psycopg 3."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def engine_options(pool_size: int = 10) -> dict[str, Any]:
    """What Flask-SQLAlchemy and the worker both give to `create_engine` (engineering 18)."""
    return {
        "pool_size": pool_size,
        "max_overflow": 0,
        "pool_use_lifo": True,  # the connection used last is warm: its statements are prepared, it needs no ping
        "pool_timeout": 5,
        "pool_recycle": 1800,
        "hide_parameters": True,
        "connect_args": {"connect_timeout": 3, "application_name": "contact", "prepare_threshold": 3},
    }


def make_engine(url: str, *, pool_size: int = 10) -> Engine:
    """An engine for one login role. Raises nothing until first used."""
    return sa.create_engine(sqlalchemy_url(url), **engine_options(pool_size))


def make_sessions(engine: Engine, actor: Actor | None = None) -> sessionmaker[Session]:
    """A session factory for jobs, commands and tests; every transaction of its sessions speaks for `actor`."""
    factory = sessionmaker(engine, expire_on_commit=False)
    if actor is not None:
        factory.configure(info={"actor": actor})
    return factory


def _apply(connection: Connection, actor: Actor | None, *, plans_once: bool = False) -> None:
    """Have the transaction speak for the actor from its next statement on, which carries the settings with it.

    The empty strings of no actor let no policy see a row. Every request does this two or three times.
    """
    info = connection.info
    info[_DUE] = (*_settings(actor), "force_generic_plan" if plans_once else "auto")
    info[_PREPARED] = plans_once


def _settings(actor: Actor | None) -> tuple[str, ...]:
    if actor is None:
        return ("",) * 9
    scope = (",".join(actor.contact_forces), str(actor.contact_id or ""), str(actor.draft_id or ""))
    more = (",".join(actor.admin_forces), ",".join(actor.source_forces))
    desks = (",".join(actor.licensing_forces), ",".join(actor.finance_forces))
    return (actor.kind.value, str(actor.agent_id or ""), *scope, *more, *desks)


@event.listens_for(Engine, "do_execute")
def _carry_settings(cursor: psycopg.Cursor[Any], statement: str, parameters: Any, context: ExecutionContext) -> bool:  # noqa: ANN401 - any statement's
    """BEGIN, the actor and the statement in one round trip; the server takes them in that order, or none of the rest.

    True where the statement was executed here.
    """
    info = _info_of(context)
    due, prepares = info.pop(_DUE, None), bool(info.get(_PREPARED))
    if isinstance(cursor, psycopg.ServerCursor):  # knows no pipeline, and prepares nothing
        if due is not None:
            cursor.connection.execute(_SET_ACTOR, due)
        return False
    if due is not None:
        with cursor.connection.pipeline():
            cursor.connection.execute(_SET_ACTOR, due, prepare=True)
            cursor.execute(statement, parameters, prepare=prepares or None)
    elif prepares:
        cursor.execute(statement, parameters, prepare=True)
    return due is not None or prepares


def _info_of(context: ExecutionContext) -> dict[Any, Any]:
    try:
        return context.root_connection.info
    except NotImplementedError:  # SQLAlchemy's own first questions to a server, before there is a pool
        return {}


@event.listens_for(Engine, "do_executemany")
def _settle_before_many(
    cursor: psycopg.Cursor[Any], statement: str, parameters: object, context: ExecutionContext
) -> None:
    """Many rows of one statement are a pipeline of their own: the actor goes before it."""
    due = _info_of(context).pop(_DUE, None)
    if due is not None:
        cursor.connection.execute(_SET_ACTOR, due)


@event.listens_for(Engine, "commit")
def _settle_before_commit(connection: Connection) -> None:
    """What runs inside COMMIT speaks for whom the session spoke last; where nothing was asked, nothing runs."""
    driver = connection.connection.driver_connection
    if isinstance(driver, psycopg.Connection) and driver.info.transaction_status is TransactionStatus.INTRANS:
        _settle(connection)
    _forget(connection.info)


@event.listens_for(Engine, "rollback")
def _forget_at_rollback(connection: Connection) -> None:
    """The actor ends with the transaction, also one that the server was never told of."""
    if not connection.invalidated:  # what was lost took with it what it was due
        _forget(connection.info)


def _settle(connection: Connection) -> None:
    due = connection.info.pop(_DUE, None)
    if due is not None:
        connection.exec_driver_sql(_SET_ACTOR, due)


def _forget(info: dict[Any, Any]) -> None:
    info.pop(_DUE, None)
    info.pop(_PREPARED, None)


def driver_of(session: Session) -> psycopg.Connection[Any]:
    """The open transaction's own connection, for statements past SQLAlchemy: it already speaks for the actor."""
    connection = session.connection()
    _settle(connection)
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - an open transaction holds a connection
    return driver


def plan_once(session: Session) -> None:
    """From here on this transaction's statements are prepared when first asked, with one plan for all parameters.

    For what asks by one contact, over and over: planning each anew, behind the policies of every table, took the
    database longer than answering. Not for queues and searches, where the best plan hangs on the parameters.
    """
    if session.info.get(_PLANS_ONCE):
        return
    session.info[_PLANS_ONCE] = True
    actor = session.info.get("actor")
    if session.in_transaction():
        _apply(session.connection(), actor, plans_once=True)


@event.listens_for(Pool, "checkin")
def _note_idle(connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    """Remember since when a connection lies idle; nothing that was due to one transaction reaches the next."""
    _forget(record.info)
    record.info["idle_since"] = time.monotonic()


@event.listens_for(Pool, "checkout")
def _ping_idle(connection: DBAPIConnection, record: ConnectionPoolEntry, proxy: PoolProxiedConnection) -> None:
    """Replace a connection that died while idle, as after a restart of the database; busy ones are not asked.

    This is the pool's own pre-ping, less one round trip a request. Raises DisconnectionError, which the pool heals.
    """
    if time.monotonic() - record.info.get("idle_since", time.monotonic()) < PING_AFTER_S:
        return
    try:
        with contextlib.closing(connection.cursor()) as cursor:
            cursor.execute("SELECT 1")
        connection.commit()  # never a rollback: psycopg forgets every prepared statement of the connection with it
    except psycopg.Error as gone:
        raise DisconnectionError from gone


@event.listens_for(Session, "after_begin")
def _speak_for_actor(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Every transaction carries its actor; none leaks through the pool because the settings end with it."""
    actor = session.info.get("actor")
    if isinstance(actor, Actor):
        _apply(connection, actor, plans_once=bool(session.info.get(_PLANS_ONCE)))


def act_as(session: Session, actor: Actor | None) -> None:
    """From now on this session speaks for `actor`; an open transaction changes at once. None sees no row."""
    if session.info.get("actor") == actor:
        return
    session.info["actor"] = actor
    if session.in_transaction():
        _apply(session.connection(), actor, plans_once=bool(session.info.get(_PLANS_ONCE)))


def actor_of(session: Session) -> Actor | None:
    """The party this session speaks for."""
    actor = session.info.get("actor")
    return actor if isinstance(actor, Actor) else None
