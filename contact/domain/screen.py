"""The emergency screen: any free text in; out whether to advise 999, how grave, and why, as codes, in milliseconds.

It raises alarms and never lowers any. Words come from `data/danger.<language>.json`, one file a language (engineering
35); all languages are read at once, because people mix them. Source: practice 1, 11, 12; taxonomy, "asymmetry".
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from contact.domain.phrases import Element, PhraseMatcher, parse_phrase, words_of
from contact.domain.taxonomy import Flag, Grade, graver, in_order

UNREADABLE = "unreadable"
SEVERAL_SIGNS = "several_signs"
_PAST = {"past_recent", "past_distant"}
_PRESENT = "present"
_SHORT_WORDS = 5
_UNREADABLE_WORDS = 8
_UNREADABLE_SHARE = 0.08
_SIGNS_WINDOW = 25
_SIGNS_ENOUGH, _SIGNS_GRAVE = 3, 7
_SENTENCE_END = re.compile(r"[.!?;\n\r]+")
_EMOJI = {"\U0001f52a": " knife ", "\U0001f5e1": " knife ", "\U0001f52b": " gun ", "\U0001f198": " sos "}


@dataclass(frozen=True)
class Screening:
    """What the screen found. `reasons` are rule codes, never words of the text; `grade` None is "nothing heard"."""

    advise_999: bool
    grade: Grade | None
    flags: tuple[Flag, ...]
    reasons: tuple[str, ...]
    version: str

    @property
    def found(self) -> bool:
        """Whether anything at all was heard."""
        return bool(self.reasons)


@dataclass(frozen=True)
class DataReview:
    """Who answers for a data file, and whether anybody has looked at it (engineering 35)."""

    name: str
    source: str
    owner: str
    reviewer: str | None
    reviewed_on: str | None

    @property
    def is_reviewed(self) -> bool:
        """Whether both reviewer and date are there; go-live refuses a file that is not."""
        return bool(self.reviewer and self.reviewed_on)


@dataclass(frozen=True)
class _Rule:
    code: str
    advise_999: bool
    grade: Grade | None
    flags: tuple[Flag, ...]
    softens: bool  # told as past, an emergency becomes a priority
    short_only: bool  # counts only in a message of a few words
    cancels: frozenset[str]  # for guards: the codes they take back
    sign: str  # for weak signs: their kind; several kinds close together are heard, one alone is not
    weight: int


@dataclass(frozen=True)
class _Screen:
    rules: tuple[_Rule, ...]  # one for each phrase of the matcher
    matcher: PhraseMatcher
    common_words: frozenset[str]
    version: str
    reviews: tuple[DataReview, ...]


def screen(text: str) -> Screening:
    """Screen one free text of any length; pure, and linear in its length."""
    loaded = _loaded()
    for emoji, word in _EMOJI.items():
        text = text.replace(emoji, word)
    tokens: list[str] = []
    sentence_of: list[int] = []
    words: list[str] = []
    for number, sentence in enumerate(_SENTENCE_END.split(text)):
        in_sentence = words_of(sentence)
        words.extend(in_sentence)
        spelt = loaded.matcher.tokens(in_sentence)
        tokens.extend(spelt)
        sentence_of.extend([number] * len(spelt))
    hits = _standing(loaded, tokens, short=len(words) <= _SHORT_WORDS)
    unreadable = _is_unreadable(text, words, loaded.common_words)
    return _summed_up(loaded, hits, sentence_of, unreadable)


def screen_all(texts: Iterable[str]) -> Screening:
    """Screen several answers of one person and answer the gravest of everything heard."""
    return combined([screen(text) for text in texts])


def combined(screenings: Iterable[Screening]) -> Screening:
    """Answer one screening that leaves nothing out of those given; an empty one for none."""
    each = list(screenings)
    grades = [one.grade for one in each if one.grade]
    return Screening(
        advise_999=any(one.advise_999 for one in each),
        grade=graver(*grades) if grades else None,
        flags=in_order(flag for one in each for flag in one.flags),
        reasons=tuple(dict.fromkeys(reason for one in each for reason in one.reasons)),
        version=version(),
    )


def version() -> str:
    """Answer the version of rules and words together, as proposals keep it."""
    return _loaded().version


def reviews() -> tuple[DataReview, ...]:
    """Answer who has reviewed each language's words, for `contact screen check` and go-live."""
    return _loaded().reviews


Hit = tuple[_Rule, int]


def _standing(loaded: _Screen, tokens: list[str], *, short: bool) -> list[Hit]:
    """Drop what a guard takes back (figures of speech, negations) and single words in longer texts."""
    found = loaded.matcher.scan(tokens)
    taken_back: dict[str, set[int]] = {}
    for number, last in found:
        for code in loaded.rules[number].cancels:
            first = loaded.matcher.first(number, tokens, last)
            taken_back.setdefault(code, set()).update(range(first, last + 1))
    hits = []
    for number, last in found:
        rule = loaded.rules[number]
        if rule.cancels or (rule.short_only and not short) or last in taken_back.get(rule.code, ()):
            continue
        hits.append((rule, last))
    return hits


def _summed_up(loaded: _Screen, hits: list[Hit], sentence_of: list[int], unreadable: bool) -> Screening:
    told_as = {code: {sentence_of[last] for rule, last in hits if rule.code == code} for code in (*_PAST, _PRESENT)}
    advise = False
    grades: list[Grade] = []
    flags: list[Flag] = []
    reasons: list[str] = []
    for rule, last in hits:
        if rule.code in told_as or rule.sign:
            continue
        reasons.append(rule.code)
        flags.extend(rule.flags)
        past = rule.softens and not told_as[_PRESENT]
        distant = past and sentence_of[last] in told_as["past_distant"]
        recent = past and sentence_of[last] in told_as["past_recent"]
        # Told as over, it is still a priority: people understate, and a rule that lowers must be timid.
        grade = Grade.PRIORITY if (distant or recent) and rule.grade is Grade.EMERGENCY else rule.grade
        if grade:
            grades.append(grade)
        advise = advise or (rule.advise_999 and not distant)
    signs = 0 if (told_as["past_recent"] | told_as["past_distant"]) and not told_as[_PRESENT] else _signs(hits)
    if signs >= _SIGNS_ENOUGH:
        reasons.append(SEVERAL_SIGNS)
        grades.append(Grade.EMERGENCY if signs >= _SIGNS_GRAVE else Grade.PRIORITY)
        advise = True
    if unreadable:
        reasons.append(UNREADABLE)
        flags.append(Flag.LANGUAGE_BARRIER)
        grades.append(Grade.PRIORITY)
    return Screening(
        advise_999=advise,
        grade=graver(*grades) if grades else None,
        flags=in_order(flags),
        reasons=tuple(dict.fromkeys(reasons)),
        version=loaded.version,
    )


def _signs(hits: list[Hit]) -> int:
    """Answer the greatest weight of different kinds of sign within a stretch of words; each kind counts once."""
    signs = [(last, rule.sign, rule.weight) for rule, last in hits if rule.sign]
    most = 0
    for start, (first, _, _) in enumerate(signs):
        kinds: dict[str, int] = {}
        for last, sign, weight in signs[start : start + 3 * _SIGNS_WINDOW]:
            if last - first > _SIGNS_WINDOW:
                break
            kinds[sign] = max(weight, kinds.get(sign, 0))
        most = max(most, sum(kinds.values()))
    return most


def _is_unreadable(text: str, words: list[str], common: frozenset[str]) -> bool:
    """Say whether nobody here is likely to be able to read it: another script, or none of the commonest words."""
    letters = [letter for letter in text[:2000] if letter.isalpha()]
    foreign = sum(1 for letter in letters if not letter.isascii() and "LATIN" not in unicodedata.name(letter, ""))
    if letters and foreign * 2 > len(letters):
        return True
    lettered = [word for word in words[:400] if word.isalpha() and len(word) > 1]
    if len(lettered) < _UNREADABLE_WORDS:
        return False
    return sum(word in common for word in lettered) < len(lettered) * _UNREADABLE_SHARE


@lru_cache(maxsize=1)
def _loaded() -> _Screen:
    digest = hashlib.sha256()
    rules: list[_Rule] = []
    phrases: list[tuple[Element, ...]] = []
    spelling: dict[str, list[str]] = {}
    common: set[str] = set()
    reviewed: list[DataReview] = []
    folder = files("contact.domain").joinpath("data")
    names = sorted(entry.name for entry in folder.iterdir() if re.fullmatch(r"danger\.[a-z]+\.json", entry.name))
    for name in names:
        raw = folder.joinpath(name).read_bytes()
        digest.update(raw)
        data = json.loads(raw)
        reviewed.append(DataReview(name, data["source"], data["owner"], data.get("reviewer"), data.get("reviewed_on")))
        groups = {
            key: frozenset(one for word in words for one in words_of(word)) for key, words in data["groups"].items()
        }
        spelling.update({word: words_of(meant) for word, meant in data["spelling"].items()})
        common.update(one for word in data["common_words"] for one in words_of(word))
        for entry in data["rules"]:
            rule = _rule(entry)
            for phrase in entry["phrases"]:
                phrases.append(parse_phrase(phrase, groups))
                rules.append(rule)
    return _Screen(
        tuple(rules),
        PhraseMatcher(phrases, spelling),
        frozenset(common),
        f"screen-{digest.hexdigest()[:10]}",
        tuple(reviewed),
    )


def _rule(entry: dict[str, Any]) -> _Rule:
    return _Rule(
        code=entry["code"],
        advise_999=entry.get("advise_999", False),
        grade=Grade(entry["grade"]) if entry.get("grade") else None,
        flags=tuple(Flag(flag) for flag in entry.get("flags", ())),
        softens=entry.get("softens", False),
        short_only=entry.get("short_only", False),
        cancels=frozenset(entry.get("cancels", ())),
        sign=entry.get("sign", ""),
        weight=entry.get("weight", 0),
    )
