"""A contact that an agent opens for a caller or visitor: safe contact first, once, held by the agent (practice 22)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contact.domain.access import Role
from contact.store import contacts, models, triage
from tests.support.cases import Cases
from tests.support.clients import StrictClient
from tests.support.html_checks import text_of
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
    for said in ("mower is gone", "Read the reference out", "You have it", "Telephone, number withheld: 07700 900124"):
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
