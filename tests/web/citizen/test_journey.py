"""From the front page to the receipt, and everything that can go wrong on the way without anything being lost."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.services import routing
from contact.store import forces
from forms import load_all
from tests.support.clients import StrictClient
from tests.web.citizen.journeys import begin, fill, keys_of, send_report

PAGES = (
    "/",
    "/force/northshire/",
    "/report/",
    "/emergency",
    "/return",
    "/progress",
    "/privacy",
    "/cookies",
    "/accessibility",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_names_999_and_says_that_it_is_a_demonstration(client: StrictClient, path: str) -> None:
    html = client.get(path).get_data(as_text=True)
    assert "tel:999" in html
    assert "nothing you send reaches the police. In an emergency call 999" in html
    assert "GOV.UK" not in html
    assert len(html.encode()) < 60_000


@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_in_welsh_too(client: StrictClient, path: str) -> None:
    answer = client.get(f"{path}?lang=cy")
    assert '<html lang="cy"' in answer.get_data(as_text=True)
    assert 'lang="en" hreflang="en">English' in client.get(path).get_data(as_text=True)


@pytest.mark.parametrize("form_id", sorted(load_all()))
def test_a_report_is_sent_and_its_receipt_survives(client: StrictClient, form_id: str) -> None:
    receipt = send_report(client, form_id)
    reference, words = keys_of(client, receipt)
    assert len(words.split()) == 4
    assert keys_of(client, receipt) == (reference, words)
    assert "Northshire Police" in client.get(receipt).get_data(as_text=True)


def test_the_gate_leads_to_the_door_or_on(client: StrictClient) -> None:
    assert client.send("/report/theft/start", {"danger": "yes"}).headers["Location"].startswith("/emergency")
    assert client.send("/report/theft/start", {"danger": "no"}).headers["Location"] == "/report/theft/before-you-start"
    assert "Choose yes or no" in client.send("/report/theft/start", {}).get_data(as_text=True)


def test_a_force_that_does_not_exist_is_left_out(client: StrictClient) -> None:
    """A crafted `?force=` neither breaks the beginning nor stands in the draft."""
    for force in ("nonsense", "../../x", "a%00b", "'--"):
        assert begin(client, query=f"?force={force}").startswith("/report/theft/")


def test_a_sensitive_form_tells_of_the_exit_before_it_first_appears(client: StrictClient) -> None:
    first = client.get("/report/sexual-offence/start")
    leaving = first.headers.get("Location", "")
    html = client.get(leaving).get_data(as_text=True)
    assert leaving.endswith("/leaving")
    assert "does not clear your browser’s history" in html
    assert "govuk-exit-this-page" not in html
    after = client.get("/report/sexual-offence/before-you-start")
    assert "govuk-exit-this-page" in after.get_data(as_text=True)
    assert after.headers["Cache-Control"] == "no-store"


def test_an_error_keeps_what_was_typed_and_says_so_in_the_title(client: StrictClient) -> None:
    form = load_all()["theft"]
    draft = begin(client)
    place = next(page for page in form.pages if any(q.type == "place" for q in page.questions))
    question = next(q for q in place.questions if q.type == "place")
    address = f"{draft}/{form.first_page().id}"
    while not address.endswith(place.id):
        page = form.page(address.rsplit("/", 1)[1])
        sent = {q.id: q.options[0].code for q in page.questions}
        address = client.send(address, sent).headers["Location"]
    typed = '<script>alert("x")</script> Łódź \x00 ’; DROP TABLE drafts'
    answer = client.send(address, {f"{question.id}-postcode": "nowhere", f"{question.id}-description": typed})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "<title>Error: " in html
    assert "not a postcode" in html
    assert "&lt;script&gt;" in html
    assert "<script>alert" not in html
    assert f'href="#{question.id}-postcode"' in html


def test_danger_in_free_text_shows_999_and_the_door_with_what_was_typed(client: StrictClient) -> None:
    form = load_all()["theft"]
    draft = begin(client)
    account = next(q for q in form.questions if q.role == "account")
    check = fill(client, draft, **{account.id: "He has a knife and he is in the house now"})
    html = client.get(f"{draft}/danger?after={form.first_page().id}").get_data(as_text=True)
    assert "Nobody has seen this yet" in html
    assert "He has a knife and he is in the house now" in html.split('id="what"')[1].split("</textarea>")[0]
    assert "If anyone is in danger now, call 999" in client.get(check).get_data(as_text=True)


def test_sending_twice_makes_one_report(client: StrictClient, system: sessionmaker[Session]) -> None:
    check = fill(client, begin(client, query="?force=northshire"))
    token = client.token(check)
    sent = {"go": "send", "force": "northshire", "csrf_token": token}
    places = {client.post(check, data=sent).headers["Location"] for _ in range(5)}
    assert len(places) == 1
    reference, _ = keys_of(client, places.pop())
    with system() as session:
        count = session.scalar(sa.text("SELECT count(*) FROM contacts WHERE reference = :r"), {"r": reference})
    assert count == 1


def test_a_page_that_cannot_be_reached_yet_leads_to_where_the_person_is(client: StrictClient) -> None:
    draft = begin(client)
    first = load_all()["theft"].first_page().id
    assert client.get(f"{draft}/safe-contact").headers["Location"] == f"{draft}/{first}"
    assert client.get(f"{draft}/check").headers["Location"] == f"{draft}/{first}"
    assert client.get(f"{draft}/no-such-page").status_code == 404


def test_someone_elses_link_shows_a_neutral_page(client: StrictClient, app: Flask) -> None:
    draft = begin(client, "sexual-offence")
    stranger = app.test_client()
    answer = stranger.get(f"{draft}/{load_all()['sexual-offence'].first_page().id}")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert "This page is closed" in html
    assert "police" not in html.lower()
    assert stranger.post(f"{draft}/check", data={"go": "send"}).status_code == 403


def test_saved_and_found_again_by_four_words_on_another_device(client: StrictClient, app: Flask) -> None:
    draft = begin(client)
    form = load_all()["theft"]
    first = form.first_page()
    saved = client.send(
        f"{draft}/{first.id}", {first.questions[0].id: first.questions[0].options[0].code, "go": "save"}
    )
    html = saved.get_data(as_text=True)
    words = html.split("contact-key--words")[1].split(">")[1].split("<")[0]
    other = app.test_client()
    assert isinstance(other, StrictClient)
    wrong = other.send("/return", {"words": "amber river plain seven"})
    assert "do not open a saved report" in wrong.get_data(as_text=True)
    found = other.send("/return", {"words": words.upper().replace(" ", " - ")})
    assert found.status_code == 303
    assert found.headers["Location"].startswith(draft)


def test_stop_here_asks_only_how_to_reach_the_person(client: StrictClient) -> None:
    form = load_all()["sexual-offence"]
    assert form.stop_here is not None
    draft = begin(client, "sexual-offence")
    answer = client.send(f"{draft}/{form.first_page().id}", {"go": "stop"})
    assert answer.headers["Location"].rsplit("/", 1)[1] in (*form.stop_here.asks, "check")


def test_leaving_ends_the_session_and_the_way_back_shows_nothing(client: StrictClient) -> None:
    draft = begin(client, "sexual-offence")
    page = f"{draft}/{load_all()['sexual-offence'].first_page().id}"
    assert client.get(page).status_code == 200
    left = client.get("/exit")
    assert left.headers["Location"] == "https://www.bbc.co.uk/weather"
    for back in (page, "/report/sexual-offence/before-you-start", "/report/"):
        html = client.get(back).get_data(as_text=True)
        assert "This page is closed" in html
        assert "police" not in html.lower()
    assert client.get("/").status_code == 200
    assert client.get("/report/").status_code == 200
    assert "This page is closed" in client.get(page).get_data(as_text=True)


def test_the_welsh_front_is_in_welsh(client: StrictClient) -> None:
    html = client.get("/?lang=cy").get_data(as_text=True)
    assert "Mewn argyfwng ffoniwch" in html
    assert "nid oes dim a anfonwch yn cyrraedd yr heddlu" in html
    assert client.get("/").get_data(as_text=True).count("In an emergency call") == 0


def test_a_border_asks_which_force(
    client: StrictClient, system: sessionmaker[Session], two_forces: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with system() as session:
        both = [each for each in forces.list_all(session) if each.id in two_forces]
    monkeypatch.setattr(routing, "forces_at", lambda session, *, postcode: both)
    check = fill(client, begin(client))
    page = client.get(check).get_data(as_text=True)
    assert "The place is near a border" in page
    unanswered = client.send(check, {"go": "send"}).get_data(as_text=True)
    assert "Choose a police force" in unanswered
    receipt = client.send(check, {"go": "send", "force": both[1].id}).headers["Location"]
    assert both[1].name in client.get(receipt).get_data(as_text=True)


def test_rails_offer_british_transport_police(client: StrictClient, system: sessionmaker[Session]) -> None:
    with system.begin() as session:
        common: dict[str, object] = {
            "name_cy": None,
            "ons_code": None,
            "welsh": False,
            "hours": {},
            "nation": "england",
        }
        btp = {**common, "id": "btp", "name": "British Transport Police", "territorial": False}
        forces.load_reference(session, forces=[btp])
    check = fill(client, begin(client), incidentOnPublicTransport="train")
    assert "Trains, trams and stations have a police force of their own" in client.get(check).get_data(as_text=True)


def test_a_stale_token_loses_no_word(client: StrictClient) -> None:
    form = load_all()["theft"]
    draft = begin(client)
    fill(client, draft)
    page = next(page for page in form.pages if any(question.role == "account" for question in page.questions))
    sent = {page.questions[0].id: "A long account of my bicycle", "csrf_token": "of last week"}
    answer = client.post(f"{draft}/{page.id}", data=sent)
    assert answer.status_code == 400
    assert "A long account of my bicycle" in answer.get_data(as_text=True)


def test_a_change_leads_back_to_check_your_answers(client: StrictClient) -> None:
    check = fill(client, begin(client))
    links = [a.get("href") or "" for a in client.tree(check).iter("a") if "Change" in "".join(a.itertext())]
    account = next(link for link in links if "/what-happened" in link)
    question = load_all()["theft"].page("what-happened").questions[0]
    answer = client.send(account, {question.id: "My bicycle, and the lock too.", "go": "on"})
    assert answer.headers["Location"] == check
    assert "and the lock too" in client.get(check).get_data(as_text=True)


def test_a_change_that_opens_a_page_leads_to_it(client: StrictClient) -> None:
    check = fill(client, begin(client), incidentInvolvement="victim")
    draft = check.rsplit("/", 1)[0]
    form = load_all()["theft"]
    page = next(page for page in form.pages if any(q.id == "suspectKnown" for q in page.questions))
    question = form.question("suspectKnown")
    places = {
        client.send(f"{draft}/{page.id}?change=1", {question.id: option.code, "go": "on"}).headers["Location"]
        for option in question.options
    }
    assert any(place.endswith(("/suspect-relation", "/suspect-details")) for place in places)
