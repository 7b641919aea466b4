"""The forms of abuse, children, exploitation, disclosure and guns keep practice 5 to 9, 13, 17 and 21."""

from __future__ import annotations

import re
from typing import Any

import pytest

from forms import BlockKind, Form, Role, load_all
from forms.parts import Block
from tests.support.answers import complete
from tests.unit.forms.tiny import NOW

PROTECTING = (
    "child-protection",
    "clares-law",
    "domestic-abuse",
    "exploitation",
    "guns-worry",
    "sarahs-law",
    "under-18",
)
SAFE = {"safeNow": "yes", "anyoneHurt": "no", "suspectWorksForPolice": "no", "gunAccess": "no"}


def form_of(form_id: str) -> Form:
    return load_all()[form_id]


def answered(form_id: str, **answers: Any) -> dict[str, Any]:  # noqa: ANN401
    return complete(form_of(form_id), {**SAFE, **answers}, now=NOW)


def path(form_id: str, **answers: Any) -> list[str]:  # noqa: ANN401
    return [page.id for page in form_of(form_id).path(answered(form_id, **answers), NOW)]


def words(blocks: tuple[Block, ...], language: str = "en") -> str:
    return " ".join(text.in_(language) for block in blocks for text in (block.text, *block.items) if text.en)


def numbers(form_id: str) -> set[str]:
    form = form_of(form_id)
    return {block.number for block in (*form.start, *form.help) if block.kind is BlockKind.PHONE}


@pytest.mark.parametrize("form_id", PROTECTING)
def test_danger_comes_first_and_shows_the_ways_to_999(form_id: str) -> None:
    form = form_of(form_id)
    assert form.sensitive
    assert not form.acknowledge
    assert form.asks_danger_itself
    assert form.first_page().questions[0].id == "safeNow"
    assert path(form_id, safeNow="no")[:2] == ["safe-now", "get-help-now"]
    assert any(block.kind is BlockKind.EMERGENCY_WAYS for block in form.page("get-help-now").before)
    hints = form.proposals(answered(form_id, safeNow="no"), NOW)
    assert any(hint.grade == "emergency" and hint.advise_999 for hint in hints)


@pytest.mark.parametrize("form_id", PROTECTING)
@pytest.mark.parametrize("answer", ["yes", "not_sure"])
def test_who_works_for_the_police_is_asked_early_and_restricts(form_id: str, answer: str) -> None:
    form = form_of(form_id)
    ids = [page.id for page in form.pages]
    assert ids.index("works-for-police") < ids.index("safe-contact")
    assert form.stop_here is not None
    assert "works-for-police" in form.stop_here.asks
    answers = answered(form_id, suspectWorksForPolice=answer)
    assert form.by_role(Role.POLICE_SUSPECT, answers, NOW) == answer
    assert "another-force" in [page.id for page in form.path(answers, NOW)]
    assert any("police_suspect" in hint.flags for hint in form.proposals(answers, NOW))


@pytest.mark.parametrize("form_id", PROTECTING)
def test_who_stops_at_once_is_asked_only_how_to_be_reached_safely(form_id: str) -> None:
    form = form_of(form_id)
    assert form.stop_here is not None
    stopped = {"stop_here": "yes"}
    assert [step.page.id for step in form.walk(stopped, NOW).steps] == [
        page.id for page in form.pages if page.id in form.stop_here.asks
    ]
    grades = {hint.grade for hint in form.proposals(complete(form, stopped, now=NOW), NOW)}
    assert "priority" in grades


@pytest.mark.parametrize("form_id", PROTECTING)
def test_the_account_is_one_open_question_that_may_stay_empty(form_id: str) -> None:
    accounts = [each for each in form_of(form_id).questions if each.role is Role.ACCOUNT]
    assert len(accounts) == 1
    assert not accounts[0].required


@pytest.mark.parametrize(
    ("form_id", "expected"),
    [
        ("domestic-abuse", {"0808 2000 247", "0808 80 10 800", "0808 801 0327", "0800 999 5428", "0800 5999 247"}),
        ("child-protection", {"0808 800 5000", "0800 1111"}),
        ("under-18", {"0800 1111"}),
        ("exploitation", {"08000 121 700", "0800 555 111"}),
        ("clares-law", {"0808 2000 247", "0808 80 10 800"}),
        ("sarahs-law", {"0808 800 5000"}),
        ("guns-worry", {"0800 555 111", "116 123"}),
    ],
)
def test_helplines_are_offered_on_every_page(form_id: str, expected: set[str]) -> None:
    assert expected <= numbers(form_id)


def test_only_safety_and_contact_must_be_answered_about_domestic_abuse() -> None:
    required = {each.id for each in form_of("domestic-abuse").questions if each.required}
    assert required == {
        "safeNow",
        "anyoneHurt",
        "incidentInvolvement",
        "victimKnowsOfReport",
        "under18",
        "suspectWorksForPolice",
        "gunAccess",
        "anonymous",
        "contactPreference",
    }


def test_safe_contact_is_asked_before_what_happened() -> None:
    for form_id in ("domestic-abuse", "exploitation"):
        ids = [page.id for page in form_of(form_id).pages]
        assert ids.index("safe-contact") < ids.index("when" if form_id == "domestic-abuse" else "kinds")


def test_no_question_about_domestic_abuse_blames() -> None:
    blame = re.compile(
        r"\b(why did you|provoke|fault of|drunk|your clothes|what you wore|fight back|why do you stay)\b"
    )
    for question in form_of("domestic-abuse").questions:
        for text in (question.label, question.hint, question.why):
            assert text is None or not blame.search(text.en.casefold())


@pytest.mark.parametrize("gun", ["home", "elsewhere", "says"])
def test_the_guns_come_first_in_domestic_abuse(gun: str) -> None:
    form = form_of("domestic-abuse")
    answers = answered("domestic-abuse", gunAccess=gun)
    reached = [page.id for page in form.path(answers, NOW)]
    assert reached[reached.index("guns") + 1] == "gun-safety"
    assert reached.index("guns") < reached.index("who-does-it")
    hint = next(each for each in form.proposals(answers, NOW) if "firearms_access" in each.flags)
    assert hint.grade == "priority"


@pytest.mark.parametrize(
    ("answers", "flag", "code"),
    [
        ({"pressureOnNeck": "yes"}, "strangulation", "domestic_abuse"),
        ({"childrenInHome": "hurt"}, "child", "child_protection"),
        ({"honourBased": ["marriage"]}, "honour_based", "domestic_abuse"),
        ({"circumstances": ["pregnant"]}, "pregnant", "domestic_abuse"),
        ({"circumstances": ["cannot_go_on"]}, "suicide_risk", "domestic_abuse"),
        ({"harmKinds": ["sexual"]}, "sexual", "sexual_offence"),
        ({"under18": "yes"}, "child", "child_protection"),
    ],
)
def test_what_is_told_of_domestic_abuse_reaches_triage(answers: dict[str, Any], flag: str, code: str) -> None:
    hints = form_of("domestic-abuse").proposals(answered("domestic-abuse", **answers), NOW)
    assert any(hint.grade == "priority" and flag in hint.flags and hint.code == code for hint in hints)


def test_for_someone_else_it_asks_how_to_reach_them_safely() -> None:
    for form_id in ("domestic-abuse", "exploitation", "clares-law"):
        assert "the-victim" in path(form_id, incidentInvolvement="on_behalf")
        assert "the-victim" not in path(form_id, incidentInvolvement="victim")


@pytest.mark.parametrize("involvement", ["on_behalf", "known", "professional", "witness"])
def test_no_adult_is_sent_to_question_a_child(involvement: str) -> None:
    assert "do-not-ask" in path("child-protection", incidentInvolvement=involvement)
    form = form_of("child-protection")
    assert "do not ask them more" in words(form.start)
    assert form.page("do-not-ask").locked


def test_sexual_pictures_of_a_child_are_never_to_be_sent() -> None:
    for form_id, page_id in (("child-protection", "online-help"), ("sarahs-law", "child-help")):
        text = words(form_of(form_id).page(page_id).before)
        assert "Do not send us sexual pictures of a child" in text
        assert "Report Remove" in text
    form = form_of("under-18")
    assert "Do not send us nude pictures" in words(form.page("pictures-help").before)
    assert not any(str(question.type) == "files" for question in form.questions)


def test_the_child_first_reads_what_must_be_passed_on_and_then_childline() -> None:
    form = form_of("under-18")
    start = words(form.start)
    assert start.index("cannot promise to keep a secret") < start.index("Childline")
    assert "You do not need an email or a phone" in start
    everything = [*form.start, *form.help, *(block for page in form.pages for block in (*page.before, *page.after))]
    assert not re.search(r"\b(it stays|we will not tell anyone|between us|stay secret)\b", words(tuple(everything)))


def test_the_child_must_answer_only_four_things() -> None:
    required = {each.id for each in form_of("under-18").questions if each.required}
    assert required == {"safeNow", "anyoneHurt", "suspectWorksForPolice", "contactPreference"}


def test_the_child_is_spoken_to_as_ti() -> None:
    form = form_of("under-18")
    texts = [words((*form.start, *form.help), "cy"), *(step.in_("cy") for step in form.promise.steps)]
    for page in form.pages:
        texts.append(words((*page.before, *page.after), "cy"))
        for question in page.questions:
            texts += [text.in_("cy") for text in (question.label, question.hint, question.why) if text is not None]
    formal = re.compile(r"\b(chi|eich|gallwch|ydych|peidiwch|dewiswch|ffoniwch|arnoch|gennych)\b", re.IGNORECASE)
    assert [text for text in texts if formal.search(text)] == []


def test_the_childs_words_are_short_and_simple() -> None:
    form = form_of("under-18")
    blocks = [*form.start, *form.help, *(block for page in form.pages for block in (*page.before, *page.after))]
    texts = [text.en for block in blocks for text in (block.text, *block.items)]
    texts += [each.label.en for each in form.questions]
    texts += [option.label.en for each in form.questions for option in each.options]
    sentences = [each.split() for text in texts for each in re.split(r"(?<=[.!?])\s", text) if each]
    assert max(map(len, sentences)) <= 20
    assert sum(map(len, sentences)) / len(sentences) < 9


def test_the_exploited_are_not_asked_about_visas() -> None:
    form = form_of("exploitation")
    for question in form.questions:
        asked = " ".join([question.label.en, *(option.label.en for option in question.options)]).casefold()
        assert not re.search(r"\b(visa|immigration|nationality|right to be here)\b", asked)
    assert "does not ask about your visa" in words(form.start)


@pytest.mark.parametrize("form_id", ["clares-law", "sarahs-law"])
def test_a_disclosure_request_is_told_its_times_and_uploads_no_papers(form_id: str) -> None:
    form = form_of(form_id)
    assert form.category == "information_request"
    steps = " ".join(step.en for step in form.promise.steps)
    assert all(time in steps for time in ("24 hours", "10 ", "28 days"))
    assert not any(str(question.type) == "files" for question in form.questions)
    assert "when-we-meet" in path(form_id)


def test_what_a_child_said_turns_a_request_into_child_protection() -> None:
    hints = form_of("sarahs-law").proposals(answered("sarahs-law", concerns=["child_said"]), NOW)
    assert any(hint.code == "child_protection" and hint.grade == "priority" for hint in hints)


def test_a_worry_about_guns_is_at_least_priority_whatever_else_is_said() -> None:
    form = form_of("guns-worry")
    hints = form.proposals(answered("guns-worry", saidWouldHurt="no"), NOW)
    assert any(hint.grade == "priority" and "firearms_access" in hint.flags for hint in hints)
    assert "Do not touch or move the gun" in words(form.start)
    assert "gun-safety" in path("guns-worry")
    assert "do not try to find out more" in words(form.page("gun-safety").before)


@pytest.mark.parametrize("threat", ["others", "themselves", "both"])
def test_a_threat_by_someone_with_guns_is_an_emergency(threat: str) -> None:
    form = form_of("guns-worry")
    answers = answered("guns-worry", saidWouldHurt=threat)
    assert any(hint.grade == "emergency" and hint.advise_999 for hint in form.proposals(answers, NOW))
    assert "call-about-it" in [page.id for page in form.path(answers, NOW)]
