"""Progress by reference and four words: the same answer whatever is wrong, messages both ways, and an end to it."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.store import contacts, models, triage
from tests.support.clients import StrictClient
from tests.web.citizen.journeys import keys_of, send_report

WRONG = "Those two do not go together"


def _elsewhere(app: Flask) -> StrictClient:
    other = app.test_client()
    assert isinstance(other, StrictClient)
    return other


def _signed_in(app: Flask, reference: str, words: str) -> StrictClient:
    other = _elsewhere(app)
    typed = reference.lower().replace("-", " ")
    answer = other.send("/progress", {"reference": typed, "words": words.replace(" ", "-").upper()})
    assert answer.headers.get("Location") == f"/progress/{reference}"
    return other


def test_reference_and_words_open_the_report(client: StrictClient, app: Flask) -> None:
    reference, words = keys_of(client, send_report(client))
    html = _signed_in(app, reference, words).get(f"/progress/{reference}").get_data(as_text=True)
    assert "waiting for a person to read it" in html
    assert "You sent your report" in html


def test_wrong_words_unknown_and_impossible_references_answer_alike(client: StrictClient, app: Flask) -> None:
    reference, _ = keys_of(client, send_report(client))
    other = _elsewhere(app)
    for typed in (reference, "K7R-D4M-X2P", "what?", ""):
        answer = other.send("/progress", {"reference": typed, "words": "amber river plain seven"})
        assert answer.status_code == 200
        assert WRONG in answer.get_data(as_text=True)
    assert "This page is closed" in other.get(f"/progress/{reference}").get_data(as_text=True)


def test_ten_wrong_tries_close_a_reference(client: StrictClient, app: Flask) -> None:
    reference, words = keys_of(client, send_report(client))
    other = _elsewhere(app)
    token = other.token("/progress")
    sent = {"reference": reference, "words": "amber river plain seven", "csrf_token": token}
    statuses = [other.post("/progress", data=sent).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    assert other.post("/progress", data={**sent, "words": words}).status_code == 429


def test_a_message_is_kept_once_and_shown(client: StrictClient, app: Flask) -> None:
    reference, words = keys_of(client, send_report(client))
    other = _signed_in(app, reference, words)
    page = f"/progress/{reference}"
    hidden = {field.get("name") or "": field.get("value") or "" for field in other.tree(page).iter("input")}
    sent = {**hidden, "body": "I found the receipt.\n<b>It was £250.</b>"}
    for _ in range(3):
        assert other.post(f"{page}/messages", data=sent).status_code == 303
    html = other.get(page).get_data(as_text=True)
    assert html.count("I found the receipt.") == 1
    assert "&lt;b&gt;" in html
    assert other.post(f"{page}/messages", data={**sent, "body": "And the serial number."}).status_code == 303
    assert "And the serial number." in other.get(page).get_data(as_text=True), "gone back to, and changed"
    empty = other.post(f"{page}/messages", data={**sent, "body": " \x00 ", "key": "another"})
    assert "Write your message" in empty.get_data(as_text=True)


def test_danger_in_a_message_shows_999_at_once(client: StrictClient) -> None:
    reference, _ = keys_of(client, send_report(client))
    page = f"/progress/{reference}"
    answer = client.send(f"{page}/messages", {"key": "k1", "body": "he is here with a knife"}, page=page)
    html = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "We have your message, but nobody has read it yet" in html


def test_a_sensitive_report_says_only_that_we_have_it_until_the_safe_word(client: StrictClient, app: Flask) -> None:
    safe = {"how": "phone", "phone": "07700 900982", "when": "", "safe_word": "Marmalade"}
    receipt = send_report(client, "sexual-offence", contactPreference=safe)
    reference, words = keys_of(client, receipt)
    other = _signed_in(app, reference, words)
    page = f"/progress/{reference}"
    html = other.get(page).get_data(as_text=True)
    assert "We have your message" in html
    assert "You sent your report" not in html
    wrong = other.send(f"{page}/safe-word", {"safe_word": "lemon"}, page=page).get_data(as_text=True)
    assert "That is not the word you gave us" in wrong
    assert other.send(f"{page}/safe-word", {"safe_word": " marmalade "}, page=page).status_code == 303
    assert "You sent your report" in other.get(page).get_data(as_text=True)


def test_stopping_online_access_ends_every_way_in(client: StrictClient, app: Flask) -> None:
    receipt = send_report(client)
    reference, words = keys_of(client, receipt)
    other = _signed_in(app, reference, words)
    stopped = client.send(f"/progress/{reference}/stop")
    assert "Online access is stopped" in stopped.get_data(as_text=True)
    for browser in (client, other):
        for page in (f"/progress/{reference}", f"/progress/{reference}/stop", receipt):
            assert "This page is closed" in browser.get(page).get_data(as_text=True), page
    assert other.post(f"/progress/{reference}/messages", data={"body": "hello"}).status_code >= 400
    again = _elsewhere(app).send("/progress", {"reference": reference, "words": words})
    assert WRONG in again.get_data(as_text=True)


def test_nothing_goes_on_from_a_source_kept_apart_and_danger_is_told_all_the_same(
    client: StrictClient, app: Flask, system: sessionmaker[Session]
) -> None:
    """Practice 17: closed too long ago, no conversation with the bot is begun; what was typed stays on the page."""
    reference, words = keys_of(client, send_report(client))
    other, page = _signed_in(app, reference, words), f"/progress/{reference}"
    hidden = {field.get("name") or "": field.get("value") or "" for field in other.tree(page).iter("input")}
    with system.begin() as session:
        proof = contacts.find_proof(session, reference=reference)
        assert proof is not None
        contact = contacts.lock(session, contact_id=proof.contact_id)
        contact.source_apart, contact.state, contact.closed_reason = True, "closed", "answered"
        contact.closed_at = dt.datetime.now(dt.UTC) - dt.timedelta(days=40)
        for entry in triage.list_entries(session, contact_id=contact.id, lock=True):
            entry.state = "closed"
    for body, danger in (("He has moved it to the garage", False), ("He has a knife and is at my door now", True)):
        answer = other.post(f"{page}/messages", data={**hidden, "body": body})
        html = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "This report was closed more than 28 days ago" in html
        assert body in html
        assert ("If anyone is in danger now, call 999." in html) is danger
    with system() as session:
        assert session.query(models.Contact).filter_by(follows_id=proof.contact_id).count() == 0
        kept = session.query(models.Message).filter_by(contact_id=proof.contact_id, kind="inbound")
        assert kept.count() == 0
