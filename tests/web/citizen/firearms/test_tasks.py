"""The checklist of an application, and the form that must be posted: no declaration, no sending, a PDF to sign."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

import forms
from contact.services import routing
from contact.store import forces
from tests.support.answers import complete
from tests.support.clients import Clock, StrictClient
from tests.support.html_checks import text_of
from tests.web.citizen.journeys import begin, carry_on, fill, page_boxes, send_report

FORM = "firearms-certificate"
_APPROVE = """
INSERT INTO licensing_settings (force_id, approval_instrument, approval_reference, approval_date, approved_by,
                                collect_at, two_person_above_pence)
SELECT id, 'Invented', '1', '2026-01-01', 'Nobody', 'decision', 20000 FROM forces
ON CONFLICT (force_id) DO UPDATE SET approval_instrument = 'Invented', approval_reference = '1',
  approval_date = '2026-01-01', approved_by = 'Nobody'"""
_WITHDRAW = """
UPDATE licensing_settings SET approval_instrument = NULL, approval_reference = NULL, approval_date = NULL,
  approved_by = NULL"""


@pytest.fixture(autouse=True)
def approved(system: sessionmaker[Session], two_forces: tuple[str, str]) -> None:
    """Every force takes applications online: also the one of the address, where another test made it known."""
    with system.begin() as session:
        session.execute(sa.text(_APPROVE))


@pytest.fixture
def by_post(system: sessionmaker[Session], approved: None) -> Iterator[None]:
    """No force takes an application online, for this test."""
    with system.begin() as session:
        session.execute(sa.text(_WITHDRAW))
    yield
    with system.begin() as session:
        session.execute(sa.text(_APPROVE))


def statuses(client: StrictClient, draft: str) -> dict[str, str]:
    """Each part of the checklist and how it stands."""
    items = [
        item
        for item in client.tree(f"{draft}/tasks").iter("li")
        if "govuk-task-list__item" in (item.get("class") or "").split()
    ]
    return {text_of(item[0]): text_of(item[1]) for item in items}


def test_parts_open_one_after_the_other_and_the_last_is_to_send(client: StrictClient) -> None:
    draft = begin(client, FORM, "?force=northshire")
    before = statuses(client, draft)
    assert list(before.values())[:2] == ["Not yet started", "Cannot start yet"]
    assert before["Check your answers and send"] == "Cannot start yet"
    check = fill(client, draft, FORM)
    after = statuses(client, draft)
    assert set(list(after.values())[:-1]) == {"Completed"}
    assert client.get(check).status_code == 200


def test_a_part_without_a_must_is_done_when_somebody_was_there(
    client: StrictClient, system: sessionmaker[Session]
) -> None:
    """The photo may come later, but nobody passes its page by."""
    draft = begin(client, FORM, "?force=northshire")
    answers = complete(forms.load_all()[FORM], {}, now=dt.datetime.now(dt.UTC))
    with system.begin() as session:
        query = sa.text("UPDATE drafts SET answers = CAST(:answers AS jsonb) WHERE id = :id")
        session.execute(query, {"answers": json.dumps(answers), "id": draft.rsplit("/", 1)[1]})
    parts = statuses(client, draft)
    assert (parts["Your photo"], parts["Sign"]) == ("Not yet started", "Completed")
    assert parts["Check your answers and send"] == "Cannot start yet"
    assert carry_on(client, f"{draft}/tasks") == f"{draft}/photo"
    assert client.send(f"{draft}/photo", {"go": "on"}).status_code == 303
    assert statuses(client, draft)["Your photo"] == "Completed"
    assert carry_on(client, f"{draft}/tasks") == f"{draft}/check"


def test_what_stands_before_the_questions_of_a_part_is_read_first(
    client: StrictClient, system: sessionmaker[Session]
) -> None:
    draft = begin(client, FORM, "?force=northshire")
    answers = complete(forms.load_all()[FORM], {}, now=dt.datetime.now(dt.UTC))
    with system.begin() as session:
        query = sa.text("UPDATE drafts SET answers = CAST(:answers AS jsonb) WHERE id = :id")
        given = {name: answers[name] for name in answers if name != "referees"}
        session.execute(query, {"answers": json.dumps(given), "id": draft.rsplit("/", 1)[1]})
    assert carry_on(client, f"{draft}/tasks") == f"{draft}/about-referees"


def test_it_is_shown_after_each_part_and_on_coming_back(client: StrictClient) -> None:
    draft = begin(client, "firearms-change", "?force=northshire")
    fill(client, draft, "firearms-change")
    assert client.get(f"{draft}/nowhere").status_code == 404
    words = text_of(client.tree(f"{draft}/tasks"))
    assert "You have finished" in words
    saved = client.send(f"{draft}/tasks", {}).get_data(as_text=True)
    assert "four words" in saved


def test_other_forms_have_none(client: StrictClient) -> None:
    draft = begin(client, "theft")
    assert "/tasks" not in client.get(f"{draft}/tasks").headers["Location"]


def test_an_application_waits_ninety_days_from_the_last_change(
    client: StrictClient, clock: Clock, system: sessionmaker[Session]
) -> None:
    draft = begin(client, FORM, "?force=northshire")
    with system() as session:
        query = sa.text("SELECT expires_at FROM drafts WHERE id = :id")
        until = session.scalar(query, {"id": draft.rsplit("/", 1)[1]})
    assert until == clock.now + dt.timedelta(days=90)
    clock.advance(dt.timedelta(days=89))
    other = begin(client, "theft")
    with system() as session:
        assert session.scalar(query, {"id": other.rsplit("/", 1)[1]}) == clock.now + dt.timedelta(days=28)


def test_an_application_is_sent_where_the_force_approved_it(client: StrictClient) -> None:
    assert send_report(client, FORM).endswith("/sent")


@pytest.mark.usefixtures("by_post")
def test_a_force_that_takes_none_online_says_so_first(client: StrictClient) -> None:
    first = client.get(f"/report/{FORM}/before-you-start?force=northshire").get_data(as_text=True)
    assert "does not take this form online yet" in first
    open_question = client.get(f"/report/{FORM}/before-you-start").get_data(as_text=True)
    assert "Some police forces do not take this form online yet" in open_question
    notice = client.get("/report/firearms-change/before-you-start?force=northshire").get_data(as_text=True)
    assert "does not take this form online" not in notice


@pytest.mark.usefixtures("by_post")
def test_no_declaration_is_taken_and_the_form_is_a_pdf_to_sign(
    client: StrictClient, system: sessionmaker[Session]
) -> None:
    draft = begin(client, FORM, "?force=northshire")
    assert fill(client, draft, FORM) == f"{draft}/paper"
    parts = statuses(client, draft)
    assert "Sign" not in parts
    assert parts["Print, sign and post it"] == "Not yet started"
    for page in ("declaration", "signature"):
        assert client.get(f"{draft}/{page}").headers["Location"] == f"{draft}/tasks"
    assert client.get(f"{draft}/check").headers["Location"] == f"{draft}/tasks"
    page = client.get(f"{draft}/paper").get_data(as_text=True)
    assert "Nothing has been sent to the police" in page
    for language in ("en", "cy"):
        pdf = client.get(f"{draft}/paper/{language}/form.pdf")
        assert pdf.data.startswith(b"%PDF")
        assert "no-store" in pdf.headers["Cache-Control"]
    with system() as session:
        query = sa.text("SELECT contact_id FROM drafts WHERE id = :id")
        assert session.scalar(query, {"id": draft.rsplit("/", 1)[1]}) is None


def test_where_it_may_be_sent_there_is_no_form_to_post(client: StrictClient) -> None:
    draft = begin(client, FORM, "?force=northshire")
    assert client.get(f"{draft}/paper").headers["Location"] == f"{draft}/tasks"


@pytest.fixture
def border(
    system: sessionmaker[Session], two_forces: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, str]]:
    """Every home is on the border of two forces, of which the first takes applications online and the second none."""
    _, south = two_forces
    monkeypatch.setattr(routing, "forces_at", lambda session, *, postcode: routing.standing(session, two_forces))
    with system.begin() as session:
        session.execute(sa.text(f"{_WITHDRAW} WHERE force_id = :force"), {"force": south})
    yield two_forces
    with system.begin() as session:
        session.execute(sa.text(_APPROVE))


def filled_to_the_force(client: StrictClient, form_id: str = FORM) -> str:
    """A draft whose parts are done but for the force and the signature; answers its address."""
    draft = begin(client, form_id)
    assert fill(client, draft, form_id).endswith("/police-force")
    return draft


@pytest.mark.usefixtures("border")
@pytest.mark.parametrize("form_id", [FORM, "firearms-variation", "firearms-dealer"])
def test_nothing_is_signed_while_the_force_is_unknown(client: StrictClient, form_id: str) -> None:
    """Practice 24: the approval that opens the declaration is a force's, and here nobody knows which."""
    draft = filled_to_the_force(client, form_id)
    assert statuses(client, draft)["Your police force"] == "Not yet started"
    assert statuses(client, draft)["Sign"] == "Cannot start yet"
    for page in ("declaration", "signature"):
        assert client.get(f"{draft}/{page}").headers["Location"] == f"{draft}/tasks"
        assert (
            client.send(f"{draft}/{page}", {"go": "on"}, page=f"{draft}/tasks").headers["Location"].endswith("/tasks")
        )
    for address in (f"{draft}/check", f"{draft}/paper"):
        assert client.get(address).headers["Location"] == f"{draft}/tasks"


@pytest.mark.usefixtures("border")
def test_a_force_that_was_not_offered_is_not_chosen(client: StrictClient) -> None:
    draft = filled_to_the_force(client)
    for boxes in ({}, {"force": "btp"}):
        page = client.send(f"{draft}/police-force", boxes).get_data(as_text=True)
        assert "Choose a police force" in page
        assert "There is a problem" in page


def test_the_force_chosen_decides_whether_it_is_signed_or_posted(client: StrictClient, border: tuple[str, str]) -> None:
    online, on_paper = border
    draft = filled_to_the_force(client)
    assert client.send(f"{draft}/police-force", {"force": on_paper}).headers["Location"] == f"{draft}/tasks"
    parts = statuses(client, draft)
    assert "Sign" not in parts
    assert parts["Your police force"] == "Completed"
    assert client.get(f"{draft}/declaration").headers["Location"] == f"{draft}/tasks"
    assert client.get(f"{draft}/paper").status_code == 200
    client.send(f"{draft}/police-force", {"force": online})
    assert statuses(client, draft)["Sign"] == "Not yet started"
    assert client.get(f"{draft}/declaration").status_code == 200


def test_a_signed_form_whose_force_becomes_unknown_is_not_sent(
    client: StrictClient, border: tuple[str, str], system: sessionmaker[Session]
) -> None:
    draft = filled_to_the_force(client)
    client.send(f"{draft}/police-force", {"force": border[0]})
    form = forms.load_all()[FORM]
    for page in [each for each in form.pages if each.section_id == "declaration" and each.when is None]:
        client.send(f"{draft}/{page.id}", page_boxes(form, page.id, {}))
    check = f"{draft}/check"
    assert client.get(check).status_code == 200
    refused = client.send(check, {"go": "send", "force": border[1]})
    assert refused.headers["Location"] == f"{draft}/tasks"
    with system() as session:
        query = sa.text("SELECT contact_id, force_id FROM drafts WHERE id = :id")
        assert session.execute(query, {"id": draft.rsplit("/", 1)[1]}).one() == (None, border[1])


@pytest.mark.usefixtures("border")
def test_a_notice_needs_no_force_before_it_is_signed(client: StrictClient) -> None:
    draft = begin(client, "firearms-change")
    assert fill(client, draft, "firearms-change").endswith("/check")


@pytest.fixture
def railway(system: sessionmaker[Session]) -> Iterator[str]:
    """The railway's police, known for this test alone. Answers its name."""
    name = "British Transport Police"
    row = {"id": "btp", "name": name, "name_cy": None, "ons_code": None, "hours": dict[str, object]()}
    with system.begin() as session:
        # Another test may have loaded every force of the country for good: then it is theirs and stays.
        known = session.scalar(sa.text("SELECT count(*) FROM forces WHERE id = 'btp'"))
        forces.load_reference(
            session, forces=[{**row, "territorial": False, "welsh": False, "nation": "england-and-wales"}]
        )
    yield name
    if known:
        return
    with system.begin() as session:
        session.execute(sa.text("DELETE FROM licensing_settings WHERE force_id = 'btp'"))
        session.execute(sa.text("DELETE FROM forces WHERE id = 'btp'"))


@pytest.mark.usefixtures("border")
def test_a_home_at_the_station_is_no_matter_for_the_railway(client: StrictClient, railway: str) -> None:
    draft = begin(client, FORM)
    home = {"line1": "Old Railway Station", "town": "Dorchester", "postcode": "DT1 1AA"}
    assert fill(client, draft, FORM, homeAddress=home).endswith("/police-force")
    page = client.get(f"{draft}/police-force").get_data(as_text=True)
    assert railway not in page
    assert "Northshire Police" in page


def test_another_law_holds_in_northern_ireland(
    client: StrictClient, system: sessionmaker[Session], border: tuple[str, str]
) -> None:
    """Domain 3.1: forms, ages and fees differ there, so nothing is signed, sent or printed."""
    draft = begin(client, FORM, f"?force={border[1]}")
    answers = complete(forms.load_all()[FORM], {}, now=dt.datetime.now(dt.UTC))
    nation = sa.text("UPDATE forces SET nation = :nation WHERE id = :force")
    with system.begin() as session:
        query = sa.text("UPDATE drafts SET answers = CAST(:answers AS jsonb) WHERE id = :id")
        session.execute(query, {"answers": json.dumps(answers), "id": draft.rsplit("/", 1)[1]})
        session.execute(nation, {"nation": "northern-ireland", "force": border[1]})
    try:
        assert "This form is not for Northern Ireland." in text_of(client.tree(f"{draft}/tasks"))
        parts = statuses(client, draft)
        assert "Sign" not in parts
        assert parts["Check your answers and send"] == "Cannot start yet"
        for page in ("declaration", "signature", "check", "paper"):
            assert client.get(f"{draft}/{page}").headers["Location"] == f"{draft}/tasks"
    finally:
        with system.begin() as session:
            session.execute(nation, {"nation": "england-and-wales", "force": border[1]})


def test_before_an_application_it_is_said_that_licensing_alone_reads_it(client: StrictClient) -> None:
    """Practice 29; what a report says of crimes is said of no application."""
    page = client.get("/report/firearms-certificate/before-you-start").get_data(as_text=True)
    assert "The firearms licensing team of the force" in page
    assert "look into the crime" not in page
    assert "look into the crime" in client.get("/report/theft/before-you-start").get_data(as_text=True)
