"""Fraud, lost and found, complaints, updates and requests: what must not be turned away, what must be seen first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from forms import Form, PageKind, Role, load_all
from tests.support.answers import complete
from tests.unit.forms.tiny import NOW


def answered(form_id: str, **given: Any) -> tuple[Form, Mapping[str, Any]]:  # noqa: ANN401
    form = load_all()[form_id]
    return form, complete(form, given, now=NOW)


def path(form: Form, answers: Mapping[str, Any]) -> list[str]:
    return [page.id for page in form.path(answers, NOW)]


def grades(form: Form, answers: Mapping[str, Any]) -> set[str | None]:
    return {hint.grade for hint in form.proposals(answers, NOW)}


OVER = {"fraudStage": "over", "suspectKnown": "unseen", "impact": ["none"]}


def test_a_fraud_that_is_over_by_strangers_is_told_of_report_fraud_and_may_still_be_sent() -> None:
    form, answers = answered("fraud", **OVER, reportFraudNext="need_police")
    assert {"report-fraud", "what-next"} <= set(path(form, answers))
    assert form.is_complete(answers, NOW)
    assert "asks_police_for_fraud" in {hint.reason_code for hint in form.proposals(answers, NOW)}


@pytest.mark.parametrize(
    "changes",
    [
        {"fraudStage": "at_door"},
        {"fraudStage": "coming"},
        {"fraudStage": "in_touch"},
        {"fraudStage": "about_to_pay"},
        {"fraudStage": "paid_today"},
        {"suspectKnown": "known", "suspectRelation": "neighbour"},
        {"impact": ["cannot_report"]},
        {"impact": ["still_believes"]},
        {"impact": ["may_harm_self"]},
    ],
    ids=str,
)
def test_nobody_at_risk_is_pointed_away_from_the_police(changes: dict[str, Any]) -> None:
    """Practice 20: happening now, suspect known and local, victim at risk or unable to report: the police form."""
    form, answers = answered("fraud", **{**OVER, **changes})
    assert not {"report-fraud", "what-next"} & set(path(form, answers))
    assert grades(form, answers) & {"priority", "emergency"}


def test_money_that_can_still_be_stopped_meets_the_bank_before_any_other_question() -> None:
    form, answers = answered("fraud", fraudStage="about_to_pay")
    assert path(form, answers)[:2] == ["stage", "ring-your-bank"]
    assert any(block.number == "159" for block in form.page("ring-your-bank").before)


def test_someone_on_the_way_is_an_emergency_with_the_ways_to_999() -> None:
    form, answers = answered("fraud", fraudStage="coming")
    assert path(form, answers)[1] == "call-now"
    assert "emergency" in grades(form, answers)
    assert any(hint.advise_999 for hint in form.proposals(answers, NOW))


def test_who_tells_report_fraud_leaves_a_short_note_only() -> None:
    form, short = answered("fraud", **OVER, reportFraudNext="will_tell")
    _, whole = answered("fraud", **OVER, reportFraudNext="need_police")
    assert len(path(form, short)) < len(path(form, whole))
    assert not {"kind", "let-in", "traces"} & set(path(form, short))


@pytest.mark.parametrize(("found", "grade"), [("explosive", "emergency"), ("gun", "priority")])
def test_found_weapons_are_left_alone_and_999_comes_before_any_more_questions(found: str, grade: str) -> None:
    form, answers = answered("property-lost-found", lostOrFound="found", foundKind=[found], couldHurtNow="no")
    assert path(form, answers)[:3] == ["lost-or-found", "what-was-found", "keep-away"]
    assert form.page("keep-away").locked
    assert grade in grades(form, answers)


def test_a_lost_umbrella_is_an_enquiry() -> None:
    form, answers = answered("property-lost-found", lostOrFound="lost", lostKind=["other"], mayBeStolen="no")
    assert grades(form, answers) <= {"enquiry", None}


@pytest.mark.parametrize("answer", ["yes", "not_sure"])
def test_a_complaint_about_someone_in_the_police_is_restricted_and_others_are_offered(answer: str) -> None:
    """Practice 8: the role is what shuts it before it enters any queue."""
    form, answers = answered("feedback", feedbackKind="complaint", suspectWorksForPolice=answer)
    assert form.by_role(Role.POLICE_SUSPECT, answers, NOW) == answer
    assert "another-force" in path(form, answers)
    assert any("policeconduct" in block.url for block in form.page("another-force").before)
    assert any("police_suspect" in hint.flags for hint in form.proposals(answers, NOW))


def test_thanks_are_short_and_name_nobody_a_suspect() -> None:
    form, answers = answered("feedback", feedbackKind="thanks")
    assert not {"works-for-police", "another-force", "matter", "under-18"} & set(path(form, answers))
    assert Role.SUSPECT not in {question.role for question in form.visible(answers, NOW)}


@pytest.mark.parametrize("form_id", ["feedback", "case-update", "subject-access"])
def test_nothing_is_sent_by_itself_where_it_could_betray(form_id: str) -> None:
    assert not load_all()[form_id].acknowledge


def test_he_has_broken_his_bail_is_no_mere_update() -> None:
    form, answers = answered("case-update", updateKind="broken", reportAbout="abuse", suspectStillNear="yes")
    assert path(form, answers)[:3] == ["kind", "still-near", "call-now"]
    assert "emergency" in grades(form, answers)
    assert "domestic_abuse" in {hint.code for hint in form.proposals(answers, NOW)}


def test_no_longer_wanting_the_police_closes_nothing_and_asks_about_pressure() -> None:
    form, answers = answered("case-update", updateKind="stop", pressedToStop="yes")
    assert {"not-closed", "pressed"} <= set(path(form, answers))
    assert "priority" in grades(form, answers)


def test_who_is_made_to_ask_for_their_record_is_seen_first() -> None:
    form, answers = answered("subject-access", madeToAsk="yes", madeToAskBy="partner")
    assert "you-may-refuse" in path(form, answers)
    assert "priority" in grades(form, answers)


def test_a_collision_report_asks_for_no_money() -> None:
    form, answers = answered("collision-report", incidentReportedAlready="yes")
    assert "no-payment-now" in path(form, answers)
    assert "report-it-first" not in path(form, answers)


def test_what_nobody_can_name_goes_to_a_person_sooner_than_a_question_about_opening_hours() -> None:
    form, unknown = answered("general", enquiryKind="not_sure", worriedAboutHarm="no")
    _, hours = answered("general", enquiryKind="station")
    assert "standard" in grades(form, unknown)
    assert grades(form, hours) <= {"enquiry", None}


@pytest.mark.parametrize(
    "form_id", ["property-lost-found", "subject-access", "freedom-of-information", "collision-report", "general"]
)
def test_a_page_that_points_elsewhere_lets_go_on(form_id: str) -> None:
    assert not [page.id for page in load_all()[form_id].pages if page.kind is PageKind.STOP]
