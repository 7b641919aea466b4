"""The way through a form: pages reached, branches taken and left, and which answers are sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import STOPPED_HERE, Answer, Role, validate
from forms.schema import Form
from tests.unit.forms.given import values
from tests.unit.forms.tiny import NAMES, NOW, tiny


def path(form: Form, answers: dict[str, Any]) -> list[str]:
    return [page.id for page in form.path(answers, NOW)]


def next_id(form: Form, page_id: str, answers: dict[str, Any]) -> str | None:
    page = form.next_page(page_id, answers, NOW)
    return page.id if page else None


@pytest.mark.parametrize(
    ("answers", "reached"),
    [
        ({}, ["fork"]),
        ({"fork": "left"}, ["fork", "left"]),
        ({"fork": "left", "onTheLeft": "a tree"}, ["fork", "left", "deeper-left", "last"]),
        ({"fork": "right"}, ["fork", "right"]),
        ({"fork": "right", "onTheRight": "a house"}, ["fork", "right", "last"]),
        # What was said on the left branch opens nothing once the right one is taken.
        ({"fork": "right", "onTheRight": "a house", "onTheLeft": "a tree"}, ["fork", "right", "last"]),
        # An answer without the ones before it opens nothing.
        ({"onTheLeft": "a tree", "last": "x"}, ["fork"]),
    ],
)
def test_branches(answers: dict[str, Any], reached: list[str]) -> None:
    assert path(tiny("branching"), answers) == reached


def test_next_and_previous_follow_the_branch() -> None:
    form, answers = tiny("branching"), {"fork": "right", "onTheRight": "a house"}
    assert next_id(form, "fork", answers) == "right"
    assert next_id(form, "right", answers) == "last"
    assert next_id(form, "last", answers) is None
    previous = form.previous_page("last", answers, NOW)
    assert previous is not None
    assert previous.id == "right"
    assert form.previous_page("fork", answers, NOW) is None


def test_from_a_page_left_behind_the_way_goes_on() -> None:
    assert next_id(tiny("branching"), "left", {"fork": "right"}) == "right"


def test_a_page_that_does_not_exist_is_no_page() -> None:
    with pytest.raises(KeyError):
        tiny("branching").next_page("nowhere", {}, NOW)


def test_answers_that_stopped_being_asked_are_not_sent_and_the_draft_is_not_touched() -> None:
    draft = {"fork": "right", "onTheLeft": "a tree", "deeper": "a fox", "onTheRight": "a house", "made_up": "x"}
    before = dict(draft)
    assert tiny("branching").submitted(draft, NOW) == {"fork": "right", "onTheRight": "a house"}
    assert draft == before


def test_the_first_unanswered_page_is_where_to_go_on() -> None:
    form = tiny("branching")
    unanswered = form.first_unanswered({"fork": "left"}, NOW)
    assert unanswered is not None
    assert unanswered.id == "left"
    assert form.first_unanswered({"fork": "left", "onTheLeft": "a tree"}, NOW) is None
    assert form.is_complete({"fork": "left", "onTheLeft": "a tree"}, NOW)


def test_a_stop_page_ends_the_way_and_nothing_can_be_sent() -> None:
    form, answers = tiny("stop"), {"kind": "theirs", "words": "hello"}
    assert path(form, answers) == ["kind", "theirs"]
    assert next_id(form, "kind", answers) == "theirs"
    assert next_id(form, "theirs", answers) == "theirs"
    assert not form.is_complete(answers, NOW)
    assert form.submitted(answers, NOW) == {"kind": "theirs"}


def test_information_is_passed_through_and_shows_what_fits() -> None:
    form = tiny("stop")
    assert path(form, {"kind": "ours"}) == ["kind", "news", "words"]
    news = form.page("news")
    assert [block.text.en for block in form.blocks(news.before, {"kind": "ours"}, NOW)] == [
        "For everybody.",
        "Only for ours.",
    ]
    assert [block.text.en for block in form.blocks(news.before, {}, NOW)] == ["For everybody."]


def test_a_question_may_have_a_rule_and_a_page_left_empty_is_skipped() -> None:
    form = tiny("question_rule")
    assert path(form, {"pet": "no"}) == ["pet", "pets"]
    assert [question.id for question in form.asked_on("pets", {"pet": "no"}, NOW)] == ["wish"]
    assert [question.id for question in form.asked_on("pets", {"pet": "yes"}, NOW)] == ["petName", "wish"]
    assert form.asked_on("toys", {"pet": "no"}, NOW) == ()
    assert [question.id for question in form.visible({"pet": "no"}, NOW)] == ["pet", "wish"]


@pytest.mark.parametrize(
    ("answers", "reached"),
    [
        ({}, ["reach"]),
        ({"first": "yes"}, ["first", "reach"]),
        # A page that was left half answered holds nobody.
        ({"first": "yes", "second": "x"}, ["first", "second", "reach"]),
    ],
)
def test_stop_here_asks_only_how_to_reach_the_person(answers: dict[str, Any], reached: list[str]) -> None:
    form = tiny("stop_here")
    stopped = {**answers, STOPPED_HERE: "yes"}
    assert path(form, stopped) == reached
    unanswered = form.first_unanswered(stopped, NOW)
    assert unanswered is not None
    assert unanswered.id == "reach"
    done = {**stopped, "reach": {"how": "online"}}
    assert form.is_complete(done, NOW)
    assert next_id(form, "reach", done) is None
    assert form.submitted(done, NOW) == done
    assert form.stopped(done)


def test_a_form_without_stop_here_takes_no_notice_of_it() -> None:
    form = tiny("branching")
    assert path(form, {STOPPED_HERE: "yes"}) == ["fork"]
    assert form.submitted({STOPPED_HERE: "yes"}, NOW) == {}
    assert not form.stopped({STOPPED_HERE: "yes"})


def test_words_fit_who_is_asked() -> None:
    form = tiny("wordings")
    question = form.question("age")
    assert question.label_for({"who": "me"}, NOW).en == "Are you under 18?"
    assert question.label_for({"who": "other"}, NOW).en == "Are they under 18?"
    hint = question.hint_for({"who": "other"}, NOW)
    assert hint is not None
    assert hint.en == "They."
    assert form.page("age").title_for({"who": "other"}, NOW).en == "Are they under 18?"


def test_hints_are_given_in_order_for_answers_that_count() -> None:
    form = tiny("hints")
    assert [hint.reason_code for hint in form.proposals({}, NOW)] == ["form_chosen"]
    hints = form.proposals({"weapon": "yes", "seen": "2026-11-20"}, NOW)
    assert [(hint.code, hint.grade, hint.flags, hint.advise_999) for hint in hints] == [
        ("theft", "standard", (), False),
        ("robbery", "priority", ("weapon",), True),
        ("theft", "priority", (), False),
    ]


def test_the_same_answers_read_the_same_at_the_time_of_receipt() -> None:
    form, answers = tiny("hints"), {"weapon": "no", "seen": "2026-11-20"}
    assert len(form.proposals(answers, NOW)) == 2
    assert len(form.proposals(answers, NOW.replace(year=2027))) == 1


@pytest.mark.parametrize(
    ("answers", "safe"),
    [
        ({}, {"how": "online", "value": "", "when": "", "safe_word": ""}),
        (
            {"reach": {"how": "email", "value": "a@example.org", "when": "mornings", "safe_word": "tulip"}},
            {"how": "email", "value": "a@example.org", "when": "mornings", "safe_word": "tulip"},
        ),
    ],
)
def test_safe_contact_falls_back_to_coming_back_online(answers: dict[str, Any], safe: dict[str, str]) -> None:
    assert tiny("every_type").safe_contact(answers, NOW) == safe


def test_the_reporter_is_put_together_from_what_was_given() -> None:
    answers = {
        "name": {"given": "Ceri", "surname": "Example"},
        "reach": {"how": "text", "value": "+447700900123", "when": "", "safe_word": ""},
        "email": "ceri@example.org",
    }
    assert tiny("every_type").reporter(answers, NOW) == {
        "given_name": "Ceri",
        "surname": "Example",
        "phone_e164": "+447700900123",
        "email": "ceri@example.org",
        "postcode": "",
        "address": "",
    }


def test_the_reporters_address_is_read_from_its_boxes() -> None:
    home = {"line1": "1 High Street", "line2": "", "town": "Maidstone", "postcode": "ME14 1XX"}
    reporter = tiny("every_type").reporter({"home": home}, NOW)
    assert (reporter["address"], reporter["postcode"]) == ("1 High Street\nMaidstone", "ME14 1XX")


def test_free_text_is_every_word_a_person_typed() -> None:
    answers = {
        "line": "one",
        "one": "a",
        "place": {"postcode": "", "address": "", "description": "by the canal"},
        "things": [{"what": "a knife", "value_pence": 100, "serial": "77"}],
        "reach": {"how": "phone", "value": "+447700900123", "when": "when he is out", "safe_word": ""},
        "home": {"line1": "he is in the house", "line2": "", "town": "", "postcode": ""},
        "words3": "knife.blood.help",
        "many": 12,
        "suspects": [{"given": "", "description": "he has a gun", "contact": "+441632960001"}],
        "vehicles": [{"registration": "AB12 CDE", "description": "child in the back"}],
        "children": [{"name": "Ann", "lives": "them", "about": "she is not breathing", "visits": 3}],
    }
    words = {text for _, text in tiny("every_type").free_text(answers, NOW)}
    assert {"one", "by the canal", "a knife", "77", "when he is out", "he is in the house"} <= words
    assert {"he has a gun", "child in the back", "Ann", "she is not breathing"} <= words
    # Codes are chosen, and three words name a place: neither is something the person said.
    assert not {"a", "them", "knife.blood.help"} & words


def test_a_page_for_files_is_complete_without_one_and_sends_no_answer() -> None:
    form = tiny("files")
    assert [page.id for page in form.path({}, NOW)] == ["pictures", "last"]
    assert form.is_complete({"last": 0}, NOW)
    assert form.submitted({"last": 0}, NOW) == {"last": 0}
    pictures = form.question("pictures")
    assert (pictures.required, pictures.limit, pictures.sensitive_images) == (False, 3, True)
    assert validate(pictures, {"pictures": ["x"]}, NOW) == Answer()


@pytest.mark.parametrize(
    ("role", "name"),
    [
        (Role.SUSPECTS, "suspects"),
        (Role.VEHICLES, "vehicles"),
        (Role.POINT, "point"),
        (Role.WHAT3WORDS, "words3"),
        (Role.ADDRESS, "home"),
    ],
)
def test_services_find_answers_by_what_they_mean(role: Role, name: str) -> None:
    assert tiny("every_type").by_role(role, {name: "kept", "line": "x"}, NOW) == "kept"
    assert tiny("every_type").by_role(role, {}, NOW) is None


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None)
@given(data=st.data())
def test_every_path_ends(name: str, data: st.DataObject) -> None:
    """At check-answers, or at a page that stops; and what was answered can be said in both languages."""
    form = tiny(name)
    answers = data.draw(st.fixed_dictionaries({}, optional={each.id: values(each) for each in form.questions}))
    seen = [form.first_page().id]
    while (page := form.next_page(seen[-1], answers, NOW)) is not None and page.id != seen[-1]:
        seen.append(page.id)
        assert len(seen) <= len(form.pages)
    for language in ("en", "cy"):
        assert all(row.value for section in form.summary(answers, language, NOW) for row in section.rows)
        form.plain_words(answers, language, NOW)
    assert all(words for _, words in form.free_text(answers, NOW) if words)
