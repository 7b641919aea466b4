"""Weighs the words of a text, and the rules heard in it: how likely an emergency is, how likely a reason to advise 999.

Single words cannot tell "a knife was found" from "he has found a knife". The weights were learnt from the chatbot's
training messages (`contact/bench/word_weights.py`), so they work where the model is away. Linear in the text's length.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

MOST_WORDS = 400
"""A text's first words; a long story is weighed in pieces by the screen, sentence rules read all of it."""
_LENGTH_STEP, _LONGEST_STEP = 6, 6


@dataclass(frozen=True, slots=True)
class Weighed:
    """Likelihoods, 0 to 1, as among the training messages, a quarter of which are emergencies."""

    emergency: float
    advise_999: float


NOTHING_WEIGHED = Weighed(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Weights:
    """For each target a starting value and what each word, pair of words or rule heard adds to it."""

    start: tuple[float, float]
    adds: dict[str, tuple[float, float]]
    raw: dict[str, Any]

    def weigh(self, words: Sequence[str], codes: Iterable[str]) -> Weighed:
        """Weigh plain words (phrases.words_of) and codes of rules heard."""
        emergency, advice = self.start
        for feature in set(features(words, codes)):
            added = self.adds.get(feature)
            if added is not None:
                emergency += added[0]
                advice += added[1]
        return Weighed(_likelihood(emergency), _likelihood(advice))


def features(words: Sequence[str], codes: Iterable[str]) -> Iterator[str]:
    """The words, each pair of neighbours, the rules heard and how long it is, each as a text."""
    words = words[:MOST_WORDS]
    yield from words
    yield from (f"{first} {second}" for first, second in pairwise(words))
    yield from (f"rule:{code}" for code in codes)
    yield f"length:{min(_LONGEST_STEP, len(words) // _LENGTH_STEP)}"


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The learnt weights, as data with source, owner and review (engineering 35)."""
    raw = json.loads(files("contact.domain").joinpath("data/word_weights.json").read_text("utf-8"))
    adds = {feature: (float(both[0]), float(both[1])) for feature, both in raw.pop("weights").items()}
    return Weights((float(raw["start"][0]), float(raw["start"][1])), adds, raw)


def about() -> dict[str, Any]:
    """Where the weights come from and who answers for them."""
    return weights().raw


def _likelihood(sum_of_weights: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, sum_of_weights))))
