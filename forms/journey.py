"""The way through a form: which pages the answers reach, in order, and which answers still count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forms.parts import Page, PageKind, Question, StopHere
from forms.rules import Answers, evaluate
from forms.validation.checking import check_faults

# The one answer that belongs to no question: "yes" once the person asked to stop and be contacted.
STOPPED_HERE = "stop_here"


@dataclass(frozen=True, slots=True)
class Step:
    """A page reached, the questions on it that are asked, and whether all it needs is answered and fits together."""

    page: Page
    questions: tuple[Question, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """Every page the answers lead to, and the answers that count: those to questions that are asked."""

    steps: tuple[Step, ...]
    answers: dict[str, Any]

    @property
    def reached(self) -> tuple[Step, ...]:
        """The steps up to and including the first one that still needs an answer."""
        for position, step in enumerate(self.steps):
            if not step.complete:
                return self.steps[: position + 1]
        return self.steps


def walk(pages: Sequence[Page], stop_here: StopHere | None, answers: Answers, now: datetime) -> Walk:
    """Go through ``pages`` in order. A rule sees only answers that count, so a hidden answer never opens a page.

    After "stop here" only pages already answered and those that ``stop_here`` names are part of the way.
    """
    asks = stop_here.asks if stop_here and answers.get(STOPPED_HERE) == "yes" else None
    counting: dict[str, Any] = {} if asks is None else {STOPPED_HERE: "yes"}
    steps: list[Step] = []
    for page in pages:
        if not evaluate(page.when, counting, now):
            continue
        asked = tuple(each for each in page.questions if evaluate(each.when, counting, now))
        if page.kind is PageKind.QUESTION and not asked:
            continue
        answered = tuple(each for each in asked if _has_answer(answers, each))
        fitting = not any(check_faults(each, answers[each.id], counting, now) for each in answered if each.checks)
        if asks is not None and page.id not in asks and not answered:
            continue
        counting |= {each.id: answers[each.id] for each in answered}
        # Nobody who asked to stop is held by a half-answered page.
        stopping = asks is not None and page.id not in asks
        steps.append(Step(page, asked, stopping or (fitting and _is_complete(page, asked, answers))))
        if page.kind is PageKind.STOP:
            break
    return Walk(tuple(steps), counting)


def _has_answer(answers: Answers, question: Question) -> bool:
    return answers.get(question.id) not in (None, "", [], {})


def _is_complete(page: Page, asked: Iterable[Question], answers: Answers) -> bool:
    if page.kind is PageKind.STOP:
        return False
    return all(_has_answer(answers, each) for each in asked if each.required)
