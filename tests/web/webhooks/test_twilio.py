"""Twilio's reports: proven by signature on the public address, kept once, applied forward (scenarios 1, 3, 5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from contact.domain.alarms import AlarmKind
from contact.gateways.twilio import new_sid, sign_as_twilio
from contact.services import alarms
from contact.settings import Settings
from contact.store import alarms as store
from contact.store import audit, models
from tests.support.clients import Clock, StrictClient
from tests.support.emergencies import add_contact, add_force

Send = Callable[..., TestResponse]


class Line:
    """An alarm with one call placed, and Twilio's end of the line."""

    def __init__(
        self, system: sessionmaker[Session], settings: Settings, client: StrictClient, now: dt.datetime
    ) -> None:
        self.system, self.settings, self.client = system, settings, client
        self.sid = new_sid("CA")
        with system.begin() as session:
            self.force_id = add_force(session, numbers=("+447700900123",))
            self.contact_id = add_contact(session, force_id=self.force_id, received_at=now)
            raised = alarms.raise_alarm(
                session,
                kind=AlarmKind.EMERGENCY_UNOPENED,
                force_id=self.force_id,
                contact_id=self.contact_id,
                now=now,
            )
            assert raised is not None
            self.alarm_id = raised
            self.call_id = store.add_call(
                session,
                alarm_id=raised,
                number="+447700900123",
                label="Inspector Gwen Rees",
                kind="voice",
                now=now,
                next_at=None,
            )

    @property
    def path(self) -> str:
        return f"/webhooks/twilio/voice/{self.call_id}"

    def send(
        self, path: str, *, token: str | None = None, client: StrictClient | None = None, **fields: str
    ) -> TestResponse:
        given = {"CallSid": self.sid, "AccountSid": self.settings.twilio_account_sid, **fields}
        signature = sign_as_twilio(
            auth_token=token or self.settings.twilio_auth_token,
            address=self.settings.public_url + path,
            fields={name: [value] for name, value in given.items()},
        )
        return (client or self.client).post(path, data=given, headers={"X-Twilio-Signature": signature})

    def status(self, status: str) -> TestResponse:
        return self.send(f"{self.path}/status", CallStatus=status)

    def call(self) -> models.AlarmCall:
        with self.system() as session:
            return store.get_call(session, call_id=self.call_id)

    def alarm(self) -> models.Alarm:
        with self.system() as session:
            return store.get(session, alarm_id=self.alarm_id)

    def kept(self) -> list[tuple[str, str | None]]:
        with self.system() as session:
            rows = session.query(models.Inbox).filter(models.Inbox.event_id.startswith(self.sid))
            return [
                (row.event_id.removeprefix(f"{self.sid}:"), row.outcome)
                for row in rows.order_by(models.Inbox.received_at)
            ]


@pytest.fixture
def line(system: sessionmaker[Session], settings: Settings, client: StrictClient, clock: Clock) -> Line:
    return Line(system, settings, client, clock.now)


def test_answering_hears_where_to_look_and_nothing_about_a_person(line: Line) -> None:
    answer = line.send(line.path, CallStatus="in-progress")
    assert answer.status_code == 200
    assert answer.mimetype == "text/xml"
    said = answer.get_data(as_text=True)
    assert "Press 1 to accept" in said
    assert "This is a demonstration" in said
    assert f'action="{line.settings.public_url}{line.path}/key"' in said
    with line.system() as session:
        contact = session.get(models.Contact, line.contact_id)
        assert contact is not None
        assert contact.reference not in said
    assert line.call().state == "answered"
    assert line.call().sid == line.sid


def test_pressing_1_accepts_in_the_persons_name_and_says_where_to_look(line: Line) -> None:
    answer = line.send(f"{line.path}/key", Digits="1")
    assert "Alarms" in answer.get_data(as_text=True)
    assert line.alarm().accepted_by == "Inspector Gwen Rees"
    assert line.call().state == "accepted"
    assert line.kept() == [("key:1", "accepted")]
    with line.system() as session:
        events = list(session.query(models.Event).filter_by(force_id=line.force_id, name="alarm_accepted"))
    assert [(event.actor_kind, event.data["by"], event.contact_id) for event in events] == [
        ("webhook", "telephone", None)
    ]


@pytest.mark.parametrize("digits", ["2", "", "11", "*", "٣"])
def test_any_other_key_accepts_nothing(line: Line, digits: str) -> None:
    answer = line.send(f"{line.path}/key", Digits=digits)
    assert "not accepted" in answer.get_data(as_text=True)
    assert line.alarm().accepted_at is None


def test_the_same_key_delivered_ten_times_at_once_accepts_once(line: Line, app: Flask) -> None:
    """Scenario 1: kept once, applied once, answered the same each time."""

    def press(_: int) -> str:
        client = app.test_client()
        assert isinstance(client, StrictClient)
        return line.send(f"{line.path}/key", client=client, Digits="1").get_data(as_text=True)

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(press, range(10)))
    assert len(answers) == 1
    assert "Thank you" in answers.pop()
    assert line.kept() == [("key:1", "accepted")]


def test_who_comes_second_hears_that_it_is_over(line: Line) -> None:
    with line.system.begin() as session:
        alarms.accept(session, alarm_id=line.alarm_id, name="Sam Field", now=dt.datetime.now(dt.UTC))
    assert "already" in line.send(line.path, CallStatus="in-progress").get_data(as_text=True)
    assert "already" in line.send(f"{line.path}/key", Digits="1").get_data(as_text=True)
    assert line.alarm().accepted_by == "Sam Field"


def test_statuses_in_any_order_never_move_back(line: Line) -> None:
    """Scenario 3."""
    for status in ("completed", "in-progress", "ringing", "initiated"):
        assert line.status(status).status_code == 204
    assert line.call().state == "done"
    assert sorted(line.kept()) == [
        ("status:completed", "applied"),
        ("status:in-progress", "already_further"),
        ("status:initiated", "already_further"),
        ("status:ringing", "already_further"),
    ]


def test_a_status_delivered_twice_is_kept_once_and_a_strange_one_is_kept_too(line: Line) -> None:
    for status in ("ringing", "ringing", "levitating"):
        assert line.status(status).status_code == 204
    assert sorted(line.kept()) == [("status:levitating", "unknown_status"), ("status:ringing", "applied")]
    assert line.call().state == "ringing"


def test_a_text_has_its_own_status(line: Line) -> None:
    sid = new_sid("SM")
    path = f"/webhooks/twilio/text/{line.call_id}/status"
    assert line.send(path, MessageSid=sid, MessageStatus="undelivered", ErrorCode="30003").status_code == 204
    assert line.call().state == "failed"


@pytest.mark.parametrize("where", ["", "/key", "/status"])
def test_without_a_genuine_signature_nothing_is_stored(line: Line, where: str) -> None:
    """Scenario 5: no signature, another's, a changed field, another path, another host."""
    path, fields = line.path + where, {"CallSid": line.sid, "Digits": "1", "CallStatus": "completed"}
    genuine = sign_as_twilio(
        auth_token=line.settings.twilio_auth_token,
        address=line.settings.public_url + path,
        fields={name: [value] for name, value in fields.items()},
    )
    post = line.client.post
    assert post(path, data=fields).status_code == 403
    assert line.send(path, token="another", Digits="1", CallStatus="completed").status_code == 403
    assert post(path, data={**fields, "Digits": "9"}, headers={"X-Twilio-Signature": genuine}).status_code == 403
    assert post(f"{path}?x=1", data=fields, headers={"X-Twilio-Signature": genuine}).status_code == 403
    forged = {"X-Twilio-Signature": genuine, "X-Forwarded-Host": "forged.example", "Host": "forged.example"}
    assert post(path, data=fields, headers=forged).status_code == 403  # signed, and said to have gone elsewhere
    assert line.kept() == []
    assert line.alarm().accepted_at is None
    ours = {"X-Twilio-Signature": genuine, "Host": "forged.example"}  # the address of the settings is what was signed
    assert post(path, data=fields, headers=ours).status_code in {200, 204}


def test_a_report_about_no_call_of_ours_is_refused_and_not_kept(line: Line) -> None:
    stray = f"/webhooks/twilio/voice/{UUID(int=7)}/status"
    assert line.send(stray, CallStatus="completed").status_code == 404
    assert line.kept() == []


def test_a_signed_request_without_the_fields_is_survived(line: Line) -> None:
    assert line.send(f"{line.path}/status").status_code == 204
    assert line.send(f"{line.path}/key").status_code == 200
    assert line.alarm().accepted_at is None


def test_another_calls_identifier_does_not_speak_for_this_call(line: Line) -> None:
    line.status("ringing")
    line.sid = new_sid("CA")
    assert "not accepted" in line.send(f"{line.path}/key", Digits="1").get_data(as_text=True)
    assert line.alarm().accepted_at is None


def test_a_get_is_not_answered(line: Line) -> None:
    assert line.client.get(line.path).status_code in {404, 405}


def test_the_acceptance_is_in_the_chain(line: Line) -> None:
    line.send(f"{line.path}/key", Digits="1")
    with line.system() as session:
        names = [entry.name for entry in audit.lines(session, chain=line.force_id)]
    assert names == ["alarm_raised", "alarm_accepted"]
