"""The private database comes up after whatever happened to it, and only for those it is for."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from contact.run import server_process
from contact.run.private_database import DatabaseFailed, PrivateDatabase

ROOT = os.geteuid() == 0


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path that every user can reach (pytest's own folder is closed to the database's user)."""
    folder = Path(tempfile.mkdtemp(prefix="ct-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def private(home: Path) -> Iterator[PrivateDatabase]:
    """A started server without fsync."""
    database = PrivateDatabase(home, durable=False, system_folder=home.parent / "system")
    database.start()
    yield database
    database.stop()


def pid_of(database: PrivateDatabase) -> int:
    """The server's pid."""
    running = server_process.read(database.data)
    assert running is not None
    return running.pid


def say(url: str, sql: str) -> object:
    """The first value of the first row."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute(sql.encode()).fetchone()
        return row[0] if row else None


def wait_gone(pid: int) -> None:
    """Until the process has ended."""
    for _ in range(600):
        if not server_process.command_line(pid):
            return
        time.sleep(0.05)
    raise AssertionError(f"process {pid} lives on")


def test_each_role_connects_and_none_is_powerful(private: PrivateDatabase) -> None:
    urls = private.urls()
    powers = (
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
    )
    for role, url in (("web", urls.web), ("worker", urls.worker), ("owner", urls.owner)):
        assert say(url, "SELECT current_user") == f"contact_{role}"
        assert say(url, powers) is False
        assert say(url, "SHOW lock_timeout") == "3s"
        assert say(url, "SHOW idle_in_transaction_session_timeout") == "10s"
    assert say(urls.owner, "SHOW fsync") == "off"


def test_only_the_owner_becomes_the_owner_of_tables(private: PrivateDatabase) -> None:
    urls = private.urls()
    with psycopg.connect(urls.owner) as owner:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("CREATE TABLE mine (id int)")
        owner.rollback()
        owner.execute("SET ROLE contact_tables")
        owner.execute("CREATE TABLE ours (id int)")
        owner.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for url in (urls.web, urls.worker):
        with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SET ROLE contact_tables")


def test_rows_survive_the_server_being_killed(private: PrivateDatabase) -> None:
    with psycopg.connect(private.urls().owner) as owner:
        owner.execute("SET ROLE contact_tables")
        owner.execute("CREATE TABLE kept AS SELECT 7 AS id")
        owner.execute("GRANT SELECT ON kept TO contact_web")
    with private.superuser() as connection:
        connection.execute("CHECKPOINT")
    idle = psycopg.connect(private.urls().web)  # a session that holds the old server's memory
    os.kill(pid_of(private), signal.SIGKILL)
    private.ensure()
    assert say(private.urls().web, "SELECT id FROM kept") == 7
    idle.close()


def test_a_pid_file_that_names_another_program_is_no_server(private: PrivateDatabase) -> None:
    pid = pid_of(private)
    os.kill(pid, signal.SIGKILL)
    wait_gone(pid)
    lines = (private.data / "postmaster.pid").read_text().splitlines()
    (private.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    private.ensure()
    assert pid_of(private) != os.getpid()
    assert say(private.urls().web, "SELECT 1") == 1


def test_a_torn_pid_file_is_no_server(private: PrivateDatabase) -> None:
    pid = pid_of(private)
    os.kill(pid, signal.SIGKILL)
    wait_gone(pid)
    (private.data / "postmaster.pid").write_text("")
    private.ensure()
    assert say(private.urls().web, "SELECT 1") == 1


def test_a_socket_that_was_swept_away_is_made_again(private: PrivateDatabase) -> None:
    running = server_process.read(private.data)
    assert running is not None
    for file in running.socket_folder.iterdir():
        file.unlink()
    assert not private.is_running()
    private.ensure()
    assert private.is_running()
    assert say(private.urls().web, "SELECT 1") == 1


def test_a_start_that_was_killed_half_way_starts_anew(home: Path) -> None:
    database = PrivateDatabase(home, durable=False, system_folder=home.parent / "system")
    (home / "postgres" / "data.half").mkdir(parents=True)
    (home / "postgres" / "data.half" / "PG_VERSION").write_text("18\n")
    for folder in (home, home / "postgres"):
        folder.chmod(0o711)
    with database:
        assert say(database.urls().web, "SELECT 1") == 1


def test_a_long_path_has_its_socket_elsewhere(home: Path) -> None:
    deep = home / ("a-long-name-" * 8) / "and 'quotes' & spaces"
    deep.mkdir(parents=True)
    for folder in (home, deep.parent, deep):
        folder.chmod(0o711)
    with PrivateDatabase(deep, durable=False, system_folder=home.parent / "system") as database:
        running = server_process.read(database.data)
        assert running is not None
        assert len(os.fsencode(running.socket_folder)) < 90
        assert running.socket_folder.stat().st_mode & 0o077 == 0
        assert say(database.urls().web, "SELECT 1") == 1
    assert not running.socket_folder.exists()


def test_two_runs_share_and_the_last_one_out_stops_it(home: Path) -> None:
    first = PrivateDatabase(home, durable=False, system_folder=home.parent / "system")
    code = (
        "import sys; from pathlib import Path; from contact.run.private_database import PrivateDatabase as P\n"
        "d = P(Path(sys.argv[1]), durable=False, system_folder=Path(sys.argv[1]).parent / 'system'); d.start()\n"
        "print('up', flush=True); sys.stdin.read(); d.stop()"
    )
    with first:
        pid = pid_of(first)
        second = subprocess.Popen(
            [sys.executable, "-c", code, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert second.stdout is not None
        assert second.stdout.readline() == "up\n"
    assert pid_of(first) == pid  # the second still needs it
    second.communicate(timeout=20)
    wait_gone(pid)


def test_a_run_that_was_killed_does_not_hold_the_server(home: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from contact.run.private_database import PrivateDatabase as P\n"
        "P(Path(sys.argv[1]), durable=False, system_folder=Path(sys.argv[1]).parent / 'system').start()\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(home)], check=False, timeout=60)
    database = PrivateDatabase(home, durable=False, system_folder=home.parent / "system")
    with database:
        pid = pid_of(database)
        assert say(database.urls().web, "SELECT 1") == 1
    wait_gone(pid)


def test_data_of_another_version_is_refused_by_name(private: PrivateDatabase) -> None:
    private.stop()
    (private.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(DatabaseFailed, match="made by PostgreSQL 9"):
        private.start()


def test_further_databases_are_copies_of_a_template(private: PrivateDatabase) -> None:
    private.create_database("mould")
    with psycopg.connect(private.urls("mould").owner) as owner:
        owner.execute("SET ROLE contact_tables")
        owner.execute("CREATE TABLE forces AS SELECT 1 AS id")
        owner.execute("GRANT SELECT ON forces TO contact_web")
    copy = private.create_database("copy", template="mould")
    assert say(copy.web, "SELECT id FROM forces") == 1
    private.drop_database("copy")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(copy.web)


@pytest.mark.skipif(not ROOT, reason="only root's database runs as another user")
def test_root_with_a_closed_home_keeps_the_database_in_the_system_folder(home: Path) -> None:
    home.mkdir(mode=0o700)
    system = home.parent / "system"
    with PrivateDatabase(home, durable=False, system_folder=system) as database:
        assert system in database.data.parents
        assert database.data.stat().st_mode & 0o077 == 0
        assert say(database.urls().web, "SELECT 1") == 1
    assert home.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not ROOT, reason="only root's database runs as another user")
def test_root_copies_binaries_that_the_databases_user_cannot_reach(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from contact.run import postgres_binaries

    found = postgres_binaries.find_binaries()
    closed = home.parent / "closed"
    closed.mkdir(mode=0o700)
    package = found.parent.parent
    shutil.copytree(found.parent, closed / package.name / found.parent.name, symlinks=True)
    libraries = package.parent / f"{package.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, closed / libraries.name, symlinks=True)
    copied = closed / package.name / found.parent.name / "bin"
    monkeypatch.setattr(postgres_binaries, "find_binaries", lambda: copied)
    with PrivateDatabase(home, durable=False, system_folder=home.parent / "system") as database:
        assert home.parent / "system" in database.binaries.parents
        assert say(database.urls().web, "SELECT 1") == 1
