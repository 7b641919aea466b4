"""One mail: from queued to sent or failed, never to an address that is not safe, tried again and not for ever."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import SYSTEM
from contact.gateways.failures import MayHaveHappened, OutsideFailure, Refused, TryLater
from contact.jobs.deliver_mail import TRIES, deliver_mail
from contact.jobs.registry import Tools, TryAgain, equip
from contact.store import audit, mails, models
from contact.store.engine import make_engine, make_sessions
from tests.support.clients import make_settings
from tests.support.database import MigratedDatabase
from tests.support.emergencies import add_contact, add_force

SAFE = {"how": "email", "value": "ann@example.org"}


@dataclass
class Post:
    """A mail server that does as told."""

    failures: list[OutsideFailure] = field(default_factory=list)
    sent: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)


class Office:
    """A force, its mail and its jobs."""

    def __init__(self, sessions: sessionmaker[Session], post: Post) -> None:
        self.sessions, self.post, self.now = sessions, post, dt.datetime.now(dt.UTC)
        with sessions.begin() as session:
            self.force_id = add_force(session)

    def contact(self, safe_contact: dict[str, str], **more: object) -> UUID:
        with self.sessions.begin() as session:
            return add_contact(
                session,
                force_id=self.force_id,
                received_at=self.now,
                emergency=False,
                safe_contact=safe_contact,
                **more,
            )

    def mail(self, contact_id: UUID, template: str = "acknowledgement", **more: object) -> UUID:
        with self.sessions.begin() as session:
            return mails.add(
                session,
                recipient="ann@example.org",
                template=template,
                language="en",
                now=self.now,
                contact_id=contact_id,
                force_id=self.force_id,
                context=more,
            )

    def row(self, mail_id: UUID) -> models.Mail:
        with self.sessions() as session:
            found = session.get(models.Mail, mail_id)
            assert found is not None
            return found

    def events(self, contact_id: UUID) -> list[str]:
        with self.sessions() as session:
            return [event.name for event in audit.list_for_contact(session, contact_id=contact_id)]


@pytest.fixture
def office(database: MigratedDatabase, tmp_path: Path) -> Iterator[Office]:
    engine = make_engine(database.worker_url)
    sessions, post = make_sessions(engine, SYSTEM), Post()
    equip(Tools(settings=make_settings(database, tmp_path), sessions=sessions, mail=post, worker="test"))
    yield Office(sessions, post)
    engine.dispose()


def test_an_acknowledgement_leaves_once_and_says_it_is_a_demonstration(office: Office) -> None:
    contact_id = office.contact(SAFE)
    mail_id = office.mail(contact_id)
    deliver_mail(str(mail_id))
    deliver_mail(str(mail_id))  # every job may run twice
    (sent,) = office.post.sent
    assert sent["To"] == "ann@example.org"
    assert str(mail_id) in sent["Message-ID"]
    body = sent.get_content()
    assert body.startswith("Demonstration: nothing you send reaches the police.")
    with office.sessions() as session:
        contact = session.get(models.Contact, contact_id)
        assert contact is not None
        assert contact.reference in body
    row = office.row(mail_id)
    assert (row.state, row.attempts, row.error) == ("sent", 1, None)
    assert office.events(contact_id) == ["mail_sent"]


@pytest.mark.parametrize("safe", [{"how": "none"}, {"how": "phone", "value": "+447700900123"}, {"how": "online"}, {}])
def test_nothing_leaves_by_a_way_that_was_not_called_safe(office: Office, safe: dict[str, str]) -> None:
    """Practice 13; the answer may also have changed since the mail was written."""
    contact_id = office.contact(safe)
    mail_id = office.mail(contact_id)
    deliver_mail(str(mail_id))
    assert office.post.sent == []
    assert (office.row(mail_id).state, office.row(mail_id).error) == ("failed", "not-safe")
    assert office.events(contact_id) == ["mail_failed"]


@pytest.mark.parametrize("failure", [TryLater("mail", "451"), MayHaveHappened("mail", "out-of-time")])
def test_a_server_in_trouble_is_tried_again_under_the_same_identifier(office: Office, failure: OutsideFailure) -> None:
    contact_id = office.contact(SAFE)
    mail_id = office.mail(contact_id)
    office.post.failures = [failure]
    with pytest.raises(TryAgain):
        deliver_mail(str(mail_id))
    assert office.row(mail_id).state == "queued"
    deliver_mail(str(mail_id))
    assert office.row(mail_id).state == "sent"
    assert office.row(mail_id).attempts == 2
    assert len(office.post.sent) == 1


def test_it_is_not_tried_for_ever(office: Office) -> None:
    contact_id = office.contact(SAFE)
    mail_id = office.mail(contact_id)
    office.post.failures = [TryLater("mail", "451")] * TRIES
    for _ in range(TRIES - 1):
        with pytest.raises(TryAgain):
            deliver_mail(str(mail_id))
    deliver_mail(str(mail_id))
    assert (office.row(mail_id).state, office.row(mail_id).error) == ("failed", "451")
    assert office.events(contact_id) == ["mail_failed"] * TRIES


def test_a_refusal_is_final_and_seen_in_the_thread(office: Office) -> None:
    contact_id = office.contact(SAFE)
    with office.sessions.begin() as session:
        message = models.Message(
            id=uuid4(),
            contact_id=contact_id,
            position=1,
            kind="outbound",
            channel="email",
            body="We found your bicycle.",
            created_at=office.now,
        )
        session.add(message)
    office.post.failures = [Refused("mail", "550")]
    mail_id = office.mail(contact_id, "reply", message_id=str(message.id))
    deliver_mail(str(mail_id))
    assert office.row(mail_id).state == "failed"
    with office.sessions() as session:
        found = session.get(models.Message, message.id)
        assert found is not None
        assert found.delivery_state == "failed"


def test_a_waiting_message_is_announced_without_its_words(office: Office) -> None:
    contact_id = office.contact(SAFE)
    with office.sessions.begin() as session:
        message = models.Message(
            id=uuid4(),
            contact_id=contact_id,
            position=1,
            kind="outbound",
            channel="email",
            body="We found your bicycle.",
            created_at=office.now,
        )
        session.add(message)
    deliver_mail(str(office.mail(contact_id, "message_waiting", message_id=str(message.id))))
    (sent,) = office.post.sent
    assert "bicycle" not in sent.as_string()
    with office.sessions() as session:
        found = session.get(models.Message, message.id)
        assert found is not None
        assert found.delivery_state == "sent"


def test_scenario_23_an_internal_note_never_leaves_by_mail(office: Office) -> None:
    """Scenario 23."""
    contact_id = office.contact(SAFE)
    with office.sessions.begin() as session:
        note = models.Message(
            id=uuid4(),
            contact_id=contact_id,
            position=1,
            kind="note",
            channel="web",
            body="Ask the sergeant.",
            created_at=office.now,
        )
        session.add(note)
    mail_id = office.mail(contact_id, "reply", message_id=str(note.id))
    deliver_mail(str(mail_id))
    assert office.post.sent == []
    assert office.row(mail_id).state == "failed"


def test_a_mail_erased_with_its_contact_is_no_error(office: Office) -> None:
    deliver_mail(str(uuid4()))


def test_after_stop_online_access_no_address_is_sent(office: Office) -> None:
    contact_id = office.contact(SAFE, online_access_stopped_at=office.now)
    deliver_mail(str(office.mail(contact_id)))
    assert "/progress" not in office.post.sent[0].as_string()
