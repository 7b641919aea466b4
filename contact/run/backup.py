"""`contact backup`: a consistent copy of database and evidence, the contacts' keys in a file apart (engineering 3)."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from contact.gateways.evidence.folder import PART, Folder
from contact.gateways.evidence.store import NoSuchObject, StoreAway
from contact.run import postgres_binaries
from contact.services import integrity
from contact.settings import Settings

DUMP = "database.dump"
MANIFEST = "manifest.json"
EVIDENCE = "evidence"
KEYS = "contact-keys"
NOT_KEPT = ("contact_keys", "web_sessions", "attempts")  # keys go apart; the others end with the machine
DUMP_SECONDS = 6 * 3600
_LIBPQ = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


class BackupFailed(RuntimeError):
    """Why, in words for whoever typed the command."""


@dataclass(frozen=True)
class Backup:
    """What was written: the folder of the copy, the file of the keys."""

    folder: Path
    keys: Path


def back_up(settings: Settings, *, to: Path, keys: Path, now: dt.datetime) -> Backup:
    """Copy everything as it is at one moment into a new folder below `to`, and the keys into a new file below `keys`.

    Raises BackupFailed; what was half written is removed.
    """
    if to.resolve() == keys.resolve() or to.resolve() in keys.resolve().parents:
        raise BackupFailed("The keys must go to a folder apart: whoever takes the copy must not have them too.")
    os.umask(0o077)
    stamp = now.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    folder, half = to / f"contact-{stamp}", to / f".contact-{stamp}.half"
    keys_file = keys / f"{KEYS}-{stamp}.jsonl"
    if folder.exists() or keys_file.exists():
        raise BackupFailed(f"{folder} is there already.")
    try:
        half.mkdir(parents=True)
        keys.mkdir(parents=True, exist_ok=True)
        _copy(settings, half, keys_file, now)
        half.rename(folder)
    except (OSError, StoreAway, psycopg.Error, subprocess.SubprocessError) as error:
        shutil.rmtree(half, ignore_errors=True)
        keys_file.unlink(missing_ok=True)
        raise BackupFailed(str(error)) from error
    return Backup(folder, keys_file)


def _copy(settings: Settings, half: Path, keys_file: Path, now: dt.datetime) -> None:
    with psycopg.connect(settings.database_owner_url) as connection:
        connection.execute("SET idle_in_transaction_session_timeout = 0")
        connection.commit()
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute("SET LOCAL ROLE contact_tables")
        snapshot = _one(connection, "SELECT pg_export_snapshot()")
        revision = _one(connection, "SELECT version_num FROM alembic_version")
        _write_keys(connection, keys_file)
        apart = [word for table in NOT_KEPT for word in ("--exclude-table-data", table)]
        dump = ["pg_dump", "--format=custom", "--role=contact_tables", f"--snapshot={snapshot}", *apart]
        program(settings.database_owner_url, *dump, f"--file={half / DUMP}")
        heads = connection.execute("SELECT chain, seq FROM chain_heads ORDER BY chain").fetchall()
    # After the database: whatever its rows name was durable in the store before they were committed.
    copied = copy_evidence(settings.evidence_folder, half / EVIDENCE) if settings.evidence_in_folder else None
    kept_heads = settings.home / integrity.HEADS_FILE
    if kept_heads.exists():
        shutil.copyfile(kept_heads, half / integrity.HEADS_FILE)
    manifest = {
        "made_at": now.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "revision": revision,
        "sha256": {path.name: digest(path) for path in sorted(half.iterdir()) if path.is_file()},
        "evidence": copied,
        "heads": {str(chain): int(seq) for chain, seq in heads},
    }
    (half / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
    for path in [each for each in half.iterdir() if each.is_file()]:
        with path.open("rb") as file:
            os.fsync(file.fileno())


def copy_evidence(source: Path, to: Path) -> int:
    """Copy every whole object that is not there yet, durably; answers how many. Sealed, each proves itself when read.

    One that goes away meanwhile was taken back, or erased.
    """
    copied = 0
    for key in Folder(source).list_keys(dt.datetime.max.replace(tzinfo=dt.UTC)):
        with contextlib.suppress(NoSuchObject):
            if not key.endswith(PART) and not Folder(to).has(key):
                Folder(to).put(key, Folder(source).open(key))
                copied += 1
    return copied


def _write_keys(connection: psycopg.Connection, path: Path) -> None:
    with path.open("x") as file, connection.cursor(name="keys") as rows:
        for contact_id, wrapped in rows.execute("SELECT contact_id, wrapped FROM contact_keys ORDER BY contact_id"):
            file.write(json.dumps({"contact_id": str(contact_id), "wrapped": bytes(wrapped).hex()}) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _one(connection: psycopg.Connection, sql: str) -> str:
    row = connection.execute(sql.encode()).fetchone()
    return str(row[0]) if row else ""


def program(url: str, name: str, *words: str) -> None:
    """Run one of PostgreSQL's programs on the database of `url`, whose password never stands on a command line."""
    parts = conninfo_to_dict(url)
    surroundings = {_LIBPQ[key]: str(value) for key, value in parts.items() if key in _LIBPQ and value is not None}
    done = subprocess.run(
        [str(postgres_binaries.find_binaries() / name), *words],
        env=postgres_binaries.clean_environment() | surroundings,
        capture_output=True,
        text=True,
        timeout=DUMP_SECONDS,
        check=False,
    )
    if done.returncode:
        raise subprocess.SubprocessError(f"{name} failed: {done.stderr.strip()[-2000:]}")


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
