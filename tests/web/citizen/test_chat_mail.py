"""The chat by email: only where asked, only where safe, under a neutral subject; the link opens it once."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from contact.jobs.deliver_mail import deliver_mail
from contact.jobs.registry import Tools, equip
from contact.settings import Settings
from contact.store.models import Contact, Mail
from contact.web.citizen import chat_mail
from tests.support.clients import Clock, StrictClient
from tests.web.citizen.test_chat import Chat, begin

ADDRESS = "sam@example.org"


@dataclass
class Post:
    sent: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        self.sent.append(message)


@pytest.fixture
def post(settings: Settings, system: sessionmaker[Session], clock: Clock) -> Post:
    made = Post()
    equip(Tools(settings=settings, sessions=system, mail=made, worker="test", clock=clock))
    return made


@pytest.fixture
def stranger(app: Flask) -> StrictClient:
    """Another browser."""
    made = app.test_client()
    assert isinstance(made, StrictClient)
    return made


@pytest.fixture
def chat(client: StrictClient, system: sessionmaker[Session]) -> Chat:
    return begin(client, system)


def ask(client: StrictClient, chat: Chat, **form: str) -> TestResponse:
    return client.send(f"{chat.path}/mail", {"email": ADDRESS, "alone": "yes", **form})


def deliver(system: sessionmaker[Session], chat: Chat) -> list[Mail]:
    """Send what waits; the rows as they are afterwards."""
    query = sa.select(Mail).where(Mail.contact_id == chat.contact_id).order_by(Mail.id)
    with system() as session:
        waiting = [mail.id for mail in session.scalars(query)]
    for mail_id in waiting:
        deliver_mail(str(mail_id))
    with system() as session:
        return list(session.scalars(query))


def become_sensitive(system: sessionmaker[Session], chat: Chat) -> None:
    with system.begin() as session:
        session.execute(sa.update(Contact).where(Contact.id == chat.contact_id).values(sensitive=True))


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_copy_comes_as_a_file_and_neither_subject_nor_text_says_what_about(
    client: StrictClient, chat: Chat, post: Post, system: sessionmaker[Session]
) -> None:
    assert "We are sending you the email" in ask(client, chat, what="copy").get_data(as_text=True)
    rows = deliver(system, chat)
    (message,) = post.sent
    assert (message["To"], message["Subject"]) == (ADDRESS, "The copy you asked for")
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("copy.pdf", "application/pdf")
    assert file.get_content().startswith(b"%PDF-")
    assert "bicycle" not in text_of(message)
    assert chat.reference not in text_of(message)
    assert [(row.state, row.recipient, row.context) for row in rows] == [("sent", "", {})], "nothing of it is kept"


def test_a_link_opens_the_chat_once_in_another_browser(
    client: StrictClient,
    chat: Chat,
    stranger: StrictClient,
    post: Post,
    system: sessionmaker[Session],
) -> None:
    assert ask(client, chat, what="link").status_code == 200
    deliver(system, chat)
    (message,) = post.sent
    assert not list(message.iter_attachments())
    link = re.search(r"https?://\S+(/t/\S+)", text_of(message))
    assert link is not None
    opened = stranger.send(link[1])
    assert opened.headers["Location"].endswith(chat.path)
    assert "My bicycle was taken" in stranger.get(chat.path).get_data(as_text=True)
    assert stranger.send(link[1], page="/return").status_code >= 400, "once for ever"


def test_of_a_sensitive_chat_only_a_link_leaves(
    client: StrictClient, chat: Chat, post: Post, system: sessionmaker[Session]
) -> None:
    become_sensitive(system, chat)
    page = client.get(f"{chat.path}/mail").get_data(as_text=True)
    assert "Anybody who can read that email can open your chat" in page
    assert "A copy of what was said" not in page
    assert ask(client, chat, what="copy").status_code == 200
    deliver(system, chat)
    (message,) = post.sent
    assert not list(message.iter_attachments())


def test_a_copy_that_waited_while_the_chat_became_sensitive_does_not_leave(
    client: StrictClient, chat: Chat, post: Post, system: sessionmaker[Session]
) -> None:
    """A mail server that was away for an hour: what was asked for then must not lie in a mailbox now."""
    assert ask(client, chat, what="copy").status_code == 200
    become_sensitive(system, chat)
    rows = deliver(system, chat)
    assert post.sent == []
    assert [(row.state, row.error, row.recipient) for row in rows] == [("failed", "not-safe", "")]


def test_nothing_leaves_to_an_address_that_somebody_else_may_read(
    client: StrictClient, chat: Chat, post: Post, system: sessionmaker[Session]
) -> None:
    for form in (
        {"what": "link", "alone": ""},
        {"what": ""},
        {"what": "link", "email": ""},
        {"what": "link", "email": "sam"},
    ):
        refused = ask(client, chat, **form)
        assert "There is a problem" in refused.get_data(as_text=True)
    assert deliver(system, chat) == []


def test_after_stopping_access_it_does_not_leave(
    client: StrictClient, chat: Chat, post: Post, system: sessionmaker[Session], clock: Clock
) -> None:
    ask(client, chat, what="copy")
    with system.begin() as session:
        session.execute(
            sa.update(Contact).where(Contact.id == chat.contact_id).values(online_access_stopped_at=clock.now)
        )
    assert [(row.state, row.recipient) for row in deliver(system, chat)] == [("failed", "")]
    assert post.sent == []


def test_whoever_has_not_proven_the_chat_sends_nothing(
    chat: Chat,
    stranger: StrictClient,
) -> None:
    assert stranger.get(f"{chat.path}/mail").status_code == 403


def test_the_mails_speak_welsh(client: StrictClient, chat: Chat, post: Post, system: sessionmaker[Session]) -> None:
    client.get("/?lang=cy")
    assert "Cael y sgwrs hon drwy e-bost" in client.get(f"{chat.path}/mail").get_data(as_text=True)
    ask(client, chat, what="link")
    deliver(system, chat)
    assert post.sent[0]["Subject"] == "Y ddolen y gofynnoch amdani"


@pytest.mark.parametrize("limited", ["MOST_TO", "MOST_FROM"])
def test_nobody_sends_mail_after_mail_through_us(
    app: Flask, system: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch, limited: str
) -> None:
    """Chat after chat with somebody's own words in it must not become post from the police."""
    monkeypatch.setattr(chat_mail, limited, 2)
    mailbox, place = f"{secrets.token_hex(6)}@example.org", f"192.0.2.{secrets.randbelow(250) + 1}"
    answers = []
    for number in range(3):
        sender = app.test_client()
        assert isinstance(sender, StrictClient)
        sender.environ_base["REMOTE_ADDR"] = place if limited == "MOST_FROM" else f"{place}{number}"
        to = mailbox if limited == "MOST_TO" else f"{number}{mailbox}"
        answers.append(ask(sender, begin(sender, system), what="copy", email=to).status_code)
    assert answers == [200, 200, 429]
