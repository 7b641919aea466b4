"""A force goes live only in a service, with everything in place and by two people; then its banner goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import Role
from contact.domain.alarms import AlarmKind, CallState
from contact.domain.events import Event
from contact.services import alarm_calls, alarms
from contact.services.reviews import Unreviewed
from contact.settings import ContactMode, Settings
from contact.store import alarms as alarm_store
from contact.store import forces, go_live
from tests.support.clients import Clock, Staff, StrictClient, make_app

PAGE = "/control-room/admin/forces/northshire"
ADMIN = {"northshire": {Role.FORCE_ADMIN}}
NUMBERS = {"label-1": "Duty inspector", "number-1": "01632 960201"}
WEEK = {f"{day}-{what}": at for day in ("mon", "fri") for what, at in (("opens", "08:00"), ("closes", "20:00"))}
PAPERS = {"privacy_notice_url": "https://northshire.example/privacy", "dpia_reference": "DPIA 12"}
FACTS = {
    "officer": "Data protection officer, 01632 960202",
    "lawful_basis": "the Police Act 1996",
    "suppliers": "Northshire Council runs the computers",
    "places": "Everything stands in England",
    "help": "access@northshire.example",
    "reply_days": "10",
}


@pytest.fixture
def service(settings: Settings, session_clock: Clock, two_forces: tuple[str, str]) -> Flask:
    """The same application as a service, so that a force can go live in it."""
    return make_app(replace(settings, mode=ContactMode.SERVICE), session_clock)


@pytest.fixture(autouse=True)
def as_it_was(system: sessionmaker[Session], two_forces: tuple[str, str]) -> Iterator[None]:
    """Each test begins with a force that has shown nothing, and leaves such a one: the database is shared."""
    with system.begin() as session:
        nothing_shown(session)
        # What other tests left ringing would be rung before a test of the route, or instead of it.
        for alarm in alarm_store.list_open(session, limit=10_000):
            alarm.cleared_at = alarm.raised_at
    yield
    with system.begin() as session:
        nothing_shown(session)


def nothing_shown(session: Session) -> None:
    """The force is as it was loaded."""
    go_live.set_live(session, force_id="northshire", since=None)
    go_live.set_hours(session, force_id="northshire", hours={})
    forces.set_alarm_numbers(session, force_id="northshire", numbers=[])
    nothing: dict[str, Any] = dict.fromkeys(
        ("emergency_route_tested_at", "hours_set_at", "privacy_notice_url", "dpia_reference", "approved_by")
    )
    nothing["page_facts"] = {}
    go_live.note(session, force_id="northshire", **nothing)


@pytest.fixture
def all_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every text had been read."""
    monkeypatch.setattr("contact.services.reviews.list_unreviewed", list)


def administrator(app: Flask, staff: Staff) -> StrictClient:
    client = app.test_client()
    assert isinstance(client, StrictClient)
    staff.sign_in(client, staff.make(ADMIN))
    return client


def send(client: StrictClient, what: str, data: dict[str, str]) -> int:
    return client.send(f"{PAGE}/{what}", data, page=PAGE).status_code


def answer_a_test(system: sessionmaker[Session], clock: Clock) -> None:
    """The watch rings, somebody presses 1, the watch notes it."""
    with system.begin() as session:
        (call, *_) = [each for each in alarm_calls.plan(session, now=clock.now) if each.kind == "voice"]
    with system.begin() as session:
        said = alarm_calls.key_pressed(
            session, call_id=call.call_id, sid=f"CA{call.call_id}", digits="1", now=clock.now
        )
        assert said == "tested"
    with system.begin() as session:
        assert alarms.settle_route_tests(session, now=clock.now) == 1


def prepare(client: StrictClient, system: sessionmaker[Session], clock: Clock) -> None:
    """Everything but the approval."""
    assert send(client, "hours", WEEK) == 303
    assert send(client, "numbers", NUMBERS) == 303
    assert send(client, "papers", PAPERS) == 303
    assert client.send(f"{PAGE}/drafts/facts", FACTS, page=f"{PAGE}/drafts").status_code == 303
    assert send(client, "test", {}) == 303
    answer_a_test(system, clock)


def names(system: sessionmaker[Session]) -> list[str]:
    with system() as session:
        rows = session.connection().exec_driver_sql("SELECT name FROM events WHERE force_id = 'northshire' ORDER BY id")
        return [row.name for row in rows]


def banner(app: Flask) -> bool:
    return "Demonstration:" in app.test_client().get("/force/northshire/").get_data(as_text=True)


def test_two_people_take_a_ready_force_live_and_its_banner_goes(
    service: Flask, staff: Staff, system: sessionmaker[Session], clock: Clock, all_read: None
) -> None:
    first, second = administrator(service, staff), administrator(service, staff)
    privacy, notice = "/privacy?force=northshire", f'href="{PAPERS["privacy_notice_url"]}"'
    prepare(first, system, clock)
    page = first.get(PAGE).get_data(as_text=True)
    assert "The approval of a second administrator" in page
    assert 'value="08:00"' in page
    assert 'value="+441632960201"' in page
    assert send(first, "live", {"act": "start"}) == 409, "nobody approved"
    assert banner(service)
    assert send(first, "live", {"act": "approve"}) == 303
    refused = first.send(f"{PAGE}/live", {"act": "start"}, page=PAGE)
    assert refused.status_code == 409
    assert "You approved it" in refused.get_data(as_text=True)
    assert notice not in service.test_client().get(privacy).get_data(as_text=True)
    assert send(second, "live", {"act": "start"}) == 303
    assert not banner(service)
    assert notice in service.test_client().get(privacy).get_data(as_text=True)
    assert names(system)[-2:] == [Event.GO_LIVE_APPROVED, Event.GO_LIVE_CHANGED]
    assert send(first, "live", {"act": "stop"}) == 303
    assert banner(service)
    assert send(second, "live", {"act": "start"}) == 409, "it must be approved anew"


def test_a_demonstration_never_goes_live(
    app: Flask, staff: Staff, system: sessionmaker[Session], clock: Clock, all_read: None
) -> None:
    client = administrator(app, staff)
    prepare(client, system, clock)
    assert "This is a demonstration. A force goes live in a service" in client.get(PAGE).get_data(as_text=True)
    assert send(client, "live", {"act": "approve"}) == 409


def test_unread_texts_keep_every_force_a_demonstration(
    service: Flask, staff: Staff, system: sessionmaker[Session], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = administrator(service, staff)
    prepare(client, system, clock)
    monkeypatch.setattr("contact.services.reviews.list_unreviewed", lambda: [Unreviewed("message", "reply, cy")])
    assert send(client, "live", {"act": "approve"}) == 409
    assert "contact screen check lists them): 1" in client.get(PAGE).get_data(as_text=True)


@pytest.mark.parametrize("left_out", ["hours", "numbers", "papers", "test"])
def test_what_is_missing_is_named_and_refused(
    service: Flask, staff: Staff, system: sessionmaker[Session], clock: Clock, all_read: None, left_out: str
) -> None:
    client = administrator(service, staff)
    for what, data in (("hours", WEEK), ("numbers", NUMBERS), ("papers", PAPERS), ("test", {})):
        if what != left_out and not (left_out == "numbers" and what == "test"):
            assert send(client, what, data) == 303
            if what == "test":
                answer_a_test(system, clock)
    words = {"hours": "staffed hours", "numbers": "telephone number", "papers": "privacy notice", "test": "test of"}
    missing = client.get(PAGE).get_data(as_text=True).partition("Still missing")[2].partition("</ul>")[0]
    assert words[left_out] in missing
    assert send(client, "live", {"act": "approve"}) == 409


def test_a_change_after_the_approval_needs_another(
    service: Flask, staff: Staff, system: sessionmaker[Session], clock: Clock, all_read: None
) -> None:
    first, second = administrator(service, staff), administrator(service, staff)
    prepare(first, system, clock)
    assert send(first, "live", {"act": "approve"}) == 303
    assert send(second, "numbers", {**NUMBERS, "number-1": "01632 960299"}) == 303
    assert send(second, "live", {"act": "start"}) == 409
    assert "have not been tested" in second.get(PAGE).get_data(as_text=True)


def test_a_test_nobody_answers_ends_and_proves_nothing(
    app: Flask, staff: Staff, system: sessionmaker[Session], clock: Clock
) -> None:
    client = administrator(app, staff)
    assert send(client, "test", {}) == 400, "no number to ring"
    assert send(client, "numbers", NUMBERS) == 303
    assert send(client, "test", {}) == 303
    with system.begin() as session:
        assert alarms.settle_route_tests(session, now=clock.now) == 0
        assert alarms.settle_route_tests(session, now=clock.now + timedelta(minutes=11)) == 1
    assert "have not been tested" in client.get(PAGE).get_data(as_text=True)


def test_what_was_mistyped_is_shown_again(app: Flask, staff: Staff) -> None:
    client = administrator(app, staff)
    for what, data, words in (
        ("hours", {"mon-opens": "nine", "mon-closes": "17:00"}, 'value="nine"'),
        ("numbers", {"label-1": "Desk", "number-1": "not a number"}, 'value="not a number"'),
        ("papers", {"privacy_notice_url": "javascript:alert(1)"}, 'value="javascript:alert(1)"'),
        ("papers", {"privacy_notice_url": "https://[bracket"}, 'value="https://[bracket"'),
    ):
        answer = client.send(f"{PAGE}/{what}", data, page=PAGE)
        assert answer.status_code == 400
        assert words in answer.get_data(as_text=True)
        assert "There is a problem" in answer.get_data(as_text=True)


def test_only_an_administrator_of_the_force_may(app: Flask, staff: Staff) -> None:
    client = administrator(app, staff)
    assert client.get("/control-room/admin/forces/southshire").status_code == 403
    assert client.send("/control-room/admin/forces/southshire/numbers", NUMBERS, page=PAGE).status_code == 403
    assert "Southshire" not in client.get("/control-room/admin/forces").get_data(as_text=True)
    national = app.test_client()
    assert isinstance(national, StrictClient)
    staff.sign_in(national, staff.make({"northshire": {Role.NATIONAL_ADMIN}}))
    assert "Southshire" in national.get("/control-room/admin/forces").get_data(as_text=True)
    assert national.get("/control-room/admin/forces/southshire").status_code == 200


def test_a_test_call_takes_no_emergency_on(system: sessionmaker[Session], clock: Clock) -> None:
    with system.begin() as session:
        forces.set_alarm_numbers(session, force_id="northshire", numbers=[("Desk", "+441632960201")])
        alarms.raise_alarm(session, kind=AlarmKind.ROUTE_TEST, force_id="northshire", now=clock.now)
    with system.begin() as session:
        (test_call, *_) = alarm_calls.plan(session, now=clock.now)
        emergency = alarms.raise_alarm(
            session, kind=AlarmKind.EMERGENCY_UNATTENDED, force_id="northshire", now=clock.now
        )
        assert emergency is not None
    with system.begin() as session:
        planned = alarm_calls.plan(session, now=clock.now)
        assert {each.alarm_kind for each in planned} == {AlarmKind.EMERGENCY_UNATTENDED}, "emergencies ring first"
        alarm_calls.key_pressed(
            session, call_id=test_call.call_id, sid=f"CA{test_call.call_id}", digits="1", now=clock.now
        )
        assert alarm_store.get_call(session, call_id=test_call.call_id).state == CallState.ACCEPTED
        assert alarm_store.get(session, alarm_id=emergency).accepted_at is None
        alarm_store.get(session, alarm_id=emergency).cleared_at = clock.now
