"""Finds the doors that fit what somebody typed: in plain, rude or misspelt words, of either language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from forms.doors import Door, load_doors
from forms.text import LANGUAGES


def find_doors(typed: str, *, at_most: int = 8) -> list[Door]:
    """The doors that fit what somebody typed, best first; words of both languages count, accents and endings do not."""
    wanted = _stems(typed)
    if not wanted:
        return []
    scored = [(_score(wanted, " ".join(_stem(word) for word in _words(typed)), door), door) for door in load_doors()]
    best = sorted((each for each in scored if each[0] > 0), key=lambda each: -each[0])
    return [door for _, door in best[:at_most]]


def _score(wanted: Collection[str], phrase: str, door: Door) -> float:
    """A whole phrase of the door's counts most, its label more than a loose word, a loose word by how much it says."""
    score = 0.0
    for language in LANGUAGES:
        label = _stems(door.label.in_(language))
        score += 2 * len(label & set(wanted))
        for words in door.words[language]:
            stems = [_stem(word) for word in _words(words)]
            if stems and f" {' '.join(stems)} " in f" {phrase} ":
                score += 3 * len(stems)
            elif shared := set(stems) & set(wanted):
                score += len(shared) / len(stems)
    return score


# Words of both languages that say nothing about a matter.
_SAYS_NOTHING = """
a an and are at be by for from has have i im in is it me my of on or our the to was we with you your been got
y yr yn i o a ac ar at am fy ei eu mae wedi rwy n r s
"""
_FILLING = frozenset(_SAYS_NOTHING.split())


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", "".join(each for each in plain if not unicodedata.combining(each)))


def _stem(word: str) -> str:
    """A word without its commonest English endings, so that `stolen bikes` finds `bike stolen`."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 4 and word[-1] in "ey" else word


def _stems(text: str) -> set[str]:
    return {_stem(word) for word in _words(text) if word not in _FILLING}
