"""The queue page without JavaScript: what it shows and to whom, claims, heartbeats and alarms."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest
from flask import Flask

from contact.domain.access import Role
from tests.support.clients import Clock, Staff, StrictClient
from tests.support.database import MigratedDatabase
from tests.support.html_checks import parse, text_of
from tests.support.queue_data import QueueData

QUEUE = "/control-room/"
_QUIET = "UPDATE alarms SET cleared_at = now() WHERE cleared_at IS NULL"
"""What other tests left ringing is none of this test's."""


@pytest.fixture
def data(database: MigratedDatabase) -> QueueData:
    made = QueueData(database)
    made.run("UPDATE queue_entries SET state = 'closed', holder_id = NULL, lease_ends_at = NULL, lease_kind = NULL")
    return made


@pytest.fixture
def handler(client: StrictClient, staff: Staff) -> StrictClient:
    staff.sign_in(client, staff.make({"northshire": {Role.CALL_HANDLER}}))
    return client


def _keys(client: StrictClient, path: str = QUEUE) -> list[str]:
    return [text_of(row.find("./th/a")) for row in client.tree(path).iter("tr") if row.get("data-key")]


def test_emergencies_stand_above_and_the_rest_by_due_time(handler: StrictClient, data: QueueData, clock: Clock) -> None:
    data.contact("northshire", due_at=clock.now + dt.timedelta(hours=2), category="burglary")
    data.contact("northshire", due_at=clock.now + dt.timedelta(hours=1), category="theft", flags=["weapon", "child"])
    data.contact("northshire", due_at=clock.now, grade="emergency", category="domestic_abuse")
    data.contact("southshire", due_at=clock.now, category="robbery")
    names = [name.rsplit(" ", 1)[0] for name in _keys(handler)]
    assert names == ["Domestic abuse", "Theft", "Burglary"]
    words = text_of(handler.tree(QUEUE).find(".//main"))
    assert "Emergencies 1 waiting" in words
    assert words.index("Weapon") < words.index("Child")
    assert "Look in 59 minutes" in words or "Look in 1 hour" in words


def test_the_rows_alone_are_the_same_rows(handler: StrictClient, data: QueueData, clock: Clock) -> None:
    for minutes in range(30):
        data.contact("northshire", due_at=clock.now + dt.timedelta(minutes=minutes))
    whole = handler.get(QUEUE).get_data(as_text=True)
    part = handler.get(QUEUE + "?part=rows", lax=True).get_data(as_text=True)  # a part has no heading of its own
    assert "".join(part.split()) in "".join(whole.split())
    assert "<html" not in part


def test_pages_follow_each_other_without_gap_or_repeat(handler: StrictClient, data: QueueData, clock: Clock) -> None:
    for minutes in range(60):
        data.contact("northshire", due_at=clock.now + dt.timedelta(minutes=minutes // 3))
    seen, path = [], QUEUE
    while path:
        seen += _keys(handler, path)
        following = [link.get("href") for link in handler.tree(path).iter("a") if link.get("rel") == "next"]
        path = following[0] or "" if following else ""
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize("after", ["x", "1.2", "1.99999999999999999999.0", "9.1.zz", "'; DROP TABLE x"])
def test_a_cursor_that_is_none_shows_the_first_page(handler: StrictClient, after: str) -> None:
    assert handler.get(QUEUE, query_string={"after": after}).status_code == 200


def test_claiming_leads_to_the_contact_and_to_mine(handler: StrictClient, data: QueueData, clock: Clock) -> None:
    contact_id = data.contact("northshire", due_at=clock.now)
    answer = handler.send("/control-room/claim-next", page=QUEUE)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/control-room/contacts/{contact_id}")
    assert _keys(handler) == []
    assert len(_keys(handler, QUEUE + "?view=mine")) == 1


def test_a_refused_claim_names_the_holder_and_is_in_the_log(
    handler: StrictClient, staff: Staff, data: QueueData, clock: Clock
) -> None:
    contact_id = data.contact("northshire", due_at=clock.now)
    other = handler.application.test_client()
    assert isinstance(other, StrictClient)
    staff.sign_in(other, staff.make({"northshire": {Role.CALL_HANDLER}}, name="Nia Pryce"))
    assert other.send(f"/control-room/contacts/{contact_id}/claim", page=QUEUE).status_code == 303
    refused = handler.send(f"/control-room/contacts/{contact_id}/claim", page=QUEUE)
    assert refused.status_code == 409
    assert "Nia Pryce has it" in refused.get_data(as_text=True)
    why = "SELECT data->>'why' FROM events WHERE contact_id = %s AND name = 'claim_refused'"
    assert data.one(why, contact_id) == ("already_taken",)


def test_another_forces_contact_is_not_there(handler: StrictClient, data: QueueData, clock: Clock) -> None:
    contact_id = data.contact("southshire", due_at=clock.now)
    assert handler.send(f"/control-room/contacts/{contact_id}/claim", page=QUEUE).status_code == 404
    assert data.one("SELECT count(*) FROM events WHERE contact_id = %s", contact_id) == (0,)
    assert data.one("SELECT count(*) > 0 FROM events WHERE name = 'opening_refused'") == (True,)


def test_heartbeats_hold_a_contact_and_silence_loses_it(handler: StrictClient, data: QueueData, clock: Clock) -> None:
    contact_id = data.contact("northshire", due_at=clock.now)
    place = data.one("SELECT band, due_at, id FROM queue_entries WHERE contact_id = %s", contact_id)
    assert handler.send("/control-room/claim-next", {"lease": "live"}, page=QUEUE).status_code == 303
    beat = f"/control-room/contacts/{contact_id}/heartbeat"
    token = handler.token(QUEUE)
    for _ in range(4):
        clock.advance(dt.timedelta(seconds=80))
        answer = handler.post(beat, headers={"X-CSRFToken": token})
        assert answer.get_json() == {"ends_in_seconds": 90, "again_in_seconds": 20}
    clock.advance(dt.timedelta(seconds=91))
    answer = handler.post(beat, headers={"X-CSRFToken": token})
    assert (answer.status_code, answer.get_json()) == (409, {"error": "lease_lost", "holder": None})
    state = "SELECT state, holder_id FROM queue_entries WHERE contact_id = %s"
    assert data.one(state, contact_id) == ("waiting", None)
    assert data.one("SELECT band, due_at, id FROM queue_entries WHERE contact_id = %s", contact_id) == place
    assert data.one("SELECT count(*) FROM events WHERE contact_id = %s AND name = 'lease_ended'", contact_id) == (1,)
    assert handler.send(f"/control-room/contacts/{contact_id}/keep", {"lease": "live"}, page=QUEUE).status_code == 303
    assert data.one(state, contact_id)[0] == "held"


def test_the_page_of_25_is_light(handler: StrictClient, data: QueueData, clock: Clock) -> None:
    for minutes in range(30):
        data.contact("northshire", due_at=clock.now + dt.timedelta(minutes=minutes), flags=["child", "weapon"])
    answer = handler.get(QUEUE, headers={"Accept-Encoding": "gzip"}, lax=True)  # compressed: read below
    assert len(answer.data) < 20_000
    assert not parse(gzip.decompress(answer.data).decode())[1]


def test_an_alarm_stands_above_the_queue_until_somebody_accepts(
    handler: StrictClient, data: QueueData, clock: Clock
) -> None:
    contact_id = data.contact("northshire", due_at=clock.now, grade="emergency")
    data.run(_QUIET)
    data.run(
        "INSERT INTO alarms (id, kind, force_id, contact_id, raised_at)"
        " VALUES (gen_random_uuid(), 'emergency_unopened', 'northshire', %s, now())",
        contact_id,
    )
    accept = next(
        button.get("formaction") or ""
        for button in handler.tree(QUEUE).iter("button")
        if "Accept this alarm" in text_of(button)
    )
    assert handler.send(accept, {"from": "queue"}, page=QUEUE).status_code == 303
    assert "Accept this alarm" not in text_of(handler.tree(QUEUE).find(".//main"))
    assert "Accepted by Sam Okafor" in text_of(handler.tree("/control-room/alarms").find(".//main"))


def test_that_a_restricted_contact_came_in_is_not_told_to_every_colleague(
    handler: StrictClient, app: Flask, staff: Staff, data: QueueData
) -> None:
    """It may be about one of them (practice 8): only who restricts learns of it, or says that they see to it."""
    data.run(_QUIET)
    data.run(
        "INSERT INTO alarms (id, kind, force_id, raised_at)"
        " VALUES (gen_random_uuid(), 'restricted_unnamed', 'northshire', now())"
    )
    boss = app.test_client()
    assert isinstance(boss, StrictClient)
    staff.sign_in(boss, staff.make({"northshire": {Role.SUPERVISOR}}))
    for page in (QUEUE, "/control-room/alarms"):
        assert "restricted contact" not in text_of(handler.tree(page))
        assert "Nobody is named to open a restricted contact" in text_of(boss.tree(page))
    accept = next(
        button.get("formaction") or ""
        for button in boss.tree(QUEUE).iter("button")
        if "Accept this alarm" in text_of(button)
    )
    assert handler.send(accept, page=QUEUE).status_code == 404
    assert boss.send(accept, page=QUEUE).status_code == 303


def test_a_queue_is_not_for_those_without_the_role(client: StrictClient, staff: Staff) -> None:
    staff.sign_in(client, staff.make({"northshire": {Role.FORCE_ADMIN}}))
    assert client.get(QUEUE).status_code in (302, 403)  # shown the way to what is theirs, or refused
    assert client.get("/control-room/events").status_code == 403


def test_who_has_let_one_go_is_shown_the_next(handler: StrictClient, data: QueueData, clock: Clock) -> None:
    assert "next is yours" not in text_of(handler.tree(QUEUE + "?let_go=1"))
    data.contact("northshire", due_at=clock.now + dt.timedelta(hours=2), category="burglary")
    data.contact("northshire", due_at=clock.now + dt.timedelta(hours=1), category="robbery")
    assert "The next is yours to take: Robbery" in text_of(handler.tree(QUEUE + "?let_go=1").find(".//main"))
