"""A report looked up beside a chat: by both proofs, in boxes of their own; what is shown is no more than /progress."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.store.models import Contact
from tests.support.clients import StrictClient
from tests.web.citizen.journeys import keys_of, send_report
from tests.web.citizen.test_chat import Chat, begin, said

WRONG = "Those two do not go together"


@pytest.fixture
def reporter(app: Flask) -> StrictClient:
    """The browser that sent the report, another than the chat's."""
    made = app.test_client()
    assert isinstance(made, StrictClient)
    return made


@pytest.fixture
def chat(client: StrictClient, system: sessionmaker[Session]) -> Chat:
    return begin(client, system)


def test_both_proofs_show_how_it_stands_and_leave_nothing_in_the_chat(
    client: StrictClient, reporter: StrictClient, chat: Chat, system: sessionmaker[Session]
) -> None:
    reference, words = keys_of(reporter, send_report(reporter))
    before = said(system, chat)
    page = client.send(f"{chat.path}/lookup", {"reference": reference, "words": words}).get_data(as_text=True)
    assert "waiting for a person to read it" in page
    assert "You sent your report" in page
    assert said(system, chat) == before
    assert client.get(f"/progress/{reference}").status_code == 403, "this browser proves no more by it"
    assert client.get(chat.path).status_code == 200


def test_wrong_words_say_nothing(client: StrictClient, reporter: StrictClient, chat: Chat) -> None:
    reference, _ = keys_of(reporter, send_report(reporter))
    for typed in (reference, "K7R-D4M-X2P", ""):
        page = client.send(f"{chat.path}/lookup", {"reference": typed, "words": "amber river plain seven"})
        assert WRONG in page.get_data(as_text=True)


def test_ten_wrong_tries_close_the_reference_here_too(client: StrictClient, reporter: StrictClient, chat: Chat) -> None:
    reference, words = keys_of(reporter, send_report(reporter))
    sent = {"reference": reference, "words": "amber river plain seven", "csrf_token": client.token(chat.path)}
    statuses = [client.post(f"{chat.path}/lookup", data=sent).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    assert client.post(f"{chat.path}/lookup", data={**sent, "words": words}).status_code == 429


def test_a_sensitive_report_says_only_that_we_have_it(
    client: StrictClient, reporter: StrictClient, chat: Chat, system: sessionmaker[Session]
) -> None:
    reference, words = keys_of(reporter, send_report(reporter))
    with system.begin() as session:
        session.execute(sa.update(Contact).where(Contact.reference == reference).values(sensitive=True))
    page = client.send(f"{chat.path}/lookup", {"reference": reference, "words": words}).get_data(as_text=True)
    assert "We have your message" in page
    assert "You sent your report" not in page
    assert "waiting for a person" not in page


def test_whoever_has_not_proven_the_chat_looks_nothing_up(reporter: StrictClient, chat: Chat) -> None:
    assert reporter.get(f"{chat.path}/lookup").status_code == 403
