"""Numbers at which people text a force: its administrators alone set them, and nobody takes another force's."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import Role
from contact.store import text_numbers
from tests.support.clients import Staff, StrictClient

PAGE = "/control-room/admin/forces/northshire/texts"
OURS, THEIRS = "+441632960411", "+441632960412"


@pytest.fixture(autouse=True)
def numbers(system: sessionmaker[Session], two_forces: tuple[str, str]) -> None:
    """The other force has one number, ours none."""
    with system.begin() as session:
        text_numbers.remove_number(session, number=OURS)
        text_numbers.set_number(session, number=THEIRS, force_id="southshire", messaging_service_sid=None)


def administrator(app: Flask, staff: Staff, *, stepped_up: bool = True) -> StrictClient:
    client = app.test_client()
    assert isinstance(client, StrictClient)
    staff.sign_in(client, staff.make({"northshire": {Role.FORCE_ADMIN}}), stepped_up=stepped_up)
    return client


def at(system: sessionmaker[Session], number: str) -> str | None:
    with system() as session:
        return text_numbers.force_at(session, number=number)


def test_a_number_is_added_given_a_service_and_removed(app: Flask, staff: Staff, system: sessionmaker[Session]) -> None:
    client = administrator(app, staff)
    assert "Nobody can text this force yet" in client.get(PAGE).get_data(as_text=True)
    assert client.send(PAGE, {"number": "01632 960411"}).status_code == 303
    assert at(system, OURS) == "northshire"
    assert client.send(PAGE, {"number": OURS, "service": "MG" + "a" * 32}).status_code == 303
    page = client.get(PAGE).get_data(as_text=True)
    assert OURS in page
    assert "MG" + "a" * 32 in page
    assert "/webhooks/twilio/sms" in page
    assert client.send(PAGE, {"number": OURS, "act": "remove"}).status_code == 303
    assert at(system, OURS) is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"number": "what"}, "Enter a telephone number"),
        ({"number": THEIRS}, "Another force answers at this number"),
        ({"number": OURS, "service": "MG1"}, "A messaging service begins with MG"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    app: Flask, staff: Staff, system: sessionmaker[Session], typed: dict[str, str], words: str
) -> None:
    answer = administrator(app, staff).send(PAGE, typed)
    assert answer.status_code == 400
    assert words in answer.get_data(as_text=True)
    assert (at(system, OURS), at(system, THEIRS)) == (None, "southshire")


def test_another_force_s_numbers_are_nobody_s_to_remove(
    app: Flask, staff: Staff, system: sessionmaker[Session]
) -> None:
    client = administrator(app, staff)
    assert client.send(PAGE, {"number": THEIRS, "act": "remove"}).status_code == 404
    assert client.get(PAGE.replace("northshire", "southshire")).status_code == 403
    assert at(system, THEIRS) == "southshire"


def test_changing_needs_the_second_factor_again(app: Flask, staff: Staff, system: sessionmaker[Session]) -> None:
    client = administrator(app, staff, stepped_up=False)
    client.send(PAGE, {"number": OURS})
    assert at(system, OURS) is None
