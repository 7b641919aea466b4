"""The door for people who cannot call (practice 1)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from tests.support.clients import StrictClient


def _ticket(client: StrictClient) -> dict[str, str]:
    fields = client.tree("/emergency").iter("input")
    return {field.get("name") or "": field.get("value") or "" for field in fields if field.get("type") == "hidden"}


def test_every_way_to_reach_999_is_named(client: StrictClient) -> None:
    html = client.get("/emergency").get_data(as_text=True)
    for words in ("press 55", "999bsl.co.uk", "Relay UK", "18000", "only if you registered"):
        assert words in html


def test_it_is_stored_on_sending_as_an_emergency_and_only_once(
    client: StrictClient, system: sessionmaker[Session]
) -> None:
    sent = {**_ticket(client), "where": "12 Long Lane", "what": "he is breaking the door", "force": "northshire"}
    places = {client.post("/emergency", data=sent).headers["Location"] for _ in range(4)}
    assert len(places) == 1
    place = places.pop()
    html = client.get(place).get_data(as_text=True)
    assert "Nobody has read it yet" in html
    reference = place.rsplit("/", 1)[1]
    with system() as session:
        row = session.execute(
            sa.text("SELECT grade, safe_contact->>'how' FROM contacts WHERE reference = :r"), {"r": reference}
        ).one()
    assert tuple(row) == ("emergency", "none")


def test_unknown_ground_asks_for_the_force_and_loses_no_word(client: StrictClient) -> None:
    answer = client.post("/emergency", data={**_ticket(client), "where": "in his car", "what": "please help me"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Choose the police force" in html
    assert "please help me</textarea>" in html


def test_an_empty_door_says_what_is_needed(client: StrictClient) -> None:
    html = client.send("/emergency", {"where": "", "what": " "}).get_data(as_text=True)
    assert "Write where you are, or what is happening" in html
