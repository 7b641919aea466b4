"""kill -9 of whoever receives a file, at any moment: it is whole or goes on where it stood; the sweep clears up."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from contact.domain.evidence import State
from contact.gateways.evidence.folder import Folder
from contact.gateways.evidence.sealing import FRAME
from contact.gateways.evidence.vault import Stretch, Vault
from contact.services import evidence_receiving, evidence_sweeping
from contact.services.evidence import DraftOwner
from contact.store import evidence as rows
from contact.store.engine import make_engine, make_sessions
from tests.support.cases import NOW, Cases
from tests.support.database import MigratedDatabase
from tests.support.evidence import Files, holder, in_chunks

HEAD = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
DATA = HEAD + bytes(range(256)) * ((3 * FRAME) // 256)
MOMENTS = ("first chunk", "third frame", "object durable", "row written", "committed")


@pytest.fixture
def files(fresh_database: MigratedDatabase, tmp_path: Path) -> Iterator[Files]:
    """A database and a store that the killed process shares."""
    cases = Cases(fresh_database)
    yield Files(cases, Vault(Folder(tmp_path / "evidence"), b"e" * 32))
    cases.dispose()


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_file_is_whole_or_goes_on_and_nothing_is_left(
    files: Files, fresh_database: MigratedDatabase, tmp_path: Path, moment: str
) -> None:
    draft_id = files.draft()
    owner, actor = DraftOwner(draft_id), holder(draft_id)
    upload = files.begin(owner, actor, name="film.mp4", size=len(DATA))
    command = [sys.executable, "-m", "tests.chaos.test_receiver_killed", fresh_database.web_url]
    died = subprocess.run(
        [*command, str(tmp_path / "evidence"), str(draft_id), str(upload.id), moment], check=False, timeout=60
    )
    assert died.returncode == -signal.SIGKILL

    with files.cases.system() as session:
        stands = rows.get(session, evidence_id=upload.id)
    whole = moment == "committed"
    assert (stands.state, stands.received_size) == ((State.RECEIVED, len(DATA)) if whole else (State.RECEIVING, 0))
    if not whole:
        assert files.receive(upload.id, owner, actor, in_chunks(DATA)).state is State.RECEIVED
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    swept = evidence_sweeping.drop_orphans(files.cases.system, files.vault.store, now=later)
    assert swept == (0 if moment in ("first chunk", "committed") else 1)
    assert len(files.objects()) == 1
    with files.cases.system() as session:
        pieces = [Stretch(e.start, e.size, e.key) for e in rows.segments(session, evidence_id=upload.id)]
    key = files.vault.file_key(upload.id, stands.wrapped_key)
    assert b"".join(files.vault.read(key, pieces)) == DATA


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _receive_and_die(url: str, folder: str, draft_id: UUID, upload_id: UUID, moment: str) -> None:
    """The process that is killed, by itself, at that very moment."""

    def chunks() -> Iterator[bytes]:
        for number, chunk in enumerate(in_chunks(DATA)):
            if (moment, number) in (("first chunk", 1), ("third frame", 2 * FRAME // 65_536 + 5)):
                _die()
            yield chunk

    add_segment = rows.add_segment

    def adding(*given: object, **named: object) -> None:
        if moment == "object durable":
            _die()
        add_segment(*given, **named)  # type: ignore[arg-type]
        if moment == "row written":
            _die()

    rows.add_segment = adding
    sessions = make_sessions(make_engine(url), holder(draft_id))
    vault = Vault(Folder(Path(folder)), b"e" * 32)
    evidence_receiving.receive(
        sessions, vault, owner=DraftOwner(draft_id), upload_id=upload_id, offset=0, chunks=chunks(), now=NOW
    )
    _die()


if __name__ == "__main__":
    _receive_and_die(sys.argv[1], sys.argv[2], UUID(sys.argv[3]), UUID(sys.argv[4]), sys.argv[5])
