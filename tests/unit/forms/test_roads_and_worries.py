"""Roads, welfare, missing people and what people know: who is sent to 999, what is promised and what is left out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from forms import BlockKind, Form, PageKind, Role, load_all
from forms.parts import SafeWay
from tests.support.answers import complete
from tests.unit.forms.tiny import NOW

TODAY = NOW.date()


def form(form_id: str) -> Form:
    return load_all()[form_id]


def days_ago(days: int) -> dict[str, str]:
    return {"kind": "exact", "date": (TODAY - dt.timedelta(days=days)).isoformat(), "time": "10:00"}


def way(form_id: str, **given: Any) -> tuple[list[str], dict[str, Any]]:  # noqa: ANN401
    """The page ids that the answers lead to, and the answers completed."""
    answers = complete(form(form_id), given, now=NOW)
    return [page.id for page in form(form_id).path(answers, NOW)], answers


def reasons(form_id: str, answers: dict[str, Any]) -> dict[str, str | None]:
    return {hint.reason_code: hint.grade for hint in form(form_id).proposals(answers, NOW)}


@pytest.mark.parametrize(
    ("days", "says", "reason", "grade"),
    [
        (0, "You are in time", "notice_clock_runs", "standard"),
        (7, "You are in time", "notice_clock_runs", "standard"),
        (8, "more than 7 days ago", "notice_clock_runs", "standard"),
        (10, "more than 7 days ago", "notice_clock_runs", "standard"),
        (11, "more than 7 days ago", "notice_clock_nearly_over", "priority"),
        (14, "more than 7 days ago", "notice_clock_nearly_over", "priority"),
        (15, "more than 14 days ago", "notice_clock_over", None),
    ],
)
def test_bad_driving_is_told_how_late_it_is_counted_from_the_day_it_happened(
    days: int, says: str, reason: str, grade: str | None
) -> None:
    """practice 22: 14 days for the notice, 7 wanted by forces."""
    pages, answers = way("road-traffic", rtiKind="driving", incidentStartDateTime=days_ago(days))
    assert "in-time" in pages
    road = form("road-traffic")
    shown = " ".join(block.text.en for block in road.blocks(road.page("in-time").before, answers, NOW))
    told = ("You are in time", "more than 7 days ago", "more than 14 days ago")
    assert [words for words in told if words in shown] == [says]
    assert reasons("road-traffic", answers)[reason] == grade


def test_a_crash_is_not_told_about_the_notice() -> None:
    pages, _ = way("road-traffic", rtiKind="collision", incidentStartDateTime=days_ago(20))
    assert "in-time" not in pages


@pytest.mark.parametrize(
    ("given", "duty", "need_not"),
    [
        ({"anyoneHurt": "hurt", "detailsExchanged": "yes"}, True, False),
        ({"anyoneHurt": "no", "detailsExchanged": "drove_off"}, True, False),
        ({"anyoneHurt": "no", "detailsExchanged": "only_one", "animalHurt": ["dog"]}, True, False),
        ({"anyoneHurt": "no", "detailsExchanged": "only_one", "animalHurt": ["other"]}, False, True),
        ({"anyoneHurt": "no", "detailsExchanged": "yes", "animalHurt": ["none"]}, False, True),
    ],
)
def test_a_crash_says_what_the_driver_must_still_do_in_person(
    given: dict[str, Any], duty: bool, need_not: bool
) -> None:
    pages, _ = way("road-traffic", rtiKind="collision", incidentInvolvement="victim", **given)
    assert ("report-in-person" in pages, "need-not-report" in pages) == (duty, need_not)
    if need_not:
        assert form("road-traffic").page("need-not-report").kind is PageKind.SIGNPOST


def test_a_witness_is_not_told_of_a_drivers_duty() -> None:
    pages, _ = way("road-traffic", rtiKind="collision", incidentInvolvement="witness", anyoneHurt="hurt")
    assert "report-in-person" not in pages


def test_whoever_asks_for_help_for_themselves_gets_help_first_and_few_questions() -> None:
    """practice 12 and 19: help first, then a person, and never the questions about someone else."""
    pages, answers = way("welfare-concern", incidentInvolvement="victim", lifeInDanger="no", ownThoughts="yes")
    assert pages[:3] == ["life-in-danger", "who-it-is-about", "for-you-now"]
    assert not {"worry", "tried", "what-is-there", "their-health", "anonymous"} & set(pages)
    assert len(pages) <= 10
    numbers = {block.number for block in form("welfare-concern").page("for-you-now").before}
    assert {"116 123", "111", "0800 1111"} <= numbers
    assert reasons("welfare-concern", answers)["suicide_risk"] == "priority"


def test_welfare_makes_nobody_answer_more_than_who_and_how_to_reach_them() -> None:
    welfare = form("welfare-concern")
    needed = {question.id for question in welfare.questions if question.required}
    assert needed == {"lifeInDanger", "incidentInvolvement", "worry", "anonymous", "contactPreference"}
    assert welfare.sensitive
    assert not welfare.acknowledge


@pytest.mark.parametrize("risk", ["child", "hurt_themselves", "dementia", "not_like_them", "used"])
def test_a_missing_person_at_risk_is_a_call_to_999(risk: str) -> None:
    pages, answers = way("missing-person", missingKind="missing", missingRisk=[risk])
    assert pages[1:3] == ["risk", "call-now"]
    assert any(hint.advise_999 for hint in form("missing-person").proposals(answers, NOW))


def test_even_a_missing_person_at_no_known_risk_is_better_told_by_telephone() -> None:
    pages, _ = way("missing-person", missingKind="missing", missingRisk=["none"])
    assert pages[2] == "call-101"
    assert any("24 hours" in block.text.en for block in form("missing-person").start)


def test_telling_that_someone_is_back_asks_nothing_about_where_they_could_be() -> None:
    pages, _ = way("missing-person", missingKind="back")
    assert not {"risk", "likely-places", "their-phone", "looks"} & set(pages)


def test_what_people_know_begins_with_crimestoppers_and_expects_no_reply() -> None:
    """practice 17."""
    information = form("information")
    first = information.first_page()
    assert "0800 555 111" in {block.number for block in first.before if block.kind is BlockKind.PHONE}
    assert information.anonymous_allowed
    assert not information.acknowledge
    safe = next(question for question in information.questions if question.role is Role.SAFE_CONTACT)
    assert safe.ways[:2] == (SafeWay.NONE, SafeWay.ONLINE)


@pytest.mark.parametrize(
    ("about", "code"),
    [("drugs", "drugs"), ("stolen", "theft"), ("terror", "terrorism"), ("used_people", "exploitation")],
)
def test_what_people_know_is_named_by_what_it_is_about(about: str, code: str) -> None:
    _, answers = way("information", infoAbout=about)
    assert form("information").proposals(answers, NOW)[0].code == code


def test_nuisance_that_goes_on_is_no_emergency_and_a_threat_is() -> None:
    """taxonomy, grade: dealing or noise is not an emergency merely because it is going on."""
    _, quiet = way(
        "antisocial-behaviour", asbWhat=["noise"], asbNow="on_now", incidentStartDateTime={"kind": "ongoing"}
    )
    assert set(reasons("antisocial-behaviour", quiet).values()) <= {None, "standard"}
    pages, threat = way("antisocial-behaviour", asbWhat=["noise"], asbNow="threat")
    assert reasons("antisocial-behaviour", threat)["in_danger_now"] == "emergency"
    assert "call-now" in pages


@pytest.mark.parametrize(
    ("form_id", "given"),
    [
        ("weapons", {"weaponMatter": "found", "weaponKind": ["explosive"]}),
        ("suspicious-activity", {"suspiciousKind": "package"}),
        ("animals", {"animalMatter": "on_road", "animalNow": "yes"}),
        ("road-traffic", {"rtiKind": "collision", "sceneNow": "danger"}),
    ],
)
def test_danger_now_is_an_emergency_and_says_999(form_id: str, given: dict[str, Any]) -> None:
    pages, answers = way(form_id, **given)
    hints = form(form_id).proposals(answers, NOW)
    assert any(hint.grade == "emergency" and hint.advise_999 for hint in hints)
    ways = [
        block.kind
        for page_id in pages
        for block in form(form_id).page(page_id).before
        if form(form_id).page(page_id).kind is PageKind.SIGNPOST
    ]
    assert BlockKind.EMERGENCY_WAYS in ways


def test_a_gun_is_collected_and_never_brought() -> None:
    """practice 29."""
    pages, _ = way("weapons", weaponMatter="hand_in", weaponKind=["gun"])
    assert "hand-in-a-gun" in pages
    assert "hand-in-a-knife" not in pages
