"""The worker examines, sweeps and erases files; web and worker need share no home, only the store (engineering 19)."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from contact.domain.access import Actor, Role
from contact.domain.evidence import Scan, State
from contact.gateways.evidence.vault import Vault
from contact.jobs.erase_contact import erase_contact
from contact.jobs.examine_evidence import examine_evidence
from contact.jobs.registry import Tools, TryAgain, equip, tools
from contact.jobs.sweep_evidence import sweep_evidence
from contact.services.disposal import DisposalReason
from contact.services.evidence import DraftOwner
from contact.store import evidence, models
from contact.store.evidence import Evidence
from tests.jobs.test_deliver_mail import Post
from tests.support.cases import NOW, Cases
from tests.support.clients import make_settings
from tests.support.database import MigratedDatabase
from tests.support.evidence import FakeClamd, Files, holder, picture


@pytest.fixture
def cases(fresh_database: MigratedDatabase) -> Iterator[Cases]:
    """A database of its own: the sweep looks at every row."""
    made = Cases(fresh_database)
    yield made
    made.dispose()


@pytest.fixture
def files(cases: Cases, fresh_database: MigratedDatabase, tmp_path: Path) -> Files:
    """The web has one home, the worker another; EVIDENCE_STORE is the same."""
    shared = {"EVIDENCE_STORE": str(tmp_path / "shared"), "CLAMD_ADDRESS": str(tmp_path / "clamd.sock")}
    web = make_settings(fresh_database, tmp_path / "web", **shared)
    worker = make_settings(fresh_database, tmp_path / "worker", **shared)
    equip(Tools(settings=worker, sessions=cases.system, mail=Post(), worker="test", clock=lambda: NOW))
    return Files(cases, Vault.from_settings(web))


def row_of(files: Files, evidence_id: UUID) -> Evidence:
    """The row as it stands."""
    with files.cases.system() as session:
        return evidence.get(session, evidence_id=evidence_id)


def jobs_waiting(files: Files) -> int:
    """Examinations that wait for the worker."""
    query = sa.text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'examine_evidence' AND status = 'todo'")
    with files.cases.system() as session:
        return int(session.execute(query).scalar_one())


def test_a_file_sent_through_the_web_is_examined_by_the_worker(files: Files, tmp_path: Path) -> None:
    sent = files.send(files.draft(), picture())
    assert jobs_waiting(files) == 1
    with pytest.raises(TryAgain):
        examine_evidence(str(sent.id))  # the scanner is not there yet
    assert row_of(files, sent.id).scan == Scan.FAILED
    with FakeClamd(str(tmp_path / "clamd.sock")):
        examine_evidence(str(sent.id))
        examine_evidence(str(sent.id))
    row = row_of(files, sent.id)
    assert (row.state, row.scan) == (State.READY, Scan.CLEAN)


def test_the_sweep_asks_again_for_what_was_never_examined_and_clears_up(files: Files, cases: Cases) -> None:
    sent = files.send(files.draft(), picture())
    half = files.begin(*_begun(files), size=10)
    late = NOW + dt.timedelta(days=2)
    equip(_at(files, late))
    orphan = next(iter(files.objects()))
    sweep_evidence()
    assert jobs_waiting(files) == 2
    with cases.system() as session:
        assert session.get(models.Evidence, half.id) is None
    assert orphan in files.objects()
    with cases.system.begin() as session:
        evidence.delete(session, evidence_id=sent.id)
    two_days_ago = dt.datetime.now(dt.UTC).timestamp() - 2 * 86_400
    for path in (files.vault.store.root).rglob("*"):  # type: ignore[attr-defined]
        os.utime(path, (two_days_ago, two_days_ago))
    equip(_at(files, dt.datetime.now(dt.UTC)))
    sweep_evidence()
    assert files.objects() == set()


def test_erasing_a_contact_erases_its_files(files: Files, cases: Cases) -> None:
    draft_id = files.draft()
    sent = files.send(draft_id, picture())
    other = files.send(files.draft(), picture())
    contact_id = files.submit(draft_id).contact_id
    with pytest.raises(TryAgain):
        examine_evidence(str(sent.id))
    cases.change(contact_id, state="closed", disposed_at=NOW)
    decider = cases.agent(Role.SUPERVISOR)
    before = files.objects()
    erase_contact(str(contact_id), DisposalReason.ERASURE_GRANTED.value, str(decider.id))
    with cases.system() as session:
        assert session.get(models.Evidence, sent.id) is None
        assert evidence.segments(session, evidence_id=sent.id) == []
        (kept,) = evidence.segments(session, evidence_id=other.id)
    assert before - files.objects()
    assert files.objects() == {kept.key}


def _begun(files: Files) -> tuple[DraftOwner, Actor]:
    draft_id = files.draft()
    return DraftOwner(draft_id), holder(draft_id)


def _at(files: Files, now: dt.datetime) -> Tools:
    given = tools()
    return Tools(settings=given.settings, sessions=given.sessions, mail=given.mail, worker="test", clock=lambda: now)
