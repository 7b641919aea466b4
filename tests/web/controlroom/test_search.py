"""The search page: found by any layout, never outside the agent's forces, never a word in an address or a log."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from contact.domain.access import Role
from tests.support.cases import Cases
from tests.support.clients import Clock
from tests.support.html_checks import text_of
from tests.web.controlroom.conftest import Desk

MakeDesk = Callable[..., Desk]
SEARCH = "/control-room/search"


def test_a_reference_is_found_however_it_is_typed(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, report = desk(), cases.report(now=clock.now)
    for typed in (report.reference, report.reference.lower().replace("-", " "), report.reference.replace("-", "")):
        answer = at.client.send(SEARCH, {"q": typed})
        assert report.reference in answer.get_data(as_text=True)
    page = at.client.tree(f"/control-room/contacts/{report.contact_id}")
    assert report.reference in text_of(page)
    assert cases.event(report.contact_id, "opened")["justification"] == "searched"
    assert "reference" in cases.event(report.contact_id, "search_result_opened")["by"]


def test_results_carry_no_words(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, report = desk(), cases.report(now=clock.now)
    words = at.client.send(SEARCH, {"q": report.reference}).get_data(as_text=True)
    for secret in ("library", "sam@example.org", "High Street"):
        assert secret not in words


@pytest.mark.parametrize("role", list(Role))
def test_scenario_22_another_force_finds_nothing(cases: Cases, desk: MakeDesk, clock: Clock, role: Role) -> None:
    """Scenario 22: no result, no count, for every role of another force."""
    report, stranger = cases.report(now=clock.now), desk(role, force=cases.south)
    if stranger.client.get(SEARCH).status_code == 403:
        return
    answer = text_of_answer(stranger, report.reference)
    assert "Nothing found" in answer


def text_of_answer(at: Desk, typed: str) -> str:
    """The page that a search answers."""
    return at.client.send(SEARCH, {"q": typed}).get_data(as_text=True)


def test_an_empty_box_says_so(desk: MakeDesk) -> None:
    answer = desk().client.send(SEARCH, {"q": "   "})
    assert answer.status_code in (200, 400)
    assert desk().client.send(SEARCH, {"q": ""}).status_code == 400


@pytest.mark.parametrize("typed", ["' OR 1=1 --", "<script>", "\x00", "%", "9" * 199, "x" * 300])
def test_hostile_words_find_nothing(desk: MakeDesk, typed: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answer = desk().client.send(SEARCH, {"q": typed})
    assert answer.status_code in (200, 400)
    assert "<script>" not in answer.get_data(as_text=True).split("</head>")[1].split('<script type="module"')[0]


def test_a_search_is_a_post_and_no_address_carries_it(desk: MakeDesk) -> None:
    at = desk()
    words = at.client.get(SEARCH + "?q=Fortescue").get_data(as_text=True)
    assert "Fortescue" not in words
