"""What an answer tells of who told us: kept apart from the matter where a form says so (practice 17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from forms.parts import Page, Question, Role
from forms.rules import Rule

if TYPE_CHECKING:
    from forms.schema import Form

TELLS_WHO = frozenset(
    {Role.NAME, Role.PHONE, Role.EMAIL, Role.ADDRESS, Role.DATE_OF_BIRTH, Role.SAFE_CONTACT, Role.SOURCE}
)
"""Roles of questions whose answers say who told us, how to reach them or how they know."""


def source_questions(form: Form) -> tuple[Question, ...]:
    """The questions whose answers stand apart; none where the form does not keep its source apart."""
    return tuple(each for each in form.questions if each.role in TELLS_WHO) if form.source_apart else ()


def split(form: Form, answers: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(the matter, who told us). Of safe contact the matter keeps the way alone, so that "do not contact" is seen."""
    asked = {question.id: question for question in source_questions(form)}
    apart = {question_id: value for question_id, value in answers.items() if question_id in asked}
    matter = {question_id: value for question_id, value in answers.items() if question_id not in asked}
    for question_id, value in apart.items():
        if asked[question_id].role is Role.SAFE_CONTACT:
            matter[question_id] = {"how": value["how"]}
    return matter, apart


def source_faults(form: Form) -> Iterator[tuple[str, str]]:
    """(where, what) is wrong with a form that keeps its source apart; nothing for any other."""
    if not form.source_apart:
        return
    if form.acknowledge:
        yield "acknowledge", "a form that keeps its source apart sends nothing by itself (practice 17)"
    if form.sensitive:
        yield "source_apart", "a sensitive form asks for a safe word, which would stand apart where nobody can check it"
    apart = {each.id for each in source_questions(form)}
    for page in form.pages:
        for question in page.questions:
            if question.id in apart and question.required and question.role is not Role.SAFE_CONTACT:
                yield question.id, "who told us is never a required answer where the source is kept apart"
        yield from ((page.id, what) for what in _leans(page, apart))


def _leans(page: Page, apart: set[str]) -> Iterator[str]:
    """A part of the matter that is asked only under an answer kept apart would be lost with it."""
    for question in page.questions:
        if question.id in apart:
            continue
        for name in [*_looked_at(page.when), *_looked_at(question.when)]:
            known, _, part = name.partition(".")
            if known in apart and part != "how":
                yield f"{question.id} is asked under {known!r}, which is kept apart"


def _looked_at(rule: Rule | None) -> Iterator[str]:
    if rule is None:
        return
    if rule.question:
        yield rule.question
    for inner in rule.rules:
        yield from _looked_at(inner)
