"""A certificate is opened with a reason, of the officer's work or given first, and nobody is told of themselves."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from contact.domain.licensing.certificate_states import CertificateState
from contact.services.licensing import linking, reviews
from contact.store import models
from tests.support.cases import Cases
from tests.support.clients import Clock
from tests.support.licensing import Applied
from tests.support.register import Held, holder, rows
from tests.web.licensing.conftest import Desk

REGISTER = "/control-room/licensing/certificates"
FAR = dt.date(2031, 3, 1)
"""So far ahead that no notice is near."""


def page(held: Held) -> str:
    return f"{REGISTER}/{held.id}"


def events(cases: Cases, desk: Desk, name: str) -> list[dict[str, Any]]:
    """The data of this officer's events of that name, in order."""
    with cases.system() as session:
        query = session.query(models.Event).filter_by(agent_id=desk.person.id, name=name).order_by(models.Event.id)
        return [each.data for each in query]


def opened(cases: Cases, desk: Desk) -> list[str]:
    return [each["justification"] for each in events(cases, desk, "certificate_opened")]


def test_no_certificate_is_shown_before_there_is_a_reason(officer: Callable[..., Desk], cases: Cases) -> None:
    held, desk = holder(cases, expires=FAR), officer()
    asked = desk.client.get(page(held)).get_data(as_text=True)
    assert "Why do you need to open this certificate?" in asked
    assert not any(told in asked for told in (held.number, "Tregear", "Mill Lane", "AB1234"))
    assert opened(cases, desk) == []
    none = desk.client.send(f"{page(held)}/open", {"justification": "curious"}, page=page(held))
    assert (none.status_code, "Choose why you open it" in none.get_data(as_text=True)) == (400, True)
    changed = desk.client.send(f"{page(held)}/conditions", {"conditions": "x", "reason": "y"}, page=page(held))
    assert changed.status_code == 400
    given = desk.client.send(f"{page(held)}/open", {"justification": "holder_asked"}, page=page(held))
    assert given.status_code == 303
    assert "Mill Lane" in desk.client.get(page(held)).get_data(as_text=True)
    assert opened(cases, desk) == ["holder_asked"]
    assert "Mill Lane" not in officer(name="Ravi Shah").client.get(page(held)).get_data(as_text=True)


def test_what_a_search_found_is_opened_by_it(officer: Callable[..., Desk], cases: Cases) -> None:
    held, desk = holder(cases, expires=FAR, number=f"SG-{secrets.token_hex(4)}"), officer()
    desk.client.send(REGISTER, {"q": held.number}, page=REGISTER)
    assert "Mill Lane" in desk.client.get(page(held)).get_data(as_text=True)
    assert opened(cases, desk) == ["searched"]


def test_the_work_of_the_team_leads_to_it(
    officer: Callable[..., Desk], cases: Cases, applied: Applied, clock: Clock
) -> None:
    soon = holder(cases, number="SG-1", expires=clock.now.date() + dt.timedelta(days=100), surname="Penhale")
    over = holder(cases, number="SG-2", expires=FAR, state=CertificateState.REVOKED, surname="Roskilly")
    named = holder(cases, number="SG-2041", expires=FAR)
    with cases.system.begin() as session:
        linking.link_named(session, contact_id=applied.contact_id, now=clock.now)
    desk = officer()
    for each in (soon, over, named):
        assert "Why do you need" not in desk.client.get(page(each)).get_data(as_text=True)
    assert opened(cases, desk) == ["on_the_clock", "on_the_clock", "application"]


@pytest.mark.parametrize("what", ["", "/state", "/conditions", "/holder", "/guns", "/open", f"/reviews/{UUID(int=9)}"])
def test_another_forces_and_ones_own_look_like_none_and_the_try_is_written_down(
    officer: Callable[..., Desk], cases: Cases, what: str
) -> None:
    held = holder(cases)
    for desk, why in (
        (officer(force=cases.south), "not_found_or_not_theirs"),
        (officer(name="Rowan Tregear"), "own_name"),
    ):
        if what:
            sent = desk.client.send(f"{page(held)}{what}", {"event": "reissue", "decision": "no_action"}, page=REGISTER)
            assert sent.status_code == 404
        else:
            assert desk.client.get(page(held)).status_code == 404
        (told,) = events(cases, desk, "opening_refused")
        assert (told["asked_id"], told["why"], told["kind"]) == (str(held.id), why, "certificate")


def review_of(cases: Cases, clock: Clock, held: Held, surname: str) -> UUID:
    told = {"personDescription": f"Rowan {surname} says he will use it"}
    report = cases.report(told, form_id="guns-worry", now=clock.now)
    with cases.system.begin() as session:
        reviews.open_for_contact(session, contact_id=report.contact_id, now=clock.now)
    (review,) = rows(cases, models.LicensingReview, held.id)
    return UUID(str(review.id))


def test_who_a_review_is_about_neither_hears_of_it_nor_decides_it_by_another_certificate(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    surname = f"Zed{secrets.token_hex(4).translate(str.maketrans('0123456789', 'ghijklmnop'))}"
    held = holder(cases, number=secrets.token_hex(4), surname=surname, phone_e164=None, email=None)
    other = holder(cases, number=secrets.token_hex(4))
    review_id = review_of(cases, clock, held, surname)
    themself, colleague = officer(name=f"Rowan {surname}"), officer()
    for where in ("/control-room/licensing/", REGISTER):
        assert f"review-{review_id}" not in themself.client.get(where).get_data(as_text=True)
        assert f"review-{review_id}" in colleague.client.get(where).get_data(as_text=True)
    fields = {"decision": "no_action", "reason": "I am a good man"}
    sent = themself.client.send(f"{page(other)}/reviews/{review_id}", fields, page=REGISTER)
    assert sent.status_code == 404
    with cases.system() as session:
        row = session.get(models.LicensingReview, review_id)
        assert row is not None
        assert row.decided_at is None
