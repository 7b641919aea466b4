"""One force with a number of its own, people who text it, the webhooks they cause and the jobs that follow."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import psycopg
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from contact.gateways.failures import OutsideFailure
from contact.gateways.twilio import Placed, new_sid, sign_as_twilio
from contact.jobs.fetch_text_media import fetch_text_media
from contact.jobs.registry import Tools, TryAgain, equip
from contact.jobs.send_text import send_text
from contact.jobs.take_text_in import take_text_in
from contact.jobs.take_text_status import take_text_status
from contact.settings import Settings
from contact.store import models, text_numbers
from tests.support.clients import Clock, StrictClient
from tests.support.database import MigratedDatabase
from tests.support.emergencies import add_force

JOBS = {
    "take_text_in": take_text_in,
    "take_text_status": take_text_status,
    "send_text": send_text,
    "fetch_text_media": fetch_text_media,
}
_numbers = itertools.count(1)


def new_number() -> str:
    """A telephone number that Ofcom keeps for drama; the tests of one run share a few hundred."""
    return f"+447700900{next(_numbers) % 1000:03d}"


@dataclass
class Company:
    """A telephone company that does as told: `failures` are met one a call; `accepts` them first where so told."""

    failures: list[OutsideFailure] = field(default_factory=list)
    look_failures: list[OutsideFailure] = field(default_factory=list)
    accepts: bool = False
    sent: list[Placed] = field(default_factory=list)
    status_urls: list[str] = field(default_factory=list)
    senders: list[tuple[str | None, str | None]] = field(default_factory=list)
    looked: int = 0

    def send_text(
        self, *, to: str, body: str, status_url: str, sender: str | None = None, service: str | None = None
    ) -> Placed:
        self.status_urls.append(status_url)
        self.senders.append((sender, service))
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None and not self.accepts:
            raise failure
        placed = Placed(new_sid("SM"), "queued", to, dt.datetime.now(dt.UTC), body)
        self.sent.append(placed)
        if failure is not None:
            raise failure
        return placed

    def find_texts(self, *, to: str, body: str, since: dt.datetime, sender: str | None = None) -> list[Placed]:
        self.looked += 1
        if self.look_failures:
            raise self.look_failures.pop(0)
        return [each for each in self.sent if (each.to, each.body) == (to, body)]

    def place_call(self, *, to: str, answer_url: str, status_url: str, ring_for_s: int) -> Placed:
        raise NotImplementedError

    def end_call(self, sid: str) -> Placed:
        raise NotImplementedError

    def find_calls(self, *, to: str, since: dt.datetime) -> list[Placed]:
        raise NotImplementedError

    def get_call(self, sid: str) -> Placed:
        raise NotImplementedError

    def get_text(self, sid: str) -> Placed:
        raise NotImplementedError


class Texting:
    """Everything a test of texts needs; each has a force and a number of its own."""

    def __init__(
        self, app: Flask, settings: Settings, database: MigratedDatabase, system: sessionmaker[Session], clock: Clock
    ) -> None:
        self.app, self.settings, self.database, self.system, self.clock = app, settings, database, system, clock
        self.company = Company()
        self.ours = f"+4416329{secrets.randbelow(60_000):05d}"  # below the numbers that tests name
        with system.begin() as session:
            self.force_id = add_force(session)
            text_numbers.set_number(session, number=self.ours, force_id=self.force_id, messaging_service_sid=None)
        with psycopg.connect(database.superuser_url, autocommit=True) as connection:
            connection.execute("DELETE FROM procrastinate_jobs WHERE task_name = ANY(%s)", (list(JOBS),))
        equip(self.tools())

    def tools(self, **more: Any) -> Tools:  # noqa: ANN401 - the fields of Tools
        """What the jobs of this test are given."""
        given: dict[str, Any] = {
            "settings": self.settings,
            "sessions": self.system,
            "mail": None,
            "worker": "test",
            "telephony": self.company,
            "clock": self.clock,
        }
        return Tools(**(given | more))

    # what the company sends us

    def client(self) -> StrictClient:
        """A client of its own, for one thread."""
        made = self.app.test_client()
        assert isinstance(made, StrictClient)
        return made

    def post(self, path: str, fields: dict[str, str], *, token: str | None = None, **headers: str) -> TestResponse:
        """A webhook, signed as Twilio signs."""
        signature = sign_as_twilio(
            auth_token=token or self.settings.twilio_auth_token,
            address=self.settings.public_url + path,
            fields={name: [value] for name, value in fields.items()},
        )
        body = urlencode(fields).encode()
        return self.client().post(
            path,
            data=body,
            headers={"X-Twilio-Signature": signature, **headers},
            content_type="application/x-www-form-urlencoded; charset=UTF-8",
        )

    def fields(self, body: str, *, theirs: str, sid: str | None = None, **more: str) -> dict[str, str]:
        """What Twilio says of a text to us."""
        made = sid or new_sid("SM")
        return {
            "MessageSid": made,
            "SmsSid": made,
            "SmsMessageSid": made,
            "AccountSid": self.settings.twilio_account_sid,
            "From": theirs,
            "To": self.ours,
            "Body": body,
            "NumMedia": "0",
            "NumSegments": "1",
            "FromCountry": "GB",
            "ApiVersion": "2010-04-01",
            **more,
        }

    def text(self, body: str, *, theirs: str, work: bool = True, **more: str) -> TestResponse:
        """Somebody texts us, and the jobs that follow are done."""
        answer = self.post("/webhooks/twilio/sms", self.fields(body, theirs=theirs, **more))
        if work:
            self.work()
            self.clock.advance(dt.timedelta(seconds=1))
        return answer

    def status(self, sid: str, status: str, *, query: str = "", work: bool = True, **more: str) -> TestResponse:
        """The company reports how far a text of ours got."""
        fields = {"MessageSid": sid, "MessageStatus": status, "AccountSid": self.settings.twilio_account_sid, **more}
        answer = self.post(f"/webhooks/twilio/status{query}", fields)
        if work:
            self.work()
        return answer

    # the worker

    def waiting(self) -> list[tuple[str, dict[str, str]]]:
        """The jobs that are due, taken off the queue in order."""
        with psycopg.connect(self.database.superuser_url, autocommit=True) as connection:
            rows = connection.execute(
                "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name = ANY(%s)"
                " AND (scheduled_at IS NULL OR scheduled_at <= %s) RETURNING id, task_name, args",
                (list(JOBS), self.clock.now),
            ).fetchall()
        return [
            (name, args if isinstance(args, dict) else json.loads(args)) for _, name, args in sorted(rows, key=by_id)
        ]

    def work(self) -> int:
        """Do what is due until nothing is; a job that asks for another try gets it at once. Answers how many ran."""
        ran = 0
        while due := self.waiting():
            for name, args in due:
                ran += self.run(name, args)
        return ran

    @staticmethod
    def run(name: str, args: Mapping[str, str]) -> int:
        """Run one job until it asks for no other try; answers how often it ran."""
        tried = 0
        for tried in range(1, 10):  # noqa: B007 - answered below
            try:
                JOBS[name](**args)
            except (TryAgain, OperationalError):  # the worker takes a database that was away for a reason to try again
                continue
            break
        return tried

    # what came of it

    def contacts(self, theirs: str) -> list[models.Contact]:
        """The contacts of a number, oldest first."""
        with self.system() as session:
            found = session.query(models.Contact).join(models.Reporter)
            found = found.filter(models.Reporter.phone_e164 == theirs, models.Contact.force_id == self.force_id)
            return list(found.order_by(models.Contact.received_at, models.Contact.id))

    def only(self, theirs: str) -> UUID:
        """The one contact of a number."""
        (found,) = self.contacts(theirs)
        return found.id

    def said(self, contact_id: UUID, kind: str | None = None) -> list[str]:
        """What stands in a thread, in order."""
        with self.system() as session:
            found = session.query(models.Message).filter_by(contact_id=contact_id).order_by(models.Message.position)
            return [each.body for each in found if kind in (None, each.kind)]

    def texts(self, contact_id: UUID) -> list[models.Text]:
        """Texts of a contact on their way out, in order."""
        with self.system() as session:
            return list(session.query(models.Text).filter_by(contact_id=contact_id).order_by(models.Text.created_at))

    def delivery(self, message_id: UUID | None) -> str:
        """What a message says of how far it got."""
        with self.system() as session:
            found = session.get(models.Message, message_id)
            assert found is not None
            return found.delivery_state

    def inbox(self, like: str) -> list[tuple[str, str | None, dict[str, Any]]]:
        """Webhooks kept under an event id that begins so."""
        with self.system() as session:
            found = session.query(models.Inbox).filter(models.Inbox.event_id.startswith(like))
            return [(each.event_id, each.outcome, each.body) for each in found.order_by(models.Inbox.event_id)]


def by_id(row: tuple[Any, ...]) -> int:
    """Jobs in the order they were put down."""
    return int(row[0])
