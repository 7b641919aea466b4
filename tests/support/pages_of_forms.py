"""Every look that the pages of a form may have, with answers that lead there."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms import Block, Form, Page, Question, QuestionType
from forms.parts import Wording
from forms.rules import evaluate
from forms.text import T
from forms.validation.checking import check_faults
from tests.support.answers import complete, example

Answers = Mapping[str, Any]
Told = tuple[str, Block | Wording]
"""Something that is said only to some: the id of its page or question, and what is said."""
_TRIES = 600
_DAYS = (0, 3, 8, 20, 60, 5_000, 12_000)
"""Days ago: around those that rules count, of a child and of an adult."""


@dataclass(frozen=True)
class State:
    """One look of a page. `answers` lead to it; the page's own are not among them."""

    form: Form
    page: Page
    answers: Answers
    content: Hashable
    """The same for two pages that show the same, whichever form they stand in."""
    around: frozenset[Hashable]
    """What stands around it and is the form's: its section's name, its help, its way to stop."""
    shape: Hashable
    """The same for two pages that are built alike, whatever they say."""

    @property
    def name(self) -> str:
        """To find it again; several looks of a page are called the same."""
        return "/".join(filter(None, (self.form.force, self.form.id, self.page.id)))


def ways_to_pages(form: Form, *, now: dt.datetime) -> dict[str, Answers]:
    """Page id to answers that reach it. Pages left out cannot be reached."""
    found: dict[str, Answers] = {}
    for answers in each_option_once(form, now=now):
        for page in form.path(answers, now):
            found.setdefault(page.id, answers)
    return found


def states(form: Form, *, now: dt.datetime) -> Iterator[State]:
    """Every look of every page, each once."""
    known: set[tuple[str, Hashable]] = set()
    for answers in every_way(form, now=now):
        for page in form.path(answers, now):
            own = {question.id for question in page.questions}
            state = _state(form, page, {key: value for key, value in answers.items() if key not in own}, now)
            if (page.id, state.content) not in known:
                known.add((page.id, state.content))
                yield state


def to_look_at(found: Iterable[Sequence[State]]) -> list[list[State]]:
    """Those to look at of each: what one form shows as another did, and says around it, is looked at once."""
    contents: set[Hashable] = set()
    around: set[Hashable] = set()
    wanted = []
    for every in found:
        chosen = []
        for state in every:
            if state.content not in contents or not state.around <= around:
                contents.add(state.content)
                around |= state.around
                chosen.append(state)
        wanted.append(chosen)
    return wanted


def every_way(form: Form, *, now: dt.datetime) -> Iterator[Answers]:
    """Answers that between them choose each option once and bring up each page and whatever is told only to some."""
    left: set[Told | str] = {*told_to_some(form), *(page.id for page in form.pages)}
    for answers in each_option_once(form, now=now):
        left -= _brought_up(form, answers, now=now)
        yield answers
    chance = random.Random(form.id)  # noqa: S311 - the same ways each time
    for _ in range(_TRIES):
        if not left:
            return
        answers = _by_chance(form, chance, now=now)
        brought = left & _brought_up(form, answers, now=now)
        if brought:
            left -= brought
            yield answers


def each_option_once(form: Form, *, now: dt.datetime) -> Iterator[Answers]:
    """Answers that between them choose each option of each question that comes up."""
    tried: set[tuple[str, str]] = set()
    waiting: list[Answers] = [{}]
    while waiting:
        given = waiting.pop(0)
        try:
            answers = complete(form, given, now=now)
        except AssertionError:  # the form ends on a page that says stop
            answers = dict(given)
        yield answers
        for question in form.visible(answers, now):
            for name, value in _choices(question, now):
                if (question.id, name) not in tried and fits(question, value, answers, now):
                    tried.add((question.id, name))
                    waiting.append({**answers, question.id: value})


def fits(question: Question, value: object, answers: Answers, now: dt.datetime) -> bool:
    """Whether the question's checks let the value stand beside the answers."""
    return not check_faults(question, value, answers, now)


def told_to_some(form: Form) -> Iterator[Told]:
    """Every block and wording that depends on answers."""
    for page in form.pages:
        yield from ((page.id, block) for block in (*page.before, *page.after) if block.when)
        yield from ((question.id, wording) for question in page.questions for wording in question.wordings)


def told(form: Form, answers: Answers, *, now: dt.datetime) -> set[Told]:
    """Those of them that these answers bring up."""
    counting = form.submitted(answers, now)
    pages = form.path(answers, now)
    found: set[Told] = {(page.id, block) for page in pages for block in (*page.before, *page.after) if block.when}
    asked = form.visible(answers, now)
    found |= {(question.id, wording) for question in asked for wording in question.wordings}
    return {(name, what) for name, what in found if evaluate(what.when, counting, now)}


def _brought_up(form: Form, answers: Answers, *, now: dt.datetime) -> set[Told | str]:
    """The pages that these answers lead to, by id, and what is told there only to some."""
    return {*told(form, answers, now=now), *(page.id for page in form.path(answers, now))}


def _choices(question: Question, now: dt.datetime) -> Iterator[tuple[str, Any]]:
    """A name and a value for each answer that may lead elsewhere."""
    for option in question.options:
        yield option.code, [option.code] if question.type is QuestionType.CHOICES else option.code
    days = [(now - dt.timedelta(days=each)).date().isoformat() for each in _DAYS]
    if question.type is QuestionType.DATE:
        yield from ((day, day) for day in days)
    if question.type is QuestionType.WHEN:
        yield "not_sure", {"kind": "not_sure"}
        yield from ((day, {"kind": "exact", "date": day}) for day in days)
    if question.type is QuestionType.SAFE_CONTACT:
        yield from ((way, {"how": way.value, "value": "", "when": "", "safe_word": ""}) for way in question.ways)


def _by_chance(form: Form, chance: random.Random, *, now: dt.datetime) -> Answers:
    answers: dict[str, Any] = {}
    here: Page | None = None
    page: Page | None = form.first_page()
    while page is not None and page is not here:
        for question in form.asked_on(page.id, answers, now):
            if question.type is QuestionType.FILES:
                continue
            choices = [value for _, value in _choices(question, now) if fits(question, value, answers, now)]
            answers[question.id] = chance.choice(choices) if choices else example(question, now=now)
        here, page = page, form.next_page(page.id, answers, now)
    return answers


def _state(form: Form, page: Page, answers: Answers, now: dt.datetime) -> State:
    asked = form.asked_on(page.id, answers, now)
    before, after = (tuple(form.blocks(each, answers, now)) for each in (page.before, page.after))
    section: T = next(each.title for each in form.sections if each.id == page.section_id)
    content = (
        page.kind, page.title, page.title_for(answers, now), before, after, form.sensitive,
        tuple((question.label_for(answers, now), question.hint_for(answers, now), question) for question in asked),
    )  # fmt: skip
    kinds = frozenset(block.kind for block in (*before, *after))
    heading = page.title is None and not before
    return State(
        form,
        page,
        answers,
        content,
        frozenset({("section", section), ("help", form.help), ("stop", form.stop_here)}),
        (page.kind, kinds, heading, form.sensitive, tuple(question.type for question in asked)),
    )
