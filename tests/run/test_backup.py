"""A copy goes back whole, forgets again whom we have erased since, and proves its own event log."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.orm import Session

from contact.domain.access import SYSTEM
from contact.domain.events import Event
from contact.run.backup import BackupFailed, back_up
from contact.run.restore import RestoreFailed, restore
from contact.services import destroyed_keys, disposal, integrity
from contact.services.disposal import DisposalReason
from contact.settings import Settings
from contact.store import audit, contacts
from contact.store.engine import make_engine, make_sessions
from tests.support.clients import make_settings
from tests.support.database import Cluster, MigratedDatabase
from tests.support.emergencies import add_contact, add_force

NOW = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
KEY_OF_CONTACT = b"\x07" * 60


@pytest.fixture
def settings(fresh_database: MigratedDatabase, tmp_path: Path) -> Settings:
    """A service with a home of its own."""
    return make_settings(fresh_database, tmp_path / "home")


@pytest.fixture
def empty(cluster: Cluster, settings: Settings) -> Iterator[Settings]:
    """The same service after its database was lost."""
    urls = cluster.server.create_database("restored")
    yield replace(settings, database_url=urls.web, database_worker_url=urls.worker, database_owner_url=urls.owner)
    cluster.server.drop_database("restored")


def with_session(settings: Settings) -> Session:
    """A session of the worker."""
    return make_sessions(make_engine(settings.database_worker_url, pool_size=1), SYSTEM)()


def fill(settings: Settings) -> list[UUID]:
    """Two contacts with a message, a key and an event each, and the chains signed."""
    made = []
    with with_session(settings) as session:
        force_id = add_force(session)
        for _ in range(2):
            contact_id = add_contact(session, force_id=force_id, received_at=NOW)
            made.append(contact_id)
            audit.record(
                session,
                Event.INCIDENT_LOGGED,
                force_id=force_id,
                contact_id=contact_id,
                incident_log_id=contact_id,
                logged_at=NOW,
            )
        session.commit()
        heads = integrity.sign_heads(session, key=settings.audit_key, now=NOW)
    integrity.keep_heads(heads, home=settings.home)
    with psycopg.connect(settings.database_worker_url) as connection:
        connection.execute("SELECT set_config('contact.actor', 'system', true)")
        for contact_id in made:
            connection.execute("INSERT INTO contact_keys VALUES (%s, %s)", [contact_id, KEY_OF_CONTACT])
            connection.execute(
                "INSERT INTO messages (id, contact_id, position, kind, channel, body, delivery_state, created_at)"
                " VALUES (gen_random_uuid(), %s, 1, 'inbound', 'web', 'a stolen bicycle', 'stored', now())",
                [contact_id],
            )
    return made


def rows(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    """What the worker sees."""
    with psycopg.connect(settings.database_worker_url) as connection:
        connection.execute("SELECT set_config('contact.actor', 'system', true)")
        return connection.execute(sql.encode()).fetchall()


def quiet(_line: str) -> None:
    """Say nothing."""


def test_a_copy_goes_back_whole(settings: Settings, empty: Settings, tmp_path: Path) -> None:
    made = fill(settings)
    copy = back_up(settings, to=tmp_path / "copies", keys=tmp_path / "keys", now=NOW)
    done = restore(empty, folder=copy.folder, keys=copy.keys, now=NOW, say=quiet)
    assert done.verdict.faults == ()
    assert done.verdict.events == 2
    assert done.verdict.signed_heads > 0
    assert done.erased_again == 0
    assert {row[0] for row in rows(empty, "SELECT id FROM contacts")} == set(made)
    assert rows(empty, "SELECT DISTINCT body FROM messages") == [("a stolen bicycle",)]
    assert rows(empty, "SELECT encode(wrapped, 'hex') FROM contact_keys") == [(KEY_OF_CONTACT.hex(),)] * 2


def test_the_restored_database_keeps_its_guards_and_goes_on(
    settings: Settings, empty: Settings, tmp_path: Path
) -> None:
    fill(settings)
    copy = back_up(settings, to=tmp_path / "copies", keys=tmp_path / "keys", now=NOW)
    restore(empty, folder=copy.folder, keys=copy.keys, now=NOW, say=quiet)
    with psycopg.connect(empty.database_url) as web:
        assert web.execute("SELECT count(*) FROM contacts").fetchone() == (0,)  # no actor sees no row
    owners = rows(empty, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert owners == [("contact_tables",)]
    with with_session(empty) as session:  # the chain goes on where it stood
        contact_id, force_id = session.connection().exec_driver_sql("SELECT id, force_id FROM contacts LIMIT 1").one()
        audit.record(
            session,
            Event.INCIDENT_LOGGED,
            force_id=force_id,
            contact_id=contact_id,
            incident_log_id=contact_id,
            logged_at=NOW,
        )
        session.commit()
        verdict = integrity.verify(session, key=empty.audit_key, signed=integrity.read_heads(empty.home))
    assert verdict.faults == ()
    assert verdict.events == 3


def test_who_was_erased_since_stays_erased(settings: Settings, empty: Settings, tmp_path: Path) -> None:
    erased, kept = fill(settings)
    copy = back_up(settings, to=tmp_path / "copies", keys=tmp_path / "keys", now=NOW)
    with with_session(settings) as session:
        gone = contacts.get(session, contact_id=erased)
        gone.state, gone.disposed_at = "closed", NOW
        session.flush()
        why = DisposalReason.RETENTION_OVER
        assert disposal.erase(
            session, contact_id=erased, reason=why, decided_by_id=UUID(int=1), home=settings.home, now=NOW
        )
        session.commit()
    done = restore(empty, folder=copy.folder, keys=copy.keys, now=NOW, say=quiet)
    assert done.erased_again == 1
    for table in ("contacts", "contact_keys", "messages", "queue_entries"):
        column = "id" if table == "contacts" else "contact_id"
        assert rows(empty, f"SELECT {column} FROM {table}") == [(kept,)], table
    assert done.verdict.faults == ()  # the log forgets by its keys, not by losing lines


def test_the_copy_has_no_keys_and_no_sign_ins(settings: Settings, tmp_path: Path) -> None:
    fill(settings)
    copy = back_up(settings, to=tmp_path / "copies", keys=tmp_path / "keys", now=NOW)
    for file in copy.folder.iterdir():
        assert KEY_OF_CONTACT not in file.read_bytes()
        assert KEY_OF_CONTACT.hex() not in file.read_bytes().decode("latin-1")
        assert file.stat().st_mode & 0o077 == 0
    assert copy.keys.stat().st_mode & 0o077 == 0
    assert len(copy.keys.read_text().splitlines()) == 2


def test_keys_are_refused_a_place_beside_the_copy(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="folder apart"):
        back_up(settings, to=tmp_path, keys=tmp_path / "keys", now=NOW)


def test_a_full_database_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    made = fill(settings)
    copy = back_up(settings, to=tmp_path / "copies", keys=tmp_path / "keys", now=NOW)
    with pytest.raises(RestoreFailed, match="not empty"):
        restore(settings, folder=copy.folder, keys=copy.keys, now=NOW, say=quiet)
    assert len(rows(settings, "SELECT id FROM contacts")) == len(made)


def test_a_damaged_copy_is_refused(settings: Settings, empty: Settings, tmp_path: Path) -> None:
    fill(settings)
    copy = back_up(settings, to=tmp_path / "copies", keys=tmp_path / "keys", now=NOW)
    with (copy.folder / "database.dump").open("r+b") as file:
        file.seek(100)
        file.write(b"X")
    with pytest.raises(RestoreFailed, match="changed or damaged"):
        restore(empty, folder=copy.folder, keys=copy.keys, now=NOW, say=quiet)


def test_a_changed_event_in_the_copy_is_found(
    settings: Settings, empty: Settings, cluster: Cluster, tmp_path: Path
) -> None:
    fill(settings)
    with cluster.server.superuser(settings.database_url.split("/")[3].split("?")[0]) as connection:
        connection.execute("ALTER TABLE events DISABLE TRIGGER USER")
        connection.execute("UPDATE events SET at = at + interval '1 hour' WHERE seq = 1")
        connection.execute("ALTER TABLE events ENABLE TRIGGER USER")
    copy = back_up(settings, to=tmp_path / "copies", keys=tmp_path / "keys", now=NOW)
    done = restore(empty, folder=copy.folder, keys=copy.keys, now=NOW, say=quiet)
    assert "changed" in {fault.kind for fault in done.verdict.faults}


def test_what_a_failed_copy_wrote_is_removed(settings: Settings, tmp_path: Path) -> None:
    broken = replace(settings, database_owner_url=settings.database_owner_url.replace("/fresh", "/gone"))
    with pytest.raises(BackupFailed):
        back_up(broken, to=tmp_path / "copies", keys=tmp_path / "keys", now=NOW)
    assert list((tmp_path / "copies").iterdir()) == []
    assert list((tmp_path / "keys").iterdir()) == []


def test_the_list_of_destroyed_keys_survives_a_torn_line(tmp_path: Path) -> None:
    contact_id = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
    destroyed_keys.note(contact_id, home=tmp_path, at=NOW)
    with (tmp_path / destroyed_keys.FILE).open("a") as file:
        file.write(json.dumps({"contact_id": str(contact_id)})[:20])
    assert destroyed_keys.read(tmp_path) == {contact_id}
