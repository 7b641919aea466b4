"""A PostgreSQL server of our own for one home: started by the first run that needs it, stopped by the last one out."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg

from contact.run import postgres_binaries, server_process
from contact.run.database_roles import (
    CHATBOT,
    chatbot_database_statements,
    chatbot_role_statements,
    closed_to_all,
    database_grants,
    database_statements,
    quoted,
    role_statements,
)
from contact.run.database_roles import DEFAULT_DATABASE as DEFAULT_DATABASE
from contact.run.postgres_binaries import DatabaseUser

SUPERUSER = "contact_superuser"
PORT = 5432  # only a part of the socket's name: nothing listens on the network
LONGEST_SOCKET = 90  # bytes; the kernel refuses past 107, macOS past 103
SYSTEM_FOLDER = Path("/var/lib/contact")
START_SECONDS = 60


class DatabaseFailed(RuntimeError):
    """The private database could not be started; the message says what to do."""


@dataclass(frozen=True)
class DatabaseUrls:
    """Addresses (libpq URLs) of one database, one for each login role."""

    web: str
    worker: str
    owner: str


class PrivateDatabase:
    """The server of one `home`. Use `start` and `stop`, or `with PrivateDatabase(home) as database:`.

    `durable=False` turns fsync off: for tests that may lose everything. `system_folder` is where a server goes whose
    user cannot reach the home (engineering 29).
    """

    def __init__(self, home: Path, *, durable: bool = True, system_folder: Path = SYSTEM_FOLDER) -> None:
        self.home = home.resolve()
        self.durable = durable
        self.system_folder = system_folder
        self.user: DatabaseUser = postgres_binaries.database_user(self.home)
        self.state = Path()
        self.binaries = Path()
        self._users: IO[str] | None = None

    # -- life ---------------------------------------------------------------------------------------------------

    def start(self) -> DatabaseUrls:
        """Start or join the server, make roles and the database when missing, and answer with its three addresses."""
        self.ensure()
        return self.urls(DEFAULT_DATABASE)

    def ensure(self) -> None:
        """Have the server answer: also after it was killed. Safe to call again at any time."""
        self._make_home()
        with self._turn():
            if self._users is None:
                self._users = (self.home / "database.users").open("a+")
                fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                self._choose_places()
                self._initialise()
                self._run_server()
                self._make_roles()
            except BaseException:
                self._depart()
                raise

    def is_running(self) -> bool:
        """Whether the server's process and its socket are there; cheap, and true also while it recovers."""
        running = server_process.read(self.data)
        if running is None or not server_process.is_server(running.pid, self.data):
            return False
        return (running.socket_folder / f".s.PGSQL.{PORT}").exists()

    def stop(self) -> None:
        """Leave; the server stops when no other run uses this home."""
        if self._users is None:
            return
        with self._turn():
            self._depart()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    # -- addresses and databases ----------------------------------------------------------------------------------

    def url(self, role: str, database: str) -> str:
        """A libpq URL over the private socket."""
        return f"postgresql://{quote(role)}@/{quote(database)}?host={quote(str(self._socket()), safe='')}&port={PORT}"

    def urls(self, database: str = DEFAULT_DATABASE) -> DatabaseUrls:
        """The three addresses of a database on this server."""
        return DatabaseUrls(*(self.url(f"contact_{login}", database) for login in ("web", "worker", "owner")))

    def chatbot_url(self) -> str:
        """The address of Rasa's own database, as its own login."""
        return self.url(CHATBOT, CHATBOT)

    def create_database(self, name: str, *, template: str | None = None) -> DatabaseUrls:
        """A further database, empty or a copy of `template` (to which nobody may be connected)."""
        with self.superuser() as connection:
            if template is None:
                statements = database_statements(name)
            else:
                copy = f"CREATE DATABASE {quoted(name)} OWNER contact_tables TEMPLATE {quoted(template)}"
                statements = [copy, *database_grants(name)]
            for statement in statements:
                connection.execute(statement.encode())
        return self.urls(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, ending whoever is connected."""
        with self.superuser() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)".encode())

    @contextmanager
    def superuser(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        """An autocommit connection for making roles and databases; the service itself never has one."""
        with psycopg.connect(self.url(SUPERUSER, database), autocommit=True, connect_timeout=5) as connection:
            connection.execute("SET lock_timeout = 0")
            yield connection

    # -- places -----------------------------------------------------------------------------------------------------

    @property
    def data(self) -> Path:
        """The server's data folder."""
        return self.state / "data"

    def _make_home(self) -> None:
        try:
            if not self.home.exists():
                # Root's server runs as somebody else, who must pass through; what is secret inside is 0600.
                self.home.mkdir(parents=True, mode=0o700)
                if self.user.demoted:
                    self.home.chmod(0o711)
            for name in ("database.lock", "database.users"):
                with (self.home / name).open("a") as file:
                    if self.user.demoted and self.home.stat().st_uid == self.user.uid:
                        os.fchown(file.fileno(), self.user.uid, self.user.gid)  # its owner may come without root
        except PermissionError as error:
            raise DatabaseFailed(
                f"{self.home} belongs to another user. Run as that user, or set CONTACT_HOME to a folder of your own."
            ) from error

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One starter or stopper at a time for a home; the kernel gives the lock back when its holder dies."""
        with (self.home / "database.lock").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _depart(self) -> None:
        """Leave, and stop the server when nobody else is there; for whoever has the turn."""
        if self._users is None:
            return
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._stop_server("fast")
        except BlockingIOError:
            pass  # another run still needs it
        finally:
            self._users.close()
            self._users = None

    def _choose_places(self) -> None:
        self.binaries = postgres_binaries.find_binaries()
        self.state = self.home / "postgres"
        if not self.user.demoted:
            self._private(self.state)
            return
        if not self.user.may_reach(self.home):
            mark = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
            self.state = self.system_folder / mark / "postgres"
        self._open_parents(self.state.parent)
        self._private(self.state)
        if not self.user.may_reach(self.binaries / "postgres"):
            mark = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
            folder = self.system_folder / mark
            self._open_parents(folder)
            self.binaries = postgres_binaries.copy_where_reachable(self.binaries, folder)

    def _open_parents(self, folder: Path) -> None:
        """Make the folders under `system_folder` that are missing, passable and no more."""
        for path in (self.system_folder, folder):
            if not path.exists():
                path.mkdir(parents=True, mode=0o711)
                path.chmod(0o711)

    def _private(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.user.demoted and folder.stat().st_uid != self.user.uid:
            os.chown(folder, self.user.uid, self.user.gid)
        if stat.S_IMODE(folder.stat().st_mode) != 0o700:
            folder.chmod(0o700)

    def _socket(self) -> Path:
        """The socket's folder: what the running server says, else beside the data."""
        running = server_process.read(self.data)
        return running.socket_folder if running else self.state / "s"

    def _new_socket(self) -> Path:
        near = self.state / "s"
        if len(os.fsencode(near / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET:
            self._private(near)
            return near
        far = Path(tempfile.mkdtemp(prefix="contact-", dir="/tmp"))
        if self.user.demoted:
            os.chown(far, self.user.uid, self.user.gid)
        return far

    # -- the server ---------------------------------------------------------------------------------------------------

    def _program(self, *command: str | Path, seconds: float = START_SECONDS + 15) -> str:
        """Run one of PostgreSQL's programs as the database's user and answer with what it printed."""
        done = subprocess.run(
            [str(self.binaries / command[0]), *(str(word) for word in command[1:])],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=seconds,
            check=False,
            cwd="/",
            umask=0o077,
            start_new_session=True,  # Ctrl-C is for us, not for a half-made database
            env=postgres_binaries.clean_environment(),
            **self.user.as_user(),
        )
        if done.returncode:
            raise DatabaseFailed(f"{command[0]} failed: {done.stdout.strip()[-2000:]}")
        return str(done.stdout)

    def _initialise(self) -> None:
        version_file = self.data / "PG_VERSION"
        if version_file.exists():
            was, now = version_file.read_text().strip(), postgres_binaries.major_version(self.binaries)
            if was != str(now):
                raise DatabaseFailed(
                    f"{self.data} was made by PostgreSQL {was}, but {self.binaries} is {now}. "
                    f"Install PostgreSQL {was}, or move the folder away to start anew."
                )
            return
        half = self.state / "data.half"  # renamed when whole, so a start killed here leaves nothing half made
        shutil.rmtree(half, ignore_errors=True)
        locale = "C.UTF-8" if os.uname().sysname == "Linux" else "C"
        options = ["--auth=trust", "--encoding=UTF8", f"--locale={locale}", "--data-checksums", "--no-instructions"]
        self._program("initdb", "-D", half, "-U", SUPERUSER, *options, *([] if self.durable else ["--no-sync"]))
        with (half / "postgresql.conf").open("a") as conf:
            conf.write("include 'contact.conf'\n")
        half.rename(self.data)

    def _run_server(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            if self._answers():
                return
            running = server_process.read(self.data)
            if running and server_process.is_server(running.pid, self.data):
                if running.socket_exists(PORT) and time.monotonic() < deadline:
                    time.sleep(0.1)  # it is starting up or recovering
                    continue
                self._stop_server("immediate")  # its socket was swept away: nobody can reach it
            server_process.forget_dead(self.data)
            try:
                self._write_settings(self._new_socket())
                self._program(
                    "pg_ctl", "start", "-w", "-s", "-t", str(START_SECONDS), "-D", self.data, "-l", self._log()
                )
            except DatabaseFailed as error:
                # Sessions of a server that was killed take a moment to notice, and hold its memory until they do.
                if time.monotonic() > deadline or not server_process.may_pass(self._log_tail()):
                    raise DatabaseFailed(f"{error}\n{self._log_tail()}") from error
                time.sleep(0.3)

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=2) as connection:
                shown = connection.execute("SHOW data_directory").fetchone()
                return shown is not None and os.path.samefile(str(shown[0]), self.data)
        except (psycopg.OperationalError, OSError):
            return False

    def _stop_server(self, mode: str) -> None:
        running = server_process.read(self.data)
        if running is None or not server_process.is_server(running.pid, self.data):
            return
        try:
            self._program("pg_ctl", "stop", "-w", "-s", "-t", "2", "-m", mode, "-D", self.data, seconds=10)
        except (DatabaseFailed, subprocess.TimeoutExpired):
            self._program("pg_ctl", "stop", "-w", "-s", "-t", "20", "-m", "immediate", "-D", self.data, seconds=30)
        if running.socket_folder.parent == Path("/tmp"):  # noqa: S108 - ours, from _new_socket
            shutil.rmtree(running.socket_folder, ignore_errors=True)

    def _write_settings(self, socket: Path) -> None:
        durable = "on" if self.durable else "off"
        lines = [
            "listen_addresses = ''",
            f"port = {PORT}",
            f"unix_socket_directories = '{str(socket).replace(chr(39), chr(39) * 2)}'",
            "unix_socket_permissions = 0700",
            "max_connections = 200",
            "max_parallel_workers_per_gather = 0",  # a container's /dev/shm is too small for them
            f"fsync = {durable}",
            f"synchronous_commit = {durable}",
            f"full_page_writes = {durable}",
            "timezone = 'UTC'",
            "lock_timeout = '3s'",
            "idle_in_transaction_session_timeout = '10s'",
            "tcp_user_timeout = '10s'",
            "log_line_prefix = '%m [%p] %u '",
            "log_min_error_statement = panic",  # a statement may hold what a citizen wrote
            "log_parameter_max_length = 0",
        ]
        conf = self.data / "contact.conf"
        conf.write_text("\n".join(lines) + "\n")
        conf.chmod(0o600)
        if self.user.demoted:
            os.chown(conf, self.user.uid, self.user.gid)

    def _log(self) -> Path:
        return self.state / "server.log"

    def _log_tail(self) -> str:
        try:
            return self._log().read_text(errors="replace")[-2000:]
        except OSError:
            return ""

    def _make_roles(self) -> None:
        """Roles and databases that are missing; a home of an older version lacks only the newer ones."""
        with self.superuser() as connection:
            there = {str(name) for (name,) in connection.execute("SELECT datname FROM pg_database")}
            missing = []
            if DEFAULT_DATABASE not in there:
                missing += [*role_statements(), *database_statements()]
            if CHATBOT not in there:
                missing += [*chatbot_role_statements(), *chatbot_database_statements(), *closed_to_all()]
            for statement in missing:
                connection.execute(statement.encode())
