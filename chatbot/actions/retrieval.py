"""Finds the approved answer that fits a question, or none: below the threshold a person answers."""

from collections.abc import Sequence

from actions.book import Answer, Book
from actions.words import stands_in, words_of

FITS, FITS_ANYWHERE = 0.52, 0.78
"""From which score on an answer is given: to a question in one of its own categories, and to any other."""
NAMED = 0.8
_AGAIN = 0.5


def find_answer(text: str, category: str, book: Book, given: Sequence[str] = ()) -> Answer | None:
    """Answer the approved text for this question, if one fits well enough; one already given only if none else does."""
    words = words_of(text)
    best: Answer | None = None
    most = 0.0
    for answer in book.answers.values():
        if answer.support:
            continue
        score = book.index.score(words, answer.id)
        if stands_in(words, answer.names):
            score = max(NAMED, score)
        needed = FITS if category in answer.categories else FITS_ANYWHERE
        weighed = score * (_AGAIN if answer.id in given else 1.0)
        if score >= needed and weighed > most:
            best, most = answer, weighed
    return best
