"""One reading of what was said: danger words, model and the weight of all the words. Danger words only ever raise.

Everything that reads words reads them here: a turn of the bot, `contact triage label`, `contact triage evaluate`. Two
readers that err differently, the model and weights on words, are right more often together than either alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from contact.domain import matter_weights, word_weights
from contact.domain.bot_turn import Triage
from contact.domain.matter_weights import Matter, weigh_matter
from contact.domain.proposal import Proposal, Reason, propose
from contact.domain.screen import DataReview, Screening, screen
from contact.domain.taxonomy import SERVICES, Category, Flag, Grade, graver, in_order

NOT_TRIAGED = 0.3
"""How sure a reading is before anybody, model or person, has read the words: low, so that a person looks soon."""
DISAGREE = 0.45
"""How sure it is at most where the words alarm more than the model does (taxonomy, "looking")."""

MODEL_COUNTS = 0.5
"""How much the model counts beside the words for the grade, 0 to 1: flat from 0.4 to 0.6 where this was measured (945
messages held out of training, with words learnt from the rest, and the development set)."""
LEAST_CHANCE = 0.005
"""What each category is given at least, by model and by words, before the two are multiplied: neither rules one out."""
EMERGENCY_STARTS, EMERGENCY_BY = 0.12, (0.66, 0.25, 0.36)
"""How the odds (logarithms) of an emergency add up: where they start, and what those of the model, of all the words and
of the screen's weights count. By logistic regression on 1,523 messages that none had learnt from; a mean of the three
finds fewer at as many false alarms."""
EMERGENCY_FROM = 0.3
"""How likely all together make an emergency before it is graded one. Drawn on the development and the second set: 93 in
100 found, 4 false in 100; at 0.5 it were 89 and 3. Missing one is worse than a false alarm (taxonomy, asymmetry)."""
ADVICE_STARTS, ADVICE_BY = -0.15, (0.85, 0.44, 0.17)
"""The same for 999 advice: the odds of the model's advice, of the screen's weights and of the model's emergency."""
ADVISE_FROM = 0.2
"""Advice costs little: all emergencies of those sets are advised, and one in six of the messages that need none."""
BY_WORDS_FROM, ADVISE_BY_WORDS_FROM = 0.44, 0.3
"""The lines for an emergency and for advice where the model is away."""
SUREST = 0.999
"""No reader is taken to be surer than this, for or against."""
ADVISES, ADVISES_NOT = 0.9, 0.05
"""What a yes or no to advice is worth where the model does not say how likely."""
PRIORITY_COUNTS = 1.3
"""How much more a likely priority counts than a likely standard or enquiry: waiting does harm."""
SURELY_ENQUIRY = 0.6
"""How likely an enquiry must be in a matter that is no service."""
Code = TypeVar("Code")

OWN_FLAG = {
    Category.DOMESTIC_ABUSE: Flag.DOMESTIC_ABUSE,
    Category.SEXUAL_OFFENCE: Flag.SEXUAL,
    Category.HATE_CRIME: Flag.HATE,
    Category.CHILD_PROTECTION: Flag.CHILD,
    Category.EXPLOITATION: Flag.EXPLOITATION,
    Category.WEAPONS: Flag.WEAPON,
}
"""A matter of these categories always carries its own flag."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Category, grade, advice and flags of some words, why, how sure (0 to 1), and by which versions."""

    category: Category
    grade: Grade
    advise_999: bool
    flags: tuple[Flag, ...]
    confidence: float
    reasons: tuple[Reason, ...]
    version: str
    data_version: str | None = None


@dataclass(frozen=True, slots=True)
class Untriaged:
    """The hint of words that nobody has read yet: a standard matter until model or person says otherwise."""

    code: str = Category.GENERAL_ENQUIRY.value
    grade: str | None = Grade.STANDARD.value
    flags: tuple[str, ...] = ()
    advise_999: bool = False
    reason_code: str = "not_triaged"


def reviews() -> tuple[DataReview, ...]:
    """Answer who has reviewed the learnt weights, for `contact screen check` and go-live (engineering 35)."""
    each = {"word_weights.json": word_weights.about(), "matter_weights.json": matter_weights.about()}
    return tuple(
        DataReview(name, about["source"], about["owner"], about["reviewer"], about["reviewed_on"])
        for name, about in each.items()
    )


def read(text: str, model: Triage | None) -> Reading:
    """Read a first message, with what the model made of it or, while it is away, without."""
    return _weighed(screen(text), weigh_matter(text), model)


def combine(heard: Screening, model: Triage | None) -> Reading:
    """Put danger words of one message and the model's view of a whole conversation so far together."""
    if model is None:
        return _without_model(heard)
    grade = graver(model.grade, heard.grade) if heard.grade else model.grade
    raised = grade is not model.grade
    return Reading(
        category=model.category,
        grade=grade,
        advise_999=model.advise_999 or heard.advise_999 or grade is Grade.EMERGENCY,
        flags=_flags(model.category, model, heard),
        confidence=min(model.confidence, DISAGREE) if raised else model.confidence,
        reasons=_reasons(model, heard),
        version=f"{model.version}:{heard.version}",
        data_version=model.data_version,
    )


def unsure_of_welsh(reading: Reading) -> Reading:
    """The same reading, which says that it is a guess: model and weights have learnt from hardly any Welsh."""
    reasons = (*reading.reasons, Reason("learnt_in_english", "model"))
    return replace(reading, confidence=min(reading.confidence, DISAGREE), reasons=reasons)


def _weighed(heard: Screening, matter: Matter, model: Triage | None) -> Reading:
    counts = MODEL_COUNTS if model else 0.0
    categories = _together(_categories(model), matter.categories)
    category = max(categories, key=categories.__getitem__)
    grades = _grades(model)
    likely = {code: counts * grades.get(code, 0.0) + (1 - counts) * chance for code, chance in matter.grades.items()}
    alarming, advised = _alarms(heard, matter, model)
    grade = _grade(likely, alarming, heard, category)
    advise = heard.advise_999 or grade is Grade.EMERGENCY or advised
    confidence = categories[category]
    if model is None or (heard.ruled is Grade.EMERGENCY and model.grade is not Grade.EMERGENCY):
        confidence = min(confidence, DISAGREE)
    versions = [*([model.version] if model else []), heard.version, matter_weights.version()]
    return Reading(
        category=category,
        grade=grade,
        advise_999=advise,
        flags=_flags(category, model, heard),
        confidence=confidence,
        reasons=_reasons(model, heard),
        version=":".join(versions),
        data_version=model.data_version if model else None,
    )


def _alarms(heard: Screening, matter: Matter, model: Triage | None) -> tuple[bool, bool]:
    """Whether model and words together make it an emergency, and whether they make it likely enough to advise 999."""
    by_words, by_screen = matter.grades[Grade.EMERGENCY], heard.weighed.emergency
    if model is None:
        emergency = (by_words + by_screen) / 2
        advised = max(heard.weighed.advise_999, emergency) >= ADVISE_BY_WORDS_FROM
        return emergency >= BY_WORDS_FROM, advised
    by_model = _grades(model)[Grade.EMERGENCY]
    told = model.advice_probability
    advice = (ADVISES if model.advise_999 else ADVISES_NOT) if told is None else told
    emergency = _added(EMERGENCY_STARTS, EMERGENCY_BY, (by_model, by_words, by_screen))
    advised = _added(ADVICE_STARTS, ADVICE_BY, (advice, heard.weighed.advise_999, by_model)) >= ADVISE_FROM
    return emergency >= EMERGENCY_FROM, advised


def _added(start: float, counts: Sequence[float], chances: Sequence[float]) -> float:
    """The chance that the odds of several readers make together, each counting as much as it is right (0 to 1)."""
    held = (min(max(chance, 1 - SUREST), SUREST) for chance in chances)
    odds = start + sum(count * math.log(chance / (1 - chance)) for count, chance in zip(counts, held, strict=True))
    return 1 / (1 + math.exp(-odds))


def _grade(likely: dict[Grade, float], alarming: bool, heard: Screening, category: Category) -> Grade:
    """The likeliest grade; danger words raise it, whatever the model makes of them, and so does what never may wait."""
    if heard.ruled is Grade.EMERGENCY or alarming:
        return Grade.EMERGENCY
    rest = {grade: chance for grade, chance in likely.items() if grade is not Grade.EMERGENCY}
    rest[Grade.PRIORITY] *= PRIORITY_COUNTS
    grade: Grade = max(rest, key=rest.__getitem__)
    if grade is Grade.ENQUIRY and category not in SERVICES and likely[Grade.ENQUIRY] < SURELY_ENQUIRY:
        grade = Grade.STANDARD
    if "unreadable" in heard.reasons or Flag.SUICIDE_RISK in heard.flags:
        grade = graver(grade, Grade.PRIORITY)
    return grade


def _together(by_model: Mapping[Category, float], by_words: Mapping[Category, float]) -> Mapping[Category, float]:
    """How likely each category is when model and words are heard as two witnesses; by words alone without a model."""
    if not by_model:
        return by_words
    odds = {code: (by_model[code] + LEAST_CHANCE) * (chance + LEAST_CHANCE) for code, chance in by_words.items()}
    whole = sum(odds.values())
    return {code: chance / whole for code, chance in odds.items()}


def _categories(model: Triage | None) -> dict[Category, float]:
    """What the model thinks of each category; what it does not say is spread evenly."""
    if model is None:
        return {}
    told = dict(model.ranking) or {model.category: model.category_confidence}
    return _filled(told, list(Category))


def _grades(model: Triage | None) -> dict[Grade, float]:
    if model is None:
        return {}
    told = {model.grade: model.grade_confidence}
    if model.emergency_probability is not None:
        told[Grade.EMERGENCY] = model.emergency_probability
    return _filled(told, list(Grade))


def _filled(told: dict[Code, float], codes: list[Code]) -> dict[Code, float]:
    missing = [code for code in codes if code not in told]
    left = max(0.0, 1 - sum(told.values())) / max(1, len(missing))
    return told | dict.fromkeys(missing, left)


def _flags(category: Category, model: Triage | None, heard: Screening) -> tuple[Flag, ...]:
    own = [OWN_FLAG[category]] if category in OWN_FLAG else []
    return in_order([*own, *(model.flags if model else ()), *heard.flags])


def _reasons(model: Triage | None, heard: Screening) -> tuple[Reason, ...]:
    reasons = [Reason(code, "model") for code in (model.reasons if model else ())]
    reasons += [Reason(code, "screen") for code in heard.reasons]
    return _once(reasons) or (Reason("nothing_urgent_found", "default"),)


def untriaged(heard: Screening) -> Proposal:
    """What is proposed of words that only the danger screen has read."""
    proposal = propose(category=Category.GENERAL_ENQUIRY, hints=[Untriaged()], screening=heard)
    return replace(proposal, confidence=NOT_TRIAGED)


def guessed(text: str, heard: Screening) -> Proposal:
    """What is proposed where no model is there: the grade of the danger words, the matter that all words suggest.

    Unsure, so that a person looks soon; yet a sensitive matter is known for one before anybody read it (practice 4).
    """
    proposal = untriaged(heard)
    if proposal.category is not Category.GENERAL_ENQUIRY:
        return proposal
    likely = weigh_matter(text).categories
    category = max(likely, key=likely.__getitem__)
    return replace(proposal, category=category, flags=_flags(category, None, heard))


def read_away(text: str) -> Reading:
    """The same as a reading, for a conversation whose model did not answer."""
    proposal = guessed(text, screen(text))
    return Reading(
        category=proposal.category,
        grade=proposal.grade,
        advise_999=proposal.advise_999 or proposal.grade is Grade.EMERGENCY,
        flags=proposal.flags,
        confidence=proposal.confidence,
        reasons=proposal.reasons,
        version=proposal.version,
    )


def _without_model(heard: Screening) -> Reading:
    proposal = untriaged(heard)
    return Reading(
        category=proposal.category,
        grade=proposal.grade,
        advise_999=proposal.advise_999 or proposal.grade is Grade.EMERGENCY,
        flags=proposal.flags,
        confidence=proposal.confidence,
        reasons=proposal.reasons,
        version=proposal.version,
    )


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))
