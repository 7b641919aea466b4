"""The checklist of a visit on a phone: kept half filled in, with photos that the licensing team alone sees."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import pytest

from contact.domain.access import Role
from contact.domain.licensing.visits import LookedAt
from contact.services import evidence
from contact.services.evidence import ContactOwner
from contact.services.licensing import visits
from contact.store import models
from tests.support.cases import Cases
from tests.support.clients import Clock
from tests.support.evidence import picture
from tests.support.licensing import Applied
from tests.web.licensing.conftest import Desk, address
from tests.web.licensing.test_application import state_of
from tests.web.licensing.test_deeds import book


@pytest.fixture
def desk(officer: Callable[..., Desk], applied: Applied, cases: Cases, clock: Clock) -> Desk:
    """An officer on the way to a visit that is booked."""
    made = officer()
    book(made, applied, cases, clock)
    return made


def add(desk: Desk, applied: Applied, content: bytes, name: str = "cabinet.jpg") -> str:
    """Send one photo; the page after it, in words."""
    page = f"{address(applied)}/visit/photos"
    sent = desk.client.send(page, {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")
    assert sent.status_code == 303
    return desk.client.get(sent.headers["Location"]).get_data(as_text=True)


def test_a_photo_is_kept_with_who_took_it_and_the_applicant_never_sees_it(
    desk: Desk, applied: Applied, cases: Cases, clock: Clock
) -> None:
    page = add(desk, applied, picture())
    assert "cabinet.jpg" in page
    assert "taken on a visit" in page
    row = cases.rows(models.Evidence, applied.contact_id)[0]
    assert (row.question_id, row.added_by, row.state) == ("visit", desk.person.id, "received")
    assert cases.event(applied.contact_id, "evidence_received")["kind"] == "jpeg"
    with cases.acting(applied.applicant) as session:
        owner = ContactOwner(applied.contact_id)
        assert evidence.list_files(session, owner=owner, now=clock.now) == []
        assert session.query(models.Evidence).filter_by(contact_id=applied.contact_id).count() == 0
    for role in (Role.CALL_HANDLER, Role.SUPERVISOR, Role.FINANCE_OFFICER):
        with cases.acting(cases.agent(role).actor) as session:
            assert session.query(models.Evidence).filter_by(contact_id=applied.contact_id).count() == 0
    assert "cabinet.jpg" in desk.page(applied)
    assert "cabinet.jpg" in desk.client.get(f"{address(applied)}/visit").get_data(as_text=True)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "", "Choose a file first"),
        (b"", "a.jpg", "There is nothing in this file"),
        (b"MZ\0\0run me", "a.jpg", "We cannot open"),
    ],
)
def test_what_is_no_photo_is_refused_in_plain_words(
    desk: Desk, applied: Applied, content: bytes, name: str, words: str
) -> None:
    assert words in add(desk, applied, content, name)


def test_the_checklist_waits_while_photos_are_taken_and_nothing_is_recorded_before_it_is_whole(
    desk: Desk, applied: Applied, cases: Cases
) -> None:
    page = f"{address(applied)}/visit"
    half = {"identity": "in_order", "keys": "not_in_order", "notes": "A spare on the hook"}
    gone = desk.client.send(page, {**half, "act": "photos"})
    assert (gone.status_code, gone.headers["Location"]) == (303, f"{page}/photos")
    add(desk, applied, picture())
    shown = desk.client.get(page).get_data(as_text=True)
    assert "A spare on the hook" in shown
    assert 'id="keys-2" name="keys" value="not_in_order" checked' in shown
    kept = desk.client.send(page, {**half, "notes": "Two spares", "act": "keep"})
    assert "Kept. Nothing is recorded" in desk.client.get(kept.headers["Location"]).get_data(as_text=True)
    assert (state_of(cases, applied), cases.rows(models.VisitReport, applied.contact_id)) == ("visit_booked", [])
    found = {point.value: "in_order" for point in LookedAt}
    assert desk.client.send(page, found).status_code == 303
    assert cases.rows(models.VisitDraft, applied.contact_id) == []
    assert state_of(cases, applied) == "visited"


def test_there_is_no_place_for_photos_without_a_visit(officer: Callable[..., Desk], applied: Applied) -> None:
    answer = officer().client.get(f"{address(applied)}/visit/photos")
    assert answer.status_code == 302


def test_an_applicant_reads_no_half_filled_checklist(desk: Desk, applied: Applied, cases: Cases, clock: Clock) -> None:
    with cases.acting(desk.person.actor) as session:
        visits.keep_notes(
            session, contact_id=applied.contact_id, agent_id=desk.person.id, checklist={"keys": "in_order"},
            notes="Nervous", now=clock.now + dt.timedelta(minutes=1),
        )  # fmt: skip
    with cases.acting(applied.applicant) as session:
        assert session.query(models.VisitDraft).count() == 0
    with cases.acting(cases.agent(Role.CALL_HANDLER).actor) as session:
        assert session.query(models.VisitDraft).count() == 0
