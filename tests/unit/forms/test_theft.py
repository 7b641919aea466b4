"""The theft form: who, where and when first; what raises a grade; what to do at once."""

from __future__ import annotations

from typing import Any

import pytest

from forms import BlockKind, Form, PageKind, load_all
from tests.unit.forms.tiny import NOW

START: dict[str, Any] = {
    "incidentInvolvement": "victim",
    "incidentLocation": {"postcode": "SW1A 2AA", "address": "", "description": ""},
    "incidentOnPublicTransport": "no",
    "incidentStartDateTime": {"kind": "exact", "date": "2026-11-01"},
}
MIDDLE: dict[str, Any] = {
    **START,
    "theftKind": "person",
    "bankDetailsTaken": "no",
    "incidentDescription": "A bag was taken from the back of a chair.",
    "subjectedToThreatAbuseOrAssault": "no",
    "hadWeapon": "no",
    "subjectedToHateCrime": "no",
    "suspectKnown": "unseen",
}
NAMED: dict[str, Any] = {
    **MIDDLE,
    "anonymous": "no",
    "under18": "no",
    "reporterName": {"given": "Ceri", "surname": "Example"},
    "contactPreference": {"how": "email", "value": "ceri@example.org", "when": "", "safe_word": ""},
    "victimSupport": "no",
}


@pytest.fixture(scope="module")
def form() -> Form:
    return load_all()["theft"]


def path(form: Form, answers: dict[str, Any]) -> list[str]:
    return [page.id for page in form.path(answers, NOW)]


def test_the_place_comes_second_because_it_decides_the_force(form: Form) -> None:
    assert [page.id for page in form.pages[:2]] == ["who-you-are", "where"]


def test_a_simple_theft_is_short(form: Form) -> None:
    assert form.is_complete(NAMED, NOW)
    assert len(path(form, NAMED)) <= 23
    assert [hint.grade for hint in form.proposals(NAMED, NOW)] == ["standard"]


@pytest.mark.parametrize(
    ("changes", "reason", "code", "grade", "flags", "advise_999"),
    [
        (
            {"incidentStartDateTime": {"kind": "exact", "date": "2026-11-21"}, "suspectStillNear": "yes"},
            "suspect_still_near",
            "theft",
            "emergency",
            (),
            True,
        ),
        ({"incidentStartDateTime": {"kind": "ongoing"}}, "happening_now", "theft", "priority", (), True),
        ({"subjectedToThreatAbuseOrAssault": "yes"}, "force_used", "robbery", "priority", (), True),
        (
            {"subjectedToThreatAbuseOrAssault": "yes", "anyoneHurt": "needs_help"},
            "hurt_needs_help",
            "robbery",
            "emergency",
            (),
            True,
        ),
        ({"hadWeapon": "yes"}, "weapon_seen", "robbery", "priority", ("weapon",), True),
        (
            {"hadWeapon": "yes", "weaponKind": ["gun"]},
            "firearm_access",
            "robbery",
            "priority",
            ("weapon", "firearms_access"),
            True,
        ),
        ({"subjectedToHateCrime": "yes"}, "hate_perceived", "hate_crime", "standard", ("hate",), False),
        ({"theftKind": "from_home"}, "form_chosen", "burglary", "standard", (), False),
        (
            {"suspectKnown": "known", "suspectRelation": "ex_partner"},
            "suspect_partner_or_family",
            "domestic_abuse",
            "priority",
            ("domestic_abuse",),
            False,
        ),
        ({"under18": "yes"}, "under_18", "theft", "standard", ("child",), False),
        ({"impact": ["relies_on_it"]}, "needs_support", "theft", "priority", ("adult_at_risk",), False),
        ({"communicationNeeds": ["interpreter"]}, "needs_interpreter", "theft", None, ("language_barrier",), False),
        ({"incidentOnPublicTransport": "train"}, "on_public_transport", "theft", None, (), False),
        (
            {"contactPreference": {"how": "none", "value": "", "when": "", "safe_word": ""}},
            "no_safe_contact",
            "theft",
            None,
            ("no_safe_contact",),
            False,
        ),
        ({"alsoTaken": ["gun"]}, "gun_taken", "theft", "priority", ("firearms_access",), False),
        ({"incidentReportedAlready": "yes"}, "told_before", "theft", None, (), False),
        ({"evidence": ["cctv"]}, "evidence_soon_lost", "theft", "standard", (), False),
    ],
)
def test_hints(
    form: Form,
    changes: dict[str, Any],
    reason: str,
    code: str,
    grade: str | None,
    flags: tuple[str, ...],
    advise_999: bool,
) -> None:
    hints = form.proposals({**NAMED, **changes}, NOW)
    assert (reason, code, grade, flags, advise_999) in [
        (hint.reason_code, hint.code, hint.grade, hint.flags, hint.advise_999) for hint in hints
    ]


def test_film_that_is_long_wiped_is_no_hurry(form: Form) -> None:
    old = {**NAMED, "evidence": ["cctv"], "incidentStartDateTime": {"kind": "exact", "date": "2026-09-01"}}
    assert "evidence_soon_lost" not in {hint.reason_code for hint in form.proposals(old, NOW)}


def test_bank_cards_send_the_person_to_their_bank_at_once(form: Form) -> None:
    following = form.next_page("bank", {**MIDDLE, "bankDetailsTaken": "yes"}, NOW)
    assert following is not None
    assert following.id == "ring-your-bank"
    assert "159" in [block.number for block in following.before]


@pytest.mark.parametrize(
    ("page_id", "answers"),
    [
        (
            "call-now",
            {**START, "incidentStartDateTime": {"kind": "exact", "date": "2026-11-21"}, "suspectStillNear": "yes"},
        ),
        ("call-for-help", {**MIDDLE, "subjectedToThreatAbuseOrAssault": "yes", "anyoneHurt": "needs_help"}),
    ],
)
def test_danger_shows_every_way_to_999_and_lets_the_person_go_on(
    form: Form, page_id: str, answers: dict[str, Any]
) -> None:
    assert page_id in path(form, answers)
    page = form.page(page_id)
    assert page.kind is PageKind.SIGNPOST
    assert BlockKind.EMERGENCY_WAYS in [block.kind for block in page.before]
    assert form.next_page(page_id, answers, NOW) is not None


def test_only_a_fresh_theft_asks_if_they_are_still_near(form: Form) -> None:
    assert "still-near" not in path(form, NAMED)
    for when in ({"kind": "exact", "date": "2026-11-21"}, {"kind": "ongoing"}, {"kind": "not_sure"}):
        assert "still-near" in path(form, {**START, "incidentStartDateTime": when})


def test_anonymous_asks_for_no_details(form: Form) -> None:
    answers = {**NAMED, "anonymous": "yes"}
    asked = {question.id for question in form.visible(answers, NOW)}
    assert not asked & {"reporterName", "reporterAddress", "contactPreference", "victimSupport"}
    assert not any(form.reporter(answers, NOW).values())
    assert "ceri@example.org" not in str(form.submitted(answers, NOW))


def test_on_behalf_asks_about_the_victims_safety(form: Form) -> None:
    answers = {**NAMED, "incidentInvolvement": "on_behalf"}
    assert "the-victim" in path(form, answers)
    assert (
        form.question("victimSupport").label_for(answers, NOW).en == "Does the person want to hear from victim support?"
    )


def test_a_witness_is_not_offered_victim_support(form: Form) -> None:
    assert "victim-support" not in path(form, {**NAMED, "incidentInvolvement": "witness"})


def test_the_handler_reads_the_persons_own_words_in_order(form: Form) -> None:
    text = form.plain_words(NAMED, now=NOW)
    assert (
        text.index("WHERE AND WHEN")
        < text.index("SW1A 2AA")
        < text.index("A bag was taken")
        < text.index("Ceri Example")
    )
    assert "What happened? A bag was taken from the back of a chair." in text
