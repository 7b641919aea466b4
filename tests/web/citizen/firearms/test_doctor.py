"""A practice's link: opened once, the report straight to licensing, nothing of it on the applicant's pages."""

from __future__ import annotations

import datetime as dt
import io
import secrets

import pytest

from contact.domain.access import Role
from contact.domain.errors import MoveNotAllowed
from contact.domain.licensing.outsiders import GmcStanding, ReportGiven, ReportStanding, report_standing
from contact.services import evidence, evidence_links
from contact.services.evidence import ContactOwner
from contact.services.keys import Keys
from contact.services.licensing import medical
from contact.services.licensing.medical import MedicalView
from contact.settings import Settings
from contact.store import evidence as store
from contact.store import models
from contact.store.identifiers import new_id
from tests.support.cases import Cases, Person
from tests.support.clients import Clock, StrictClient
from tests.support.licensing import Applied
from tests.web.citizen.firearms.conftest import Outside

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def ask(cases: Cases, applied: Applied, settings: Settings, clock: Clock, outside: Outside) -> tuple[str, Person]:
    """An officer asks the practice; answers the link's path and the officer."""
    officer = cases.agent(Role.LICENSING_OFFICER, force=applied.force_id)
    with cases.acting(officer.actor) as session:
        medical.ask_practice(
            session,
            contact_id=applied.contact_id,
            practice="Mill Road Surgery",
            address="manager@millroad.example",
            found_where="NHS list of practices",
            born=None,
            actor=officer.actor,
            keys=Keys.from_settings(settings),
            now=clock.now,
        )
    return outside.post()[-1], officer


def standing(cases: Cases, officer: Person, applied: Applied) -> MedicalView:
    """What the officer sees."""
    with cases.acting(officer.actor) as session:
        return medical.for_officer(session, contact_id=applied.contact_id)


def open_link(client: StrictClient, link: str) -> str:
    """Open it; answers the page it leads to."""
    page: str = client.send(link).headers["Location"]
    return page


def test_the_link_names_no_patient_and_opens_once(
    client: StrictClient, cases: Cases, applied: Applied, settings: Settings, clock: Clock, outside: Outside
) -> None:
    link, _ = ask(cases, applied, settings, clock, outside)
    assert "Tregear" not in client.get(link).get_data(as_text=True)
    assert "Tregear" not in outside.mails[-1].get_content()
    page = open_link(client, link)
    shown = client.get(page).get_data(as_text=True)
    assert "Rowan Tregear" in shown
    assert "intimate" not in shown
    other = client.application.test_client()
    assert isinstance(other, StrictClient)
    assert other.send(link).status_code == 410
    assert other.get(page).status_code == 403


def test_the_report_comes_straight_to_licensing_and_shows_nowhere_else(
    client: StrictClient, cases: Cases, applied: Applied, settings: Settings, clock: Clock, outside: Outside
) -> None:
    link, officer = ask(cases, applied, settings, clock, outside)
    page = open_link(client, link)
    said = {"given": "uploaded", "doctor": "Dr Amara Hughes", "gmc": "700 0001"}
    assert "Add the report first" in client.send(page, said).get_data(as_text=True)
    file = {"csrf_token": client.token(page), "file": (io.BytesIO(PDF), "report.pdf")}
    assert client.post(f"{page}/files", data=file).status_code == 303
    assert client.send(page, said).status_code == 303
    view = standing(cases, officer, applied)
    assert view.standing is ReportStanding.FROM_PRACTICE
    assert (view.requests[0].doctor, view.requests[0].gmc_number) == ("Dr Amara Hughes", "7000001")
    with cases.acting(applied.applicant) as session:
        mine = evidence.list_files(session, owner=ContactOwner(applied.contact_id), now=clock.now)
    assert mine == []
    assert cases.rows(models.Message, applied.contact_id) == []


@pytest.mark.parametrize("opened_before", [True, False])
def test_an_applicant_who_stops_online_access_does_not_cut_the_practice_off(
    client: StrictClient,
    cases: Cases,
    applied: Applied,
    settings: Settings,
    clock: Clock,
    outside: Outside,
    opened_before: bool,
) -> None:
    """Practice 25: the report comes straight to us; the applicant's own links end at once (practice 5)."""
    link, officer = ask(cases, applied, settings, clock, outside)
    page = open_link(client, link) if opened_before else ""
    cases.change(applied.contact_id, online_access_stopped_at=clock.now)
    page = page or open_link(client, link)
    file = {"csrf_token": client.token(page), "file": (io.BytesIO(PDF), "report.pdf")}
    assert client.post(f"{page}/files", data=file).status_code == 303
    assert client.send(page, {"given": "uploaded", "doctor": "Dr Amara Hughes", "gmc": "7000001"}).status_code == 303
    assert standing(cases, officer, applied).standing is ReportStanding.FROM_PRACTICE


def test_an_applicants_own_link_ends_with_online_access(
    client: StrictClient, cases: Cases, applied: Applied, clock: Clock
) -> None:
    officer = cases.agent(Role.LICENSING_OFFICER, force=applied.force_id)
    token = secrets.token_urlsafe(24)
    with cases.acting(officer.actor) as session:
        store.add_link(
            session, link_id=new_id(), contact_id=applied.contact_id, token_hash=evidence_links.token_hash(token),
            made_by=officer.id, now=clock.now, expires_at=clock.now + evidence_links.LASTS,
        )  # fmt: skip
    cases.change(applied.contact_id, online_access_stopped_at=clock.now)
    assert client.send(f"/files/{token}", page="/progress").status_code == 410


def test_a_report_from_the_applicant_is_unverified_until_the_practice_says_it_is_theirs() -> None:
    rule = report_standing
    assert rule(from_applicant=True, from_practice=False, told=None) is ReportStanding.UNVERIFIED
    given = ReportGiven.GIVEN_TO_PATIENT
    assert rule(from_applicant=True, from_practice=False, told=given) is ReportStanding.CONFIRMED
    assert rule(from_applicant=True, from_practice=False, told=ReportGiven.NOT_PATIENT) is ReportStanding.UNVERIFIED
    assert rule(from_applicant=False, from_practice=False, told=given) is ReportStanding.NONE
    assert rule(from_applicant=True, from_practice=True, told=None) is ReportStanding.FROM_PRACTICE


def test_what_the_practice_leaves_out_is_said_beside_the_box(
    client: StrictClient, cases: Cases, applied: Applied, settings: Settings, clock: Clock, outside: Outside
) -> None:
    page = open_link(client, ask(cases, applied, settings, clock, outside)[0])
    words = client.send(page, {"given": "given_to_patient", "doctor": "", "gmc": "12"}).get_data(as_text=True)
    assert "Enter the name of the doctor" in words
    assert "It has 7 digits" in words
    assert client.send(page, {"given": "not_patient", "doctor": "", "gmc": ""}).status_code == 303


def test_an_officer_records_the_number_and_a_new_number_starts_anew(
    client: StrictClient, cases: Cases, applied: Applied, settings: Settings, clock: Clock, outside: Outside
) -> None:
    link, officer = ask(cases, applied, settings, clock, outside)
    page = open_link(client, link)
    client.send(page, {"given": "given_to_patient", "doctor": "Dr Amara Hughes", "gmc": "7000001"})
    request = standing(cases, officer, applied).requests[0]
    with cases.acting(officer.actor) as session:
        medical.note_gmc_check(
            session, request_id=request.id, actor=officer.actor, standing=GmcStanding.IN_ORDER, now=clock.now
        )
    assert standing(cases, officer, applied).requests[0].gmc_standing is GmcStanding.IN_ORDER
    client.send(page, {"given": "given_to_patient", "doctor": "Dr Amara Hughes", "gmc": "7000002"})
    assert standing(cases, officer, applied).requests[0].gmc_standing is None


def decide(cases: Cases, applied: Applied, state: str = "refused") -> None:
    with cases.system.begin() as session:
        session.query(models.Application).filter_by(contact_id=applied.contact_id).update({"state": state})


def test_once_it_is_decided_nothing_is_asked_any_more_and_a_worry_still_reaches_licensing(
    client: StrictClient, cases: Cases, applied: Applied, settings: Settings, clock: Clock, outside: Outside
) -> None:
    link, officer = ask(cases, applied, settings, clock, outside)
    page = open_link(client, link)
    said = {"given": "not_written", "doctor": "", "gmc": ""}
    token = client.token(page)
    decide(cases, applied)
    for asked in (link, page):
        shown = client.get(asked)
        assert shown.status_code == 200
        assert "We no longer need the report" in shown.get_data(as_text=True)
        assert "Tregear" not in shown.get_data(as_text=True)
    assert client.post(page, data={**said, "csrf_token": token}).status_code == 410
    file = {"csrf_token": token, "file": (io.BytesIO(PDF), "report.pdf")}
    assert client.post(f"{page}/files", data=file).status_code >= 400
    assert standing(cases, officer, applied).requests[0].report_given is None
    assert "Write what worries you" in client.send(f"{link}/concern", {"body": ""}).get_data(as_text=True)
    assert client.send(f"{link}/concern", {"body": "He has begun to drink again"}).status_code == 303
    (concern,) = standing(cases, officer, applied).concerns
    assert concern.body == "He has begun to drink again"
    assert cases.rows(models.Application, applied.contact_id)[0].unread
    assert "practice_concerned" in cases.events(applied.contact_id)


def test_danger_that_a_practice_writes_of_reaches_the_control_room(
    client: StrictClient, cases: Cases, applied: Applied, settings: Settings, clock: Clock, outside: Outside
) -> None:
    link, _ = ask(cases, applied, settings, clock, outside)
    sent = client.send(f"{link}/concern", {"body": "He said he will kill his wife tonight with the shotgun"})
    assert "danger=1" in sent.headers["Location"]
    with cases.system() as session:
        beside = session.query(models.Contact).filter_by(force_id=applied.force_id, desk="control_room").all()
    (made,) = [each for each in beside if "doctor's practice" in (cases.rows(models.Message, each.id)[0].body)]
    assert made.state != "with_licensing"


def test_a_link_that_never_was_has_ended(client: StrictClient) -> None:
    assert client.get("/firearms/doctor/nothing").status_code == 410
    assert client.get("/firearms/doctor/nothing/concern").status_code == 410


def test_a_link_that_is_too_old_opens_nothing_and_still_takes_a_worry(
    client: StrictClient, cases: Cases, applied: Applied, settings: Settings, clock: Clock, outside: Outside
) -> None:
    link, officer = ask(cases, applied, settings, clock, outside)
    clock.advance(medical.LASTS + dt.timedelta(days=1))
    assert "Tregear" not in client.get(link).get_data(as_text=True)
    late = client.send(link)
    assert late.status_code == 410
    assert "Tregear" not in late.get_data(as_text=True)
    assert standing(cases, officer, applied).standing is ReportStanding.NONE
    assert client.send(f"{link}/concern", {"body": "He seems unwell"}).status_code == 303
    assert [each.body for each in standing(cases, officer, applied).concerns] == ["He seems unwell"]


def test_nobody_is_asked_once_it_is_decided(
    cases: Cases, applied: Applied, settings: Settings, clock: Clock, outside: Outside
) -> None:
    decide(cases, applied, "withdrawn")
    with pytest.raises(MoveNotAllowed):
        ask(cases, applied, settings, clock, outside)
