"""The forms for crimes against home, person and things: what raises a grade, what is told at once, what is left out."""

from __future__ import annotations

from typing import Any

import pytest

from contact.domain.proposal import propose
from contact.domain.screen import screen_all
from contact.domain.taxonomy import Category, Flag, Grade
from forms import BlockKind, Form, PageKind, Role, compile_form
from tests.support.answers import complete
from tests.unit.forms.tiny import NOW

CRIME_FORMS = (
    "burglary",
    "robbery",
    "vehicle-crime",
    "criminal-damage",
    "assault",
    "harassment-stalking",
    "hate-crime",
    "crime",
)
SENSITIVE = {"assault", "harassment-stalking", "hate-crime"}
TODAY = {"kind": "exact", "date": "2026-11-21"}
LONG_AGO = {"kind": "exact", "date": "2026-06-01"}
SAFE = {"safeNow": "yes"}

# form, what the person answers, the grade at least, the category, flags, whether 999 is advised
RAISED: list[tuple[str, dict[str, Any], Grade, Category, set[Flag], bool]] = [
    ("burglary", {"suspectStillNear": "yes"}, Grade.EMERGENCY, Category.BURGLARY, set(), True),
    ("burglary", {"suspectStillNear": "not_sure"}, Grade.PRIORITY, Category.BURGLARY, set(), True),
    ("burglary", {"incidentStartDateTime": {"kind": "ongoing"}}, Grade.EMERGENCY, Category.BURGLARY, set(), True),
    ("burglary", {"anyoneInside": "met"}, Grade.PRIORITY, Category.BURGLARY, set(), False),
    ("burglary", {"entryResult": "tricked"}, Grade.PRIORITY, Category.BURGLARY, set(), False),
    ("burglary", {"evidence": ["marks"], "sceneLeftAlone": "yes"}, Grade.PRIORITY, Category.BURGLARY, set(), False),
    ("burglary", {"canBeLocked": "no"}, Grade.PRIORITY, Category.BURGLARY, set(), False),
    (
        "burglary",
        {"anythingTaken": "yes", "alsoTaken": ["gun"]},
        Grade.PRIORITY,
        Category.BURGLARY,
        {Flag.FIREARMS_ACCESS},
        False,
    ),
    ("robbery", {"incidentStartDateTime": TODAY}, Grade.PRIORITY, Category.ROBBERY, set(), False),
    ("robbery", {"canBeTracked": "yes"}, Grade.PRIORITY, Category.ROBBERY, set(), False),
    ("robbery", {"hadWeapon": "yes", "weaponKind": ["knife"]}, Grade.PRIORITY, Category.ROBBERY, {Flag.WEAPON}, True),
    ("robbery", {"under18": "yes"}, Grade.PRIORITY, Category.ROBBERY, {Flag.CHILD}, False),
    (
        "vehicle-crime",
        {"vehicleCrimeKind": "taken", "personInVehicle": "yes"},
        Grade.EMERGENCY,
        Category.VEHICLE_CRIME,
        set(),
        True,
    ),
    (
        "vehicle-crime",
        {"vehicleCrimeKind": "taken", "keysWhere": "burglary"},
        Grade.STANDARD,
        Category.BURGLARY,
        set(),
        False,
    ),
    ("vehicle-crime", {"vehicleCrimeKind": "damaged"}, Grade.STANDARD, Category.CRIMINAL_DAMAGE, set(), False),
    (
        "criminal-damage",
        {"damageKind": "fire", "fireNow": "yes"},
        Grade.EMERGENCY,
        Category.CRIMINAL_DAMAGE,
        set(),
        True,
    ),
    (
        "criminal-damage",
        {"damageKind": "fire", "fireWhere": "letter_box"},
        Grade.PRIORITY,
        Category.CRIMINAL_DAMAGE,
        set(),
        False,
    ),
    (
        "criminal-damage",
        {"damageKind": "graffiti", "hatefulOrThreatening": "yes"},
        Grade.PRIORITY,
        Category.HATE_CRIME,
        {Flag.HATE},
        False,
    ),
    ("assault", {**SAFE, "whatTheyDid": ["neck"]}, Grade.PRIORITY, Category.ASSAULT, {Flag.STRANGULATION}, False),
    ("assault", {**SAFE, "whatTheyDid": ["head"]}, Grade.PRIORITY, Category.ASSAULT, set(), False),
    (
        "assault",
        {**SAFE, "whatTheyDid": ["spiked"], "incidentStartDateTime": TODAY},
        Grade.PRIORITY,
        Category.ASSAULT,
        set(),
        False,
    ),
    (
        "assault",
        {**SAFE, "whatTheyDid": ["spiked"], "spikedSexual": "not_sure"},
        Grade.PRIORITY,
        Category.SEXUAL_OFFENCE,
        {Flag.SEXUAL},
        False,
    ),
    (
        "assault",
        {**SAFE, "suspectKnown": "known", "suspectRelation": "ex_partner"},
        Grade.PRIORITY,
        Category.DOMESTIC_ABUSE,
        {Flag.DOMESTIC_ABUSE},
        False,
    ),
    (
        "assault",
        {**SAFE, "suspectKnown": "known", "suspectRelation": "carer"},
        Grade.PRIORITY,
        Category.ASSAULT,
        {Flag.ADULT_AT_RISK},
        False,
    ),
    (
        "harassment-stalking",
        {**SAFE, "whatHappens": ["follows"]},
        Grade.PRIORITY,
        Category.HARASSMENT_STALKING,
        set(),
        False,
    ),
    (
        "harassment-stalking",
        {**SAFE, "happensNow": "here"},
        Grade.EMERGENCY,
        Category.HARASSMENT_STALKING,
        set(),
        True,
    ),
    (
        "harassment-stalking",
        {**SAFE, "courtOrder": "broken"},
        Grade.PRIORITY,
        Category.HARASSMENT_STALKING,
        set(),
        True,
    ),
    (
        "harassment-stalking",
        {**SAFE, "gunAccess": "yes"},
        Grade.PRIORITY,
        Category.HARASSMENT_STALKING,
        {Flag.FIREARMS_ACCESS},
        True,
    ),
    (
        "harassment-stalking",
        {**SAFE, "impact": ["cannot_go_on"]},
        Grade.PRIORITY,
        Category.HARASSMENT_STALKING,
        {Flag.SUICIDE_RISK},
        True,
    ),
    (
        "harassment-stalking",
        {**SAFE, "suspectWorksForPolice": "not_sure"},
        Grade.PRIORITY,
        Category.HARASSMENT_STALKING,
        {Flag.POLICE_SUSPECT},
        False,
    ),
    ("hate-crime", {**SAFE, "hateKinds": ["fire"]}, Grade.PRIORITY, Category.HATE_CRIME, {Flag.HATE}, True),
    (
        "hate-crime",
        {**SAFE, "hateKinds": ["used_me"]},
        Grade.PRIORITY,
        Category.HATE_CRIME,
        {Flag.HATE, Flag.ADULT_AT_RISK, Flag.EXPLOITATION},
        False,
    ),
    ("crime", {"crimeKind": "kept", "stillKept": "yes"}, Grade.EMERGENCY, Category.ASSAULT, set(), True),
    ("crime", {"crimeKind": "witness"}, Grade.PRIORITY, Category.HARASSMENT_STALKING, set(), False),
    ("crime", {"crimeKind": "no_pay"}, Grade.STANDARD, Category.THEFT, set(), False),
    ("crime", {"crimeKind": "fake"}, Grade.STANDARD, Category.FRAUD_CYBER, set(), False),
    ("crime", {"crimeKind": "other"}, Grade.STANDARD, Category.SUSPICIOUS_ACTIVITY, set(), False),
]


def whole(form: Form, given: dict[str, Any]) -> dict[str, Any]:
    """The answers with a quiet example for the rest; long ago and safe unless `given` says otherwise."""
    asked = {question.id for question in form.questions}
    quiet = {"incidentStartDateTime": LONG_AGO, "safeNow": "yes", "happensNow": "longer_ago", "canBeLocked": "yes"}
    if "suspectStillNear" in given or "canBeLocked" in given or "sceneLeftAlone" in given:
        quiet["incidentStartDateTime"] = TODAY
    return complete(form, {name: value for name, value in {**quiet, **given}.items() if name in asked}, now=NOW)


@pytest.mark.parametrize(("form_id", "given", "grade", "category", "flags", "advise"), RAISED)
def test_what_raises_a_grade(
    form_id: str, given: dict[str, Any], grade: Grade, category: Category, flags: set[Flag], advise: bool
) -> None:
    form = compile_form(form_id).form
    answers = whole(form, given)
    assert form.submitted(answers, NOW).items() >= given.items(), "the answer was never asked for"
    proposal = propose(category=Category(form.category), hints=form.proposals(answers, NOW), screening=screen_all([]))
    assert (proposal.grade, proposal.category) == (grade, category)
    assert flags <= set(proposal.flags)
    assert proposal.advise_999 is advise


@pytest.mark.parametrize("form_id", CRIME_FORMS)
def test_a_quiet_report_from_long_ago_is_standard(form_id: str) -> None:
    form = compile_form(form_id).form
    grades = {hint.grade for hint in form.proposals(whole(form, {}), NOW)} - {None}
    assert grades == {"standard"}


@pytest.mark.parametrize("form_id", CRIME_FORMS)
def test_whoever_may_hit_or_watch_gets_no_message_of_ours(form_id: str) -> None:
    form = compile_form(form_id).form
    assert form.sensitive is (form_id in SENSITIVE)
    asks_about_police = any(question.role is Role.POLICE_SUSPECT for question in form.questions)
    assert asks_about_police is form.sensitive
    if form.stop_here is not None:
        assert form.stop_here.asks == ("works-for-police", "where", "safe-contact")


@pytest.mark.parametrize("form_id", CRIME_FORMS)
def test_a_partner_or_family_member_is_domestic_abuse(form_id: str) -> None:
    form = compile_form(form_id).form
    given = {"suspectKnown": "known", "suspectRelation": "partner"}
    if form_id == "vehicle-crime":
        given["vehicleCrimeKind"] = "taken_from"
    found = [hint for hint in form.proposals(whole(form, given), NOW) if "domestic_abuse" in hint.flags]
    assert [(hint.code, hint.grade) for hint in found] == [("domestic_abuse", "priority")]


@pytest.mark.parametrize(
    ("form_id", "given", "page_id", "words"),
    [
        ("burglary", {"suspectStillNear": "not_sure"}, "do-not-go-in", "do not go in by yourself"),
        ("burglary", {"incidentStartDateTime": TODAY}, "leave-it-as-it-is", "It is horrible to leave the mess"),
        ("burglary", {"entryResult": "tricked"}, "the-story-they-told", "not the fault of the person"),
        ("robbery", {"canBeTracked": "yes"}, "tracked-where", "Do not go there"),
        ("robbery", {"incidentStartDateTime": TODAY}, "do-this-first", "159"),
        ("vehicle-crime", {"vehicleCrimeKind": "plate_copied"}, "do-this-today", "Do not pay the fines"),
        ("criminal-damage", {"damageKind": "fire", "fireNow": "yes"}, "call-the-fire-service", "stay out"),
        ("assault", {"whatTheyDid": ["acid"]}, "get-checked", "Rinse with a lot of clean water"),
        ("assault", {"whatTheyDid": ["spiked"]}, "get-checked", "up to 7 days"),
        ("assault", {"incidentStartDateTime": TODAY}, "keep-these", "all right if you have already washed"),
        ("harassment-stalking", {}, "keep-what-you-have", "Do not answer them"),
        ("harassment-stalking", {"whatHappens": ["blackmail"]}, "do-not-pay", "Do not pay"),
        ("hate-crime", {"hateKinds": ["sign"], "stillInSight": "yes"}, "keep-it-then-cover-it", "Take a picture"),
    ],
)
def test_what_saves_lives_or_evidence_is_said_where_it_matters(
    form_id: str, given: dict[str, Any], page_id: str, words: str
) -> None:
    form = compile_form(form_id).form
    answers = whole(form, given)
    path = [page.id for page in form.path(answers, NOW)]
    assert page_id in path
    blocks = form.blocks(form.page(page_id).before, answers, NOW)
    said = " ".join(text.en for block in blocks for text in (block.text, *block.items))
    assert words in said
    if "incidentDescription" in answers:
        assert path.index(page_id) < path.index("what-happened")


@pytest.mark.parametrize("form_id", CRIME_FORMS)
def test_every_page_that_says_999_shows_all_ways_to_reach_it(form_id: str) -> None:
    form = compile_form(form_id).form
    for page in form.pages:
        if page.kind is PageKind.SIGNPOST:
            assert any(block.kind is BlockKind.EMERGENCY_WAYS for block in (*page.before, *page.after)), page.id


def test_an_empty_shed_is_not_asked_about_force_or_weapons() -> None:
    form = compile_form("burglary").form
    path = [page.id for page in form.path(whole(form, {"anyoneInside": "no"}), NOW)]
    assert not {"force", "hurt", "weapon"} & set(path)


def test_a_copied_plate_is_not_asked_about_keys_trackers_or_force() -> None:
    form = compile_form("vehicle-crime").form
    path = [page.id for page in form.path(whole(form, {"vehicleCrimeKind": "plate_copied"}), NOW)]
    assert not {"keys", "tracker", "still-near", "force", "items", "suspect"} & set(path)


def test_stalking_names_the_helpline_and_the_hate_form_names_true_vision() -> None:
    stalking = compile_form("harassment-stalking").form
    assert "0808 802 0300" in {block.number for block in stalking.help}
    assert "https://www.report-it.org.uk" in {block.url for block in compile_form("hate-crime").form.start}
