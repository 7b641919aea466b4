"""Finds many phrases in one pass over a text, in time that grows with its length only: no text can slow it.

A phrase is a line of words. `a/b` is either word, `@name` any word of a named group, a trailing `?` makes a word
optional, `..` lets up to two other words stand in between and `...` up to four. No phrase is a regular expression, so
nothing can backtrack. The scan is an automaton whose states are made when first needed and kept up to a limit.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

# The vowel signs of Indian scripts belong to the word, which Python's \w leaves out.
_WORD = re.compile("(?:[^\\W_]|[\u0900-\u0963\u0966-\u0dff])+")
_JOINERS = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u0640"))
# Letters that people type for one another, and that no decomposition brings together.
_SAME_LETTER = str.maketrans(
    "\u0142\u0131\u064a\u0649\u0643\u0629\u06c1\u06be\u06d2", "li\u06cc\u06cc\u06a9\u0647\u0647\u0647\u06cc"
)
_WELSH_ELISION = re.compile(r"'([nr])\b")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u0060\u00b4\uff07]")
_LONG_RUN = re.compile(r"(.)\1{2,}")
_GAPS = {"..": 2, "...": 4}
_MOST_STATES = 20_000
_MOST_TOKENS_KEPT = 50_000
_FORGIVEN_SWAP, _FORGIVEN_LETTER = 5, 6
"""From how many letters on two swapped letters, and one letter too few or too many, are forgiven."""

Item = tuple[int, int, int]
"""A place inside a phrase: phrase, element, and how many words may still be skipped before it."""


@dataclass(frozen=True)
class Element:
    """One step of a phrase."""

    words: frozenset[str]
    optional: bool
    gap_before: int


def plain(text: str) -> str:
    """Answer `text` in lower case, without accents or apostrophes, in one spelling of each letter."""
    # Welsh glues words together: mae'n, i'r. English never ends a word in 'n or 'r.
    unglued = _WELSH_ELISION.sub(r" y\1", _APOSTROPHES.sub("'", text.casefold()))
    decomposed = unicodedata.normalize("NFKD", unglued.replace("'", "").translate(_JOINERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_SAME_LETTER)


def words_of(text: str) -> list[str]:
    """Answer the plain words of `text` in order."""
    return _WORD.findall(plain(text))


def parse_phrase(
    phrase: str, groups: Mapping[str, frozenset[str]], spelling: Mapping[str, Sequence[str]] | None = None
) -> tuple[Element, ...]:
    """Read one phrase; raises ValueError if it is empty, ends in an optional word or gap, or names no known group.

    Where `spelling` of another language replaces a word, the phrase is spelt the same way, or it could never be found.
    """
    elements: list[Element] = []
    gap = 0
    for part in phrase.split():
        if part in _GAPS:
            gap = _GAPS[part]
            continue
        optional = part.endswith("?")
        meant = (spelling or {}).get(part, ())
        if len(meant) > 1:
            elements.extend(
                Element(frozenset({word}), False, gap if not place else 0) for place, word in enumerate(meant)
            )
            gap = 0
            continue
        words: set[str] = set()
        for choice in part.removesuffix("?").split("/"):
            if choice.startswith("@"):
                if choice[1:] not in groups:
                    raise ValueError(f"no group {choice} in phrase {phrase!r}")
                words |= groups[choice[1:]]
            else:
                words.update(words_of(choice))
        if spelling:
            words = {spelling[word][0] if len(spelling.get(word, ())) == 1 else word for word in words}
        elements.append(Element(frozenset(words), optional, gap))
        gap = 0
    if not elements or elements[-1].optional or gap or not all(element.words for element in elements):
        raise ValueError(f"phrase {phrase!r} is empty or ends in nothing certain")
    return tuple(elements)


class PhraseMatcher:
    """All phrases of all languages in one automaton that threads may share."""

    def __init__(
        self,
        phrases: Sequence[tuple[Element, ...]],
        spelling: Mapping[str, Sequence[str]],
        strange: Sequence[tuple[Element, ...]] = (),
    ) -> None:
        """`spelling` maps a plain word to the words it stands for (`hes` to `he is`).

        `strange` phrases are numbered after the others; misspellings of their words are not forgiven, because most of
        them are good words of the language that everybody else writes.
        """
        own, phrases = phrases, [*phrases, *strange]
        self._phrases = phrases
        self._spelling = {word: tuple(meant) for word, meant in spelling.items()}
        self._starts: dict[str, tuple[set[Item], set[int]]] = {}
        for number, elements in enumerate(phrases):
            for place in self._reachable(elements, 0):
                for word in elements[place].words:
                    self._take(number, place, *self._starts.setdefault(word, (set(), set())))
        self._vocabulary = {word for elements in phrases for element in elements for word in element.words}
        forgiven = {word for elements in own for element in elements for word in element.words} | set(self._spelling)
        self._near = _near_misses(forgiven, self._vocabulary)
        self._learning = Lock()
        self._forget()
        self._meant: dict[str, tuple[str, ...]] = {}

    def _forget(self) -> None:
        """Begin with an empty automaton."""
        self._numbers: dict[frozenset[Item], int] = {frozenset(): 0}
        self._states: list[frozenset[Item]] = [frozenset()]
        self._moves: dict[tuple[int, str], tuple[int, tuple[int, ...]]] = {}

    def tokens(self, words: Iterable[str]) -> list[str]:
        """Answer the words as the phrases spell them; a word that no phrase knows becomes an empty string."""
        answer: list[str] = []
        for word in words:
            meant = self._meant.get(word)
            if meant is None:
                if len(self._meant) > _MOST_TOKENS_KEPT:
                    self._meant = {}
                meant = self._meant[word] = self._read(word)
            answer.extend(meant)
        return answer

    def scan(self, tokens: Sequence[str]) -> list[tuple[int, int]]:
        """Answer (phrase number, index of its last token) for every phrase found, in order of the last token."""
        found: list[tuple[int, int]] = []
        with self._learning:
            if len(self._states) > _MOST_STATES:
                self._forget()
            states, numbers, moves = self._states, self._numbers, self._moves
        state = 0
        for index, token in enumerate(tokens):
            move = moves.get((state, token))
            if move is None:
                items, accepted = self._step(states[state], token)
                with self._learning:
                    number = numbers.setdefault(items, len(states))
                    if number == len(states):
                        states.append(items)
                move = moves[state, token] = (number, accepted)
            state = move[0]
            if move[1]:
                found.extend((number, index) for number in move[1])
        return found

    def first(self, number: int, tokens: Sequence[str], last: int) -> int:
        """Answer the index of the first token of phrase `number`, found to end at `last`: the earliest there can be."""
        *before, final = self._phrases[number]
        places = {(last, final.gap_before)}
        for element in reversed(before):
            behind = {(at, max(gap, element.gap_before)) for at, gap in places} if element.optional else set()
            for at, gap in places:
                for place in range(max(0, at - 1 - gap), at):
                    if tokens[place] in element.words:
                        behind.add((place, element.gap_before))
            places = behind
        return min((at for at, _ in places), default=last)

    def _step(self, items: frozenset[Item], token: str) -> tuple[frozenset[Item], tuple[int, ...]]:
        started, ended = self._starts.get(token, (frozenset(), frozenset()))
        after, accepted = set(started), set(ended)
        for number, waiting, skips in items:
            elements = self._phrases[number]
            for place in range(waiting, len(elements)):
                if token in elements[place].words:
                    self._take(number, place, after, accepted)
                if not elements[place].optional:
                    break
            if skips:
                after.add((number, waiting, skips - 1))
        return frozenset(after), tuple(sorted(accepted))

    def _take(self, number: int, place: int, after: set[Item], accepted: set[int]) -> None:
        """Go past element `place`: to the phrase's end, or to wait for the next element."""
        elements = self._phrases[number]
        if place + 1 == len(elements):
            accepted.add(number)
        else:
            after.add((number, place + 1, elements[place + 1].gap_before))

    @staticmethod
    def _reachable(elements: Sequence[Element], place: int) -> list[int]:
        """Answer the elements that may come next: this one, and those behind it while they are optional."""
        answer = [place]
        while elements[answer[-1]].optional:
            answer.append(answer[-1] + 1)
        return answer

    def _read(self, word: str) -> tuple[str, ...]:
        for candidate in (word, _LONG_RUN.sub(r"\1", word), _LONG_RUN.sub(r"\1\1", word)):
            if candidate in self._spelling:
                return self._spelling[candidate]
            if candidate in self._vocabulary:
                return (candidate,)
        near = self._near.get(word) if len(word) <= 20 else None
        if near is None:
            return ("",)
        return self._spelling.get(near, (near,))


def _near_misses(vocabulary: Iterable[str], others: Iterable[str]) -> dict[str, str]:
    """Answer misspellings and what they mean: two letters swapped, one missing or doubled, never the first letter.

    Wrong letters are not forgiven: they turn too many ordinary words into dangerous ones (filling, killing).
    """
    known = set(vocabulary)
    taken = known | set(others)
    answer: dict[str, str] = {}
    for word in sorted(known):
        if not word.isascii() or len(word) < _FORGIVEN_SWAP:
            continue
        misses = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1)}
        if len(word) >= _FORGIVEN_LETTER:
            misses |= {word[:i] + word[i + 1 :] for i in range(1, len(word))}
            misses |= {word[: i + 1] + word[i:] for i in range(1, len(word))}
        for miss in misses - taken:
            answer.setdefault(miss, word)
    return answer
