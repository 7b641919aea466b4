"""An application that came by post is worked in the same caseload, from the day its paper came."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable

import pytest

from contact.domain.access import Role
from contact.store import models
from tests.support.cases import Cases
from tests.support.clients import Clock
from tests.support.evidence import picture
from tests.web.licensing.conftest import Desk

PAGE = "/control-room/licensing/paper"


def typed(clock: Clock, **other: str) -> dict[str, str]:
    """A shotgun renewal that came three days ago."""
    return {
        "paper": "shotgun_renewal",
        "received_on": (clock.now - dt.timedelta(days=3)).date().isoformat(),
        "given_name": "Rowan",
        "surname": "Tregear",
        "born": "1974-05-02",
        "line": "4 Mill Lane",
        "postcode": "cb236dw",
        "certificate_number": "SG-2041",
        "expires": (clock.now + dt.timedelta(days=100)).date().isoformat(),
        "language": "en",
        **other,
    }


def ticket(desk: Desk) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', desk.client.get(PAGE).get_data(as_text=True))
    assert found is not None
    return found[1]


def enter(desk: Desk, cases: Cases, clock: Clock, **other: str) -> models.Application:
    other.setdefault("ticket", ticket(desk))
    sent = desk.client.send(PAGE, {"force": cases.north, **typed(clock, **other)})
    assert sent.status_code == 303
    with cases.system() as session:
        return session.query(models.Application).filter_by(force_id=cases.north).one()


def test_it_stands_in_the_caseload_and_counts_from_the_day_it_came(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    desk = officer()
    made = enter(desk, cases, clock)
    assert (made.kind, made.licence, made.state, made.in_time) == ("renewal", "shotgun", "submitted", True)
    assert made.declared_at.date() == (clock.now - dt.timedelta(days=3)).date()
    assert cases.contact(made.contact_id).channel == "letter"
    assert cases.event(made.contact_id, "application_entered")
    assert "Rowan Tregear" in desk.client.get("/control-room/licensing/").get_data(as_text=True)
    page = desk.client.get(f"/control-room/licensing/applications/{made.contact_id}").get_data(as_text=True)
    assert "Jo Carter entered it from the paper that came by post" in page
    assert "they applied on paper" in page
    assert not cases.rows(models.Mail, made.contact_id), "nothing leaves for who wrote on paper"


def test_sent_twice_it_is_one(officer: Callable[..., Desk], cases: Cases, clock: Clock) -> None:
    desk = officer()
    once = ticket(desk)
    for _ in range(2):
        enter(desk, cases, clock, ticket=once)


def test_the_scan_is_kept_as_a_file_of_the_application(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    desk = officer()
    made = enter(desk, cases, clock)
    page = f"/control-room/licensing/applications/{made.contact_id}/paper"
    content = {"file": (io.BytesIO(picture()), "form.jpg")}
    sent = desk.client.send(page, content, content_type="multipart/form-data")
    assert "form.jpg" in desk.client.get(sent.headers["Location"]).get_data(as_text=True)
    row = cases.rows(models.Evidence, made.contact_id)[0]
    assert (row.question_id, row.added_by) == ("paper", desk.person.id)


@pytest.mark.parametrize(
    ("box", "value", "words"),
    [
        ("paper", "", "Choose what the paper asks for"),
        ("received_on", "2999-01-01", "Enter the day it came"),
        ("born", "soon", "Enter the date of birth"),
        ("surname", " ", "Enter the last name"),
        ("postcode", "CB23", "Enter a full UK postcode"),
        ("phone", "no", "Enter a telephone number"),
        ("email", "rowan", "Enter an email address"),
        ("certificate_number", "", "Enter the number of the certificate"),
        ("expires", "", "Enter the last day"),
        ("expires", "0001-01-01", "within ten years of today"),
        ("expires", "9999-12-31", "within ten years of today"),
        ("expires", "soon", "within ten years of today"),
        ("received_on", "0001-01-01", "in the last ten years"),
        ("born", "0001-01-01", "Enter the date of birth"),
    ],
)
def test_what_cannot_be_is_said_beside_its_box_and_nothing_typed_is_lost(
    officer: Callable[..., Desk], cases: Cases, clock: Clock, box: str, value: str, words: str
) -> None:
    sent = officer().client.send(PAGE, {"force": cases.north, **typed(clock, **{box: value})})
    page = sent.get_data(as_text=True)
    assert sent.status_code == 400
    assert words in page
    assert f'href="#paper-{box}"' in page
    assert 'value="4 Mill Lane"' in page


@pytest.mark.parametrize(
    ("paper", "kind", "licence"),
    [
        ("firearm_grant", "grant", "firearm"),
        ("both_renewal", "renewal", "coterminous"),
        ("variation_more", "variation", "firearm"),
        ("replacement_shotgun", "replacement", "shotgun"),
        ("dealer", "dealer", "dealer"),
    ],
)
def test_every_kind_of_paper_is_read_as_its_form(
    officer: Callable[..., Desk], cases: Cases, clock: Clock, paper: str, kind: str, licence: str
) -> None:
    made = enter(officer(), cases, clock, paper=paper, shotgun_number="SG-2042")
    assert (made.kind, made.licence) == (kind, licence)


def test_nobody_enters_for_another_force_and_no_other_role_at_all(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    sent = officer().client.send(PAGE, {"force": cases.south, **typed(clock)})
    assert sent.status_code == 400
    assert officer(role=Role.CALL_HANDLER).client.get(PAGE).status_code == 403


def test_it_is_returned_by_a_letter_and_never_by_a_mail(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    desk = officer()
    made = enter(desk, cases, clock, email="rowan.tregear@mail.example")
    one = f"/control-room/licensing/applications/{made.contact_id}"
    back = {"missing": "signature", "words": "Please sign it"}
    assert desk.client.send(f"{one}/return", back, page=one).status_code == 400
    assert desk.client.send(f"{one}/return", {**back, "told": "letter"}, page=one).status_code == 303
    assert not [each for each in cases.rows(models.Mail, made.contact_id) if each.template == "message_waiting"]


def test_the_officer_is_told_that_a_letter_asks_for_the_fee(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    desk = officer()
    made = enter(desk, cases, clock)
    one = f"/control-room/licensing/applications/{made.contact_id}"
    sent = desk.client.send(f"{one}/fee", {}, page=one)
    page = desk.client.get(sent.headers["Location"]).get_data(as_text=True)
    assert "A letter that says so waits to be printed" in page
    assert "A fee is due" in page
    assert cases.rows(models.Mail, made.contact_id) == []
