"""What is written after a chat was closed: within 28 days it opens again, later a linked one begins."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from sqlalchemy.orm import Session, sessionmaker

from contact.store import contacts, models, triage
from tests.support.clients import StrictClient
from tests.web.citizen.test_chat import Chat, begin, hidden, said, say


@pytest.fixture
def chat(client: StrictClient, system: sessionmaker[Session]) -> Chat:
    return begin(client, system)


def _close(system: sessionmaker[Session], contact_id: UUID, *, days: int) -> None:
    """A person closed it so many days ago."""
    with system.begin() as session:
        contact = contacts.lock(session, contact_id=contact_id)
        contact.state, contact.closed_reason = "closed", "answered"
        contact.closed_at = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
        for entry in triage.list_entries(session, contact_id=contact_id, lock=True):
            entry.state = "closed"


def _following(system: sessionmaker[Session], contact_id: UUID) -> list[models.Contact]:
    with system() as session:
        return list(session.query(models.Contact).filter_by(follows_id=contact_id))


@pytest.mark.parametrize("by_script", [True, False])
def test_a_message_after_28_days_begins_a_linked_chat(
    client: StrictClient, chat: Chat, system: sessionmaker[Session], by_script: bool
) -> None:
    """Engineering 28: nothing is refused or lost, sent twice it is one, and it is treated with the same care."""
    with system.begin() as session:
        contacts.lock(session, contact_id=chat.contact_id).sensitive = True
    _close(system, chat.contact_id, days=29)
    key = hidden(client, chat.path, "key")
    for _ in range(2):
        headers = {"Accept": "application/json"} if by_script else {}
        answer = client.send(chat.path, {"body": "he is back", "key": key}, headers=headers)
        assert answer.status_code == (200 if by_script else 303)
        address = answer.get_json()["go_on"] if by_script else answer.headers["Location"]
    (anew,) = _following(system, chat.contact_id)
    assert (anew.state, anew.sensitive, anew.force_id) == ("waiting", True, "northshire")
    assert address.startswith(f"/chat/{anew.reference}")
    page = client.get(address).get_data(as_text=True)
    assert "he is back" in page
    assert "This is a new chat" in page
    assert "My bicycle was taken" not in page, "practice 4: nothing that was said before"
    assert said(system, chat) == ["My bicycle was taken"]


def test_three_messages_from_the_old_page_are_one_new_chat(
    client: StrictClient, chat: Chat, system: sessionmaker[Session]
) -> None:
    _close(system, chat.contact_id, days=29)
    for words in ("he is back", "he is at the door", "he has gone"):
        key = hidden(client, chat.path, "key")
        assert client.send(chat.path, {"body": words, "key": key}).status_code == 303
        assert client.send(chat.path, {"body": words, "key": key}).status_code == 303
    (anew,) = _following(system, chat.contact_id)
    with system() as session:
        kept = session.query(models.Message).filter_by(contact_id=anew.id, kind="inbound")
        assert [each.body for each in kept.order_by(models.Message.position)] == [
            "he is back", "he is at the door", "he has gone",
        ]  # fmt: skip
    _close(system, anew.id, days=29)
    key = hidden(client, chat.path, "key")
    assert client.send(chat.path, {"body": "a year later", "key": key}).status_code == 303
    assert len(_following(system, chat.contact_id)) == 1
    assert len(_following(system, anew.id)) == 1, "and what follows that is found from the first page too"


def test_nothing_goes_on_from_a_source_kept_apart(
    client: StrictClient, chat: Chat, system: sessionmaker[Session]
) -> None:
    """Practice 17: no conversation, no bot; what was typed stays."""
    with system.begin() as session:
        contacts.lock(session, contact_id=chat.contact_id).source_apart = True
    _close(system, chat.contact_id, days=29)
    answer = client.send(chat.path, {"body": "he has moved it", "key": hidden(client, chat.path, "key")})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Please start a new report" in page
    assert "he has moved it" in page
    assert _following(system, chat.contact_id) == []


def test_within_28_days_it_opens_again(client: StrictClient, chat: Chat, system: sessionmaker[Session]) -> None:
    _close(system, chat.contact_id, days=27)
    assert say(client, chat, "and one more thing").status_code == 303
    assert _following(system, chat.contact_id) == []
    assert said(system, chat) == ["My bicycle was taken", "and one more thing"]
