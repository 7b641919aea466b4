"""Finds the approved answer that fits a question, or none: below the threshold a person answers."""

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from actions.book import Answer, Book
from actions.words import stands_in, words_of

FITS, FITS_ANYWHERE = 0.5, 0.78
"""From which score on an answer is given: to a question in one of its own categories, and to any other."""
NAMED = 0.8
_AGAIN = 0.5
_EMPTY = frozenset(
    words_of(
        "a an the i im you your my me we us it is are was to of for in on at and or do does did can could would should "
        "be have has had there this that some any if so no not please thanks hi hello just about with from by as want "
        "need get got what how who where when which y yr yn ac ar mae oes dw dwi"
    )
)


def find_answer(text: str, category: str, book: Book, given: Sequence[str] = ()) -> Answer | None:
    """Answer the approved text for this question, if one fits well enough; one already given only if none else does."""
    index = _index(tuple((answer.id, answer.examples) for answer in book.answers.values() if not answer.support))
    words = words_of(text)
    best: Answer | None = None
    most = 0.0
    for answer in book.answers.values():
        if answer.support:
            continue
        score = index.score(words, answer.id)
        if stands_in(words, answer.names):
            score = max(NAMED, score)
        needed = FITS if category in answer.categories else FITS_ANYWHERE
        weighed = score * (_AGAIN if answer.id in given else 1.0)
        if score >= needed and weighed > most:
            best, most = answer, weighed
    return best


class _Index:
    """Weighs words by how few answers use them."""

    def __init__(self, examples: Sequence[tuple[str, Sequence[Sequence[str]]]]) -> None:
        self._examples = {id_: [_stems(one) for one in texts] for id_, texts in examples}
        used = Counter(word for texts in self._examples.values() for word in {w for one in texts for w in one})
        self._weight = {word: math.log(1 + len(self._examples) / count) for word, count in used.items()}
        self._rare = math.log(1 + len(self._examples))

    def score(self, words: Sequence[str], id_: str) -> float:
        """0 to 1: how well the words match the best example of an answer, counted both ways."""
        asked = _stems(words)
        if not asked:
            return 0.0
        weight = self._total(asked)
        best = 0.0
        for example in self._examples[id_]:
            shared = self._total(asked & example)
            if shared:
                covered, used = shared / self._total(example), shared / weight
                best = max(best, 0.6 * covered + 0.4 * math.sqrt(used))
        return best

    def _total(self, words: frozenset[str]) -> float:
        return sum(self._weight.get(word, self._rare) for word in words)


@lru_cache(maxsize=4)
def _index(examples: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]) -> _Index:
    return _Index(examples)


def _stems(words: Sequence[str]) -> frozenset[str]:
    return frozenset(_stem(word) for word in words if word not in _EMPTY)


def _stem(word: str) -> str:
    for ending in ("ies", "ing", "ed", "es", "s", "au"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
