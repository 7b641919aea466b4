"""The event log is numbered and chained by the database, and every tampering with it is noticed (engineering 2, 3)."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from contact.domain.access import SYSTEM, Actor, ActorKind, Role
from contact.domain.errors import UndeclaredEvent
from contact.domain.events import Event
from contact.services import integrity
from contact.store import audit
from contact.store.engine import make_engine, make_sessions
from tests.support.database import MigratedDatabase

KEY = b"k" * 32
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def _handler(*forces: str) -> Actor:
    roles = {force: frozenset({Role.CALL_HANDLER}) for force in forces}
    return Actor(ActorKind.AGENT, uuid4(), roles)


def _forces(database: MigratedDatabase, *names: str) -> None:
    with psycopg.connect(database.superuser_url) as connection:
        for name in names:
            connection.execute(
                "INSERT INTO forces (id, name, territorial, welsh, hours, nation)"
                " VALUES (%s, %s, true, false, '{}', 'x') ON CONFLICT DO NOTHING",
                (name, name),
            )
        connection.commit()


def _write(database: MigratedDatabase, force: str, count: int) -> None:
    engine = make_engine(database.web_url)
    with make_sessions(engine, _handler(force))() as session:
        for _ in range(count):
            audit.record(session, Event.SIGNED_OUT, force_id=force, how="button")
            session.commit()
    engine.dispose()


def _verdict(database: MigratedDatabase, signed: list[integrity.SignedHead]) -> integrity.Verdict:
    engine = make_engine(database.worker_url)
    with make_sessions(engine, SYSTEM)() as session:
        verdict = integrity.verify(session, key=KEY, signed=signed)
    engine.dispose()
    return verdict


def test_many_writers_leave_one_whole_chain_a_force(fresh_database: MigratedDatabase) -> None:
    """Eight writers on two forces: numbers without gap or double, and the recomputed chain agrees."""
    _forces(fresh_database, "kent", "essex")
    writers = [threading.Thread(target=_write, args=(fresh_database, force, 25)) for force in ("kent", "essex") * 4]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with psycopg.connect(fresh_database.superuser_url) as connection:
        rows = connection.execute("SELECT chain, array_agg(seq ORDER BY seq) FROM events GROUP BY chain").fetchall()
    assert dict(rows) == {"kent": list(range(1, 101)), "essex": list(range(1, 101))}
    verdict = _verdict(fresh_database, [])
    assert (verdict.events, verdict.faults) == (200, ())


def test_two_forces_in_opposite_order_never_deadlock(fresh_database: MigratedDatabase) -> None:
    """`record` inserts in order of force id, whatever order it was told in."""
    _forces(fresh_database, "kent", "essex")

    def both(first: str, second: str) -> None:
        engine = make_engine(fresh_database.web_url)
        with make_sessions(engine, _handler(first, second))() as session:
            for _ in range(40):
                audit.record(session, Event.SIGNED_OUT, force_id=first, how="button")
                audit.record(session, Event.SIGNED_OUT, force_id=second, how="button")
                session.commit()
        engine.dispose()

    failures: list[BaseException] = []

    def run(first: str, second: str) -> None:
        try:
            both(first, second)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=order) for order in (("kent", "essex"), ("essex", "kent")) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert _verdict(fresh_database, []).faults == ()


def _change(connection: psycopg.Connection) -> None:
    connection.execute("UPDATE events SET data = '{\"how\": \"clock\"}' WHERE chain = 'kent' AND seq = 3")


def _delete_inside(connection: psycopg.Connection) -> None:
    connection.execute("DELETE FROM events WHERE chain = 'kent' AND seq = 3")


def _delete_tail(connection: psycopg.Connection) -> None:
    """The clever thief: takes the last event away and sets the head back."""
    connection.execute("DELETE FROM events WHERE chain = 'kent' AND seq = 5")
    connection.execute(
        "UPDATE chain_heads SET seq = 4, hash = (SELECT hash FROM events WHERE chain = 'kent' AND seq = 4)"
        " WHERE chain = 'kent'"
    )


def _rebuild(connection: psycopg.Connection) -> None:
    """The cleverest: writes the whole chain anew with the database's own function."""
    connection.execute("DELETE FROM events")
    connection.execute("DELETE FROM chain_heads")
    for _ in range(5):
        connection.execute(
            "INSERT INTO events (force_id, chain, name, version, at, actor_kind, data)"
            " VALUES ('kent', 'kent', 'signed_in', 1, now(), 'agent', '{}')"
        )
        connection.commit()


@pytest.mark.parametrize(
    ("tamper", "kinds"),
    [
        (_change, {"changed"}),
        (_delete_inside, {"gap", "broken"}),
        (_delete_tail, {"missing_tail"}),
        (_rebuild, {"replaced"}),
    ],
)
def test_tampering_is_noticed(
    fresh_database: MigratedDatabase, tamper: Callable[[psycopg.Connection], None], kinds: set[str]
) -> None:
    """Change, delete inside, delete the tail, rebuild the whole: each is seen against the signed heads."""
    _forces(fresh_database, "kent")
    _write(fresh_database, "kent", 5)
    engine = make_engine(fresh_database.worker_url)
    with make_sessions(engine, SYSTEM)() as session:
        signed = integrity.sign_heads(session, key=KEY, now=NOW)
    engine.dispose()
    assert _verdict(fresh_database, signed).faults == ()
    with psycopg.connect(fresh_database.superuser_url) as connection:
        tamper(connection)
        connection.commit()
    assert {fault.kind for fault in _verdict(fresh_database, signed).faults} == kinds


def test_heads_survive_on_disk_and_forged_ones_are_told(tmp_path: Path) -> None:
    """The file outside the database carries what was signed; a line signed with another key is called forged."""
    head = audit.Head("kent", 7, b"\x01" * 32)
    ours = integrity.SignedHead.of(head, at=NOW, key=KEY)
    integrity.keep_heads([ours], home=tmp_path)
    (tmp_path / integrity.HEADS_FILE).open("a").write('{"chain": "kent", "se')
    assert integrity.read_heads(tmp_path) == [ours]
    assert ours.genuine(KEY)
    assert not integrity.SignedHead.of(head, at=NOW, key=b"x" * 32).genuine(KEY)
    assert (tmp_path / integrity.HEADS_FILE).stat().st_mode & 0o077 == 0


def test_the_service_cannot_change_the_log(fresh_database: MigratedDatabase) -> None:
    """Insert-only by privilege: neither login role may update, delete or truncate events or heads."""
    for url in (fresh_database.web_url, fresh_database.worker_url):
        for statement in (
            "UPDATE events SET name = 'x'",
            "DELETE FROM events",
            "TRUNCATE events",
            "UPDATE chain_heads SET seq = 0",
            "DELETE FROM chain_heads",
            "ALTER TABLE events DISABLE TRIGGER ALL",
        ):
            with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_what_was_rolled_back_did_not_happen(fresh_database: MigratedDatabase) -> None:
    """A noted event is written with its transaction or not at all; an undeclared one is refused at once."""
    _forces(fresh_database, "kent")
    engine = make_engine(fresh_database.web_url)
    with make_sessions(engine, _handler("kent"))() as session:
        session.execute(sa.text("SELECT 1"))
        audit.record(session, Event.SIGNED_OUT, force_id="kent", how="button")
        session.rollback()
        session.commit()
        with pytest.raises(UndeclaredEvent):
            audit.record(session, Event.SIGNED_OUT, force_id="kent", words="he hit me")
        with pytest.raises(UndeclaredEvent):
            audit.record(session, Event.SIGNED_OUT, force_id="kent", how="he hit me")
        session.commit()
    engine.dispose()
    assert _verdict(fresh_database, []).events == 0
