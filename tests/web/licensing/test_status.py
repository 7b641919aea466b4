"""The applicant's own page: plain words, what is asked of them, their visit, and asking to withdraw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask

from contact.domain.errors import MoveNotAllowed
from contact.domain.licensing.application_states import ApplicationState
from contact.services import conversations
from contact.services.keys import Keys
from contact.services.licensing import status, visits
from contact.store import models
from contact.store.applications import get
from contact.web.citizen.application_page import state_in_words, tag
from tests.support.cases import Cases
from tests.support.clients import Clock, StrictClient
from tests.support.licensing import Applied, apply
from tests.web.licensing.conftest import Desk


@pytest.fixture
def applied(cases: Cases, clock: Clock, keys_of_app: Keys) -> Applied:
    """A renewal, just sent, with the application's own keys."""
    return apply(cases, now=clock.now, keys=keys_of_app)


def signed_in(client: StrictClient, applied: Applied) -> StrictClient:
    """The applicant, who gave reference and words."""
    sent = client.send("/progress", {"reference": applied.reference, "words": applied.words})
    assert sent.status_code == 303
    assert client.get(sent.headers["Location"]).headers["Location"] == f"/application/{applied.reference}"
    return client


def test_progress_leads_an_applicant_to_their_own_page(client: StrictClient, applied: Applied) -> None:
    page = signed_in(client, applied).get(f"/application/{applied.reference}").get_data(as_text=True)
    assert "Your shotgun certificate renewal" in page
    assert "Received" in page
    for word in ("SG-2041", "Mill Lane", "referee", "check", "Jo Carter"):
        assert word not in page.replace("doctors and referees do not change", "").replace("Check for new", "")


def test_in_time_is_said_back_plainly(client: StrictClient, applied: Applied) -> None:
    rows = [
        " ".join(node.itertext()).split()
        for node in signed_in(client, applied).tree(f"/application/{applied.reference}").iter("div")
        if "govuk-summary-list__row" in (node.get("class") or "")
    ]
    assert ["In", "time", "Yes"] in rows


def test_nobody_else_opens_it(client: StrictClient, applied: Applied) -> None:
    for part in ("", "/visit", "/withdraw", "/visit/appointment.ics"):
        assert client.get(f"/application/{applied.reference}{part}").status_code == 403


def test_a_report_of_another_kind_has_no_such_page(
    client: StrictClient, cases: Cases, clock: Clock, keys_of_app: Keys
) -> None:
    report = cases.report(now=clock.now, keys=keys_of_app)
    client.send("/progress", {"reference": report.reference, "words": report.access_words})
    assert client.get(f"/application/{report.reference}").status_code == 404


@pytest.mark.parametrize("state", list(ApplicationState))
def test_each_state_is_told_in_plain_words_and_none_betrays_what_others_were_asked(
    app: Flask, applied: Applied, cases: Cases, clock: Clock, state: ApplicationState
) -> None:
    with cases.system.begin() as session:
        get(session, contact_id=applied.contact_id).state = state.value
    with cases.acting(applied.applicant) as session:
        found = status.of_application(session, contact_id=applied.contact_id, now=clock.now)
    with app.test_request_context("/"):
        words = f"{tag(found.public)} {state_in_words(found)}".lower()
    assert not any(word in words for word in ("referee", "medical", "doctor", "intelligence", "recommend", "refused"))


def test_a_message_is_sent_and_the_officer_sees_it_as_new(
    client: StrictClient, applied: Applied, officer: Callable[..., Desk]
) -> None:
    page = f"/application/{applied.reference}"
    signed_in(client, applied)
    sent = client.send(f"/progress/{applied.reference}/messages", {"body": "I have moved house", "key": "a"}, page=page)
    assert sent.status_code == 303
    desk = officer()
    assert "I have moved house" in desk.page(applied)
    assert applied.reference in desk.client.get("/control-room/licensing/?view=messages").get_data(as_text=True)
    assert desk.send(applied, "read") == 303
    assert applied.reference not in desk.client.get("/control-room/licensing/?view=messages").get_data(as_text=True)


def test_an_empty_message_is_refused_on_the_same_page(client: StrictClient, applied: Applied) -> None:
    page = f"/application/{applied.reference}"
    signed_in(client, applied)
    sent = client.send(f"/progress/{applied.reference}/messages", {"body": "", "key": "a"}, page=page)
    assert "Your shotgun certificate renewal" in sent.get_data(as_text=True)


def test_what_is_asked_of_the_applicant_stands_on_top(
    client: StrictClient, applied: Applied, officer: Callable[..., Desk]
) -> None:
    assert officer().send(applied, "return", missing="photo", words="Please add a new photo") == 303
    page = signed_in(client, applied).get(f"/application/{applied.reference}").get_data(as_text=True)
    assert "We need something from you" in page
    assert "Please add a new photo" in page
    assert "Jo Carter" not in page


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_letter_that_it_came_in_is_the_applicants_to_keep(
    client: StrictClient, applied: Applied, language: str
) -> None:
    letter = f"/application/{applied.reference}/letter/{language}/letter.pdf"
    assert client.get(letter).status_code in (302, 303, 403)
    page = signed_in(client, applied).get(f"/application/{applied.reference}").get_data(as_text=True)
    assert letter in page
    answer = client.get(letter)
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="letter.pdf"'


def test_asking_to_withdraw_closes_nothing_and_reaches_a_person(
    client: StrictClient, applied: Applied, cases: Cases
) -> None:
    page = f"/application/{applied.reference}/withdraw"
    signed_in(client, applied)
    assert client.send(page, {"reason": "I sold my guns", "key": "w"}).status_code == 303
    stands = cases.rows(models.Application, applied.contact_id)[0]
    assert (stands.state, stands.unread) == ("submitted", True)
    assert cases.events(applied.contact_id)[-1] == "withdrawal_asked"
    with cases.acting(applied.applicant) as session:
        said = conversations.citizen_thread(session, contact_id=applied.contact_id)
    assert said[-1].body == "I want to withdraw my application.\n\nI sold my guns"


def offered(desk: Desk, applied: Applied, now: dt.datetime) -> None:
    day = (now + dt.timedelta(days=5)).date().isoformat()
    desk.send(applied, "step", event="validate")
    desk.send(applied, "step", event="begin_checks")
    times = {"day-1": day, "time-1": "10:00", "day-2": day, "time-2": "14:00", "words": "Choose a time"}
    assert desk.send(applied, "visit/offer", **times) == 303


def test_a_time_is_chosen_and_goes_into_a_calendar_that_betrays_nothing(
    client: StrictClient, applied: Applied, cases: Cases, clock: Clock, officer: Callable[..., Desk]
) -> None:
    offered(officer(), applied, clock.now)
    page = f"/application/{applied.reference}/visit"
    signed_in(client, applied)
    assert "Choose a time for our visit" in client.get(f"/application/{applied.reference}").get_data(as_text=True)
    assert "Choose a time, or say" in client.send(page, {}).get_data(as_text=True)
    assert "not free any more" in client.send(page, {"slot": clock.now.isoformat()}).get_data(as_text=True)
    slot = cases.rows(models.Visit, applied.contact_id)[0].slots[0]["starts_at"]
    assert client.send(page, {"slot": slot}).status_code == 303
    assert cases.rows(models.Application, applied.contact_id)[0].state == "visit_booked"
    answer = client.get(f"{page}/appointment.ics")
    text = answer.get_data(as_text=True)
    assert (answer.mimetype, text[:15]) == ("text/calendar", "BEGIN:VCALENDAR")
    assert not any(word in text.lower() for word in ("police", "gun", "licens", applied.reference.lower()))


def test_none_of_the_times_suits(
    client: StrictClient, applied: Applied, cases: Cases, clock: Clock, officer: Callable[..., Desk]
) -> None:
    desk = officer()
    offered(desk, applied, clock.now)
    signed_in(client, applied)
    assert client.send(f"/application/{applied.reference}/visit", {"slot": "none"}).status_code == 303
    assert cases.rows(models.Visit, applied.contact_id)[0].state == "none_suits"
    assert "No time suited" in desk.page(applied)


def test_there_is_no_calendar_file_before_a_time_is_chosen(client: StrictClient, applied: Applied) -> None:
    assert signed_in(client, applied).get(f"/application/{applied.reference}/visit/appointment.ics").status_code == 404


def test_a_near_visit_is_reminded_of_once_by_the_safe_way(
    client: StrictClient, applied: Applied, cases: Cases, clock: Clock, officer: Callable[..., Desk]
) -> None:
    offered(officer(), applied, clock.now)
    slot = dt.datetime.fromisoformat(cases.rows(models.Visit, applied.contact_id)[0].slots[0]["starts_at"])
    with cases.acting(applied.applicant) as session:
        visits.choose(session, contact_id=applied.contact_id, starts_at=slot, now=clock.now)
    before = len(cases.rows(models.Mail, applied.contact_id))
    for when, mails in ((3, 0), (1, 1), (1, 1)):
        with cases.system.begin() as session:
            visits.remind_due(session, now=slot - dt.timedelta(days=when))
        assert len(cases.rows(models.Mail, applied.contact_id)) == before + mails


def sequence(calendar: str) -> int:
    """Which version of the appointment a calendar file is."""
    return int(next(line for line in calendar.split("\r\n") if line.startswith("SEQUENCE:")).partition(":")[2])


def booked(client: StrictClient, desk: Desk, applied: Applied, cases: Cases, now: dt.datetime) -> dt.datetime:
    """A visit whose time the applicant has chosen; answers when."""
    offered(desk, applied, now)
    slot = str(cases.rows(models.Visit, applied.contact_id)[0].slots[0]["starts_at"])
    assert signed_in(client, applied).send(f"/application/{applied.reference}/visit", {"slot": slot}).status_code == 303
    return dt.datetime.fromisoformat(slot)


def test_an_application_that_is_withdrawn_has_no_visit_and_nobody_is_reminded_of_it(
    client: StrictClient, applied: Applied, cases: Cases, clock: Clock, officer: Callable[..., Desk]
) -> None:
    desk = officer()
    slot = booked(client, desk, applied, cases, clock.now)
    page = f"/application/{applied.reference}/visit"
    made = client.get(f"{page}/appointment.ics").get_data(as_text=True)
    assert desk.send(applied, "withdraw", words="It is withdrawn.") == 303
    assert cases.rows(models.Visit, applied.contact_id)[0].state == "cancelled"
    mails = len(cases.rows(models.Mail, applied.contact_id))
    with cases.system.begin() as session:
        visits.remind_due(session, now=slot - dt.timedelta(days=1))
    assert len(cases.rows(models.Mail, applied.contact_id)) == mails
    assert "is called off" in client.get(f"/application/{applied.reference}").get_data(as_text=True)
    assert "Nobody comes then" in client.get(page).get_data(as_text=True)
    assert client.get(f"{page}/appointment.ics").status_code == 404
    taken = client.get(f"{page}/appointment.ics?off=1").get_data(as_text=True)
    assert {"METHOD:CANCEL", "STATUS:CANCELLED"} <= set(taken.split("\r\n"))
    assert sequence(taken) >= sequence(made)
    uid = next(line for line in made.split("\r\n") if line.startswith("UID:"))
    assert uid in taken.split("\r\n"), "the same appointment"
    assert "@" not in uid, "no machine is named"
    assert "localhost" not in made


@pytest.mark.parametrize("state", ["offered", "none_suits"])
def test_times_that_were_offered_end_when_it_is_recommended_without_a_visit(
    client: StrictClient,
    applied: Applied,
    cases: Cases,
    clock: Clock,
    officer: Callable[..., Desk],
    state: str,
) -> None:
    desk = officer()
    offered(desk, applied, clock.now)
    page = f"/application/{applied.reference}/visit"
    signed_in(client, applied)
    if state == "none_suits":
        assert client.send(page, {"slot": "none"}).status_code == 303
    assert desk.send(applied, "recommend", outcome="refuse", reasons="A bar") == 303
    assert cases.rows(models.Visit, applied.contact_id)[0].state == "cancelled"
    row = cases.rows(models.Application, applied.contact_id)[0]
    assert (row.state, row.waiting_for) == ("recommendation", None)
    assert "There is no time to choose now" in client.get(page).get_data(as_text=True)


def test_a_visit_that_is_called_off_is_said_to_be_until_its_day(
    client: StrictClient, applied: Applied, cases: Cases, clock: Clock, officer: Callable[..., Desk]
) -> None:
    desk = officer()
    slot = booked(client, desk, applied, cases, clock.now)
    assert desk.send(applied, "visit/cancel", words="We cannot come on that day.") == 303
    page = f"/application/{applied.reference}/visit"
    assert "is called off" in client.get(page).get_data(as_text=True)
    with cases.acting(applied.applicant) as session:
        later = status.of_application(session, contact_id=applied.contact_id, now=slot + dt.timedelta(hours=3))
    assert later.called_off is None


def calendar(client: StrictClient, applied: Applied) -> str:
    return client.get(f"/application/{applied.reference}/visit/appointment.ics").get_data(as_text=True)


def test_an_applicant_moves_the_visit_to_another_time_that_was_offered(
    client: StrictClient, applied: Applied, cases: Cases, clock: Clock, officer: Callable[..., Desk]
) -> None:
    desk = officer()
    booked(client, desk, applied, cases, clock.now)
    first = calendar(client, applied)
    desk.send(applied, "read")
    clock.advance(dt.timedelta(minutes=5))
    page = f"/application/{applied.reference}/visit/change"
    other = str(cases.rows(models.Visit, applied.contact_id)[0].slots[1]["starts_at"])
    assert "Choose what we should do" in client.send(page, {"reason": "I work"}).get_data(as_text=True)
    moved = client.send(page, {"slot": other, "reason": "I work", "key": "m"})
    assert (moved.status_code, moved.headers["Location"]) == (303, f"/application/{applied.reference}?sent=moved")
    (visit,) = cases.rows(models.Visit, applied.contact_id)
    assert (visit.state, visit.starts_at) == ("booked", dt.datetime.fromisoformat(other))
    second = calendar(client, applied)
    assert sequence(second) > sequence(first)
    assert [line for line in first.split("\r\n") if line.startswith("UID:")] == [
        line for line in second.split("\r\n") if line.startswith("UID:")
    ]
    assert visit.starts_at.strftime("DTSTART:%Y%m%dT%H%M%SZ") in second
    assert cases.rows(models.Application, applied.contact_id)[0].unread
    assert "I work" in desk.page(applied)
    assert "The time of our visit is changed" in client.get(f"/application/{applied.reference}?sent=moved").text


def test_an_applicant_calls_the_visit_off_and_a_person_sees_it(
    client: StrictClient, applied: Applied, cases: Cases, clock: Clock, officer: Callable[..., Desk]
) -> None:
    desk = officer()
    slot = booked(client, desk, applied, cases, clock.now)
    desk.send(applied, "read")
    page = f"/application/{applied.reference}/visit/change"
    off = client.send(page, {"slot": "off", "reason": "Any Monday", "key": "o"})
    assert (off.status_code, off.headers["Location"]) == (303, f"/application/{applied.reference}?sent=off")
    assert cases.rows(models.Visit, applied.contact_id)[0].state == "cancelled"
    stands = cases.rows(models.Application, applied.contact_id)[0]
    assert (stands.state, stands.unread) == ("checks", True)
    assert "Any Monday" in desk.page(applied)
    assert "Nobody comes then" in client.get(f"/application/{applied.reference}/visit").get_data(as_text=True)
    assert client.send(page, {"slot": "off", "key": "o"}, page=f"/application/{applied.reference}").status_code == 303
    mails = len(cases.rows(models.Mail, applied.contact_id))
    with cases.system.begin() as session:
        visits.remind_due(session, now=slot - dt.timedelta(days=1))
    assert len(cases.rows(models.Mail, applied.contact_id)) == mails


def test_a_time_that_was_never_offered_or_a_visit_that_has_begun_is_not_moved(
    client: StrictClient, applied: Applied, cases: Cases, clock: Clock, officer: Callable[..., Desk]
) -> None:
    slot = booked(client, officer(), applied, cases, clock.now)
    page = f"/application/{applied.reference}/visit/change"
    made_up = (slot + dt.timedelta(hours=1)).isoformat()
    assert "not free any more" in client.send(page, {"slot": made_up}).get_data(as_text=True)
    with cases.acting(applied.applicant) as session, pytest.raises(MoveNotAllowed):
        visits.call_off(session, contact_id=applied.contact_id, now=slot)


def test_an_officer_moves_the_visit_and_the_applicant_is_reminded_of_the_new_time(
    client: StrictClient, applied: Applied, cases: Cases, clock: Clock, officer: Callable[..., Desk]
) -> None:
    desk = officer()
    slot = booked(client, desk, applied, cases, clock.now)
    with cases.system.begin() as session:
        visits.remind_due(session, now=slot - dt.timedelta(days=1))
    later = clock.now + dt.timedelta(days=9)
    assert desk.send(applied, "visit/move", words="As agreed") == 400
    fields = {"day-1": later.date().isoformat(), "time-1": "11:00", "words": "As agreed on the phone"}
    assert desk.send(applied, "visit/move", **fields) == 303
    (visit,) = cases.rows(models.Visit, applied.contact_id)
    assert (visit.state, visit.starts_at.date(), visit.reminded_at) == ("booked", later.date(), None)
    assert "As agreed on the phone" in client.get(f"/application/{applied.reference}").get_data(as_text=True)
    mails = len(cases.rows(models.Mail, applied.contact_id))
    with cases.system.begin() as session:
        visits.remind_due(session, now=visit.starts_at - dt.timedelta(days=1))
    assert len(cases.rows(models.Mail, applied.contact_id)) == mails + 1


def test_danger_written_with_a_change_of_the_visit_reaches_the_control_room(
    client: StrictClient, applied: Applied, cases: Cases, clock: Clock, officer: Callable[..., Desk]
) -> None:
    booked(client, officer(), applied, cases, clock.now)
    page = f"/application/{applied.reference}/visit/change"
    sent = client.send(page, {"slot": "off", "reason": "He is going to kill me with the gun tonight", "key": "d"})
    assert sent.headers["Location"] == f"/progress/{applied.reference}/danger"
    assert cases.rows(models.Visit, applied.contact_id)[0].state == "cancelled"
