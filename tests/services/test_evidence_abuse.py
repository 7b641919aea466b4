"""Files sent at the wrong moment: after an anonymous report, and while the report is being sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from contact.domain.evidence import Original, State
from contact.services.evidence import ContactOwner
from contact.store import evidence as rows
from contact.store import models
from tests.support.background import until
from tests.support.cases import NOW, Cases
from tests.support.evidence import ANONYMOUS_FORM, Files, holder, in_chunks, picture

_WAITING = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def files(cases: Cases, tmp_path: Path) -> Files:
    """A store in a folder."""
    return Files.below(cases, tmp_path / "evidence")


def test_what_an_anonymous_person_sends_later_is_stripped_too(files: Files) -> None:
    draft_id = files.draft(ANONYMOUS_FORM)
    files.answer(draft_id, anonymous="yes")
    contact_id = files.submit(draft_id).contact_id
    assert files.cases.contact(contact_id).anonymous
    owner, actor, data = ContactOwner(contact_id), files.cases.citizen(contact_id), picture()
    upload = files.begin(owner, actor, name="sam-at-home.jpg", size=len(data))
    files.receive(upload.id, owner, actor, in_chunks(data))
    files.examine(upload.id)
    with files.cases.system() as session:
        row = rows.get(session, evidence_id=upload.id)
        assert (row.state, row.original) == (State.READY, Original.STRIPPED)
        assert "sam" not in row.name


def test_a_file_that_ends_while_the_report_is_sent_goes_along(files: Files) -> None:
    draft_id = files.draft()
    sent = files.send(draft_id, picture())
    with files.cases.system.begin() as session:
        session.execute(sa.update(models.Evidence).where(models.Evidence.id == sent.id).values(state="receiving"))
    with ThreadPoolExecutor(1) as pool, files.cases.acting(holder(draft_id)) as session:
        row = rows.find_locked(session, evidence_id=sent.id)
        assert row is not None
        row.state, row.completed_at = State.RECEIVED.value, NOW
        session.flush()
        sending = pool.submit(files.submit, draft_id)
        until(lambda: sending.done() or _somebody_waits(files.cases))
        session.commit()
        contact_id = sending.result(timeout=30).contact_id
    assert [each.id for each in files.cases.rows(models.Evidence, contact_id)] == [sent.id]


def _somebody_waits(cases: Cases) -> bool:
    with cases.system() as session:
        return bool(session.scalar(_WAITING))
