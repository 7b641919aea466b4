"""The door for people who cannot call (practice 1)."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from tests.support.clients import StrictClient
from tests.web.citizen.journeys import keys_of, send_report


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


def test_a_ticket_that_is_none_stops_no_emergency(client: StrictClient) -> None:
    """Keys were changed meanwhile, or the page was cut off on its way: the words count."""
    for ticket in ("", "x", "\x00"):
        sent = {**_ticket(client), "ticket": ticket, "where": "12 Long Lane", "what": "help", "force": "northshire"}
        assert client.post("/emergency", data=sent).headers["Location"].startswith("/emergency/sent/")


def test_a_ticket_of_another_browser_shows_nothing_and_loses_no_word(
    client: StrictClient, app: Flask, system: sessionmaker[Session]
) -> None:
    """Whoever prepared the page on a shared device cannot read later what was sent with it."""
    ticket = _ticket(client)["ticket"]
    sent = {**_ticket(client), "ticket": ticket, "where": "12 Long Lane", "what": "hidden words", "force": "northshire"}
    first = client.post("/emergency", data=sent).headers["Location"]
    other = app.test_client()
    assert isinstance(other, StrictClient)
    theirs = {**_ticket(other), "ticket": ticket, "where": "5 Short Lane", "what": "their own", "force": "northshire"}
    place = other.post("/emergency", data=theirs).headers["Location"]
    assert place != first
    html = other.get(place).get_data(as_text=True)
    assert "their own" in html
    assert "hidden words" not in html
    assert "This page is closed" in other.get(first).get_data(as_text=True)


def test_a_report_of_a_form_is_not_shown_by_the_doors_page(client: StrictClient, app: Flask) -> None:
    """The safe word of a sensitive report cannot be walked around (practice 5)."""
    safe = {"how": "phone", "phone": "07700 900982", "when": "", "safe_word": "Marmalade"}
    reference, words = keys_of(client, send_report(client, "sexual-offence", contactPreference=safe))
    other = app.test_client()
    assert isinstance(other, StrictClient)
    other.send("/progress", {"reference": reference, "words": words})
    answer = other.get(f"/emergency/sent/{reference}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/progress/{reference}"
    assert words not in answer.get_data(as_text=True)
