"""Sessions: server-side, two audiences apart, nothing written by a GET, ended for good when they end."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import Role
from contact.store.identifiers import new_id
from tests.support.clients import Clock, Staff, StrictClient

HANDLER = {"northshire": {Role.CALL_HANDLER}}


def rows(system: sessionmaker[Session]) -> int:
    with system() as session:
        return int(session.execute(sa.text("SELECT count(*) FROM web_sessions")).scalar_one())


def test_showing_a_form_sets_a_cookie_and_writes_no_row(client: StrictClient, system: sessionmaker[Session]) -> None:
    before = rows(system)
    assert client.get_cookie("contact_citizen") is None
    client.get("/trial/form")
    cookie = client.get_cookie("contact_citizen")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")
    assert rows(system) == before


def test_a_token_is_good_after_a_nights_sleep_and_longer(client: StrictClient, clock: Clock) -> None:
    token = client.token("/trial/form")
    clock.advance(timedelta(days=2))
    assert client.post("/trial/form?mark=night", data={"csrf_token": token}, lax=True).status_code == 200


def test_a_proof_opens_its_draft_and_contact_alone(client: StrictClient) -> None:
    mine, theirs = new_id(), new_id()
    assert client.get(f"/trial/draft/{mine}").status_code == 403
    client.send(f"/trial/prove/{mine}", page="/trial/form", lax=True)
    assert client.get(f"/trial/draft/{mine}", lax=True).get_data(as_text=True) == str(mine)
    assert client.get("/trial/contact/REF-1", lax=True).get_data(as_text=True) == str(mine)
    assert client.get(f"/trial/draft/{theirs}").status_code == 403
    assert client.get("/trial/contact/REF-2").status_code == 403


def test_another_browser_has_proven_nothing(client: StrictClient, trial_app: Flask) -> None:
    mine = new_id()
    client.send(f"/trial/prove/{mine}", page="/trial/form", lax=True)
    assert trial_app.test_client().get(f"/trial/draft/{mine}").status_code == 403


def test_proving_changes_the_id(client: StrictClient) -> None:
    client.get("/trial/form")
    before = client.get_cookie("contact_citizen")
    client.send(f"/trial/prove/{new_id()}", page="/trial/form", lax=True)
    after = client.get_cookie("contact_citizen")
    assert before is not None
    assert after is not None
    assert before.value.split(".")[0] != after.value.split(".")[0]


def test_ending_a_session_ends_it_for_a_copied_cookie_too(client: StrictClient, trial_app: Flask) -> None:
    mine = new_id()
    client.send(f"/trial/prove/{mine}", page="/trial/form", lax=True)
    copied = client.get_cookie("contact_citizen")
    assert copied is not None
    thief = trial_app.test_client()
    thief.set_cookie("contact_citizen", copied.value)
    assert thief.get(f"/trial/draft/{mine}", lax=True).status_code == 200
    client.send("/trial/end", page="/trial/form", lax=True)
    assert client.get_cookie("contact_citizen") is None
    assert thief.get(f"/trial/draft/{mine}").status_code == 403


@pytest.mark.parametrize(("idle", "status"), [(timedelta(hours=11), 200), (timedelta(hours=13), 403)])
def test_a_citizens_session_sleeps_a_night(client: StrictClient, clock: Clock, idle: timedelta, status: int) -> None:
    mine = new_id()
    client.send(f"/trial/prove/{mine}", page="/trial/form", lax=True)
    clock.advance(idle)
    assert client.get(f"/trial/draft/{mine}", lax=True).status_code == status


def test_reading_keeps_an_agent_signed_in_for_a_shift_and_no_longer(
    client: StrictClient, staff: Staff, clock: Clock
) -> None:
    staff.sign_in(client, staff.make(HANDLER))
    for _ in range(14):
        clock.advance(timedelta(minutes=50))
        assert client.get("/control-room/trial/queue", lax=True).status_code == 200
    clock.advance(timedelta(minutes=50))
    assert client.get("/control-room/trial/queue").status_code == 302


def test_heartbeats_do_not_keep_a_screen_left_alone_signed_in(client: StrictClient, staff: Staff, clock: Clock) -> None:
    staff.sign_in(client, staff.make(HANDLER))
    token = client.token("/control-room/account")
    for _ in range(5):
        clock.advance(timedelta(minutes=11))
        client.post("/control-room/trial/heartbeat", headers={"X-CSRFToken": token})
    clock.advance(timedelta(minutes=11))
    assert client.get("/control-room/trial/queue").status_code == 302


@pytest.mark.parametrize("spoil", ["x.1.y", "", "a.b", "long" * 900, "é.1.1", "a.9999999999999999999.c"])
def test_a_forged_cookie_is_no_cookie(client: StrictClient, spoil: str) -> None:
    client.set_cookie("contact_agent", spoil, path="/control-room")
    client.set_cookie("contact_citizen", spoil)
    assert client.get("/control-room/trial/queue").status_code == 302
    assert client.get("/trial/form").status_code == 200


def test_one_audiences_cookie_is_nothing_to_the_other(client: StrictClient, staff: Staff) -> None:
    cookie = staff.sign_in(client, staff.make(HANDLER))
    sealed = client.get_cookie("contact_agent", path="/control-room")
    assert sealed is not None
    client.set_cookie("contact_citizen", sealed.value)
    client.get("/trial/form")
    after = client.get_cookie("contact_citizen")
    assert after is not None
    assert not after.value.startswith(cookie.sid)


def test_sign_out_everywhere(client: StrictClient, trial_app: Flask, staff: Staff) -> None:
    agent = staff.make(HANDLER)
    other = trial_app.test_client()
    staff.sign_in(client, agent)
    staff.sign_in(other, agent)
    client.send("/control-room/account/sign-out-everywhere", page="/control-room/account")
    for browser in (client, other):
        assert browser.get("/control-room/trial/queue").status_code == 302


def test_two_tabs_that_begin_at_once_both_keep_their_draft(client: StrictClient, trial_app: Flask) -> None:
    token = client.token("/trial/form")
    cookie = client.get_cookie("contact_citizen")
    assert cookie is not None
    drafts = [new_id() for _ in range(8)]
    ready = threading.Barrier(len(drafts))

    def begin(draft_id: UUID) -> int:
        tab = trial_app.test_client()
        tab.set_cookie("contact_citizen", cookie.value)
        ready.wait()
        answer = tab.post(f"/trial/begin/{draft_id}", data={"csrf_token": token}, lax=True)
        return answer.status_code

    with ThreadPoolExecutor(len(drafts)) as tabs:
        assert set(tabs.map(begin, drafts)) == {200}
    assert [client.get(f"/trial/draft/{draft}", lax=True).status_code for draft in drafts] == [200] * len(drafts)


def test_a_session_that_was_ended_meanwhile_stays_ended(
    client: StrictClient, system: sessionmaker[Session], trial_app: Flask
) -> None:
    mine = new_id()
    client.send(f"/trial/begin/{mine}", page="/trial/form", lax=True)
    cookie = client.get_cookie("contact_citizen")
    assert cookie is not None
    token = client.token("/trial/form")
    before = rows(system)
    client.post("/trial/end-under-it", data={"csrf_token": token}, lax=True)
    assert rows(system) == before - 1
    assert client.get(f"/trial/draft/{mine}").status_code == 403


def test_what_a_cache_may_keep_carries_nobodys_cookie(client: StrictClient, clock: Clock) -> None:
    """A proxy that keeps it would hand the first person's session to everybody after."""
    client.get("/trial/form")
    for digest in ("another", places_address(client)):
        clock.advance(timedelta(minutes=5))
        answer = client.get(f"/map/{digest}/places.json?lang=cy")
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" in client.get("/trial/form").headers, "a page still keeps the session awake"


def places_address(client: StrictClient) -> str:
    """The digest of the map's drawing as it is now."""
    drawing = client.get("/map/another/places.json").get_data()
    return hashlib.sha256(drawing).hexdigest()[:12]
