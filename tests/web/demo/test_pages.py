"""The demonstration's pages: mail as it would have arrived, telephones that can be answered; absent in service."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from flask import Flask

from contact.app import create_app
from contact.demo import handset
from contact.demo.handset import TROUBLE
from contact.demo.mail_sink import outbox_folder
from contact.gateways.mail import compose
from contact.gateways.wording import Letter
from contact.settings import ContactMode, Settings
from tests.support.clients import Clock, StrictClient, make_app
from tests.support.html_checks import text_of
from tests.support.stand_in import THEIR_NUMBER, StandIn, running_stand_in

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with running_stand_in() as running:
        yield running


@pytest.fixture
def visitor(settings: Settings, stand_in: StandIn, tmp_path: Path) -> StrictClient:
    app = make_app(replace(settings, twilio_api_url=stand_in.address, home=tmp_path), Clock())
    made = app.test_client()
    assert isinstance(made, StrictClient)
    return made


def test_the_outbox_shows_what_left(visitor: StrictClient, tmp_path: Path) -> None:
    assert "No mail has been sent yet" in visitor.get("/demo/outbox").get_data(as_text=True)
    words = Letter(subject="We have <your> message", text="One.\n\n<script>alert(1)</script>\n", language="en")
    mail = compose(
        words, mail_id=uuid4(), sender="contact@contact.example", recipient="ann@example.org", now=datetime.now(UTC)
    )
    folder = outbox_folder(tmp_path)
    folder.mkdir(parents=True)
    (folder / "1.eml").write_bytes(mail.as_bytes())
    (folder / "2.part").write_bytes(b"half")
    page = visitor.get("/demo/outbox").get_data(as_text=True)
    assert "We have &lt;your&gt; message" in page
    assert "ann@example.org" in page
    assert "<script>alert" not in page


def test_a_call_can_be_answered_with_the_key(visitor: StrictClient, stand_in: StandIn) -> None:
    assert "No call has come in yet" in visitor.get("/demo/phone").get_data(as_text=True)
    client = stand_in.client()
    client.send_text(to=THEIR_NUMBER, body="Open Alarms.", status_url=f"{NOWHERE}/s")
    sid = client.place_call(to=THEIR_NUMBER, answer_url=f"{NOWHERE}/a", status_url=f"{NOWHERE}/s", ring_for_s=30).sid
    page = visitor.get("/demo/phone").get_data(as_text=True)
    assert "Answer and press 1" in page
    assert "Open Alarms." in page
    answered = visitor.send(f"/demo/phone/{sid}/answer", {"digits": "1"}, page="/demo/phone")
    assert answered.status_code == 303
    call = stand_in.exchange.call(sid)
    assert call is not None
    assert call.status == "completed"  # nobody was there to say what to do: the call ended with an error
    assert "Answer and press 1" not in visitor.get("/demo/phone").get_data(as_text=True)


def test_a_call_that_ended_says_so(visitor: StrictClient, stand_in: StandIn) -> None:
    client = stand_in.client()
    sid = client.place_call(to=THEIR_NUMBER, answer_url=f"{NOWHERE}/a", status_url=f"{NOWHERE}/s", ring_for_s=30).sid
    token = visitor.token("/demo/phone")
    client.end_call(sid)
    late = visitor.post(f"/demo/phone/{sid}/answer", data={"csrf_token": token}, follow_redirects=True)
    assert "Too late" in late.get_data(as_text=True)


def our_number(visitor: StrictClient) -> str:
    """A number of a force that the handset offers to text."""
    (chooser,) = (each for each in visitor.tree("/demo/phone").iter("select") if each.get("name") == "ours")
    return next(chooser.iter("option")).get("value") or ""


def test_somebody_texts_us_and_reads_the_answer(visitor: StrictClient, stand_in: StandIn) -> None:
    ours, mine = our_number(visitor), "+447700900456"
    page = visitor.get(f"/demo/phone?mine={mine}").get_data(as_text=True)
    assert "Nothing yet" in page
    fields = {"mine": mine, "ours": ours, "body": "my bike <b>was</b> nicked"}
    sent = visitor.send("/demo/phone/text", fields, page="/demo/phone")
    assert (sent.status_code, mine[1:] in sent.headers["Location"]) == (303, True)
    stand_in.client().send_text(to=mine, body="Where was it?", status_url=f"{NOWHERE}/s")
    page = visitor.get(sent.headers["Location"]).get_data(as_text=True)
    assert "my bike &lt;b&gt;was&lt;/b&gt; nicked" in page
    assert page.index("nicked") < page.index("Where was it?")
    another = visitor.get("/demo/phone?mine=07700 900 789").get_data(as_text=True)
    assert "nicked" not in another


def test_a_picture_goes_along(visitor: StrictClient, stand_in: StandIn) -> None:
    fields = {"mine": "+447700900456", "ours": our_number(visitor), "body": ""}
    file = {"file": (io.BytesIO(b"jpeg"), "night.jpg", "image/jpeg")}
    sent = visitor.send("/demo/phone/text", fields | file, page="/demo/phone")
    assert sent.status_code == 303
    (text,) = stand_in.exchange.texts()
    assert [stand_in.exchange.media(sid) for sid in text.media] == [("image/jpeg", b"jpeg")]


@pytest.mark.parametrize(
    "fields", [{"body": " "}, {"mine": "+441632960123"}, {"ours": "+441632960999"}, {"mine": "+44770090045600"}]
)
def test_only_invented_numbers_text_only_us(visitor: StrictClient, stand_in: StandIn, fields: dict[str, str]) -> None:
    good = {"mine": "+447700900456", "ours": our_number(visitor), "body": "hello"}
    sent = visitor.send("/demo/phone/text", good | fields, page="/demo/phone")
    assert "wrong=text" in sent.headers["Location"]
    assert stand_in.exchange.texts() == []


def test_trouble_is_ordered_shown_and_taken_back(visitor: StrictClient, stand_in: StandIn) -> None:
    for key in TROUBLE:
        assert visitor.send("/demo/phone/trouble", {"trouble": key}, page="/demo/phone").status_code == 303
    assert len(stand_in.exchange.ordered()) == len(TROUBLE)
    page = visitor.get("/demo/phone").get_data(as_text=True)
    assert page.count("I sent STOP (21610)") == 2  # to choose, and waiting
    visitor.send("/demo/phone/trouble", {"trouble": "none"}, page="/demo/phone")
    assert stand_in.exchange.ordered() == []
    assert "All is well" in visitor.get("/demo/phone").get_data(as_text=True)


def test_without_the_stand_in_the_page_says_so(client: StrictClient) -> None:
    assert "does not answer just now" in client.get("/demo/phone").get_data(as_text=True)


def test_a_form_of_another_site_presses_no_key(visitor: StrictClient) -> None:
    assert visitor.post("/demo/phone/CA1/answer", data={"digits": "1"}).status_code == 400


def test_the_service_has_none_of_it(settings: Settings) -> None:
    service = replace(settings, mode=ContactMode.SERVICE, twilio_api_url=None, public_url="https://contact.example")
    app: Flask = create_app(service)
    assert [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/demo")] == []


def test_a_link_of_ours_can_be_tapped_and_nobody_elses(
    visitor: StrictClient, stand_in: StandIn, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = "+447700900457"
    for body in (f"Go on here: {settings.public_url}/t/abc_D-1 now", "Look: https://elsewhere.example/t/x"):
        stand_in.client().send_text(to=mine, body=body, status_url=f"{NOWHERE}/s")
    ours = stand_in.exchange.texts()[0].from_number
    # Other tests have forces of their own in the same database.
    monkeypatch.setattr(handset, "_our_numbers", lambda: [(ours, "Kent Police")])
    tree = visitor.tree(f"/demo/phone?mine={quote(mine)}&ours={quote(ours)}")
    (screen,) = (each for each in tree.iter("ol") if "phone__lines" in (each.get("class") or ""))
    assert [link.get("href") for link in screen.iter("a")] == [f"{settings.public_url}/t/abc_D-1"]


def test_the_handset_texts_first_whom_the_demonstrations_people_work_for(
    visitor: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [("+441632960500", "Avon and Somerset Police"), ("+441632960520", "Kent Police")]
    monkeypatch.setattr(handset, "_our_numbers", lambda: numbers)
    monkeypatch.setattr(handset, "_home", lambda: "Kent Police")
    tree = visitor.tree("/demo/phone")
    (chosen,) = (
        each.get("value")
        for chooser in tree.iter("select") if chooser.get("name") == "ours"
        for each in chooser.iter("option") if each.get("selected") is not None
    )  # fmt: skip
    assert chosen == "+441632960520"
    (owner,) = (each for each in tree.iter("h2") if each.get("id") == "phone-owner")
    assert "texts with Kent Police, +441632960520" in text_of(owner)
