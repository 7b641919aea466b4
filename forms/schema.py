"""A form: its parts in order, and what a caller asks of it. Frozen; every method is a pure function of answers.

``now`` (aware UTC) decides rules about days. Leave it out while a person is filling the form in; give the time of
receipt for a submission that is stored, so that it reads the same for ever.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from forms import wording
from forms.journey import STOPPED_HERE, Step, Walk, walk
from forms.parts import (
    Block,
    Desk,
    Hint,
    HintRule,
    Page,
    Promise,
    Question,
    QuestionType,
    Review,
    Role,
    Section,
    StopHere,
)
from forms.rules import Answers, Value, evaluate
from forms.text import T


@dataclass(frozen=True, slots=True)
class Form:
    """One form as it is served: the national set, with a force's overlay already in it where there is one."""

    id: str
    version: int
    title: T
    category: str
    sensitive: bool
    estimated_minutes: int
    sections: tuple[Section, ...]
    promise: Promise
    review: Review
    danger_question: T
    asks_danger_itself: bool = False
    anonymous_allowed: bool = False
    acknowledge: bool = True
    source_apart: bool = False
    prescribed: str | None = None
    desk: Desk = Desk.CONTROL_ROOM
    stop_here: StopHere | None = None
    start: tuple[Block, ...] = ()
    help: tuple[Block, ...] = ()
    hints: tuple[HintRule, ...] = ()
    force: str | None = None

    pages: tuple[Page, ...] = field(init=False, repr=False, compare=False)
    questions: tuple[Question, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Put every page and every question in order once; a request asks for them a hundred times."""
        pages = tuple(page for section in self.sections for page in section.pages)
        object.__setattr__(self, "pages", pages)
        object.__setattr__(self, "questions", tuple(question for page in pages for question in page.questions))

    def page(self, page_id: str) -> Page:
        """The page with that id; KeyError if there is none."""
        for page in self.pages:
            if page.id == page_id:
                return page
        raise KeyError(page_id)

    def question(self, question_id: str) -> Question:
        """The question with that id; KeyError if there is none."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)

    def walk(self, answers: Answers, now: datetime | None = None) -> Walk:
        """The whole way that ``answers`` lead, with the answers that count.

        The last few walks are kept: a page asks a form a dozen questions about the same answers at the same moment.
        """
        moment = now or datetime.now(UTC)
        for form, asked, at, known in tuple(_RECENT):
            if form is self and at == moment and asked == answers:
                return known
        found = walk(self.pages, self.stop_here, answers, moment)
        _RECENT.append((self, dict(answers), moment, found))
        return found

    def first_page(self) -> Page:
        """Where the form begins."""
        return self.pages[0]

    def path(self, answers: Answers, now: datetime | None = None) -> list[Page]:
        """Pages reached: from the first to the one that still needs an answer. No other page may be opened yet."""
        return [step.page for step in self.walk(answers, now).reached]

    def next_page(self, page_id: str, answers: Answers, now: datetime | None = None) -> Page | None:
        """The page after ``page_id``; None means check-answers. A stop page is its own next page.

        From a page that the answers have left behind, the next one of the way that comes later in the form.
        """
        steps = self.walk(answers, now).steps
        place = {page.id: position for position, page in enumerate(self.pages)}
        here = place[page_id]
        later = [step.page for step in steps if place[step.page.id] > here]
        if not later and steps and not steps[-1].complete and not steps[-1].questions:
            return steps[-1].page
        return later[0] if later else None

    def previous_page(self, page_id: str, answers: Answers, now: datetime | None = None) -> Page | None:
        """The page before ``page_id`` on the way; None at the first."""
        place = {page.id: position for position, page in enumerate(self.pages)}
        earlier = [step.page for step in self.walk(answers, now).steps if place[step.page.id] < place[page_id]]
        return earlier[-1] if earlier else None

    def asked_on(self, page_id: str, answers: Answers, now: datetime | None = None) -> tuple[Question, ...]:
        """The questions of that page which the answers so far make it ask; empty if the page is not on the way."""
        return next((step.questions for step in self.walk(answers, now).steps if step.page.id == page_id), ())

    def first_unanswered(self, answers: Answers, now: datetime | None = None) -> Page | None:
        """The page to go on from; None when everything needed is answered and check-answers may be shown."""
        return next((step.page for step in self.walk(answers, now).steps if not step.complete), None)

    def is_complete(self, answers: Answers, now: datetime | None = None) -> bool:
        """Whether the answers may be sent."""
        return self.first_unanswered(answers, now) is None

    def visible(self, answers: Answers, now: datetime | None = None) -> tuple[Question, ...]:
        """Every question on the way, in order."""
        return tuple(question for step in self.walk(answers, now).steps for question in step.questions)

    def submitted(self, answers: Answers, now: datetime | None = None) -> dict[str, Any]:
        """The answers to send: those to questions still asked. The draft keeps the others, if the person goes back."""
        return self.walk(answers, now).answers

    def blocks(self, blocks: tuple[Block, ...], answers: Answers, now: datetime | None = None) -> list[Block]:
        """Those of ``blocks`` (of a page, of ``start`` or ``help``) that the answers call for."""
        moment = now or datetime.now(UTC)
        counting = self.submitted(answers, moment)
        return [block for block in blocks if evaluate(block.when, counting, moment)]

    def summary(
        self, answers: Answers, language: str = "en", now: datetime | None = None
    ) -> list[wording.SummarySection]:
        """Rows for check-answers, section by section; a question without an answer says so."""
        moment = now or datetime.now(UTC)
        return wording.summary(self.sections, self.walk(answers, moment), language, moment)

    def plain_words(self, answers: Answers, language: str = "en", now: datetime | None = None) -> str:
        """The answers as plain text in the form's order, in the person's own words, for the handler."""
        return wording.plain_words(self.summary(self.submitted(answers, now), language, now), language)

    def proposals(self, answers: Answers, now: datetime | None = None) -> list[Hint]:
        """What the form suggests to triage: grade floors, flags, advice to ring 999, each with its reason code."""
        moment = now or datetime.now(UTC)
        counting = self.submitted(answers, moment)
        return [each.hint for each in self.hints if evaluate(each.when, counting, moment)]

    def by_role(self, role: Role, answers: Answers, now: datetime | None = None) -> Value:
        """The first answer that counts and has this meaning; None where it was not asked or not answered."""
        counting = self.submitted(answers, now)
        return next((counting[q.id] for q in self.questions if q.role is role and q.id in counting), None)

    def is_anonymous(self, answers: Answers, now: datetime | None = None) -> bool:
        """Whether the person asked not to be named."""
        return bool(self.by_role(Role.ANONYMOUS, answers, now) == "yes")

    def safe_contact(self, answers: Answers, now: datetime | None = None) -> dict[str, str]:
        """``{how, value, when, safe_word}``. Where it was not asked, ``how`` is "online": only by coming back here."""
        value = self.by_role(Role.SAFE_CONTACT, answers, now) or {"how": "online"}
        return {"value": "", "when": "", "safe_word": ""} | value

    def stopped(self, answers: Answers) -> bool:
        """Whether the person chose to stop here and be contacted."""
        return self.stop_here is not None and answers.get(STOPPED_HERE) == "yes"

    def free_text(self, answers: Answers, now: datetime | None = None) -> Iterator[tuple[str, str]]:
        """Each (question id, words the person typed), for the emergency screen."""
        typed = {
            QuestionType.TEXT,
            QuestionType.LONG_TEXT,
            QuestionType.PLACE,
            QuestionType.ITEMS,
            QuestionType.SAFE_CONTACT,
            QuestionType.ADDRESS,
            QuestionType.PEOPLE,
            QuestionType.VEHICLES,
            QuestionType.ROWS,
        }
        counting = self.submitted(answers, now)
        for question in self.questions:
            if question.id in counting and question.type in typed:
                yield from ((question.id, words) for words in wording.typed_in(question, counting[question.id]))

    def reporter(self, answers: Answers, now: datetime | None = None) -> dict[str, str]:
        """The reporter's details as given: given_name, surname, phone_e164, email, postcode, address ("" if not)."""
        return wording.reporter(self, answers, now)


_RECENT: deque[tuple[Form, Answers, datetime, Walk]] = deque(maxlen=4)

__all__ = ["Form", "Step"]
