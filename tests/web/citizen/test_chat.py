"""A chat by plain forms: stored before it is acknowledged, once, in order; nothing typed lost; no note ever shown."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from contact.store import contacts, messages
from contact.web.shared.chat import talk
from contact.web.shared.chat.stream import MOST_OF_ONE
from contact.web.shared.hub import ChatStream, hub_of
from tests.support.clients import Clock, StrictClient
from tests.support.form_offers import answers_begun, offer_form

HOURS = sa.text("UPDATE forces SET hours = CAST(:hours AS jsonb) WHERE id = 'northshire'")
DANGER = "He has a knife and is at my door now, please help"


@dataclass(frozen=True)
class Chat:
    """What the citizen's browser holds."""

    reference: str
    contact_id: UUID

    @property
    def path(self) -> str:
        return f"/chat/{self.reference}"


def begin(
    client: StrictClient, system: sessionmaker[Session], body: str = "My bicycle was taken", force: str = "northshire"
) -> Chat:
    answer = client.send("/chat", {"body": body, "force": force, "ticket": hidden(client, "/chat", "ticket")})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    reference = re.search(r"/chat/([^/?#]+)", answer.headers["Location"])
    assert reference is not None
    return Chat(reference[1], contact_of(system, reference[1]))


def contact_of(system: sessionmaker[Session], reference: str) -> UUID:
    with system() as session:
        proof = contacts.find_proof(session, reference=reference)
        assert proof is not None
        return proof.contact_id


def hidden(client: StrictClient, path: str, name: str) -> str:
    for field in client.tree(path).iter("input"):
        if field.get("name") == name:
            return field.get("value") or ""
    raise AssertionError(f"{path} has no {name}")


def say(client: StrictClient, chat: Chat, body: str, **more: str) -> TestResponse:
    return client.send(chat.path, {"body": body, "key": hidden(client, chat.path, "key"), **more})


def said(system: sessionmaker[Session], chat: Chat, kind: str = "inbound") -> list[str]:
    with system() as session:
        return [each.body for each in messages.list_thread(session, contact_id=chat.contact_id) if each.kind == kind]


@pytest.fixture
def stranger(app: Flask) -> StrictClient:
    """Another browser."""
    made = app.test_client()
    assert isinstance(made, StrictClient)
    return made


@pytest.fixture
def chat(client: StrictClient, system: sessionmaker[Session]) -> Chat:
    return begin(client, system)


def test_nothing_is_stored_before_the_first_message(client: StrictClient) -> None:
    page = client.get("/chat").get_data(as_text=True)
    for words in ("999", "Pressing 55", "Relay UK", "Demonstration", "A person answers you"):
        assert words in page
    answer = client.send("/chat", {"body": "  ", "force": "", "ticket": hidden(client, "/chat", "ticket")})
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert "Write your message" in text
    assert "Choose the police force" in text


def test_the_first_message_makes_the_contact_and_leads_to_its_page(
    client: StrictClient, chat: Chat, system: sessionmaker[Session]
) -> None:
    page = client.get(chat.path).get_data(as_text=True)
    assert "My bicycle was taken" in page
    assert chat.reference in page
    assert "no-store" in client.get(chat.path).headers["Cache-Control"]
    with system() as session:
        contact = contacts.get(session, contact_id=chat.contact_id)
        assert (contact.channel, contact.force_id) == ("chat", "northshire")


def test_scenario_17_pressed_twice_sent_again_and_gone_back_to_it_is_one_chat(
    client: StrictClient, system: sessionmaker[Session]
) -> None:
    form = {"body": "Once only", "force": "northshire", "ticket": hidden(client, "/chat", "ticket")}
    answers = [client.send("/chat", form) for _ in range(3)]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    other = client.send("/chat", form | {"body": "And this too"})
    assert other.headers["Location"] == answers[0].headers["Location"]
    reference = answers[0].headers["Location"].rsplit("/", 1)[1]
    assert said(system, Chat(reference, contact_of(system, reference))) == ["Once only", "And this too"]


def test_a_ticket_of_another_browser_shows_nothing_of_it(client: StrictClient, stranger: StrictClient) -> None:
    form = {"body": "Mine alone", "force": "northshire", "ticket": hidden(client, "/chat", "ticket")}
    first = client.send("/chat", form)
    second = stranger.send("/chat", form)
    assert second.status_code == 303
    assert second.headers["Location"] != first.headers["Location"]
    assert stranger.get(first.headers["Location"]).status_code == 403


def test_messages_are_kept_once_in_order(client: StrictClient, chat: Chat, system: sessionmaker[Session]) -> None:
    key = hidden(client, chat.path, "key")
    for body in ("Second", "Second", "Third"):
        assert client.send(chat.path, {"body": body, "key": key}).status_code == 303
    assert said(system, chat) == ["My bicycle was taken", "Second", "Third"]


def test_the_script_is_answered_by_json(client: StrictClient, chat: Chat) -> None:
    wanted = {"Accept": "application/json"}
    answer = client.send(chat.path, {"body": "Hello", "key": "k1"}, headers=wanted)
    assert answer.get_json() == {"advise_999": False}
    answer = client.send(chat.path, {"body": DANGER, "key": "k2"}, headers=wanted)
    assert answer.get_json() == {"advise_999": True}
    answer = client.send(chat.path, {"body": "", "key": "k3"}, headers=wanted)
    assert (answer.status_code, answer.get_json()) == (422, {"words": "Write your message"})


def test_scenario_14_danger_shows_999_at_once_and_goes_to_the_top(
    client: StrictClient, system: sessionmaker[Session]
) -> None:
    answer = client.send("/chat", {"body": DANGER, "force": "northshire", "ticket": hidden(client, "/chat", "ticket")})
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert re.search(r'id="danger"[^>]*data-chat-danger>', page)
    reference = re.search(r"/chat/([^/?#]+)", answer.headers["Location"])
    assert reference is not None
    with system() as session:
        assert contacts.get(session, contact_id=contact_of(system, reference[1])).grade == "emergency"


def test_danger_without_a_force_is_told_the_truth(client: StrictClient) -> None:
    answer = client.send("/chat", {"body": DANGER, "force": "", "ticket": hidden(client, "/chat", "ticket")})
    page = answer.get_data(as_text=True)
    assert "Nobody has seen this yet" in page
    assert DANGER in page


def test_too_many_in_a_minute_are_told_to_wait_and_keep_their_words(
    client: StrictClient, chat: Chat, system: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "IN_A_MINUTE", 2)
    for body in ("one", "two"):
        assert say(client, chat, body).status_code == 303
    refused = say(client, chat, "three, typed with care")
    assert refused.status_code == 429
    assert "three, typed with care" in refused.get_data(as_text=True)
    assert say(client, chat, DANGER).status_code == 303, "danger is never told to wait"
    assert said(system, chat)[1:] == ["one", "two", DANGER]


def test_too_long_is_kept_in_the_box(client: StrictClient, chat: Chat) -> None:
    page = say(client, chat, "word " * 3000)
    assert page.status_code == 422
    assert "too long" in page.get_data(as_text=True)
    assert "word word word" in page.get_data(as_text=True)


@pytest.mark.parametrize("body", ["\x00\x07Hello", "abc\u202edcb", "\U0001f600 emoji", "ŵ ŷ"])
def test_odd_letters_are_taken(client: StrictClient, chat: Chat, system: sessionmaker[Session], body: str) -> None:
    assert say(client, chat, body).status_code == 303
    assert len(said(system, chat)) == 2
    assert client.get(chat.path).status_code == 200


def test_scenario_23_a_note_never_reaches_the_page_or_the_copy(
    client: StrictClient, chat: Chat, system: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    with system.begin() as session:
        contacts.lock(session, contact_id=chat.contact_id)
        now = dt.datetime.now(dt.UTC)
        for kind, body in (("note", "SECRET NOTE"), ("outbound", "We will look")):
            messages.add(session, contact_id=chat.contact_id, kind=kind, channel="chat", body=body, now=now)
    page = client.get(chat.path).get_data(as_text=True)
    assert "We will look" in page
    assert "SECRET" not in page
    stream = client.get(f"{chat.path}/events?after=0&once=1").get_data(as_text=True)
    assert "We will look" in stream
    assert "SECRET" not in stream
    copy = client.get(f"{chat.path}/copy/en/copy.pdf")
    assert copy.get_data().startswith(b"%PDF")
    assert 'filename="copy.pdf"' in copy.headers["Content-Disposition"]
    assert client.get(f"{chat.path}/copy").status_code == 200
    printed: list[str] = []

    def render(_name: object, data: object) -> bytes:
        printed.append(str(data))
        return b"%PDF-"

    monkeypatch.setattr("contact.web.citizen.chat_copy.papers.render", render)
    client.get(f"{chat.path}/copy/en/copy.pdf")
    assert "We will look" in printed[0]
    assert "My bicycle was taken" in printed[0]
    assert "SECRET" not in printed[0]


def test_help_with_intimate_pictures_stands_only_where_the_matter_may_be_about_them(
    client: StrictClient, stranger: StrictClient, chat: Chat, system: sessionmaker[Session]
) -> None:
    """Practice 6: every chat says what not to send; helplines and red only in matters of that kind."""
    ordinary = client.get(chat.path).get_data(as_text=True)
    assert "Do not send us intimate pictures. Keep the device, delete nothing." in ordinary
    assert "Revenge Porn Helpline" not in ordinary
    hated = begin(stranger, system, "they spat at me because of my race")
    with system.begin() as session:
        contact = contacts.lock(session, contact_id=hated.contact_id)
        contact.sensitive, contact.category = True, "hate_crime"
    assert "Revenge Porn Helpline" not in stranger.get(hated.path).get_data(as_text=True)
    say(client, chat, "and a man touched me last month")
    grave = client.get(chat.path).get_data(as_text=True)
    for words in ("Do not send us intimate pictures", "Report Remove", "Revenge Porn Helpline"):
        assert words in grave


def test_what_a_person_wrote_is_marked_as_it_reaches_the_page(
    client: StrictClient, chat: Chat, system: sessionmaker[Session]
) -> None:
    with system.begin() as session:
        contacts.lock(session, contact_id=chat.contact_id)
        now = dt.datetime.now(dt.UTC)
        sent = messages.add(session, contact_id=chat.contact_id, kind="outbound", channel="chat", body="Hi", now=now)
        message_id, position = sent.id, sent.position
    states = []
    for read in ("no", "yes", "no"):
        form = {"seen": str(position), "read": read}
        assert client.send(f"{chat.path}/reached", form, page=chat.path).status_code == 200
        with system() as session:
            thread = messages.list_thread(session, contact_id=chat.contact_id)
            states.append(next(each.delivery_state for each in thread if each.id == message_id))
    assert states == ["delivered", "read", "read"]


def test_another_browser_sees_nothing_and_comes_back_by_reference_and_words(
    client: StrictClient,
    chat: Chat,
    stranger: StrictClient,
) -> None:
    for path in (chat.path, f"{chat.path}/events", f"{chat.path}/copy", f"{chat.path}/copy/en/copy.pdf"):
        assert stranger.get(path).status_code == 403
    keys = [node.text for node in client.tree(chat.path).iter("span") if node.get("class") == "chat-key"]
    answer = stranger.send("/progress", {"reference": keys[0], "words": keys[1]})
    assert answer.headers["Location"] == chat.path
    assert "My bicycle was taken" in stranger.get(chat.path).get_data(as_text=True)


def test_one_chat_cannot_hold_streams_without_end(app: Flask, client: StrictClient, chat: Chat) -> None:
    with app.app_context():
        hub = hub_of(app)
    held = [ChatStream(chat.contact_id, ("northshire",)) for _ in range(MOST_OF_ONE)]
    for each in held:
        hub.join_chat(each)
    answer = client.get(f"{chat.path}/events")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "15")
    assert client.get(f"{chat.path}/events?once=1").status_code == 200, "what was missed is told all the same"
    for each in held:
        hub.leave_chat(each)
    assert hub.count_of_chat(chat.contact_id) == 0


def test_stopping_online_access_ends_page_stream_and_sending(client: StrictClient, chat: Chat) -> None:
    page = chat.path
    token = client.token(page)
    assert client.send(f"/progress/{chat.reference}/stop").status_code == 200
    assert client.get(page).status_code == 403
    assert client.get(f"{page}/events").status_code == 403
    assert client.post(page, data={"body": "More", "csrf_token": token}).status_code == 403


def test_after_leaving_back_shows_a_neutral_page(client: StrictClient, chat: Chat) -> None:
    client.get("/exit")
    answer = client.get(chat.path)
    assert answer.status_code == 403
    assert "This page is closed" in answer.get_data(as_text=True)
    assert client.get("/chat").status_code == 200


def test_a_sensitive_chat_asks_for_its_safe_word_in_another_visit(
    client: StrictClient,
    chat: Chat,
    system: sessionmaker[Session],
    stranger: StrictClient,
) -> None:
    keys = [node.text or "" for node in client.tree(chat.path).iter("span") if node.get("class") == "chat-key"]
    with system.begin() as session:
        contact = contacts.lock(session, contact_id=chat.contact_id)
        contact.sensitive, contact.safe_contact = True, {"how": "online", "safe_word": "kettle"}
    assert client.get(chat.path).status_code == 200, "the browser that said it all goes on"
    stranger.send("/progress", {"reference": keys[0], "words": keys[1]})
    answer = stranger.get(chat.path)
    assert answer.headers["Location"] == f"/progress/{chat.reference}"
    assert stranger.get(f"{chat.path}/events").status_code == 403


def test_out_of_hours_it_says_when_somebody_is_there_again(
    client: StrictClient, system: sessionmaker[Session], clock: Clock
) -> None:
    clock.now = dt.datetime(2026, 3, 6, 23, 0, tzinfo=dt.UTC)  # a Friday night
    with system.begin() as session:
        session.execute(HOURS, {"hours": '{"mon": [["09:00", "17:00"]]}'})
    try:
        page = client.get("/chat?force=northshire").get_data(as_text=True)
        assert "nobody is on duty now. Somebody is there again at 9:00" in page
        assert "Monday 9 March" in page
    finally:
        with system.begin() as session:
            session.execute(HOURS, {"hours": "{}"})


def test_it_speaks_welsh(client: StrictClient, chat: Chat) -> None:
    page = client.get(f"{chat.path}?lang=cy").get_data(as_text=True)
    assert "Eich neges" in page
    assert 'lang="cy"' in page


def test_the_offered_form_begins_with_what_was_said(
    client: StrictClient, stranger: StrictClient, chat: Chat, system: sessionmaker[Session]
) -> None:
    """Nobody tells it twice (practice 30), and nobody else begins it."""
    path = f"{chat.path}/form"
    assert client.send(path, {}, page=chat.path).status_code == 404, "none is offered yet"
    offer_form(system, chat.reference, "theft")
    page = client.tree(chat.path)
    button = next(each for each in page.iter("form") if each.get("action") == path).find("button")
    assert button is not None
    assert stranger.send(path, {}, page="/chat").status_code == 403
    answer = client.send(path, {}, page=chat.path)
    assert answer.status_code == 303
    assert "My bicycle was taken" in answers_begun(system, answer.headers["Location"], "theft")


def test_for_a_certificate_it_leads_to_the_page_that_says_first_how_the_force_takes_it(
    client: StrictClient, chat: Chat, system: sessionmaker[Session]
) -> None:
    """Practice 24: whether an online form is an application here stands before the first question."""
    offer_form(system, chat.reference, "firearms-certificate")
    answer = client.send(f"{chat.path}/form", {}, page=chat.path)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/firearms/?force=northshire"
