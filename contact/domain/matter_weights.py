"""Weighs the words of a text for what it is about and how urgent it is: a second reader beside the chatbot's model.

Linear weights on words, pairs of words and pieces of words (which stand misspelling and dialect), learnt from the
chatbot's training messages by `contact/bench/matter_weights.py`. Works where the model is away; linear in the text's
length, no library.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, TypeVar

from contact.domain.phrases import words_of
from contact.domain.taxonomy import Category, Grade

Code = TypeVar("Code")
MOST_WORDS = 400
PIECES, LONGEST_WORD = (4, 5), 40
"""How many letters a piece of a word has, and how much of a word without end is looked at."""


@dataclass(frozen=True, slots=True)
class Matter:
    """How likely each category and each grade is by the words alone; each adds up to 1."""

    categories: Mapping[Category, float]
    grades: Mapping[Grade, float]


@dataclass(frozen=True, slots=True)
class _Weights:
    start: list[float]
    adds: dict[str, tuple[float, list[int], list[float]]]  # how rare; which targets; by how much
    version: str
    about: dict[str, Any]


def weigh_matter(text: str) -> Matter:
    """Weigh a text; one without a known word is as likely anything as the training messages were."""
    loaded = _loaded()
    sums = [0.0] * len(loaded.start)
    length = 0.0
    for feature in set(features(words_of(text)[:MOST_WORDS])):
        found = loaded.adds.get(feature)
        if found is None:
            continue
        rare, targets, weights = found
        length += rare * rare
        for target, weight in zip(targets, weights, strict=True):
            sums[target] += rare * weight
    norm = math.sqrt(length) or 1.0
    odds = [_likelihood(total / norm + start) for total, start in zip(sums, loaded.start, strict=True)]
    categories, grades = odds[: len(Category)], odds[len(Category) :]
    return Matter(_shares(list(Category), categories), _shares(list(Grade), grades))


def version() -> str:
    """The version of the weights, as readings keep it."""
    return _loaded().version


def about() -> dict[str, Any]:
    """Where the weights come from and who answers for them."""
    return _loaded().about


def features(words: Sequence[str]) -> Iterator[str]:
    """The words, each pair of neighbours, and each four and five letters of a word, its ends marked."""
    yield from words
    yield from (f"{first} {second}" for first, second in pairwise(words))
    for word in words:
        marked = f"<{word[:LONGEST_WORD]}>"
        for size in PIECES:
            yield from (f"#{marked[at : at + size]}" for at in range(len(marked) - size + 1))


def _shares(codes: list[Code], odds: list[float]) -> dict[Code, float]:
    total = sum(odds)
    return {code: each / total for code, each in zip(codes, odds, strict=True)}


def _likelihood(total: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@lru_cache(maxsize=1)
def _loaded() -> _Weights:
    raw = json.loads(files("contact.domain").joinpath("data/matter_weights.json").read_text("utf-8"))
    adds = {feature: (each[0], each[1], each[2]) for feature, each in raw.pop("weights").items()}
    return _Weights(raw["start"], adds, f"words-{raw['data_version']}", raw)
