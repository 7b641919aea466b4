"""Files go into the copy and back with their rows; those of somebody erased since do not (engineering 3, 19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from contact.domain.errors import EvidenceDamaged
from contact.gateways.evidence.vault import Stretch, Vault
from contact.run.backup import back_up
from contact.run.restore import restore
from contact.services import destroyed_keys
from contact.settings import Settings
from contact.store import evidence
from tests.support.cases import NOW, Cases
from tests.support.clients import make_settings
from tests.support.database import Cluster, MigratedDatabase
from tests.support.evidence import Files, picture


@pytest.fixture
def cases(fresh_database: MigratedDatabase) -> Iterator[Cases]:
    """A database of its own."""
    made = Cases(fresh_database)
    yield made
    made.dispose()


@pytest.fixture
def settings(fresh_database: MigratedDatabase, tmp_path: Path) -> Settings:
    """A service with a home of its own."""
    return make_settings(fresh_database, tmp_path / "home")


def test_files_come_back_with_their_rows_but_not_those_of_somebody_erased(
    cases: Cases, settings: Settings, cluster: Cluster, tmp_path: Path
) -> None:
    files, data = Files(cases, Vault.from_settings(settings)), picture()
    sent = []
    for _ in range(2):
        draft_id = files.draft()
        upload = files.send(draft_id, data)
        files.examine(upload.id)
        sent.append((files.submit(draft_id).contact_id, upload.id))
    (kept, kept_file), (erased, _erased_file) = sent
    copy = back_up(settings, to=tmp_path / "copies", keys=tmp_path / "keys", now=NOW)
    assert sum(1 for each in (copy.folder / "evidence").rglob("*") if each.is_file()) == 4
    for path in (copy.folder / "evidence").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
        assert path.is_dir() or b"JFIF" not in path.read_bytes()

    lost = tmp_path / "new-home"
    urls = cluster.server.create_database("restored_evidence")
    empty = replace(
        settings,
        database_url=urls.web,
        database_worker_url=urls.worker,
        database_owner_url=urls.owner,
        home=lost,
        evidence_store=str(lost / "evidence"),
    )
    destroyed_keys.note(erased, home=lost, at=NOW)
    done = restore(empty, folder=copy.folder, keys=copy.keys, now=NOW, say=lambda _line: None)
    assert (done.erased_again, done.verdict.faults) == (1, ())
    vault = Vault.from_settings(empty)
    assert len(list(vault.store.list_keys(dt.datetime.now(dt.UTC) + dt.timedelta(days=1)))) == 2
    other = Cases(replace_urls(cases, urls.web, urls.worker))
    with other.system() as session:
        (row,) = evidence.list_for_contact(session, contact_id=kept)
        pieces = [Stretch(e.start, e.size, e.key) for e in evidence.segments(session, evidence_id=kept_file)]
        assert b"".join(vault.read(vault.file_key(row.id, row.wrapped_key), pieces)) == data
        assert evidence.list_for_contact(session, contact_id=erased) == []
        wrong = Vault(vault.store, b"w" * 32)
        with pytest.raises(EvidenceDamaged):
            wrong.file_key(row.id, row.wrapped_key)
    other.dispose()
    cluster.server.drop_database("restored_evidence")


def replace_urls(cases: Cases, web: str, worker: str) -> MigratedDatabase:
    """The restored database, for looking into it."""
    return MigratedDatabase("restored_evidence", web, worker, "", "")
