"""An applicant under 18: a parent or guardian agrees, seen by an officer, before anything is granted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from contact.domain.licensing.checks import checks_of
from contact.domain.licensing.kinds import Kind
from contact.store import models
from tests.support.cases import Cases
from tests.support.clients import Clock
from tests.support.licensing import Applied, apply
from tests.web.licensing.conftest import Desk
from tests.web.licensing.test_application import state_of, to_checks


@pytest.fixture
def young(cases: Cases, clock: Clock) -> Applied:
    """A renewal of somebody who is 17 today."""
    born = (clock.now - dt.timedelta(days=17 * 366)).date().isoformat()
    return apply(cases, {"dateOfBirth": born}, now=clock.now)


def end_others(desk: Desk, applied: Applied) -> None:
    for kind in checks_of(Kind.RENEWAL):
        assert desk.send(applied, f"checks/{kind}", state="no_concern", result="Spoken to today") == 303


GRANT = {"outcome": "grant", "reasons": "Safe and with good reason"}


@pytest.mark.parametrize(("state", "result"), [("waiting", ""), ("concern", "Dad says no"), ("not_needed", "18 soon")])
def test_nothing_is_granted_while_nobody_saw_that_a_parent_agrees(
    officer: Callable[..., Desk], young: Applied, cases: Cases, state: str, result: str
) -> None:
    desk = officer()
    to_checks(desk, young)
    end_others(desk, young)
    assert "Parent or guardian agrees" in desk.page(young)
    assert desk.send(young, "recommend", **GRANT) == 400
    assert desk.send(young, "checks/parent", state=state, result=result) == 303
    assert desk.send(young, "recommend", **GRANT) == 400
    assert state_of(cases, young) == "checks"
    assert desk.send(young, "recommend", **{**GRANT, "outcome": "refuse"}) == 303


def test_an_agreement_says_who_agreed_and_how_it_was_seen(officer: Callable[..., Desk], young: Applied) -> None:
    desk = officer()
    to_checks(desk, young)
    end_others(desk, young)
    assert desk.send(young, "checks/parent", state="no_concern", result=" ") == 400
    seen = "Mother, Ana Tregear, rang on the number in the register"
    assert desk.send(young, "checks/parent", state="no_concern", result=seen) == 303
    page = desk.page(young)
    assert seen in page
    assert desk.send(young, "recommend", **GRANT) == 303


def test_a_grown_applicant_has_no_such_check(officer: Callable[..., Desk], applied: Applied) -> None:
    desk = officer()
    to_checks(desk, applied)
    assert "Parent or guardian agrees" not in desk.page(applied)
    assert desk.send(applied, "checks/parent", state="no_concern", result="x") == 404


def test_the_file_shows_what_the_parent_answered_by_link_and_the_check_stays_the_officers(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    born = (clock.now - dt.timedelta(days=17 * 366)).date().isoformat()
    parent = {
        "parentName": {"given": "Ana", "surname": "Tregear"},
        "parentRelation": "parent",
        "parentContact": "07700 900533, ana.tregear@mail.example",
        "parentConsent": ["agree", "read"],
    }
    young, desk = apply(cases, {"dateOfBirth": born, **parent}, now=clock.now), officer()
    page = desk.page(young)
    assert "Asked by link, no answer yet" in page
    assert "What the form says of their consent is a claim" in page
    with cases.system.begin() as session:
        row = session.query(models.Referee).filter_by(contact_id=young.contact_id, role="parent").one()
        row.state, row.answered_at = "answered", clock.now
        row.answers = {"relation": "parent", "agrees": "yes", "fullName": "Ana Tregear"}
        parent_id = row.id
    page = desk.page(young)
    assert "Agrees, by the link" in page
    assert "Yes, I agree" in page
    assert desk.send(young, f"referees/{parent_id}/spoken", note="She knows of it") == 303
    assert "She knows of it" in desk.page(young)
    to_checks(desk, young)
    end_others(desk, young)
    assert desk.send(young, "recommend", **GRANT) == 400
    assert desk.send(young, "checks/parent", state="no_concern", result="Ana Tregear agreed by our link") == 303
    assert desk.send(young, "recommend", **GRANT) == 303
