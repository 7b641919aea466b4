"""An applicant who stopped online access: nothing leaves, and the officer's work goes on all the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from contact.store import models
from tests.support.cases import Cases
from tests.support.clients import Clock
from tests.support.licensing import Applied
from tests.web.licensing.conftest import Desk
from tests.web.licensing.test_application import state_of, to_checks


@pytest.fixture
def stopped(cases: Cases, applied: Applied, clock: Clock) -> Applied:
    """The renewal of somebody who stopped online access."""
    cases.change(applied.contact_id, online_access_stopped_at=clock.now)
    return applied


def notes(cases: Cases, applied: Applied) -> list[str]:
    return [each.body for each in cases.rows(models.Message, applied.contact_id) if each.kind == "note"]


def test_it_is_returned_with_how_the_applicant_was_told(
    officer: Callable[..., Desk], stopped: Applied, cases: Cases
) -> None:
    desk = officer()
    assert "How they were told" in desk.page(stopped)
    assert desk.send(stopped, "return", missing="photo", words="Send a photo") == 400
    assert (state_of(cases, stopped), notes(cases, stopped)) == ("submitted", [])
    assert desk.send(stopped, "return", missing="photo", words="Send a photo", told="telephone") == 303
    assert state_of(cases, stopped) == "returned_incomplete"
    assert notes(cases, stopped) == ["By telephone: Send a photo"]
    assert cases.event(stopped.contact_id, "applicant_told")["how"] == "telephone"
    assert "Jo Carter told the applicant by telephone" in desk.page(stopped)
    assert not [each for each in cases.rows(models.Mail, stopped.contact_id) if each.template == "message_waiting"]


def test_it_is_withdrawn_though_no_way_to_tell_them_is_safe(
    officer: Callable[..., Desk], stopped: Applied, cases: Cases
) -> None:
    assert officer().send(stopped, "withdraw", words="They rang and asked", told="nobody") == 303
    assert state_of(cases, stopped) == "withdrawn"
    assert notes(cases, stopped) == ["Not told: no way is known to be safe: They rang and asked"]


def test_a_visit_is_booked_at_the_one_time_that_was_agreed_and_called_off_again(
    officer: Callable[..., Desk], stopped: Applied, cases: Cases, clock: Clock
) -> None:
    desk = officer()
    to_checks(desk, stopped)
    day = (clock.now + dt.timedelta(days=5)).date().isoformat()
    one = {"day-1": day, "time-1": "10:00", "words": "Agreed for the morning", "told": "letter", "agreed": "1"}
    assert desk.send(stopped, "visit/offer", **{**one, "day-2": day, "time-2": "14:00"}) == 400
    assert desk.send(stopped, "visit/offer", **one) == 303
    assert state_of(cases, stopped) == "visit_booked"
    assert cases.rows(models.Visit, stopped.contact_id)[0].state == "booked"
    assert desk.send(stopped, "visit/cancel", words="We cannot come") == 400
    assert desk.send(stopped, "visit/cancel", words="We cannot come", told="in_person") == 303
    assert state_of(cases, stopped) == "checks"
    assert len(notes(cases, stopped)) == 2


def test_a_message_becomes_a_note_that_never_leaves(
    officer: Callable[..., Desk], stopped: Applied, cases: Cases
) -> None:
    desk = officer()
    assert "Keep it as a note" in desk.page(stopped)
    assert desk.send(stopped, "write", body="The photo is fine", once="a") == 400
    assert desk.send(stopped, "write", body="The photo is fine", once="a", told="in_person") == 303
    assert notes(cases, stopped) == ["In person: The photo is fine"]


def test_who_can_be_told_online_is_told_online_whatever_was_chosen(
    officer: Callable[..., Desk], applied: Applied, cases: Cases
) -> None:
    desk = officer()
    assert "How they were told" not in desk.page(applied)
    assert desk.send(applied, "return", missing="photo", words="Send a photo", told="telephone") == 303
    assert notes(cases, applied) == []
    sent = [each.body for each in cases.rows(models.Message, applied.contact_id) if each.kind == "outbound"]
    assert sent == ["Send a photo"]
