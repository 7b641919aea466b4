"""The photo for a certificate is measured and cut as its file is examined; any other picture is left as it is."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from contact.domain.evidence import Refusal, State
from contact.domain.licensing.photo import QUESTION, Fault
from contact.services import evidence
from contact.services.evidence import UploadView
from contact.store import evidence as rows
from contact.store.evidence import Evidence
from tests.support.cases import Cases
from tests.support.evidence import Files, document, holder, picture, portrait

FORM = "firearms-certificate"


@pytest.fixture
def files(cases: Cases, tmp_path: Path) -> Files:
    """Files that answer the question of the photo."""
    made = Files.below(cases, tmp_path / "evidence")
    made.question = QUESTION
    return made


def examined(files: Files, data: bytes) -> tuple[Evidence, UploadView]:
    """The row as the worker leaves it, and what its sender sees."""
    draft_id = files.draft(FORM)
    sent = files.send(draft_id, data)
    assert sent.photo is None
    files.examine(sent.id)
    with files.cases.acting(holder(draft_id)) as session:
        (seen,) = evidence.list_for_draft(session, draft_id=draft_id)
    with files.cases.system() as session:
        return rows.get(session, evidence_id=sent.id), seen


def shown(files: Files, row: Evidence) -> Image.Image:
    """The copy that an officer sees."""
    assert row.preview_key is not None
    assert row.preview_size is not None
    key = files.vault.file_key(row.id, row.wrapped_key)
    frames = files.vault.read_preview(key, object_key=row.preview_key, size=row.preview_size)
    return Image.open(io.BytesIO(b"".join(frames)))


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        (portrait(), ()),
        (portrait(turned=True), ()),
        (portrait((300, 400)), (Fault.TOO_SMALL,)),
        (portrait((1600, 1200)), (Fault.WRONG_SHAPE,)),
        (portrait(blur=8), (Fault.NOT_SHARP,)),
        (portrait((3000, 4000), blur=25), (Fault.NOT_SHARP,)),
        (portrait(light=0.1), (Fault.TOO_DARK,)),
        (document(), (Fault.NOT_A_PICTURE,)),
    ],
)
def test_what_is_found_is_kept_and_told_to_the_sender(files: Files, data: bytes, faults: tuple[Fault, ...]) -> None:
    row, seen = examined(files, data)
    assert (row.state, row.photo) == (State.READY, [each.value for each in faults])
    assert seen.photo == faults


@pytest.mark.parametrize("turned", [False, True])
def test_the_copy_is_cut_to_35_by_45_and_the_original_kept(files: Files, turned: bool) -> None:
    data = portrait(turned=turned)
    row, _ = examined(files, data)
    assert row.received_size == len(data)
    with shown(files, row) as copy:
        assert copy.size == (1200, 1543)
        assert not copy.getexif()
        assert copy.convert("L").getpixel((600, 700)) != copy.convert("L").getpixel(
            (20, 700)
        )  # upright: a head between


def test_a_shape_that_cannot_be_cut_is_shown_as_it_came(files: Files) -> None:
    row, _ = examined(files, portrait((1600, 1200)))
    with shown(files, row) as copy:
        assert copy.size == (1600, 1200)


def test_what_cannot_be_decoded_is_refused_as_ever(files: Files) -> None:
    row, seen = examined(files, picture()[:-400])
    assert (row.refused, row.photo, seen.photo) == (Refusal.DAMAGED, None, None)


def test_a_file_of_another_question_is_not_measured(cases: Cases, tmp_path: Path) -> None:
    files = Files.below(cases, tmp_path / "evidence")
    sent = files.send(files.draft("burglary"), portrait((300, 400)))
    files.examine(sent.id)
    with cases.system() as session:
        row = rows.get(session, evidence_id=sent.id)
    assert (row.state, row.photo) == (State.READY, None)


def test_examined_twice_says_the_same(files: Files) -> None:
    row, _ = examined(files, portrait((300, 400)))
    assert files.examine(row.id)
    with files.cases.system() as session:
        assert rows.get(session, evidence_id=row.id).photo == [Fault.TOO_SMALL]
