"""Weighs how well two lines of words match, by how few of the known lines use each word; plain Python, no model."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from actions.words import words_of

USED = 0.24
"""How much of a question a match must be about, so that a long story gets no ready text for a word in it."""
_EMPTY = frozenset(
    words_of(
        "a an the i im you your my me we us it is are was to of for in on at and or do does did can could would should "
        "be have has had there this that some any if so no not please thanks hi hello just about with from by as want "
        "need get got what how who where when which y yr yn ac ar mae oes dw dwi"
    )
)


class Index:
    """Weighs words by how few answers use them."""

    def __init__(self, examples: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._examples = {id_: [_stems(one) for one in texts] for id_, texts in examples.items()}
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
                if used < USED:
                    continue
                best = max(best, 0.6 * covered + 0.4 * math.sqrt(used))
        return best

    def _total(self, words: frozenset[str]) -> float:
        return sum(self._weight.get(word, self._rare) for word in words)


def _stems(words: Sequence[str]) -> frozenset[str]:
    return frozenset(_stem(word) for word in words if word not in _EMPTY)


def _stem(word: str) -> str:
    for ending in ("ies", "ing", "ed", "es", "s", "au"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
