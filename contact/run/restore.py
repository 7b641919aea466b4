"""`contact restore`: a copy into an empty database; who was erased since stays erased; ends in the log's own proof."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from contact.domain.access import SYSTEM
from contact.gateways.evidence.store import StoreAway
from contact.gateways.evidence.vault import Vault
from contact.run.backup import DUMP, EVIDENCE, MANIFEST, BackupFailed, copy_evidence, digest, program
from contact.run.preparation import migrate_if_behind
from contact.services import destroyed_keys, integrity
from contact.services.integrity import Verdict
from contact.settings import Settings
from contact.store import disposal, evidence
from contact.store.engine import make_engine, make_sessions


class RestoreFailed(RuntimeError):
    """Why, in words for whoever typed the command."""


@dataclass(frozen=True)
class Restored:
    """How it went: when the copy was made, how many were erased again, and the verdict on the event log."""

    made_at: str
    erased_again: int
    verdict: Verdict


def restore(
    settings: Settings, *, folder: Path, keys: Path, now: dt.datetime, say: Callable[[str], None] = print
) -> Restored:
    """Put the copy back. The database must exist, empty, with its roles. Raises RestoreFailed."""
    manifest = _checked(folder)
    _must_be_empty(settings)
    destroyed = destroyed_keys.read(settings.home)
    try:
        say("Restoring the tables ...")
        words = ["--no-owner", "--role=contact_tables", "--no-comments", "--exit-on-error", "--single-transaction"]
        program(settings.database_owner_url, "pg_restore", *words, "--dbname=", str(folder / DUMP))
        migrate_if_behind(settings)
        with psycopg.connect(settings.database_owner_url) as connection:
            connection.execute("SET LOCAL ROLE contact_tables")
            say("Restoring the contacts' keys ...")
            _put_keys_back(connection, keys, destroyed)
        if settings.evidence_in_folder and (folder / EVIDENCE).is_dir():
            say("Restoring the evidence ...")
            copy_evidence(folder / EVIDENCE, settings.evidence_folder)
        erased = _erase_again(settings, destroyed)
    except (OSError, StoreAway, psycopg.Error, SQLAlchemyError, subprocess.SubprocessError, BackupFailed) as error:
        raise RestoreFailed(str(error)) from error
    say("Checking the event log ...")
    _use_heads_of(folder, settings.home, now)
    engine = make_engine(settings.database_worker_url, pool_size=1)
    with make_sessions(engine, SYSTEM)() as session:
        verdict = integrity.verify(session, key=settings.audit_key, signed=integrity.read_heads(settings.home))
    engine.dispose()
    return Restored(str(manifest["made_at"]), erased, verdict)


def _checked(folder: Path) -> dict[str, object]:
    """The manifest, once every file is what it was when it was written."""
    try:
        manifest: dict[str, object] = json.loads((folder / MANIFEST).read_text())
        sums = manifest["sha256"]
    except (OSError, ValueError, KeyError) as error:
        raise RestoreFailed(f"{folder} is no whole copy: {error}") from error
    if not isinstance(sums, dict) or DUMP not in sums:
        raise RestoreFailed(f"{folder} is no whole copy: the manifest names no {DUMP}")
    for name, wanted in sums.items():
        path = folder / Path(str(name)).name
        if not path.exists() or digest(path) != wanted:
            raise RestoreFailed(f"{path} was changed or damaged since it was written.")
    return manifest


def _must_be_empty(settings: Settings) -> None:
    with psycopg.connect(settings.database_owner_url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        if row and row[0]:
            raise RestoreFailed(
                f"The database is not empty: it has {row[0]} tables. Nothing was changed. "
                "Make an empty one (contact database roles) and name it in the three DATABASE_… variables."
            )


def _put_keys_back(connection: psycopg.Connection, path: Path, destroyed: frozenset[UUID]) -> None:
    """A newer file of keys than the copy is right too: only contacts that exist get theirs."""
    insert = (
        "INSERT INTO contact_keys (contact_id, wrapped) SELECT %(id)s, %(wrapped)s"
        " WHERE EXISTS (SELECT 1 FROM contacts WHERE id = %(id)s) ON CONFLICT DO NOTHING"
    )
    with path.open() as file, connection.cursor() as cursor:
        for line in file:
            kept = json.loads(line)
            contact_id = UUID(kept["contact_id"])
            if contact_id not in destroyed:
                cursor.execute(insert, {"id": contact_id, "wrapped": bytes.fromhex(kept["wrapped"])})


def _erase_again(settings: Settings, destroyed: frozenset[UUID]) -> int:
    """What the worker does when it erases, without the event: that one is in the log that was lost, or in the copy."""
    engine = make_engine(settings.database_worker_url, pool_size=1)
    try:
        with make_sessions(engine, SYSTEM).begin() as session:
            objects = [key for each in destroyed for key in evidence.keys_of_contact(session, contact_id=each)]
            erased = sum(disposal.delete(session, contact_id=contact_id) > 0 for contact_id in sorted(destroyed))
        store = Vault.from_settings(settings).store
        for key in objects:
            store.delete(key)
        return erased
    finally:
        engine.dispose()


def _use_heads_of(folder: Path, home: Path, now: dt.datetime) -> None:
    """The signed heads of the copy take the place of ours, which speak of events made after it and now lost."""
    home.mkdir(parents=True, exist_ok=True)
    ours, theirs = home / integrity.HEADS_FILE, folder / integrity.HEADS_FILE
    if ours.exists():
        stamp = now.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
        ours.rename(home / f"{integrity.HEADS_FILE}.before-restore-{stamp}")
    if theirs.exists():
        shutil.copyfile(theirs, ours)
        os.chmod(ours, 0o600)
