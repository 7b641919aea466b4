"""The sexual-offence form keeps practice 5, 6, 8, 13 and 21, word by word where it must."""

from __future__ import annotations

import re
from typing import Any

import pytest

from forms import STOPPED_HERE, BlockKind, Form, PageKind, Role, load_all
from tests.unit.forms.tiny import NOW

OPENING = {"safeNow": "yes", "anyoneHurt": "no"}
RECENT = ("last_24_hours", "last_3_days", "last_7_days", "ongoing", "not_sure")
REACH = {"how": "online", "value": "", "when": "", "safe_word": ""}


@pytest.fixture(scope="module")
def form() -> Form:
    return load_all()["sexual-offence"]


def path(form: Form, answers: dict[str, Any]) -> list[str]:
    return [page.id for page in form.path(answers, NOW)]


def words_of(form: Form, page_id: str) -> str:
    page = form.page(page_id)
    return " ".join(text.en for block in (*page.before, *page.after) for text in (block.text, *block.items) if text.en)


def test_it_is_sensitive_sends_nothing_by_itself_and_asks_about_danger_once(form: Form) -> None:
    assert form.sensitive
    assert not form.acknowledge
    assert form.asks_danger_itself
    assert form.anonymous_allowed


def test_first_safe_then_hurt_then_when(form: Form) -> None:
    assert path(form, {}) == ["safe-now"]
    assert path(form, OPENING)[:3] == ["safe-now", "hurt", "when"]


@pytest.mark.parametrize("when", RECENT)
def test_within_seven_days_evidence_comes_before_any_other_question(form: Form, when: str) -> None:
    assert path(form, {**OPENING, "incidentWhen": when}) == ["safe-now", "hurt", "when", "evidence", "call-you"]
    assert form.page("evidence").kind is PageKind.INFORMATION


@pytest.mark.parametrize("when", ["last_year", "longer_ago"])
def test_after_seven_days_there_is_no_talk_of_evidence(form: Form, when: str) -> None:
    reached = path(form, {**OPENING, "incidentWhen": when})
    assert "evidence" not in reached
    assert "call-you" not in reached


def test_the_evidence_page_is_kind_and_names_care_without_police(form: Form) -> None:
    words = words_of(form, "evidence")
    assert "It is all right if you have already washed" in words
    assert "SARC" in words
    assert "You do not have to tell the police" in words
    assert "Only if you want to" in words


@pytest.mark.parametrize("when", RECENT[:3])
def test_within_seven_days_is_at_least_priority(form: Form, when: str) -> None:
    grades = {hint.grade for hint in form.proposals({**OPENING, "incidentWhen": when}, NOW)}
    assert "priority" in grades


@pytest.mark.parametrize(
    ("answers", "grade", "flag", "advise_999"),
    [
        ({"safeNow": "no"}, "emergency", "sexual", True),
        ({"safeNow": "not_sure"}, "priority", "sexual", True),
        ({**OPENING, "anyoneHurt": "needs_help"}, "emergency", "sexual", True),
        (
            {**OPENING, "incidentWhen": "longer_ago", "suspectWorksForPolice": "yes"},
            "priority",
            "police_suspect",
            False,
        ),
        (
            {**OPENING, "incidentWhen": "longer_ago", "suspectWorksForPolice": "not_sure"},
            "priority",
            "police_suspect",
            False,
        ),
        ({**OPENING, "incidentWhen": "last_3_days", "pressureOnNeck": "yes"}, "priority", "strangulation", False),
        ({**OPENING, "incidentWhen": "longer_ago", "under18": "yes"}, "priority", "child", False),
    ],
)
def test_hints(form: Form, answers: dict[str, Any], grade: str, flag: str, advise_999: bool) -> None:
    everything = {"incidentInvolvement": "victim", **answers}
    hints = form.proposals(everything, NOW)
    assert any(hint.grade == grade and flag in hint.flags and hint.advise_999 is advise_999 for hint in hints)


def test_under_eighteen_is_child_protection(form: Form) -> None:
    answers = {**OPENING, "incidentWhen": "longer_ago", "incidentInvolvement": "victim", "under18": "yes"}
    assert "child_protection" in {hint.code for hint in form.proposals(answers, NOW)}
    words = words_of(form, "for-you")
    # What must be passed on is said first, and secrecy is not promised.
    assert words.index("cannot promise to keep it secret") < words.index("not your fault")
    numbers = {block.number for block in form.page("for-you").before if block.kind is BlockKind.PHONE}
    assert "0800 1111" in numbers
    assert "do not need an email address or a phone" in words


def test_the_account_is_one_open_question_and_optional(form: Form) -> None:
    accounts = [question for question in form.questions if question.role is Role.ACCOUNT]
    assert len(accounts) == 1
    assert not accounts[0].required
    assert form.pages[-1].questions == (accounts[0],)


def test_no_question_asks_about_clothes_drink_or_resistance(form: Form) -> None:
    blame = re.compile(
        r"\b(cloth\w*|wear\w*|wore|dress\w*|drink\w*|drank|drunk|alcohol|drugs?|resist\w*|fight|fought|struggle\w*)\b"
        r"|\b(scream\w*|said no|consent\w*|lead\w* on)\b"
    )
    for question in form.questions:
        texts = [question.label, question.hint, *(option.label for option in question.options)]
        for text in texts:
            assert text is None or not blame.search(text.en.casefold()), text


def test_nothing_is_asked_twice(form: Form) -> None:
    roles = [question.role for question in form.questions if question.role]
    assert len(roles) == len(set(roles))
    labels = [question.label.en for question in form.questions]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("answers", [{}, OPENING, {**OPENING, "incidentWhen": "last_3_days"}])
def test_stopping_here_asks_three_short_things_and_is_priority(form: Form, answers: dict[str, Any]) -> None:
    stopped = {**answers, STOPPED_HERE: "yes"}
    before = [page_id for page_id in ("safe-now", "hurt", "when") if form.asked_on(page_id, stopped, NOW)]
    assert [step.page.id for step in form.walk(stopped, NOW).steps] == [
        *before,
        "works-for-police",
        "where",
        "safe-contact",
    ]
    done = {**stopped, "suspectWorksForPolice": "no", "contactPreference": REACH}
    assert form.is_complete(done, NOW)
    assert any(
        hint.reason_code == "stopped_to_be_contacted" and hint.grade == "priority" for hint in form.proposals(done, NOW)
    )


def test_who_works_for_the_police_is_known_before_anything_is_sent(form: Form) -> None:
    for answers in ({STOPPED_HERE: "yes"}, {}):
        assert not form.is_complete({**answers, "contactPreference": REACH}, NOW)
    assert form.question("suspectWorksForPolice").required


def test_anonymous_means_no_name_and_no_way_to_reach(form: Form) -> None:
    answers = {
        **OPENING,
        "incidentWhen": "longer_ago",
        "anonymous": "yes",
        "reporterName": {"given": "Ceri", "surname": ""},
    }
    asked = {question.id for question in form.visible(answers, NOW)}
    assert not asked & {"reporterName", "contactPreference", "victimSupport"}
    assert form.is_anonymous(answers, NOW)
    assert not any(form.reporter(answers, NOW).values())
    assert form.safe_contact(answers, NOW)["how"] == "online"


def test_who_asks_for_a_call_is_asked_how_and_need_not_give_a_name(form: Form) -> None:
    answers = {**OPENING, "incidentWhen": "last_3_days", "callWithinHour": "yes"}
    asked = {question.id for question in form.visible(answers, NOW)}
    assert "anonymous" not in asked
    assert "contactPreference" in asked
    assert not form.question("reporterName").required


def test_on_someones_behalf_asks_if_they_know_and_how_to_reach_them(form: Form) -> None:
    for involvement in ("on_behalf", "witness", "professional"):
        answers = {**OPENING, "incidentWhen": "longer_ago", "incidentInvolvement": involvement}
        asked = {question.id for question in form.visible(answers, NOW)}
        assert {"victimKnowsOfReport", "victimSafeContact"} <= asked
        assert form.question("under18").label_for(answers, NOW).en == "Is the person it happened to under 18?"


def test_intimate_pictures_are_never_asked_for(form: Form) -> None:
    fixed = "Do not send us intimate pictures. Keep the device, delete nothing."
    assert fixed in words_of(form, "pictures-help")
    assert fixed in words_of(form, "your-words")
    assert "Revenge Porn Helpline" in words_of(form, "pictures-help")
    assert "Report Remove" in words_of(form, "pictures-help")


def test_nearly_everything_may_be_left_out(form: Form) -> None:
    required = {question.id for question in form.questions if question.required}
    assert required == {
        "safeNow",
        "anyoneHurt",
        "incidentWhen",
        "callWithinHour",
        "incidentInvolvement",
        "under18",
        "victimKnowsOfReport",
        "suspectWorksForPolice",
        "anonymous",
        "contactPreference",
    }
    # Each of them can be answered without saying anything: not sure, rather not say, do not contact me.
    for question_id in ("anyoneHurt", "incidentWhen", "under18", "suspectWorksForPolice", "victimKnowsOfReport"):
        codes = {option.code for option in form.question(question_id).options}
        assert codes & {"not_sure", "rather_not_say"}
