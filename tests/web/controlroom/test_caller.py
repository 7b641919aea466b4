"""A contact that an agent opens for a caller or visitor: safe contact first, once, held by the agent (practice 22)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

import pytest
from flask import Flask

from contact.domain.access import Role
from contact.services.keys import Keys
from contact.settings import Settings
from contact.store import audit, contacts, models, triage
from tests.support.cases import Cases
from tests.support.clients import StrictClient
from tests.support.html_checks import text_of
from tests.web.citizen.journeys import fill
from tests.web.controlroom.conftest import Desk

MakeDesk = Callable[..., Desk]
PAGE = "/control-room/new"
TOLD = {
    "channel": "telephone",
    "what": "My shed was broken into and the mower is gone",
    "postcode": "cb74ab",
    "given_name": "Ann",
    "surname": "Fox",
    "phone": "07700 900123",
    "safe_how": "phone",
    "safe_value": "(07700) 900 124",
    "safe_when": "after six",
    "category": "burglary",
    "grade": "standard",
    "about_police": "no",
    "lease": "live",
}


def ticket(client: StrictClient) -> str:
    return next(each.get("value") or "" for each in client.tree(PAGE).iter("input") if each.get("name") == "ticket")


def send(at: Desk, cases: Cases, **changed: str) -> tuple[int, str, str]:
    form = {**TOLD, "force": cases.north, "ticket": ticket(at.client), **changed}
    answer = at.client.send(PAGE, form)
    return answer.status_code, answer.headers.get("Location", ""), answer.get_data(as_text=True)


def opened(cases: Cases) -> list[models.Contact]:
    with cases.system() as session:
        found = session.query(models.Contact).filter_by(force_id=cases.north)
        return [each for each in found if each.channel not in ("web", "chat", "sms")]


def test_it_is_stored_with_what_was_said_and_the_agent_holds_it(cases: Cases, desk: MakeDesk) -> None:
    at = desk()
    status, location, _ = send(at, cases)
    assert status == 303
    (contact,) = opened(cases)
    assert location.startswith(f"/control-room/contacts/{contact.id}")
    assert (contact.channel, contact.category, contact.grade, contact.state) == (
        "telephone", "burglary", "standard", "with_agent",
    )  # fmt: skip
    assert contact.holder_id == at.person.id
    assert contact.safe_contact == {"how": "phone", "value": "+447700900124", "when": "after six"}
    assert contact.place_postcode == "CB7 4AB"
    with cases.system() as session:
        reporter = contacts.find_reporter(session, contact_id=contact.id)
        assert reporter is not None
        assert (reporter.given_name, reporter.surname, reporter.phone_e164) == ("Ann", "Fox", "+447700900123")
    assert cases.event(contact.id, "contact_received")["channel"] == "telephone"
    words = text_of(at.client.tree(location).find(".//main"))
    for said in (
        "mower is gone",
        "Read the reference and the four words out",
        "You have it",
        "Telephone, number withheld: 07700 900124",
    ):
        assert said in words, said


def test_sent_twice_it_is_one_contact(cases: Cases, desk: MakeDesk) -> None:
    at = desk()
    once = ticket(at.client)
    for _ in range(2):
        assert send(at, cases, ticket=once)[0] == 303
    assert len(opened(cases)) == 1


def test_words_of_danger_raise_what_the_agent_chose_and_never_lower_it(cases: Cases, desk: MakeDesk) -> None:
    at = desk()
    send(at, cases, what="he has a knife and he is here", category="general_enquiry", grade="enquiry")
    send(at, cases, what="a question about a form", category="general_enquiry", grade="emergency")
    assert [each.grade for each in opened(cases)] == ["emergency", "emergency"]


def test_an_emergency_taken_down_without_a_script_waits_for_whoever_can_hold_it(cases: Cases, desk: MakeDesk) -> None:
    """Engineering 10: a page without JavaScript cannot hold one; it is stored all the same, at the top."""
    at = desk()
    status, _, _ = send(at, cases, grade="emergency", lease="page")
    assert status == 303
    (contact,) = opened(cases)
    assert (contact.state, contact.holder_id) == ("waiting", None)
    with cases.system() as session:
        (entry,) = triage.list_entries(session, contact_id=contact.id)
        assert entry.band == 0


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"safe_how": ""}, "Ask how it is safe to reach them, and choose"),
        ({"safe_value": ""}, "Enter the number that is safe to ring"),
        ({"safe_how": "email", "safe_value": "ann"}, "Enter an email address with an @ in it"),
        ({"what": ""}, "Write what they tell you, in their own words"),
        ({"postcode": "CB7"}, "Enter a full UK postcode"),
        ({"phone": "nothing"}, "Enter a telephone number"),
        ({"grade": ""}, "Choose a grade"),
        ({"about_police": ""}, "Ask whether it is about somebody who works for the police"),
    ],
)
def test_what_is_missing_is_told_beside_its_box_and_nothing_typed_is_lost(
    cases: Cases, desk: MakeDesk, changed: dict[str, str], told: str
) -> None:
    at = desk()
    status, _, html = send(at, cases, **changed)
    assert status == 400
    assert told in html
    assert changed.get("what") == "" or "mower is gone" in html
    assert opened(cases) == []


def test_do_not_contact_needs_no_number(cases: Cases, desk: MakeDesk) -> None:
    at = desk()
    assert send(at, cases, safe_how="none", safe_value="")[0] == 303
    assert opened(cases)[0].safe_contact["how"] == "none"


def test_nobody_opens_one_for_another_force_or_without_the_role(cases: Cases, desk: MakeDesk) -> None:
    at = desk()
    assert send(at, cases, force=cases.south)[0] == 400
    admin = desk(Role.FORCE_ADMIN)
    assert admin.client.get(PAGE).status_code == 403
    assert opened(cases) == []


def test_the_four_words_are_shown_once_to_whoever_opened_it(
    cases: Cases, desk: MakeDesk, settings: Settings, app: Flask
) -> None:
    """Without them the person could never read the reply: reference and words together open the progress page."""
    at = desk()
    _, location, _ = send(at, cases)
    (contact,) = opened(cases)
    words = Keys.from_settings(settings).access_words(contact.id).replace("-", " ")
    assert words not in desk().client.get(location).get_data(as_text=True), "nobody else is shown them"
    assert words in at.client.get(location).get_data(as_text=True)
    assert words not in at.client.get(location).get_data(as_text=True)
    assert cases.events(contact.id).count("access_words_shown") == 1
    person = app.test_client()
    assert isinstance(person, StrictClient)
    answer = person.send("/progress", {"reference": contact.reference, "words": words})
    assert answer.headers.get("Location") == f"/progress/{contact.reference}"


@pytest.mark.parametrize("said", ["yes", "not_sure"])
def test_what_is_about_police_staff_is_kept_to_named_people(
    cases: Cases, desk: MakeDesk, settings: Settings, said: str
) -> None:
    """Practice 8: restricted before it enters any queue; the agent reads out what the person needs, and is done."""
    standards, at = cases.agent(Role.PROFESSIONAL_STANDARDS), desk()
    once = ticket(at.client)
    for _ in range(2):
        status, _, html = send(at, cases, about_police=said, ticket=once)
        assert status == 200
    (contact,) = opened(cases)
    assert (contact.restricted, cases.entry(contact.id).restricted, contact.state) == (True, True, "waiting")
    assert contact.reference in html
    assert Keys.from_settings(settings).access_words(contact.id).replace("-", " ") in html
    assert "mower" not in html
    assert cases.event(contact.id, "access_words_shown") == {}
    assert at.client.get(f"/control-room/contacts/{contact.id}").status_code == 404
    with cases.acting(standards.actor) as session:
        assert contacts.find(session, contact_id=contact.id) is not None


def test_whoever_must_not_be_named_stands_apart_from_the_matter(cases: Cases, desk: MakeDesk) -> None:
    """Practice 17: the agent holds the matter; name, number and safe way are the intelligence unit's."""
    at = desk()
    status, location, _ = send(at, cases, unnamed="y", category="general_enquiry")
    assert status == 303
    (contact,) = opened(cases)
    assert (contact.source_apart, contact.safe_contact, contact.holder_id) == (True, {"how": "phone"}, at.person.id)
    (source,) = cases.rows(models.Source, contact.id)
    assert (source.surname, source.phone_e164) == ("Fox", "+447700900123")
    assert source.safe_contact["value"] == "+447700900124"
    assert len(source.source_digests) == 1
    assert cases.rows(models.Reporter, contact.id) == []
    html = at.client.get(location).get_data(as_text=True)
    assert "mower is gone" in html
    assert not re.search(r"\bFox\b|900123|900124|after six", html)  # a reference is read out with its Foxtrot


def test_who_must_not_learn_of_it_is_told_here_and_on_the_person_s_other_contacts(cases: Cases, desk: MakeDesk) -> None:
    """Practice 15: on linked pages, and before a reply that names them."""
    at = desk()
    phone = f"07700 900{secrets.randbelow(900) + 100}"
    first, second = (
        send(at, cases, phone=phone, category="harassment_stalking", not_to=who, what=what)[1].partition("?")[0]
        for who, what in (("her husband, Gareth", "He follows me to work"), ("", "My bag was taken as well"))
    )
    assert "DO NOT REVEAL TO: her husband, Gareth" in text_of(at.client.tree(first).find(".//main"))
    other = text_of(at.client.tree(second).find(".//main"))
    assert "Do not reveal to: her husband, Gareth" in other
    assert "follows me" not in other, "no word of it"
    page = at.client.tree(second)
    once = next(each.get("value") or "" for each in page.iter("input") if each.get("name") == "once")
    reply = {"body": "We have asked gareth about the bag", "once": once}
    refused = at.client.send(f"{second}/reply", reply, page=second)
    assert "Gareth must not learn of what this person told us" in refused.get_data(as_text=True)
    assert at.client.send(f"{second}/reply", {**reply, "aware": "yes"}, page=second).status_code == 303


def test_any_form_of_the_public_is_filled_in_with_a_caller(cases: Cases, desk: MakeDesk) -> None:
    """Practice 22: the same forms; what arrives came by telephone, and the log says who typed it."""
    at = desk()
    offered = {
        each.get("value") or ""
        for select in at.client.tree(PAGE).iter("select")
        if select.get("name") == "form"
        for each in select.iter("option")
    }
    assert {"theft", "domestic-abuse", "clares-law", "under-18"} <= offered
    assert "firearms-certificate" not in offered, "a licence is applied for by who wants it"
    asked = {"form": "theft", "channel": "telephone", "force": cases.north}
    link = at.client.send(f"{PAGE}/form", asked, page=PAGE).headers["Location"]
    first = at.client.send(link).headers["Location"]
    check = fill(at.client, first.rsplit("/", 1)[0])
    receipt = at.client.send(check, {"go": "send", "force": cases.north})
    assert receipt.status_code == 303
    (contact,) = opened(cases)
    assert (contact.channel, contact.form_id, contact.state) == ("telephone", "theft", "waiting")
    with cases.system() as session:
        found = audit.list_for_contact(session, contact_id=contact.id)
        assert {each.agent_id for each in found if each.name in ("contact_received", "submitted")} == {at.person.id}
    assert "Read aloud" in at.client.get(receipt.headers["Location"]).get_data(as_text=True)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"form": ""}, "Choose a form"),
        ({"form": "firearms-certificate"}, "Choose"),
        ({"force": ""}, "Choose the force"),
    ],
)
def test_a_form_that_cannot_be_begun_is_told_beside_its_box(
    cases: Cases, desk: MakeDesk, changed: dict[str, str], told: str
) -> None:
    at = desk()
    asked = {"form": "theft", "channel": "counter", "force": cases.north, **changed}
    answer = at.client.send(f"{PAGE}/form", asked, page=PAGE)
    assert answer.status_code == 400
    assert told in answer.get_data(as_text=True)
    elsewhere = at.client.send(f"{PAGE}/form", {**asked, "form": "theft", "force": cases.south}, page=PAGE)
    assert elsewhere.status_code == 400
    assert opened(cases) == []
