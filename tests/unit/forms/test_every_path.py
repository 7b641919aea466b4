"""Every definition, and every overlay, walked on its ways in both languages: what a person then reads is whole."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contact.domain.taxonomy import Category, Flag, Grade
from forms import LANGUAGES, REASONS, STOPPED_HERE, Form, QuestionType, compile_for, form_ids
from forms.loader import OVERLAYS
from tests.support.answers import settle
from tests.support.pages_of_forms import Answers, each_option_once, every_way, told, told_to_some
from tests.unit.forms.given import values
from tests.unit.forms.tiny import NOW

SERVED = [
    *((form_id, None) for form_id in form_ids()),
    *sorted((path.stem, path.parent.name) for path in OVERLAYS.glob("*/*.yml")),
]
"""Each form by itself and as each force with an overlay serves it."""
EXAMPLES = 40


@cache
def nearly_all_answers(form_id: str, force_id: str | None) -> st.SearchStrategy[dict[str, Any]]:
    """Answers to all questions but a few, whether they are asked or not; stopped here or not."""
    form = compile_for(form_id, force_id).form
    every = {question.id: values(question) for question in form.questions}
    whole = st.fixed_dictionaries(every, optional={STOPPED_HERE: st.just("yes")})
    left_out = st.sets(st.sampled_from(sorted(every)), max_size=3)
    return st.tuples(whole, left_out).map(
        lambda drawn: settle(form, {name: value for name, value in drawn[0].items() if name not in drawn[1]}, now=NOW)
    )


@pytest.mark.parametrize(("form_id", "force_id"), SERVED)
@settings(deadline=None, max_examples=EXAMPLES)
@given(data=st.data())
def test_whatever_is_answered_reads_whole_in_both_languages(
    form_id: str, force_id: str | None, data: st.DataObject
) -> None:
    check(compile_for(form_id, force_id).form, data.draw(nearly_all_answers(form_id, force_id)), NOW)


@pytest.mark.parametrize(("form_id", "force_id"), SERVED)
def test_every_option_leads_on_and_everything_that_is_said_is_said_to_somebody(
    form_id: str, force_id: str | None
) -> None:
    form = compile_for(form_id, force_id).form
    reached: set[str] = set()
    left = set(told_to_some(form))
    for answers in every_way(form, now=NOW):
        reached |= {page.id for page in form.path(answers, NOW)}
        left -= told(form, answers, now=NOW)
    assert reached == {page.id for page in form.pages}
    assert not left, "said to nobody"
    chosen: set[tuple[str, str]] = set()
    for answers in each_option_once(form, now=NOW):
        assert form.is_complete(answers, NOW)
        check(form, answers, NOW)
        sent = form.submitted(answers, NOW)
        chosen |= {(name, code) for name in sent for code in _codes(form, name, sent[name])}
    every = {(question.id, option.code) for question in form.questions for option in question.options}
    assert every <= chosen, "options that nobody can send"


def check(form: Form, answers: Answers, now: dt.datetime) -> None:
    """The way there and back, what is sent, and all that is then read in both languages."""
    path = form.path(answers, now)
    assert len({page.id for page in path}) == len(path)
    for here, there in zip([None, *path], [*path, None], strict=True):
        if here and there:
            assert form.next_page(here.id, answers, now) == there
        if there:
            assert form.previous_page(there.id, answers, now) == here
    sent = form.submitted(answers, now)
    assert json.loads(json.dumps(sent, ensure_ascii=False, allow_nan=False)) == sent
    for hint in form.proposals(answers, now):
        assert hint.code in set(Category)
        assert hint.grade is None or hint.grade in set(Grade)
        assert set(hint.flags) <= set(Flag)
        assert hint.reason_code in REASONS
    assert set(form.reporter(answers, now)) >= {"given_name", "email"}
    assert form.safe_contact(answers, now)["how"]
    for language in LANGUAGES:
        read_through(form, answers, language, now)


def read_through(form: Form, answers: Answers, language: str, now: dt.datetime) -> None:
    """Nothing that is shown on the way, on check-answers or to the handler is empty."""
    for page in form.path(answers, now):
        shown = [page.title_for(answers, now)]
        shown += [block.text for block in form.blocks((*page.before, *page.after), answers, now) if not block.items]
        for question in form.asked_on(page.id, answers, now):
            shown += [question.label_for(answers, now), *(option.label for option in question.options)]
        assert all(text.in_(language).strip() for text in shown), page.id
    rows = [row for section in form.summary(answers, language, now) for row in section.rows]
    assert all(row.label.strip() and row.value.strip() for row in rows)
    assert {row.question_id for row in rows if row.answered} == set(form.submitted(answers, now)) - {STOPPED_HERE}
    words = form.plain_words(answers, language, now)
    assert all(row.label in words for row in rows if row.answered)


def _codes(form: Form, name: str, value: Any) -> list[str]:  # noqa: ANN401 - any answer
    if name == STOPPED_HERE or not form.question(name).options:
        return []
    return list(value) if form.question(name).type is QuestionType.CHOICES else [value]
