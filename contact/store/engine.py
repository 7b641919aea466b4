"""Engine options, sessions and the actor of each transaction, the same for web, worker and tests."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry, Pool, PoolProxiedConnection

from contact.domain.access import Actor

_SET_ACTOR = (
    "SELECT set_config('contact.actor', %s, true), set_config('contact.agent_id', %s, true),"
    " set_config('contact.forces', %s, true), set_config('contact.contact_id', %s, true),"
    " set_config('contact.draft_id', %s, true), set_config('contact.admin_forces', %s, true),"
    " set_config('contact.source_forces', %s, true), set_config('contact.licensing_forces', %s, true),"
    " set_config('contact.finance_forces', %s, true)"
)
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


def _apply(connection: Connection, actor: Actor | None) -> None:
    """Set the transaction's actor; the empty strings of no actor let no policy see a row.

    Nothing to compile: every request does this two or three times.
    """
    if actor is None:
        connection.exec_driver_sql(_SET_ACTOR, ("",) * 9)
        return
    scope = (",".join(actor.contact_forces), str(actor.contact_id or ""), str(actor.draft_id or ""))
    more = (",".join(actor.admin_forces), ",".join(actor.source_forces))
    desks = (",".join(actor.licensing_forces), ",".join(actor.finance_forces))
    given = (actor.kind.value, str(actor.agent_id or ""), *scope, *more, *desks)
    connection.exec_driver_sql(_SET_ACTOR, given)


@event.listens_for(Pool, "checkin")
def _note_idle(connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    """Remember since when a connection lies idle."""
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
        _apply(connection, actor)


def act_as(session: Session, actor: Actor | None) -> None:
    """From now on this session speaks for `actor`; an open transaction changes at once. None sees no row."""
    if session.info.get("actor") == actor:
        return
    session.info["actor"] = actor
    if session.in_transaction():
        _apply(session.connection(), actor)


def actor_of(session: Session) -> Actor | None:
    """The party this session speaks for."""
    actor = session.info.get("actor")
    return actor if isinstance(actor, Actor) else None
