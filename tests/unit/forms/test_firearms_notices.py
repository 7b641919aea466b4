"""The other forms about guns: a change, a copy, visitors, a gun that changed hands, given up or lost; dealers."""

from __future__ import annotations

from typing import Any

import pytest

from contact.domain.taxonomy import Flag, Grade
from forms import Desk, Form, compile_form, error_messages, form_ids, raw_from_value, validate
from forms.doors import load_doors, load_signposts
from tests.support.answers import complete, example
from tests.unit.forms.tiny import NOW

APPLICATIONS = (
    "firearms-certificate", "firearms-change", "firearms-dealer", "firearms-replacement", "firearms-surrender",
    "firearms-transfer", "firearms-variation", "firearms-visitor",
)  # fmt: skip
DO_NOT_MOVE = "Do not bring or move the gun. We will arrange to collect it."
GUN = {"type": "rifle", "action": "bolt", "calibre": ".22", "make": "A make", "serial": "1"}
WANTED = {
    "type": "rifle",
    "action": "bolt",
    "calibre": ".22",
    "quantity": 1,
    "reason": "deer",
    "details": "a",
    "place": "b",
}


def form(form_id: str) -> Form:
    return compile_form(form_id).form


def pages(form_id: str, **given: Any) -> set[str]:  # noqa: ANN401 - any answers
    answers = complete(form(form_id), given, now=NOW)
    return {page.id for page in form(form_id).path(answers, NOW)}


def faults(form_id: str, question_id: str, value: Any, **given: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    question = form(form_id).question(question_id)
    return error_messages(question, validate(question, raw_from_value(question, value), NOW, given))


def said(form_id: str) -> str:
    """All that the form says in English before and on its pages."""
    found = form(form_id)
    blocks = [*found.start, *(block for page in found.pages for block in (*page.before, *page.after))]
    return " ".join(block.text.en for block in blocks)


def test_every_form_about_licences_goes_to_the_licensing_desk() -> None:
    assert tuple(each for each in form_ids() if form(each).desk is Desk.LICENSING) == APPLICATIONS


@pytest.mark.parametrize("form_id", APPLICATIONS)
def test_an_application_is_signed_and_says_who_filled_it_in(form_id: str) -> None:
    asked = {question.id for question in form(form_id).questions}
    everywhere = {"filledInBy", "helperName", "reporterName", "homeAddress", "phone", "email", "contactPreference"}
    assert everywhere | {"anythingElse", "declaration", "signature"} <= asked
    assert form(form_id).pages[-1].id == "signature"
    [ticked, *_] = form(form_id).question("declaration").options
    assert [words for _, words in faults(form_id, "declaration", [ticked.code])] == ["Tick every line to go on"]
    assert all(hint.hint.grade in (Grade.ENQUIRY, Grade.STANDARD, None) for hint in form(form_id).hints)


@pytest.mark.parametrize(
    ("kind", "gun_out", "gun_wanted"),
    [("one_for_one", True, True), ("more", False, True), ("fewer", True, False), ("ammunition", False, False)],
)
def test_a_variation_asks_for_the_guns_of_its_kind(kind: str, gun_out: bool, gun_wanted: bool) -> None:
    found = pages("firearms-variation", variationKind=kind)
    assert ("guns-out" in found) is gun_out
    assert ("guns-wanted" in found) is gun_wanted


@pytest.mark.parametrize(
    ("kind", "out", "quantity", "said_so"),
    [
        ("one_for_one", 1, 1, ""),
        ("one_for_one", 2, 2, ""),
        ("one_for_one", 1, 2, "For a swap both must be the same"),
        ("one_for_one", 2, 1, "For a swap both must be the same"),
        ("more", 0, 1, ""),
        ("more", 1, 2, ""),
        ("more", 1, 1, "choose a swap, which is free"),
        ("more", 2, 1, "choose a swap, which is free"),
    ],
)
def test_a_swap_is_free_and_more_guns_are_not(kind: str, out: int, quantity: int, said_so: str) -> None:
    """Domain 3.1: the fee is for a number that rises, so the rows must say what the answer says."""
    given: dict[str, Any] = {"variationKind": kind, **({"gunsOut": [GUN] * out} if out else {})}
    found = faults("firearms-variation", "gunsWanted", [{**WANTED, "quantity": quantity}], **given)
    assert [said_so in words for _, words in found] == ([True] if said_so else [])


def test_a_swap_that_became_more_is_asked_again() -> None:
    variation = form("firearms-variation")
    answers = complete(variation, {"variationKind": "one_for_one"}, now=NOW)
    page = variation.first_unanswered({**answers, "variationKind": "more", "gunsOutAny": "yes"}, NOW)
    assert page is not None
    assert page.id == "guns-wanted"


def test_as_many_visitors_as_were_said() -> None:
    made = example(form("firearms-visitor").question("visitors"), now=NOW)
    assert isinstance(made, list)
    row = made[0]
    assert faults("firearms-visitor", "visitors", [row], groupSize=1) == []
    [(_, words)] = faults("firearms-visitor", "visitors", [row], groupSize=6)
    assert words.startswith("You said 6 before, and here are 1")
    again = [(field, words) for field, words in faults("firearms-visitor", "visitors", [row, row], groupSize=2)]
    assert {field for field, _ in again} == {"visitors-1-given", "visitors-1-passport"}
    assert [each for each, _ in faults("firearms-visitor", "groupSize", 21)] == ["groupSize"]


def test_a_visit_ends_after_it_begins() -> None:
    given: dict[str, Any] = {"visitFrom": "2027-05-02"}
    assert faults("firearms-visitor", "visitTo", "2027-05-02", **given) == []
    [(field, words)] = faults("firearms-visitor", "visitTo", "2027-05-01", **given)
    assert field == "visitTo-day"
    assert "2 May 2027" in words
    assert [each for each, _ in faults("firearms-visitor", "visitFrom", "2026-11-20")] == ["visitFrom-day"]


@pytest.mark.parametrize(
    ("form_id", "given", "page"),
    [
        ("firearms-change", {"changeOf": ["name"]}, "new-name"),
        ("firearms-change", {"changeOf": ["address"]}, "new-address"),
        ("firearms-change", {"changeOf": ["address"]}, "storage-details"),
        ("firearms-replacement", {"replacementReason": "stolen"}, "replacement-details"),
        ("firearms-surrender", {"surrenderWhat": ["guns"]}, "guns-given-up"),
        ("firearms-surrender", {"surrenderWhat": ["ammunition"]}, "leave-it"),
        ("firearms-dealer", {"dealerKind": "renewal"}, "dealer-expiry"),
        ("firearms-loss", {"lossKind": "found"}, "do-not-touch"),
        ("firearms-loss", {"lossKind": "stolen"}, "who-has-it"),
        ("firearms-loss", {"mayBeUsed": "yes"}, "call-about-it"),
    ],
)
def test_more_is_asked_of_some(form_id: str, given: dict[str, Any], page: str) -> None:
    quiet: dict[str, Any] = {
        "changeOf": ["address"] if page == "new-name" else ["name"],
        "replacementReason": "damaged",
        "surrenderWhat": ["certificate"],
        "dealerKind": "grant",
        "lossKind": "found" if page == "who-has-it" else "lost",
        "mayBeUsed": "no",
    }
    assert page in pages(form_id, **{**quiet, **given})
    assert page not in pages(form_id, **quiet)


@pytest.mark.parametrize("form_id", ["firearms-surrender", "firearms-loss"])
def test_nobody_brings_or_moves_a_gun(form_id: str) -> None:
    """Practice 29, in its own words."""
    assert said(form_id).count(DO_NOT_MOVE) >= 2


def test_a_dealer_is_asked_what_the_forms_of_2025_ask() -> None:
    asked = {question.id for question in form("firearms-dealer").questions}
    assert {"livedAbroad", "healthConditions", "medicalReport", "convictions", "premises"} <= asked


@pytest.mark.parametrize("kind", ["lost", "stolen", "destroyed", "found"])
def test_a_lost_gun_goes_to_the_control_room_at_once(kind: str) -> None:
    loss = form("firearms-loss")
    proposals = loss.proposals(complete(loss, {"lossKind": kind, "mayBeUsed": "no"}, now=NOW), NOW)
    assert loss.desk is Desk.CONTROL_ROOM
    assert {hint.grade for hint in proposals if hint.grade} == {Grade.PRIORITY}
    assert any(Flag.FIREARMS_ACCESS in hint.flags for hint in proposals)


def test_a_gun_that_may_hurt_someone_soon_is_an_emergency() -> None:
    loss = form("firearms-loss")
    proposals = loss.proposals(complete(loss, {"lossKind": "stolen", "mayBeUsed": "yes"}, now=NOW), NOW)
    assert Grade.EMERGENCY in {hint.grade for hint in proposals}
    assert any(hint.advise_999 for hint in proposals)


def test_the_doors_lead_to_the_front_of_licensing_and_straight_to_a_lost_gun() -> None:
    doors = {door.id: door for door in load_doors()}
    assert doors["firearms"].address == "/firearms/"
    assert set(doors["firearms"].behind) == set(APPLICATIONS)
    assert doors["firearms-loss"].form == "firearms-loss"
    assert doors["guns-worry"].form == "guns-worry"
    assert "firearms-loss" in {form_id for form_id, _ in load_signposts()["firearms-licensing"].still}


@pytest.mark.parametrize(
    ("form_id", "demanded"),
    [
        ("firearms-change", False),
        ("firearms-transfer", False),
        ("firearms-surrender", False),
        ("firearms-replacement", False),
        ("firearms-loss", False),
        ("firearms-variation", True),
    ],
)
def test_a_number_is_demanded_only_of_who_must_hold_a_certificate(form_id: str, demanded: bool) -> None:
    """An executor, a finder or somebody whose papers are still in a box tells us all the same."""
    assert [field for field, _ in faults(form_id, "certificateNumber", "")] == (
        ["certificateNumber"] if demanded else []
    )


@pytest.mark.parametrize(
    ("form_id", "question_id", "value", "field"),
    [
        ("firearms-change", "changedOn", "2026-11-22", "changedOn-day"),
        ("firearms-transfer", "transferredOn", "2026-11-22", "transferredOn-day"),
        ("firearms-variation", "certificateExpiry", "2025-11-20", "certificateExpiry-day"),
        ("firearms-variation", "certificateExpiry", "2033-01-01", "certificateExpiry-day"),
        ("firearms-dealer", "dealerExpiry", "2025-11-20", "dealerExpiry-day"),
        ("firearms-dealer", "dealerExpiry", "2029-11-22", "dealerExpiry-day"),
        ("firearms-dealer", "dealerNumber", "", "dealerNumber"),
        ("firearms-dealer", "businessKinds", [], "businessKinds"),
        ("firearms-visitor", "groupSize", 0, "groupSize"),
        ("firearms-visitor", "visitFrom", "2029-01-01", "visitFrom-day"),
        ("firearms-surrender", "surrenderWhat", [], "surrenderWhat"),
        ("firearms-replacement", "replacementReason", "", "replacementReason"),
        ("firearms-loss", "mayBeUsed", "", "mayBeUsed"),
    ],
)
def test_what_cannot_be_is_told_beside_the_field(form_id: str, question_id: str, value: object, field: str) -> None:
    assert [each for each, _ in faults(form_id, question_id, value)] == [field]


@pytest.mark.parametrize(
    ("form_id", "question_id", "change", "field"),
    [
        ("firearms-transfer", "gunsTransferred", {"serial": ""}, "serial"),
        ("firearms-transfer", "otherPerson", {"surname": ""}, "surname"),
        ("firearms-dealer", "premises", {"postcode": "ME14"}, "postcode"),
        ("firearms-dealer", "premises", {"security": ""}, "security"),
        ("firearms-visitor", "visitors", {"passport": ""}, "passport"),
        ("firearms-visitor", "visitors", {"birth": "2026-11-22"}, "birth-day"),
        ("firearms-variation", "gunsOut", {"calibre": ""}, "calibre"),
    ],
)
def test_a_row_is_told_beside_its_box(form_id: str, question_id: str, change: dict[str, Any], field: str) -> None:
    made = example(form(form_id).question(question_id), now=NOW)
    assert isinstance(made, list)
    assert faults(form_id, question_id, made) == []
    assert [each for each, _ in faults(form_id, question_id, [{**made[0], **change}])] == [f"{question_id}-0-{field}"]


@pytest.mark.parametrize(
    ("change_of", "signed", "right"),
    [
        (["name"], "Sam New", True),
        (["name"], "Sam Example", False),
        (["address"], "Sam Example", True),
        (["address"], "Sam New", False),
    ],
)
def test_a_new_name_is_signed_with_the_new_name(change_of: list[str], signed: str, right: bool) -> None:
    names = {
        "reporterName": {"given": "Sam", "surname": "Example"},
        "newName": {"given": "Sam", "surname": "New"} if "name" in change_of else None,
    }
    found = faults("firearms-change", "signature", signed, changeOf=change_of, **names)
    assert (found == []) is right
