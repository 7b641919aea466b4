"""Which question comes next, and whether what was said answers the one that is open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actions.book import MOST_QUESTIONS, Book, Question
from actions.facts import Fact, whole_as
from actions.heard import Heard
from actions.state import State
from actions.words import stands_in, words_of

MOST_TIMES = 2  # a question answered with something else is put once more, not for ever
TELLS, TELLS_LATER = 7, 12  # words from which on a message tells what happened: the first one, and any later one
CONTACT, REACH = "safe_contact", "reach"
"""The kind of fact and, in a sensitive matter, the question's name; everywhere else the question is `reach`."""


@dataclass(frozen=True)
class Reply:
    """What a message makes of the open question: whether that is done with, and a fact taken from free words."""

    done: bool
    fact: Fact | None = None


def find_question(id_: str, state: State, book: Book) -> Question | None:
    """Answer the question of that id, in the category at hand first."""
    if id_ == CONTACT:
        id_ = REACH
    near = book.questions.get(state.category, ())
    everywhere = (question for asked in book.questions.values() for question in asked)
    return next((question for question in (*near, *everywhere) if question.id == id_), None)


def read_reply(question: Question, heard: Heard, wish: str, new: Sequence[Fact], *, asks_back: bool) -> Reply:
    """Read a message as the reply to an open question."""
    kinds = {fact.kind for fact in new}
    if question.takes == CONTACT and not wish and not asks_back:
        return Reply(done=True, fact=whole_as(CONTACT, heard.text))
    if kinds & set(question.kinds):
        return Reply(done=True)
    if wish in {"dont_know", "deny"} and not asks_back:
        return Reply(done=True)
    if wish == "affirm":
        return Reply(done=not question.kinds or len(words_of(heard.text)) <= 2)
    if wish or asks_back:
        return Reply(done=False)
    if new and _mostly(new, heard.text):
        return Reply(done=False)  # an answer, but to another question
    if not question.takes:
        return Reply(done=True)
    return Reply(done=True, fact=whole_as(question.takes, heard.text))


def next_question(state: State, book: Book, *, contact_known: bool) -> Question | None:
    """Answer what to ask next: nothing that was said, asked twice, or is beyond the six."""
    if state.questions_put >= MOST_QUESTIONS:
        return None
    known = {fact.kind for fact in state.facts} | ({CONTACT} if contact_known else set())
    for question in book.questions.get(state.category, ()):
        if question.id in state.answered or state.asked.get(question.id, 0) >= MOST_TIMES:
            continue
        if known & set(question.kinds) or was_said(question, state.said):
            continue
        return question
    return None


def was_said(question: Question, said: Iterable[str]) -> bool:
    """Say whether something in the person's own words so far makes the question needless."""
    told = [words_of(text) for text in said]
    if question.about and any(len(words) >= (TELLS_LATER if place else TELLS) for place, words in enumerate(told)):
        return True
    return any(stands_in(words, question.said) for words in told)


def _mostly(new: Sequence[Fact], text: str) -> bool:
    """Whether the facts make up at least half of the message: then it says those, and not something free."""
    return 2 * sum(fact.end - fact.start for fact in new) >= len(text.strip())
