"""The citizen's stream: each line once and in order, whenever it was opened; ended when it may tell no more."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.events import Event
from contact.domain.fixed_texts import FixedText, fixed_text
from contact.services import speaking
from contact.store import audit, contacts, conversations, messages
from contact.web.shared.chat import stream
from contact.web.shared.hub import hub_of
from tests.support.clients import StrictClient
from tests.support.database import MigratedDatabase
from tests.support.queue_data import QueueData
from tests.web.citizen.test_chat import Chat, begin

OPEN: list[Reader] = []


class Reader:
    """Reads a stream in a thread, as a browser would."""

    def __init__(self, client: StrictClient, chat: Chat, after: int = 0) -> None:
        self.answer = client.get(f"{chat.path}/events?after={after}", buffered=False)
        assert self.answer.status_code == 200
        self.blocks: list[tuple[str, str]] = []
        self.ended = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        OPEN.append(self)

    def _read(self) -> None:
        for chunk in self.answer.response:
            text = chunk.decode() if isinstance(chunk, bytes) else chunk
            fields = dict(line.split(": ", 1) for line in text.strip().splitlines() if ": " in line)
            if "event" in fields:
                self.blocks.append((fields["event"], fields.get("data", "")))
        self.ended.set()

    def told(self, name: str) -> list[str]:
        return [data for event, data in tuple(self.blocks) if event == name]

    @property
    def words(self) -> list[str]:
        return [json.loads(data)["body"] for data in self.told("line")]

    def wait(self, done: Callable[[], bool], seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < until, f"nothing came: {self.blocks}"
            time.sleep(0.01)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch, system: sessionmaker[Session]) -> Iterator[None]:
    """The sign of life comes every half second; at the end every stream is ended."""
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.5)
    yield
    with system.begin() as session:
        session.connection().exec_driver_sql("DELETE FROM web_sessions")
    while OPEN:
        assert OPEN.pop().ended.wait(30)


@pytest.fixture
def chat(client: StrictClient, system: sessionmaker[Session]) -> Chat:
    return begin(client, system)


def speak(system: sessionmaker[Session], contact_id: UUID, body: str, kind: str = "outbound") -> None:
    """Somebody of the force says something."""
    now = dt.datetime.now(dt.UTC)
    with system.begin() as session:
        contact = contacts.lock(session, contact_id=contact_id)
        said = messages.add(session, contact_id=contact_id, kind=kind, channel="chat", body=body, now=now)
        where = {"force_id": contact.force_id, "contact_id": contact_id, "at": now, "message_id": said.id}
        if kind == "note":
            audit.record(session, Event.NOTE_ADDED, **where)  # type: ignore[arg-type]  # one dict of several types
        else:
            audit.record(session, Event.REPLIED, channel="chat", first=False, **where)  # type: ignore[arg-type]  # as above


def test_each_line_comes_once_in_order_and_no_note_ever(
    client: StrictClient, chat: Chat, system: sessionmaker[Session]
) -> None:
    reader = Reader(client, chat)
    reader.wait(lambda: bool(reader.told("live")))
    before = list(reader.words)
    assert before[0] == "My bicycle was taken"
    for number in range(5):
        speak(system, chat.contact_id, f"SECRET {number}", kind="note")
        speak(system, chat.contact_id, f"line {number}")
    reader.wait(lambda: "line 4" in reader.words)
    assert reader.words == before + [f"line {number}" for number in range(5)]
    assert "SECRET" not in str(reader.blocks)
    assert json.loads(reader.told("talks")[0])["who"] == "waiting"
    assert reader.answer.headers["X-Accel-Buffering"] == "no"


def test_a_form_that_is_on_offer_no_more_leaves_the_page(
    client: StrictClient, chat: Chat, system: sessionmaker[Session]
) -> None:
    """Where the matter turns out to be urgent a person goes on, and no form is offered beside what to do in danger."""
    reader = Reader(client, chat)
    for count, form in enumerate(("theft", "firearms-certificate", None), start=1):
        with system.begin() as session:
            contacts.lock(session, contact_id=chat.contact_id)
            talk = conversations.find(session, contact_id=chat.contact_id, lock=True)
            assert talk is not None
            talk.offered_form = form
        speak(system, chat.contact_id, f"line {count}")
        reader.wait(lambda count=count: len(reader.told("offer")) >= count)  # type: ignore[misc]  # its own number
    told = [json.loads(each) for each in reader.told("offer")]
    assert [(bool(each["words"]), each["carries"]) for each in told] == [(True, True), (True, False), (False, False)]


def test_scenario_15_back_after_a_while_nothing_is_missed_or_twice(
    client: StrictClient, chat: Chat, system: sessionmaker[Session]
) -> None:
    first = Reader(client, chat)
    first.wait(lambda: bool(first.told("live")))
    cursor = int(first.told("live")[0])
    for number in range(3):
        speak(system, chat.contact_id, f"missed {number}")
    back = Reader(client, chat, after=cursor)
    speak(system, chat.contact_id, "now")
    back.wait(lambda: "now" in back.words)
    assert back.words == ["missed 0", "missed 1", "missed 2", "now"]


def test_it_says_when_a_person_has_read_and_only_then(
    client: StrictClient, chat: Chat, system: sessionmaker[Session]
) -> None:
    reader = Reader(client, chat)
    reader.wait(lambda: bool(reader.told("live")))
    assert reader.told("read") == []
    now = dt.datetime.now(dt.UTC)
    with system.begin() as session:
        contact = contacts.lock(session, contact_id=chat.contact_id)
        said = messages.list_thread(session, contact_id=chat.contact_id)[0]
        said.read_at = now
        audit.record(
            session, Event.MESSAGE_READ, force_id=contact.force_id, contact_id=contact.id, at=now,
            message_id=said.id, by="agent",
        )  # fmt: skip
    reader.wait(lambda: reader.told("read") == ["1"])


def test_danger_found_later_is_told_at_once_and_once(
    client: StrictClient, chat: Chat, system: sessionmaker[Session]
) -> None:
    """Whoever found it, model or words: the page shows its own 999 advice without being loaded again (practice 12)."""
    reader = Reader(client, chat)
    reader.wait(lambda: bool(reader.told("live")))
    assert reader.told("danger") == []
    now = dt.datetime.now(dt.UTC)
    with system.begin() as session:
        contact = contacts.lock(session, contact_id=chat.contact_id)
        talk = conversations.find(session, contact_id=chat.contact_id, lock=True)
        assert talk is not None
        speaking.advise_999(session, contact=contact, conversation=talk, flags=(), now=now)
    speak(system, chat.contact_id, "we are here")
    reader.wait(lambda: "we are here" in reader.words)
    assert reader.told("danger") == ["999"]
    assert fixed_text(FixedText.CHAT_999) in reader.words
    assert fixed_text(FixedText.SMS_999) not in reader.words


def test_it_ends_when_online_access_is_stopped(client: StrictClient, chat: Chat, system: sessionmaker[Session]) -> None:
    reader = Reader(client, chat)
    reader.wait(lambda: bool(reader.told("live")))
    assert client.send(f"/progress/{chat.reference}/stop").status_code == 200
    reader.wait(reader.ended.is_set)
    assert reader.told("ended") == ["stopped"]


def test_it_ends_when_the_person_has_left(client: StrictClient, chat: Chat) -> None:
    reader = Reader(client, chat)
    reader.wait(lambda: bool(reader.told("live")))
    client.get("/exit")
    reader.wait(reader.ended.is_set)
    assert reader.told("ended") == ["signed-out"]


def test_many_streams_hold_no_connection_and_are_forgotten(
    app: Flask, client: StrictClient, chat: Chat, system: sessionmaker[Session]
) -> None:
    readers = [Reader(client, chat) for _ in range(12)]  # the pool of the tests has three
    for reader in readers:
        reader.wait(lambda one=reader: bool(one.told("live")))  # type: ignore[misc]
    assert client.get(chat.path).status_code == 200
    assert hub_of(app).count_chats() >= 12
    client.get("/exit")
    for reader in readers:
        reader.wait(reader.ended.is_set)
    readers[0].wait(lambda: hub_of(app).count_chats() == 0)


def test_the_listener_comes_back_and_loses_nothing(
    app: Flask, client: StrictClient, chat: Chat, system: sessionmaker[Session], database: MigratedDatabase
) -> None:
    reader = Reader(client, chat)
    reader.wait(lambda: bool(reader.told("live")))
    before = hub_of(app).reconnections
    QueueData(database).one(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'contact-listener'"
        " AND datname = current_database()"
    )
    speak(system, chat.contact_id, "after the loss")
    reader.wait(lambda: "after the loss" in reader.words)
    reader.wait(lambda: hub_of(app).reconnections > before)
