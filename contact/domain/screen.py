"""The emergency screen: any free text in; out whether to advise 999, how grave, and why, as codes, in milliseconds.

It raises alarms and never lowers any. Words come from `data/danger.<language>.json`, one file a language (engineering
35); all languages are read at once, because people mix them. Source: practice 1, 11, 12; taxonomy, "asymmetry".
"""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from contact.domain.phrases import Element, PhraseMatcher, parse_phrase, words_of
from contact.domain.taxonomy import Flag, Grade, graver, in_order
from contact.domain.word_weights import NOTHING_WEIGHED, Weighed, weights

UNREADABLE = "unreadable"
SEVERAL_SIGNS = "several_signs"
WORDS_WEIGHED = "words_weighed"
_PAST = {"past_recent", "past_distant"}
_PRESENT = "present"
_SHORT_WORDS = 5
_UNREADABLE_WORDS = 8
_UNREADABLE_SHARE = 0.08
_SIGNS_WINDOW = 25
_SIGNS_ENOUGH, _SIGNS_GRAVE = 3, 7
_SENTENCE_END = re.compile(r"[.!?;\n\r]+")
_OWN = ("en", "cy")
"""Languages that people here read; the first is also the language whose words have been weighed."""
EMERGENCY_FROM, ADVISE_FROM = 0.6, 0.53
"""How likely the words must make it to be heard without any rule: chosen on the development set (data/README.md)."""
EMERGENCY_STANDS_FROM, ADVICE_STANDS_FROM = 0.4, 0.2
"""How likely the words must make it, in a message of some length, for one rule alone to be believed."""
_PLAIN = {"breathing", "child_taken", "danger_here", "drowning", "in_progress", "just_done", "overdose", "unconscious"}
"""Rules right often enough to advise 999 whatever the other words weigh (seven in ten and more in training)."""
_ALARMING_FROM, _WEIGHED_FROM, _WEIGHED_AT_ONCE = 8, 15, 150
"""From how many words on they alarm by weight alone and speak against a rule; how many are weighed as one text."""
_EMOJI = {"\U0001f52a": " knife ", "\U0001f5e1": " knife ", "\U0001f52b": " gun ", "\U0001f198": " sos "}


@dataclass(frozen=True)
class Screening:
    """What the screen found. `reasons` are rule codes, never words of the text; `grade` None is "nothing heard"."""

    advise_999: bool
    grade: Grade | None
    flags: tuple[Flag, ...]
    reasons: tuple[str, ...]
    version: str
    language: str | None = None  # the language in which danger was heard, where it is neither English nor Welsh
    weighed: Weighed = NOTHING_WEIGHED
    ruled: Grade | None = None  # the grade by rules alone, without weighing all the words

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
    language: str


@dataclass(frozen=True)
class _Heard:
    """A text taken apart."""

    sentences: tuple[list[str], ...]  # their words
    hits: tuple["Hit", ...]
    sentence_of: tuple[int, ...]  # for each token
    calm: bool  # a guard says that weighing the words misleads

    @property
    def words(self) -> list[str]:
        """All words in order."""
        return [word for sentence in self.sentences for word in sentence]


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
    heard = _hear(loaded, text)
    unreadable = _is_unreadable(text, heard.words, loaded.common_words)
    return _summed_up(loaded, heard, unreadable)


def heard_codes(text: str) -> list[str]:
    """Answer the codes of rules and kinds of signs heard, as the weights count them."""
    return _codes(_hear(_loaded(), text).hits)


def _hear(loaded: _Screen, text: str) -> _Heard:
    for emoji, word in _EMOJI.items():
        text = text.replace(emoji, word)
    tokens: list[str] = []
    sentence_of: list[int] = []
    sentences = [words_of(sentence) for sentence in _SENTENCE_END.split(text)]
    for number, in_sentence in enumerate(sentences):
        spelt = loaded.matcher.tokens(in_sentence)
        tokens.extend(spelt)
        sentence_of.extend([number] * len(spelt))
    hits, calm = _standing(loaded, tokens, sentence_of, short=sum(map(len, sentences)) <= _SHORT_WORDS)
    return _Heard(tuple(sentences), tuple(hits), tuple(sentence_of), calm)


def _codes(hits: Iterable["Hit"]) -> list[str]:
    return list(dict.fromkeys(f"sign:{rule.sign}" if rule.sign else rule.code for rule, _ in hits))


def _weigh(words: Sequence[str], codes: Sequence[str]) -> Weighed:
    """Weigh a text; a long one in overlapping stretches, of which the gravest counts."""
    if len(words) <= _WEIGHED_AT_ONCE:
        return weights().weigh(words, codes)
    half = _WEIGHED_AT_ONCE // 2
    each = [weights().weigh(words[at : at + _WEIGHED_AT_ONCE], codes) for at in range(0, len(words) - half, half)]
    return Weighed(max(one.emergency for one in each), max(one.advise_999 for one in each))


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
        language=next((one.language for one in each if one.language), None),
        ruled=graver(*ruled) if (ruled := [one.ruled for one in each if one.ruled]) else None,
        weighed=Weighed(
            max((one.weighed.emergency for one in each), default=0.0),
            max((one.weighed.advise_999 for one in each), default=0.0),
        ),
    )


def version() -> str:
    """Answer the version of rules and words together, as proposals keep it."""
    return _loaded().version


def reviews() -> tuple[DataReview, ...]:
    """Answer who has reviewed each language's words, for `contact screen check` and go-live."""
    return _loaded().reviews


Hit = tuple[_Rule, int]


def _standing(loaded: _Screen, tokens: list[str], sentence_of: list[int], *, short: bool) -> tuple[list[Hit], bool]:
    """Drop what a guard of the same sentence takes back, and single words in longer texts; and whether one calms."""
    found = loaded.matcher.scan(tokens)
    taken_back: dict[str, set[int]] = {}
    for number, last in found:
        for code in loaded.rules[number].cancels:
            first = loaded.matcher.first(number, tokens, last)
            if sentence_of[first] == sentence_of[last]:  # "my gun certificate. He has a gun" is no figure of speech
                taken_back.setdefault(code, set()).update(range(first, last + 1))
    hits = []
    for number, last in found:
        rule = loaded.rules[number]
        if rule.cancels or (rule.short_only and not short) or last in taken_back.get(rule.code, ()):
            continue
        hits.append((rule, last))
    return hits, WORDS_WEIGHED in taken_back


def _summed_up(loaded: _Screen, heard: _Heard, unreadable: bool) -> Screening:
    hits, words = heard.hits, heard.words
    weighed = _weigh(words, _codes(hits))
    found = _by_rules(heard, _Speaking(heard, weighed))
    if unreadable:
        found.add(UNREADABLE, Grade.PRIORITY)
    ruled = graver(*found.grades) if found.grades else None
    alarming = weighed.emergency >= EMERGENCY_FROM or weighed.advise_999 >= ADVISE_FROM
    if alarming and not heard.calm and len(words) >= _ALARMING_FROM:
        found.add(WORDS_WEIGHED, Grade.EMERGENCY if weighed.emergency >= EMERGENCY_FROM else Grade.PRIORITY)
        found.advise = True
    language = _language(hits)
    if unreadable or language:
        found.flags.append(Flag.LANGUAGE_BARRIER)
    grade = graver(*found.grades) if found.grades else None
    return Screening(
        advise_999=found.advise or grade is Grade.EMERGENCY,
        grade=grade,
        flags=in_order(found.flags),
        reasons=tuple(dict.fromkeys(found.reasons)),
        version=loaded.version,
        language=language,
        weighed=weighed,
        ruled=ruled,
    )


@dataclass
class _Found:
    """What has been heard so far."""

    advise: bool = False
    grades: list[Grade] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def add(self, reason: str, grade: Grade | None) -> None:
        """Take in one more reason and its grade."""
        self.reasons.append(reason)
        if grade:
            self.grades.append(grade)


def _by_rules(heard: _Heard, speaks: "_Speaking") -> _Found:
    hits, sentence_of = heard.hits, heard.sentence_of
    told_as = {code: {sentence_of[last] for rule, last in hits if rule.code == code} for code in (*_PAST, _PRESENT)}
    found = _Found()
    for rule, last in hits:
        if rule.code in told_as or rule.sign:
            continue
        past = rule.softens and not told_as[_PRESENT]
        distant = past and sentence_of[last] in told_as["past_distant"]
        recent = past and sentence_of[last] in told_as["past_recent"]
        grade = rule.grade
        # Told as over, it is still a priority: people understate, and a rule that lowers must be timid.
        if grade is Grade.EMERGENCY and (distant or recent or speaks.against_emergency(rule, last)):
            grade = Grade.PRIORITY
        found.add(rule.code, grade)
        found.flags.extend(rule.flags)
        found.advise |= rule.advise_999 and not distant and not speaks.against_advice(rule, last)
    signs = 0 if (told_as["past_recent"] | told_as["past_distant"]) and not told_as[_PRESENT] else _signs(hits)
    if signs >= _SIGNS_ENOUGH:
        grave = signs >= _SIGNS_GRAVE and not speaks.against_signs()
        found.add(SEVERAL_SIGNS, Grade.EMERGENCY if grave else Grade.PRIORITY)
        found.advise = True
    return found


class _Speaking:
    """Whether all the words together, and those of the rule's own sentence, speak plainly against a rule heard."""

    def __init__(self, heard: _Heard, weighed: Weighed) -> None:
        self.heard, self.weighed = heard, weighed
        self.by_sentence: dict[int, Weighed] = {}
        self.can = _WEIGHED_FROM <= len(heard.words) <= _WEIGHED_AT_ONCE

    def against_emergency(self, rule: _Rule, last: int) -> bool:
        """Too unlikely an emergency for one rule alone."""
        if not self.can or rule.language != _OWN[0] or self.weighed.emergency >= EMERGENCY_STANDS_FROM:
            return False
        return self._sentence(last).emergency < EMERGENCY_STANDS_FROM

    def against_signs(self) -> bool:
        """Too unlikely an emergency for weak signs alone."""
        enough = len(self.heard.words) >= _WEIGHED_FROM
        return enough and self.weighed.emergency < EMERGENCY_STANDS_FROM

    def against_advice(self, rule: _Rule, last: int) -> bool:
        """Too unlikely a reason to advise 999 for one rule alone."""
        doubted = self.can and rule.language == _OWN[0] and rule.code not in _PLAIN
        doubted = doubted and len(self.heard.sentences[self.heard.sentence_of[last]]) >= _ALARMING_FROM
        if not doubted or self.weighed.advise_999 >= ADVICE_STANDS_FROM:
            return False
        return self._sentence(last).advise_999 < ADVICE_STANDS_FROM

    def _sentence(self, last: int) -> Weighed:
        number = self.heard.sentence_of[last]
        if number not in self.by_sentence:
            hits = [hit for hit in self.heard.hits if self.heard.sentence_of[hit[1]] == number]
            self.by_sentence[number] = weights().weigh(self.heard.sentences[number], _codes(hits))
        return self.by_sentence[number]


def _language(hits: Sequence["Hit"]) -> str | None:
    """Answer the language of most danger, if few here read it; "police" and what else is danger in ours tells none."""
    own = {last for rule, last in hits if rule.language in _OWN}
    counted = Counter(rule.language for rule, last in hits if last not in own and not rule.sign)
    return counted.most_common(1)[0][0] if counted else None


def _signs(hits: Iterable[Hit]) -> int:
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


def _is_unreadable(text: str, words: Sequence[str], common: frozenset[str]) -> bool:
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
    own = 0
    folder = files("contact.domain").joinpath("data")
    names = sorted(entry.name for entry in folder.iterdir() if re.fullmatch(r"danger\.[a-z]+\.json", entry.name))
    names.sort(key=lambda name: name.split(".")[1] not in _OWN)  # their spelling holds for every other language
    for name in names:
        raw = folder.joinpath(name).read_bytes()
        digest.update(raw)
        data = json.loads(raw)
        reviewed.append(DataReview(name, data["source"], data["owner"], data.get("reviewer"), data.get("reviewed_on")))
        groups = {
            key: frozenset(one for word in words for one in words_of(word)) for key, words in data["groups"].items()
        }
        spelling.update({word: words_of(meant) for word, meant in data["spelling"].items() if word not in spelling})
        common.update(one for word in data["common_words"] for one in words_of(word))
        own = own if data["language"] not in _OWN else len(phrases) + sum(len(e["phrases"]) for e in data["rules"])
        for entry in data["rules"]:
            rule = _rule(entry, data["language"])
            for phrase in entry["phrases"]:
                phrases.append(parse_phrase(phrase, groups, spelling))
                rules.append(rule)
    return _Screen(
        tuple(rules),
        PhraseMatcher(phrases[:own], spelling, phrases[own:]),
        frozenset(common),
        f"screen-{digest.hexdigest()[:10]}",
        tuple(reviewed),
    )


def _rule(entry: dict[str, Any], language: str) -> _Rule:
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
        language=language,
    )
