"""The photo of an application: what its sender is told, and what the officer sees and ticks."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from contact.domain.licensing.photo import QUESTION
from contact.gateways.evidence.vault import Vault
from contact.services import evidence
from contact.services.evidence import ContactOwner
from contact.settings import Settings
from contact.store import models
from tests.support.cases import Cases
from tests.support.clients import Clock, StrictClient
from tests.support.evidence import Files as Sender
from tests.support.evidence import in_chunks, picture, portrait
from tests.support.licensing import Applied
from tests.web.evidence.conftest import open_files
from tests.web.licensing.conftest import Desk, address

NOT_LOOKED = "Photo not yet looked at"


@pytest.fixture
def sender(cases: Cases, settings: Settings, clock: Clock) -> Sender:
    """Sends files behind the pages, and examines them as the worker does."""
    return Sender(cases, Vault.from_settings(settings), clock.now)


def _with_photo(sender: Sender, applied: Applied, data: bytes) -> UUID:
    owner = ContactOwner(applied.contact_id)
    upload = sender.begin(owner, applied.applicant, size=len(data))
    sender.receive(upload.id, owner, applied.applicant, in_chunks(data))
    with sender.cases.system.begin() as session:
        session.get_one(models.Evidence, upload.id).question_id = QUESTION
    sender.examine(upload.id)
    return upload.id


def test_the_officer_sees_it_cut_and_that_nobody_has_looked(
    officer: Callable[..., Desk], applied: Applied, sender: Sender, cases: Cases
) -> None:
    photo_id, desk = _with_photo(sender, applied, portrait()), officer()
    page = desk.page(applied)
    assert "Size, shape, light and sharpness pass" in page
    assert "cut to 35 × 45 mm" in page
    assert NOT_LOOKED in page
    picture = desk.client.get(f"{address(applied)}/files/{photo_id}/view")
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    assert "evidence_opened" in cases.events(applied.contact_id)


def test_a_photo_of_a_cat_is_no_machines_to_refuse_and_goes_to_an_officer(
    officer: Callable[..., Desk], applied: Applied, sender: Sender, cases: Cases
) -> None:
    photo_id, desk = _with_photo(sender, applied, picture((1200, 1600))), officer()
    (kept,) = (each for each in cases.rows(models.Evidence, applied.contact_id) if each.id == photo_id)
    assert (kept.state, kept.photo) == ("ready", []), "right in size and light, and nobody's face"
    page = desk.page(applied)
    assert "Size, shape, light and sharpness pass" in page
    assert NOT_LOOKED in page
    assert desk.send(applied, "step", event="validate") == 303
    assert desk.send(applied, "step", event="begin_checks") == 303
    assert desk.send(applied, "checks/photo", state="concern", result="It shows a cat") == 303
    assert "It shows a cat" in desk.page(applied)


def test_the_officer_ticks_that_it_shows_the_applicant(
    officer: Callable[..., Desk], applied: Applied, sender: Sender
) -> None:
    _with_photo(sender, applied, portrait())
    desk = officer()
    assert desk.send(applied, "step", event="validate") == 303
    assert desk.send(applied, "step", event="begin_checks") == 303
    assert NOT_LOOKED in desk.page(applied)
    assert desk.send(applied, "checks/photo", state="no_concern") == 303
    assert NOT_LOOKED not in desk.page(applied)


def test_the_officer_reads_what_is_wrong_with_it(
    officer: Callable[..., Desk], applied: Applied, sender: Sender
) -> None:
    _with_photo(sender, applied, portrait((400, 300), blur=8))
    page = officer().page(applied)
    assert "Wrong shape, so it is shown uncut, too small, not sharp" in page
    assert "cut to 35 × 45 mm" not in page


def test_an_application_without_a_photo_says_so(officer: Callable[..., Desk], applied: Applied) -> None:
    assert "No photo was sent with the application" in officer().page(applied)


@pytest.mark.parametrize(
    ("faults", "told"),
    [
        ([], "A person will look whether it shows your face."),
        (["too_small"], "The photo is too small."),
        (["wrong_shape", "not_sharp"], "The photo has the wrong shape."),
        (["too_dark"], "It will come back if no better photo comes."),
        (["not_a_picture"], "This is not a photo."),
        (["too_light"], "The photo is too bright."),
        (["plain"], "We can see nothing in the photo."),
    ],
)
def test_the_applicant_is_told_beside_the_file(
    client: StrictClient, sender: Sender, faults: list[str], told: str
) -> None:
    files, data = open_files(client), portrait((300, 400))
    url = files.begin(size=len(data)).get_json()["url"]
    files.piece(url, data)
    photo_id = UUID(url.rsplit("/", 1)[1])
    sender.examine(photo_id)
    assert told not in files.html()
    with sender.cases.system.begin() as session:
        session.get_one(models.Evidence, photo_id).photo = faults
    assert told in files.html()


def test_a_picture_that_came_later_is_measured_for_the_officer_and_left_as_it_is(
    officer: Callable[..., Desk], applied: Applied, sender: Sender, cases: Cases
) -> None:
    data, owner = portrait((300, 400)), ContactOwner(applied.contact_id)
    upload = sender.begin(owner, applied.applicant, size=len(data))
    sender.receive(upload.id, owner, applied.applicant, in_chunks(data))
    sender.examine(upload.id)
    page = officer().page(applied)
    assert "A picture sent later, if it is the photo:" in page
    assert "Too small" in page
    assert "cut to 35 × 45 mm" not in page
    with cases.acting(applied.applicant) as session:
        (seen,) = evidence.list_files(session, owner=owner, now=sender.now)
    assert seen.photo is None, "a picture of a cabinet is not called a bad photo to its sender"


def test_a_later_picture_of_a_report_is_no_photo(cases: Cases, sender: Sender) -> None:
    report = cases.report()
    data, owner, actor = portrait((300, 400)), ContactOwner(report.contact_id), cases.citizen(report.contact_id)
    upload = sender.begin(owner, actor, size=len(data))
    sender.receive(upload.id, owner, actor, in_chunks(data))
    sender.examine(upload.id)
    assert cases.rows(models.Evidence, report.contact_id)[0].photo is None
