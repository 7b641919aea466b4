"""Every definition of the national set: sound, plain, and walked on random answers to check-answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contact.domain.taxonomy import Category, Flag, Grade
from forms import STOPPED_HERE, Form, PageKind, Question, QuestionType, compile_form, form_ids, load_all
from forms.check import check_all, main
from forms.parts import CHOOSING, Block, SafeWay
from forms.text import T
from tests.support.answers import example, settle
from tests.unit.forms.given import values
from tests.unit.forms.tiny import NOW

WORDS_IN_A_SENTENCE = 30
LETTERS_IN_A_WORD = 4.6
# Of each of thirty forms; every page and every code are also tried one by one below.
EXAMPLES = 50


def test_the_check_of_all_definitions_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_all(list(Category), list(Grade), list(Flag)) == []
    assert main(list(Category), list(Grade), list(Flag), welsh_forces=[]) == 0
    assert "ok: theft" in capsys.readouterr().out


@cache
def whole_answers(form_id: str) -> st.SearchStrategy[dict[str, Any]]:
    """An answer to every question, whether it is asked or not; stopped here or not."""
    form = compile_form(form_id).form
    every = {question.id: values(question) for question in form.questions}
    whole = st.fixed_dictionaries(every, optional={STOPPED_HERE: st.just("yes")})
    return whole.map(lambda answers: settle(form, answers, now=NOW))


def some_answers(form_id: str) -> st.SearchStrategy[dict[str, Any]]:
    form = compile_form(form_id).form

    def settled(answers: dict[str, Any]) -> dict[str, Any]:
        return settle(form, answers, now=NOW)

    return st.tuples(
        whole_answers(form_id), st.sets(st.sampled_from([q.id for q in compile_form(form_id).form.questions]))
    ).map(lambda pair: settled({name: value for name, value in pair[0].items() if name not in pair[1]}))


def walk_to_the_end(form: Form, answers: dict[str, Any]) -> list[str]:
    """Page by page as the web goes, until check-answers."""
    seen = [form.first_page().id]
    while (page := form.next_page(seen[-1], answers, NOW)) is not None:
        assert page.id not in seen
        seen.append(page.id)
        assert len(seen) <= len(form.pages)
    return seen


@pytest.mark.parametrize("form_id", form_ids())
@settings(deadline=None, max_examples=EXAMPLES)
@given(data=st.data())
def test_whoever_answers_what_is_asked_reaches_check_answers(form_id: str, data: st.DataObject) -> None:
    form = compile_form(form_id).form
    answers = data.draw(whole_answers(form_id))
    answers.pop(STOPPED_HERE, None)
    path = [page.id for page in form.path(answers, NOW)]
    assert form.is_complete(answers, NOW)
    assert walk_to_the_end(form, answers) == path
    assert [page.id for page in form.path(form.submitted(answers, NOW), NOW)] == path


@pytest.mark.parametrize("form_id", form_ids())
@settings(deadline=None, max_examples=EXAMPLES)
@given(data=st.data())
def test_what_is_sent_was_asked_and_nothing_else(form_id: str, data: st.DataObject) -> None:
    form = compile_form(form_id).form
    answers = data.draw(some_answers(form_id))
    submitted = form.submitted(answers, NOW)
    asked = {question.id for question in form.visible(answers, NOW)}
    assert set(submitted) - {STOPPED_HERE} <= asked
    assert all(submitted[name] == answers[name] for name in submitted)
    assert form.submitted(submitted, NOW) == submitted
    rows = [row for section in form.summary(answers, "en", NOW) for row in section.rows]
    assert [row.question_id for row in rows] == [question.id for question in form.visible(answers, NOW)]
    assert form.proposals(submitted, NOW) == form.proposals(answers, NOW)
    assert form.plain_words(answers, now=NOW) == form.plain_words(submitted, now=NOW)


@pytest.mark.parametrize("form_id", form_ids())
@settings(deadline=None, max_examples=EXAMPLES)
@given(data=st.data())
def test_going_on_from_the_first_unanswered_page_always_ends(form_id: str, data: st.DataObject) -> None:
    """Whatever was left out, answering page after page where the form sends one ends at check-answers."""
    form = compile_form(form_id).form
    everything = data.draw(whole_answers(form_id))
    answers = data.draw(some_answers(form_id))
    for _ in form.pages:
        page = form.first_unanswered(answers, NOW)
        if page is None:
            break
        answers |= {question.id: everything[question.id] for question in form.asked_on(page.id, answers, NOW)}
        answers = settle(form, answers, now=NOW)
    assert form.is_complete(answers, NOW)


@pytest.mark.parametrize("form_id", form_ids())
def test_every_page_is_reached_by_somebody(form_id: str) -> None:
    form = compile_form(form_id).form
    reached: set[str] = set()
    for choice in range(12):
        answers: dict[str, Any] = {}
        for question in form.questions:
            answers[question.id] = _nth(question, choice, answers)
        reached |= {page.id for page in form.path(answers, NOW)}
        for question in form.questions:
            for value in _others(question):
                reached |= {page.id for page in form.path({**answers, question.id: value}, NOW)}
    assert {page.id for page in form.pages} == reached


def _others(question: Question) -> list[Any]:
    """What else may be answered: each option; days of somebody of nineteen, of sixteen, and of last year."""
    if question.type is QuestionType.DATE:
        return ["2007-11-21", "2010-11-21", "2025-11-21"]
    codes = [option.code for option in question.options]
    return [[code] for code in codes] if question.type is QuestionType.CHOICES else list(codes)


# What checks and rules look into.
_SHAPED = (QuestionType.DATE, QuestionType.NAME, QuestionType.NUMBER, QuestionType.ROWS)


def _nth(question: Question, number: int, answers: dict[str, Any]) -> Any:  # noqa: ANN401
    if question.checks or question.type in _SHAPED:
        return example(question, now=NOW, answers=answers)
    if question.type in CHOOSING:
        code = question.options[min(number, len(question.options) - 1)].code
        return [code] if question.type is QuestionType.CHOICES else code
    if question.type is QuestionType.WHEN:
        return {"kind": "exact", "date": "2026-11-21"}
    if question.type is QuestionType.SAFE_CONTACT:
        return {"how": "online", "value": "", "when": "", "safe_word": ""}
    if question.type is QuestionType.FILES:
        return None
    return "x"


def texts(form: Form) -> Iterator[tuple[str, T]]:
    """Every text a citizen may read, with where it stands."""
    yield "title", form.title
    yield "danger", form.danger_question
    yield from (("promise", step) for step in form.promise.steps)
    yield from _blocks("start", (*form.start, *form.help))
    yield from ((section.id, section.title) for section in form.sections)
    if form.stop_here is not None:
        yield from (("stop_here", text) for text in (form.stop_here.label, form.stop_here.text))
    for page in form.pages:
        if page.title is not None:
            yield page.id, page.title
        yield from _blocks(page.id, (*page.before, *page.after))
        for question in page.questions:
            yield question.id, question.label
            yield from ((question.id, text) for text in (question.hint, question.why) if text is not None)
            yield from ((question.id, text) for text in question.errors.values())
            for option in question.options:
                yield f"{question.id}={option.code}", option.label
                if option.hint is not None:
                    yield f"{question.id}={option.code}", option.hint
            for wording in question.wordings:
                yield from ((question.id, text) for text in (wording.label, wording.hint) if text is not None)


def _blocks(where: str, blocks: tuple[Block, ...]) -> Iterator[tuple[str, T]]:
    for block in blocks:
        yield where, block.text
        yield from ((where, item) for item in block.items)


@pytest.mark.parametrize("form_id", form_ids())
def test_texts_are_plain(form_id: str) -> None:
    form = load_all()[form_id]
    words: list[str] = []
    for where, text in texts(form):
        for sentence in re.split(r"(?<=[.!?])\s", text.en):
            own = re.findall(r"[A-Za-z']+", sentence)
            assert len(own) <= WORDS_IN_A_SENTENCE, f"{where}: {sentence}"
            words += own
    assert sum(map(len, words)) / len(words) < LETTERS_IN_A_WORD
    everything = " ".join(text.en for _, text in texts(form)).casefold()
    for word in (
        "perpetrator",
        "offender",
        "alleged",
        "incident ",
        "please select",
        "gov.uk",
        "invalid",
        "utilise",
        "regarding",
    ):
        assert word not in everything


@pytest.mark.parametrize("form_id", form_ids())
def test_a_page_asks_one_thing_unless_two_are_tightly_bound(form_id: str) -> None:
    grouped = {page.id for page in load_all()[form_id].pages if len(page.questions) > 1}
    assert grouped <= {"the-victim", "talking-to-you"}


@pytest.mark.parametrize("form_id", form_ids())
def test_nobody_needs_a_phone_or_an_email_and_anyone_may_refuse_to_be_contacted(form_id: str) -> None:
    form = load_all()[form_id]
    for question in form.questions:
        assert question.type not in (QuestionType.PHONE, QuestionType.EMAIL) or not question.required
        if question.type is QuestionType.SAFE_CONTACT:
            assert {SafeWay.ONLINE, SafeWay.NONE, SafeWay.POST} <= set(question.ways)
    assert not any(page.kind is PageKind.STOP for page in form.pages)


@pytest.mark.parametrize("form_id", form_ids())
def test_every_text_is_there_in_welsh_and_a_person_must_still_read_it(form_id: str) -> None:
    form = load_all()[form_id]
    english_only = [f"{where}: {text.en}" for where, text in texts(form) if text.en and not text.cy]
    assert english_only == []
    assert form.review.welsh_reviewer is None
