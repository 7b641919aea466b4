"""The form for a firearm or shotgun certificate: its ways, and each rule of what may be answered, beside the field."""

from __future__ import annotations

from typing import Any

import pytest

from forms import Desk, PageKind, QuestionType, Role, compile_form, error_messages, raw_from_value, validate
from forms.errors import OverlayRefusedError
from tests.support.answers import complete, example
from tests.unit.forms.tiny import NOW

FORM = compile_form("firearms-certificate").form
FIREARM_PAGES = {"guns-held-any", "guns-wanted-any", "ammunition", "land-and-clubs", "permission-files"}
SHOTGUN_PAGES = {"shotgun-reasons", "shotgun-reason-details", "shotguns-held-any"}
PARENT_PAGES = {"parent-name", "parent-relation", "parent-contact", "parent-consent"}


def pages(**given: Any) -> set[str]:  # noqa: ANN401 - any answers
    """The pages that a whole application with these answers goes through."""
    answers = complete(FORM, given, now=NOW)
    assert FORM.is_complete(answers, NOW)
    return {page.id for page in FORM.path(answers, NOW)}


def faults(question_id: str, value: Any, **given: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    """(form field, English message) for each thing wrong with an answer as the page would send it."""
    question = FORM.question(question_id)
    answer = validate(question, raw_from_value(question, value), NOW, given)
    return error_messages(question, answer)


@pytest.mark.parametrize(
    ("licences", "there", "not_there"),
    [
        ("firearm", FIREARM_PAGES | {"firearm-kind"}, SHOTGUN_PAGES | {"shotgun-kind"}),
        ("shotgun", SHOTGUN_PAGES | {"shotgun-kind"}, FIREARM_PAGES | {"firearm-kind"}),
        ("coterminous", FIREARM_PAGES | SHOTGUN_PAGES | {"firearm-kind", "shotgun-kind"}, set()),
    ],
)
def test_each_certificate_asks_for_its_own_guns(licences: str, there: set[str], not_there: set[str]) -> None:
    found = pages(licences=licences)
    assert there <= found
    assert not not_there & found


@pytest.mark.parametrize("firearm", ["grant", "renewal"])
@pytest.mark.parametrize("shotgun", ["grant", "renewal"])
def test_what_is_renewed_has_a_number_and_an_end(firearm: str, shotgun: str) -> None:
    found = pages(licences="coterminous", firearmKind=firearm, shotgunKind=shotgun)
    assert ({"firearm-number", "firearm-expiry"} <= found) is (firearm == "renewal")
    assert ({"shotgun-number", "shotgun-expiry"} <= found) is (shotgun == "renewal")


@pytest.mark.parametrize(
    ("given", "page"),
    [
        ({"filledInBy": "helper"}, "helper-name"),
        ({"filledInBy": "helper"}, "helper-relation"),
        ({"otherNamesUsed": "yes"}, "other-names"),
        ({"livedHereSince": "2024-01-01"}, "homes-before"),
        ({"livedAbroad": "yes"}, "time-abroad"),
        ({"healthConditions": ["depression"]}, "health-details"),
        ({"healthConditions": ["neurodevelopmental"]}, "health-details"),
        ({"gpElsewhere": "yes"}, "doctor-elsewhere-details"),
        ({"medicalReport": "upload"}, "medical-report-files"),
        ({"convictions": "yes"}, "conviction-list"),
        ({"convictions": "yes", "longestSentence": "3_years_or_more"}, "sentence-bar"),
        ({"convictions": "yes", "longestSentence": "suspended_3_months"}, "sentence-ended"),
        ({"convictions": "yes", "longestSentence": "3_months_to_3_years"}, "sentence-ended"),
        ({"refusedBefore": "yes"}, "refused-details"),
        ({"storagePlace": "elsewhere"}, "storage-address"),
        ({"licences": "firearm", "gunsHeldAny": "yes"}, "guns-held"),
        ({"licences": "firearm", "gunsWantedAny": "yes"}, "guns-wanted"),
        ({"licences": "shotgun", "shotgunsHeldAny": "yes"}, "shotguns-held"),
    ],
)
def test_more_is_asked_of_some(given: dict[str, Any], page: str) -> None:
    quiet = {
        "livedHereSince": "2001-05-01",
        "storagePlace": "home",
        "medicalReport": "doctor_sends",
        "healthConditions": ["none"],
        "filledInBy": "me",
    }
    assert page in pages(**{**quiet, **given})
    assert page not in pages(licences=given.get("licences", "shotgun"), **quiet)


def test_nobody_is_turned_away_by_the_machine() -> None:
    """Domain 3.5: a bar is told and goes to a person; no page ends the form."""
    assert not [page.id for page in FORM.pages if page.kind is PageKind.STOP]
    barred = complete(FORM, {"convictions": "yes", "longestSentence": "3_years_or_more"}, now=NOW)
    assert FORM.is_complete(barred, NOW)


@pytest.mark.parametrize(
    ("licences", "born", "refused"),
    [
        ("firearm", "2012-11-22", True),
        ("coterminous", "2012-11-22", True),
        ("shotgun", "2012-11-22", False),
        ("firearm", "2012-11-21", False),
        ("coterminous", "2012-11-21", False),
        ("shotgun", "2020-01-01", False),
    ],
)
def test_no_firearm_certificate_under_fourteen(licences: str, born: str, refused: bool) -> None:
    found = faults("dateOfBirth", born, licences=licences)
    assert [field for field, _ in found] == (["dateOfBirth-day"] if refused else [])
    assert all("14" in words for _, words in found)


def test_an_age_that_no_longer_fits_is_asked_again() -> None:
    answers = complete(FORM, {"licences": "shotgun", "dateOfBirth": "2014-05-01"}, now=NOW)
    assert FORM.is_complete(answers, NOW)
    page = FORM.first_unanswered({**answers, "licences": "coterminous", "firearmKind": "grant"}, NOW)
    assert page is not None
    assert page.id == "born"


@pytest.mark.parametrize(("born", "asked"), [("2008-11-22", True), ("2008-11-21", False)])
def test_a_parent_agrees_under_eighteen(born: str, asked: bool) -> None:
    found = pages(licences="firearm", dateOfBirth=born)
    assert (found >= PARENT_PAGES | {"young-people"}) is asked
    assert bool(found & PARENT_PAGES) is asked


@pytest.mark.parametrize("ticked", [["agree"], ["read"]])
def test_a_parent_agrees_to_every_line(ticked: list[str]) -> None:
    assert faults("parentConsent", ticked) == [("parentConsent", "Tick every line to go on")]


def test_five_years_of_homes_without_a_gap() -> None:
    row = {"address": "1 High Street", "postcode": "", "from": "2021-11-21", "to": "2023-06-01"}
    given: dict[str, Any] = {"livedHereSince": "2024-01-01"}
    [(field, words)] = faults("addressHistory", [row], **given)
    assert field == "addressHistory-0-from-day"
    assert "2 June 2023 to 1 January 2024" in words
    assert faults("addressHistory", [row, {**row, "from": "2023-06-01", "to": "2023-12-31"}], **given) == []


@pytest.mark.parametrize(
    ("question_id", "change", "field"),
    [
        ("gunsWanted", {"quantity": 0}, "gunsWanted-0-quantity"),
        ("gunsWanted", {"quantity": 21}, "gunsWanted-0-quantity"),
        ("gunsWanted", {"place": ""}, "gunsWanted-0-place"),
        ("gunsWanted", {"reason": ""}, "gunsWanted-0-reason"),
        ("gunsHeld", {"serial": ""}, "gunsHeld-0-serial"),
        ("gunsHeld", {"calibre": ""}, "gunsHeld-0-calibre"),
        ("shotgunsHeld", {"bore": ""}, "shotgunsHeld-0-bore"),
        ("ammunition", {"buy": 100_001}, "ammunition-0-buy"),
        ("ammunition", {"hold": 100, "buy": 101}, "ammunition-0-buy"),
        ("ammunition", {"hold": 0}, "ammunition-0-hold"),
        ("convictionList", {"date": ""}, "convictionList-0-date-day"),
        ("timeAbroad", {"from": "2024-01-02", "to": "2024-01-01"}, "timeAbroad-0-to-day"),
        ("gpPractice", {"practice": ""}, "gpPractice-0-practice"),
        ("gpPractice", {"phone": "12"}, "gpPractice-0-phone"),
        ("landAndClubs", {"name": ""}, "landAndClubs-0-name"),
    ],
)
def test_a_row_is_told_beside_its_box(question_id: str, change: dict[str, Any], field: str) -> None:
    row = rows(question_id)[0]
    assert faults(question_id, [row]) == []
    assert [each for each, _ in faults(question_id, [{**row, **change}])] == [field]


def rows(question_id: str) -> list[dict[str, Any]]:
    """Rows that fit."""
    found = example(FORM.question(question_id), now=NOW)
    assert isinstance(found, list)
    return found


def referees(**second: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any boxes
    """Two that fit; `second` changes boxes of the second."""
    first, other = rows("referees")
    return [first, {**other, **second}]


APPLICANT: dict[str, Any] = {
    "reporterName": {"given": "Sam", "surname": "Example"},
    "phone": "+447700900123",
    "email": "sam@example.org",
}


@pytest.mark.parametrize(
    ("change", "box", "said"),
    [
        ({"years": 1}, "years", "Enter 2 or more"),
        ({"country": "elsewhere"}, "country", "must live in England, Wales or Scotland"),
        ({"relation": "family"}, "relation", "close family"),
        ({"relation": "dealer"}, "relation", "dealer"),
        ({"relation": "police"}, "relation", "works for the police"),
        ({"relation": "commissioner"}, "relation", "The law says"),
        ({"relation": "paid"}, "relation", "for free"),
        ({"given": "SAM", "surname": "example"}, "given", "your own referee"),
        ({"phone": "+447700900123"}, "phone", "your own referee"),
        ({"email": "Sam@Example.org"}, "email", "your own referee"),
        ({"given": "A given", "surname": "A surname"}, "given", "two people"),
        ({"phone": "+447700900900"}, "phone", "two people"),
        ({"email": "row0@example.org"}, "email", "two people"),
        ({"phone": ""}, "phone", "Fill in"),
        ({"address": ""}, "address", "Fill in"),
        ({"postcode": "ME14"}, "postcode", "all of the postcode"),
        ({"how": ""}, "how", "Fill in"),
    ],
)
def test_the_rules_of_a_referee(change: dict[str, Any], box: str, said: str) -> None:
    """Domain 3.4: two, known in person for two years, in Great Britain, not family, dealer or police, unpaid."""
    [(field, words)] = faults("referees", referees(**change), **APPLICANT)
    assert field == f"referees-1-{box}"
    assert said in words


def test_two_referees_who_fit() -> None:
    assert faults("referees", referees(), **APPLICANT) == []
    assert faults("referees", referees(email=""), **APPLICANT) == []
    assert [words for _, words in faults("referees", referees()[:1])] == ["You need two referees. Enter both"]


def test_who_becomes_the_referee_later_is_asked_again() -> None:
    answers = complete(FORM, {"email": "sam@example.org"}, now=NOW)
    page = FORM.first_unanswered({**answers, "email": answers["referees"][1]["email"]}, NOW)
    assert page is not None
    assert page.id == "referees"


def test_a_declaration_is_signed_with_the_name_that_was_given() -> None:
    assert [words for _, words in faults("declaration", ["true"])] == ["Tick every line to go on"]
    assert faults("signature", "sam example", **APPLICANT) == []
    [(field, words)] = faults("signature", "Sam", **APPLICANT)
    assert field == "signature"
    assert "Sam Example" in words
    assert FORM.pages[-1].id == "signature"


def test_the_whole_list_of_conditions_is_asked() -> None:
    """Domain 3.4, with the one added in 2025."""
    codes = {option.code for option in FORM.question("healthConditions").options}
    assert codes == {
        "stress", "suicidal", "depression", "dementia", "mania", "personality", "neurological", "neurodevelopmental",
        "alcohol_drugs", "other", "none",
    }  # fmt: skip


def test_spent_convictions_are_asked_for_in_so_many_words() -> None:
    words = " ".join(block.text.en for block in FORM.page("convictions").before)
    assert "Spent" in words
    assert "Parking tickets and fixed fines do not count" in words


def test_the_prescribed_questions_are_locked() -> None:
    """Practice 24: a force may add help and later questions, and nothing else."""
    assert FORM.prescribed == "SI 2025/914"
    shared_with_others = {"safe-contact", "talking-to-you", "talking-to-you-details", "anything-else"}
    assert {page.id for page in FORM.pages if not page.locked} == shared_with_others
    for hidden in ("referees", "health", "convictions", "declaration"):
        overlay = {"form": FORM.id, "force": "seaside", "review": {"owner": "A force"}, "hide": [hidden]}
        with pytest.raises(OverlayRefusedError):
            compile_form(FORM.id, overlay)


def test_it_goes_to_the_licensing_desk_with_what_the_services_read() -> None:
    answers = complete(FORM, {"phone": "+447700900123", "email": "sam@example.org"}, now=NOW)
    assert FORM.desk is Desk.LICENSING
    assert FORM.by_role(Role.PLACE, answers, NOW)["postcode"] == "ME14 1XX"
    assert FORM.reporter(answers, NOW) == {
        "given_name": "Sam",
        "surname": "Example",
        "phone_e164": "+447700900123",
        "email": "sam@example.org",
        "postcode": "ME14 1XX",
        "address": "1 High Street\nMaidstone",
    }


def test_files_are_asked_for_and_nobody_is_held_up_without_them() -> None:
    asked = {question.id for question in FORM.questions if question.type is QuestionType.FILES}
    assert asked == {"medicalReportFiles", "permissionFiles", "storagePhotos", "applicantPhoto"}
    assert FORM.question("applicantPhoto").limit == 1


@pytest.mark.parametrize(
    ("question_id", "value", "field"),
    [
        ("dateOfBirth", "2026-11-22", "dateOfBirth-day"),
        ("dateOfBirth", "1900-01-01", "dateOfBirth-year"),
        ("height", 20, "height"),
        ("height", 300, "height"),
        ("livedHereSince", "2026-11-22", "livedHereSince-day"),
        ("livedHereSince", "1980-02-02", "livedHereSince-day"),
        ("firearmExpiry", "2025-11-20", "firearmExpiry-day"),
        ("firearmExpiry", "2031-11-22", "firearmExpiry-day"),
        ("shotgunExpiry", "2025-11-20", "shotgunExpiry-day"),
        ("sentenceEnded", "2026-11-22", "sentenceEnded-day"),
        ("sentenceEnded", "1980-02-02", "sentenceEnded-day"),
        ("workPhone", "12", "workPhone"),
        ("workEmail", "sam", "workEmail"),
        ("otherPhone", "12", "otherPhone"),
        ("firearmCertificateNumber", "", "firearmCertificateNumber"),
        ("shotgunCertificateNumber", "", "shotgunCertificateNumber"),
        ("gunsHeldUse", "", "gunsHeldUse"),
    ],
)
def test_days_and_sums_that_cannot_be(question_id: str, value: object, field: str) -> None:
    found = faults(question_id, value, dateOfBirth="1980-02-03")
    assert [each for each, _ in found] == [field]


@pytest.mark.parametrize(
    ("question_id", "value"),
    [
        ("height", 60),
        ("livedHereSince", "1980-02-03"),
        ("firearmExpiry", "2026-09-01"),
        ("firearmExpiry", "2031-11-21"),
        ("personTitle", ""),
        ("workPhone", ""),
        ("workEmail", ""),
        ("otherPhone", ""),
    ],
)
def test_what_can_be_is_taken(question_id: str, value: object) -> None:
    assert faults(question_id, value, dateOfBirth="1980-02-03") == []


def test_a_certificate_that_ended_long_ago_is_not_renewed() -> None:
    [(_, words)] = faults("shotgunExpiry", "2024-05-01")
    assert "Go back and ask for a new one" in words


def test_every_field_of_form_201_is_asked() -> None:
    """Domain 3.4, parts A to G, but what a person signs on paper."""
    asked = {question.id for question in FORM.questions}
    assert {
        "licences", "firearmKind", "shotgunKind", "firearmExpiry", "shotgunExpiry",
        "gender", "personTitle", "reporterName", "otherNames", "homeAddress", "phone", "otherPhone", "email",
        "addressHistory", "height", "dateOfBirth", "placeOfBirth", "nationality", "occupation", "workAddress",
        "workPhone", "workEmail", "livedAbroad", "timeAbroad",
        "healthConditions", "healthDetails", "gpPractice", "gpPracticesBefore", "gpElsewhere", "medicalReport",
        "convictions", "convictionList",
        "gunsHeld", "gunsHeldUse", "gunsWanted", "ammunition", "landAndClubs", "storagePlace", "storageDetails",
        "shotgunReasons", "shotgunsHeld", "referees", "applicantPhoto", "declaration", "signature", "parentConsent",
    } <= asked  # fmt: skip
