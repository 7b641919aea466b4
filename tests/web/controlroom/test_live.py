"""The live stream: resumed at any cursor, nothing missed, nothing twice, nothing that an agent may not know."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from contact.domain.access import Actor, Role
from contact.domain.queueing import LeaseKind
from contact.services import control_room
from contact.store.audit import Live
from contact.store.engine import make_engine, make_sessions
from contact.web.controlroom import live
from contact.web.controlroom.live import read_cursor, write_cursor
from contact.web.shared.hub import hub_of
from tests.support.clients import Clock, Staff, StrictClient
from tests.support.database import MigratedDatabase
from tests.support.queue_data import QueueData

EVENTS = "/control-room/events"


OPEN: list[Reader] = []


class Reader:
    """Reads a stream in a thread, as a browser would."""

    def __init__(self, client: StrictClient, after: str, headers: dict[str, str] | None = None) -> None:
        self.answer = client.get(EVENTS, query_string={"after": after}, headers=headers, buffered=False)
        assert self.answer.status_code == 200
        self.blocks: list[dict[str, str]] = []
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        OPEN.append(self)

    def _read(self) -> None:
        for chunk in self.answer.response:
            text = chunk.decode() if isinstance(chunk, bytes) else chunk
            for block in text.strip().split("\n\n"):  # several events may come in one piece
                pairs = (line.partition(": ") for line in block.splitlines())
                self.blocks.append({name: value for name, _, value in pairs})
        self.ended.set()

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(block["data"]) for block in tuple(self.blocks) if "id" in block]

    @property
    def names(self) -> list[str]:
        return [block["event"] for block in tuple(self.blocks) if "event" in block]

    def wait(self, done: Callable[[], bool], seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < until, f"nothing came: {self.blocks}"
            time.sleep(0.01)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sign of life comes every half second."""
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.5)


@pytest.fixture
def data(database: MigratedDatabase, two_forces: tuple[str, str]) -> Iterator[QueueData]:
    made = QueueData(database)
    made.run("UPDATE queue_entries SET state = 'closed', holder_id = NULL, lease_ends_at = NULL, lease_kind = NULL")
    yield made
    made.run("DELETE FROM web_sessions")
    while OPEN:
        assert OPEN.pop().ended.wait(30)


@pytest.fixture
def engine(database: MigratedDatabase) -> Iterator[sa.Engine]:
    made = make_engine(database.web_url)
    yield made
    made.dispose()


def _happen(data: QueueData, engine: sa.Engine, agent: Actor, force: str, *, restricted: bool = False) -> str:
    """Somebody claims a contact; answers its id."""
    contact_id = data.contact(force, due_at=dt.datetime.now(dt.UTC), restricted=restricted)
    if restricted:
        data.name_on(contact_id, agent)
    with make_sessions(engine, agent).begin() as session:
        now = dt.datetime.now(dt.UTC)
        control_room.claim(session, agent=agent, contact_id=contact_id, kind=LeaseKind.LIVE, now=now)
    data.run("UPDATE queue_entries SET state = 'closed', holder_id = NULL, lease_ends_at = NULL, lease_kind = NULL")
    return str(contact_id)


def _heads(data: QueueData) -> str:
    row = data.one(
        "SELECT coalesce(string_agg(f || ':' || coalesce(h.seq, 0), ',' ORDER BY f), '')"
        " FROM unnest(ARRAY['northshire', 'southshire']) f LEFT JOIN chain_heads h ON h.chain = f"
    )
    return str(row[0])


@pytest.fixture
def watcher(client: StrictClient, staff: Staff) -> StrictClient:
    staff.sign_in(client, staff.make({"northshire": {Role.CALL_HANDLER}}))
    return client


def test_an_event_arrives_while_it_happens(watcher: StrictClient, data: QueueData, engine: sa.Engine) -> None:
    other = data.agent("Other", {"northshire": Role.CALL_HANDLER, "southshire": Role.CALL_HANDLER})
    reader = Reader(watcher, _heads(data))
    reader.wait(lambda: "live" in reader.names)
    elsewhere = _happen(data, engine, other, "southshire")
    here = _happen(data, engine, other, "northshire")
    reader.wait(lambda: bool(reader.events))
    assert [(event["name"], event["contact"]) for event in reader.events] == [("claimed", here)]
    assert elsewhere not in json.dumps(reader.blocks)
    assert reader.answer.headers["X-Accel-Buffering"] == "no"
    assert "Content-Encoding" not in reader.answer.headers


@pytest.mark.parametrize("by_header", [False, True])
def test_scenario_15_back_after_ten_minutes_nothing_is_missed_or_twice(
    client: StrictClient, staff: Staff, data: QueueData, engine: sa.Engine, by_header: bool
) -> None:
    staff.sign_in(client, staff.make({"northshire": {Role.CALL_HANDLER}, "southshire": {Role.CALL_HANDLER}}))
    other = data.agent("Other", {"northshire": Role.CALL_HANDLER, "southshire": Role.CALL_HANDLER})
    rendered_at = _heads(data)
    first = Reader(client, rendered_at)
    first.wait(lambda: "live" in first.names)
    seen = _happen(data, engine, other, "northshire")
    first.wait(lambda: bool(first.events))
    cursor = next(block["id"] for block in first.blocks if "id" in block)
    missed = [_happen(data, engine, other, force) for force in ("northshire", "southshire", "northshire")]
    back = Reader(client, rendered_at, {"Last-Event-ID": cursor}) if by_header else Reader(client, cursor)
    back.wait(lambda: "live" in back.names)
    now = _happen(data, engine, other, "southshire")
    back.wait(lambda: len(back.events) >= 4)
    assert sorted(event["contact"] for event in back.events) == sorted([*missed, now])
    assert seen not in json.dumps(back.blocks)
    for force in ("northshire", "southshire"):
        in_force = [event["seq"] for event in back.events if event["force"] == force]
        assert in_force == sorted(set(in_force))


def test_a_restricted_contact_is_told_only_to_those_named(
    watcher: StrictClient, data: QueueData, engine: sa.Engine
) -> None:
    named = data.agent("Named", {"northshire": Role.CALL_HANDLER})
    reader = Reader(watcher, _heads(data))
    reader.wait(lambda: "live" in reader.names)
    hidden = _happen(data, engine, named, "northshire", restricted=True)
    told = _happen(data, engine, named, "northshire")
    reader.wait(lambda: bool(reader.events))
    assert [event["contact"] for event in reader.events] == [told]
    again = Reader(watcher, "northshire:0")
    again.wait(lambda: any(event["contact"] == told for event in again.events))
    assert hidden not in json.dumps(again.blocks)


def test_a_stream_ends_when_its_agent_signs_out(client: StrictClient, staff: Staff, data: QueueData) -> None:
    agent = staff.make({"northshire": {Role.CALL_HANDLER}})
    staff.sign_in(client, agent)
    reader = Reader(client, _heads(data))
    reader.wait(lambda: "live" in reader.names)
    data.run("DELETE FROM web_sessions WHERE agent_id = %s", agent.id)
    reader.wait(reader.ended.is_set)
    assert reader.names[-1] == "signed-out"


def test_a_busy_stream_ends_too(client: StrictClient, staff: Staff, data: QueueData) -> None:
    """The session is looked at when its time has come, also where event follows event without a pause."""
    agent = staff.make({"northshire": {Role.CALL_HANDLER}})
    staff.sign_in(client, agent)
    reader = Reader(client, "")
    reader.wait(lambda: "live" in reader.names)
    hub = hub_of(client.application)
    busy = threading.Event()

    def flood() -> None:
        while not busy.is_set():
            for stream in tuple(hub._streams["northshire"]):
                if stream.post.qsize() < 50:
                    stream.post.put(Live("northshire", 0, "claimed", None, None, None))

    thread = threading.Thread(target=flood, daemon=True)
    thread.start()
    try:
        data.run("DELETE FROM web_sessions WHERE agent_id = %s", agent.id)
        reader.wait(reader.ended.is_set)
    finally:
        busy.set()
        thread.join()
    assert reader.names[-1] == "signed-out"


def test_a_stream_is_told_to_reload_when_roles_change(client: StrictClient, staff: Staff, data: QueueData) -> None:
    agent = staff.make({"northshire": {Role.CALL_HANDLER}})
    staff.sign_in(client, agent)
    reader = Reader(client, _heads(data))
    reader.wait(lambda: "live" in reader.names)
    data.run("INSERT INTO agent_forces VALUES (%s, 'southshire', 'call_handler')", agent.id)
    reader.wait(reader.ended.is_set)
    assert reader.names[-1] == "reload"


def test_one_too_far_behind_is_told_to_reload(
    watcher: StrictClient, data: QueueData, monkeypatch: pytest.MonkeyPatch, engine: sa.Engine
) -> None:
    other = data.agent("Other", {"northshire": Role.CALL_HANDLER})
    monkeypatch.setattr(live, "BEHIND", 2)
    cursor = _heads(data)
    for _ in range(4):
        _happen(data, engine, other, "northshire")
    reader = Reader(watcher, cursor)
    reader.wait(reader.ended.is_set)
    assert reader.names == ["reload"]


def test_the_listener_comes_back_and_loses_nothing(
    app: Flask, watcher: StrictClient, data: QueueData, engine: sa.Engine
) -> None:
    other = data.agent("Other", {"northshire": Role.CALL_HANDLER})
    reader = Reader(watcher, _heads(data))
    reader.wait(lambda: "live" in reader.names)
    before = hub_of(app).reconnections
    data.one(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'contact-listener'"
        " AND datname = current_database()"
    )
    told = [_happen(data, engine, other, "northshire") for _ in range(3)]
    reader.wait(lambda: len(reader.events) >= 3)
    assert [event["contact"] for event in reader.events] == told
    reader.wait(lambda: hub_of(app).reconnections > before)


def test_a_stream_holds_no_database_connection(
    client: StrictClient, staff: Staff, data: QueueData, clock: Clock
) -> None:
    staff.sign_in(client, staff.make({"northshire": {Role.CALL_HANDLER}}))
    readers = [Reader(client, _heads(data)) for _ in range(12)]  # the pool of the tests has three
    for reader in readers:
        reader.wait(lambda one=reader: "live" in one.names)  # type: ignore[misc]
    assert client.get("/control-room/").status_code == 200


def test_cursors_are_read_and_written() -> None:
    assert read_cursor("avon-and-somerset:12,kent:3,nonsense,:4,x:,y:-1,z:1e5") == {"avon-and-somerset": 12, "kent": 3}
    assert write_cursor({"kent": 3, "avon": 12}) == "avon:12,kent:3"
