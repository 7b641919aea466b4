"""A source kept apart, as each role sees it; and clocks set by the day of the incident (practice 17, 22)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from contact.domain.access import Role
from contact.domain.clocks import LONDON
from contact.store import models
from tests.support.cases import Cases
from tests.support.clients import Clock
from tests.support.html_checks import text_of
from tests.web.controlroom.conftest import Desk

MakeDesk = Callable[..., Desk]
WORDS = ("Wren", "Calloway", "07700 900811", "+447700900811", "after ten at night", "Through my work")
READS_CONTACTS = [Role.CALL_HANDLER, Role.SUPERVISOR, Role.PROFESSIONAL_STANDARDS]


def _page(contact_id: UUID) -> str:
    return f"/control-room/contacts/{contact_id}"


@pytest.fixture
def told(cases: Cases, clock: Clock) -> UUID:
    """Somebody told us of a dealer, with name and telephone."""
    answers = {
        "infoAbout": "drugs",
        "anonymous": "no",
        "under18": "no",
        "infoSource": ["work"],
        "reporterName": {"given": "Wren", "surname": "Calloway"},
        "contactPreference": {"how": "phone", "value": "+447700900811", "when": "after ten at night", "safe_word": ""},
    }
    return cases.report(answers, form_id="information", now=clock.now).contact_id


@pytest.mark.parametrize("role", READS_CONTACTS)
def test_a_handler_sees_the_matter_and_not_the_source(
    cases: Cases, desk: MakeDesk, clock: Clock, told: UUID, role: Role
) -> None:
    at = desk(role)
    for path in ("", "/thread"):
        part = at.client.get(_page(told) + path, lax=bool(path))  # a part of a page has no heading of its own
        words = part.get_data(as_text=True)
        assert "The source is kept apart for the intelligence unit" in words
        assert "Do not ask them to find out more" in words
        assert not any(word in words for word in WORDS)
    tree = at.client.tree(_page(told))
    words = text_of(tree)
    assert "0800 555 111" in words
    assert "does not include 999 and 101 calls" in words.lower()
    assert tree.find(".//textarea[@id='reply-body']") is None
    assert tree.find(".//section[@id='ask-files']") is None


@pytest.mark.parametrize("role", READS_CONTACTS)
def test_a_handler_gets_no_source_and_sends_no_reply(
    cases: Cases, desk: MakeDesk, clock: Clock, told: UUID, role: Role
) -> None:
    at = desk(role)
    cases.claim(at.person, told, now=clock.now)
    refused = at.client.get(_page(told) + "/source")
    assert refused.status_code == 403
    assert not any(word in refused.get_data(as_text=True) for word in WORDS)
    token = at.client.token(_page(told))
    assert at.client.post(_page(told) + "/reply", data={"csrf_token": token, "body": "Who?"}).status_code == 403
    assert at.client.post(_page(told) + "/ask-for-files", data={"csrf_token": token}).status_code == 403
    assert cases.rows(models.Message, told) == []


def test_the_officer_reads_who_told_us_and_the_log_says_so(
    cases: Cases, desk: MakeDesk, clock: Clock, told: UUID
) -> None:
    at = desk(Role.INTELLIGENCE_OFFICER, name="Robin Hale")
    assert not any(word in text_of(at.client.tree(_page(told))) for word in WORDS)
    words = text_of(at.client.tree(_page(told) + "/source"))
    assert all(word in words for word in WORDS if not word.startswith("+"))
    read = cases.event(told, "opened")
    assert (read["kind"], read["justification"]) == ("source", "in_the_queue")
    assert "Robin Hale read who told us" in text_of(desk().client.tree(_page(told)))


def test_the_officer_may_reply(cases: Cases, desk: MakeDesk, clock: Clock, told: UUID) -> None:
    at = desk(Role.INTELLIGENCE_OFFICER)
    cases.claim(at.person, told, now=clock.now)
    at.client.send(_page(told) + "/reply", page=_page(told), data={"body": "Thank you. Please do nothing more."})
    assert [each.body for each in cases.rows(models.Message, told)] == ["Thank you. Please do nothing more."]


def test_an_officer_of_another_force_gets_a_page_without_a_word(
    cases: Cases, desk: MakeDesk, clock: Clock, told: UUID
) -> None:
    stranger = desk(Role.INTELLIGENCE_OFFICER, force=cases.south)
    assert stranger.client.get(_page(told) + "/source").status_code == 404
    with cases.system() as session:
        refused = session.query(models.Event).filter_by(agent_id=stranger.person.id, name="opening_refused").one()
    assert refused.data["kind"] == "source"


def test_a_contact_with_its_reporter_has_no_page_of_a_source(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    report = cases.report(now=clock.now)
    at = desk(Role.INTELLIGENCE_OFFICER)
    assert at.client.get(_page(report.contact_id) + "/source").status_code == 404
    assert "opened" not in cases.events(report.contact_id)


def test_a_source_that_comes_again_is_for_the_officer_alone(
    cases: Cases, desk: MakeDesk, clock: Clock, told: UUID
) -> None:
    again = "1 other report by this source"
    answers = {"infoAbout": "drugs", "anonymous": "no", "under18": "no"}
    safe = {"how": "phone", "value": "+447700900811", "when": "", "safe_word": ""}
    second = cases.report({**answers, "contactPreference": safe}, form_id="information", now=clock.now).contact_id
    officer = desk(Role.INTELLIGENCE_OFFICER)
    assert again in text_of(officer.client.tree(_page(second)))
    assert "One source has told us again" in text_of(officer.client.tree("/control-room/alarms"))
    for role in READS_CONTACTS:
        at = desk(role)
        assert again not in text_of(at.client.tree(_page(second)))
        assert "One source has told us again" not in text_of(at.client.tree("/control-room/alarms"))


def _driving(clock: Clock, days_ago: int | None) -> dict[str, Any]:
    day = (clock.now.astimezone(LONDON) - dt.timedelta(days=days_ago or 0)).date().isoformat()
    when = {"kind": "not_sure"} if days_ago is None else {"kind": "exact", "date": day, "time": "08:15"}
    return {"rtiKind": "driving", "drivingNow": "no", "incidentStartDateTime": when, "hasFilm": "not_mine"}


@pytest.mark.parametrize(
    ("days_ago", "says"),
    [
        (2, ("12 days left", "29 days left, often less")),
        (14, ("Today is the last day",)),
        (20, ("6 days over",)),
        (None, ("No day was given: ask for it", "ask for the pictures at once")),
    ],
)
def test_clocks_from_the_day_of_the_incident(
    cases: Cases, desk: MakeDesk, clock: Clock, days_ago: int | None, says: tuple[str, ...]
) -> None:
    report = cases.report(_driving(clock, days_ago), form_id="road-traffic", now=clock.now)
    tree = desk().client.tree(_page(report.contact_id))
    shown = " ".join(text_of(each) for each in tree.iterfind(".//div[@class='case-clocks']"))
    assert "Notice of intended prosecution" in shown
    assert all(words in shown for words in says), shown
    assert "Last days" in text_of(tree)


def test_other_matters_have_no_such_clock(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    report = cases.report({"evidence": ["none"]}, now=clock.now)
    assert "Notice of intended prosecution" not in text_of(desk().client.tree(_page(report.contact_id)))
