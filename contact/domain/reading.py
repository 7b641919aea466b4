"""One reading of what was said: danger words, model and the weight of all the words. Danger words only ever raise.

Everything that reads words reads them here: a turn of the bot, `contact triage label`, `contact triage evaluate`. Two
readers that err differently, the model and weights on words, are right more often together than either alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
MODEL_WEIGHS, WORDS_WEIGH, LEAST_CHANCE = 0.8, 1.0, 0.005
"""How model and words are multiplied for the category. On the development set as often right as the mixture (0.82), and
then as sure as it is right: where it claims 0.97 it is right in 0.96, where 0.65 in 0.70."""
EMERGENCY_FROM = 0.44
"""How likely both together make an emergency before it is graded one: 4 false in 100 on the development set."""
ADVISE_FROM = 0.3
"""The same for 999 advice, which costs little: all emergencies there, and 3 in 10 messages that need none."""
MODEL_ADVISES = 0.4
"""How much the model counts beside the words for advice: less than for the grade, so that either's alarm is heard."""
ADVISES, ADVISES_NOT = 0.9, 0.05
"""What the model's yes and no to advice are worth."""
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
    """The same reading, which says that it is a guess: model and weights have learnt from English messages alone."""
    reasons = (*reading.reasons, Reason("learnt_in_english", "model"))
    return replace(reading, confidence=min(reading.confidence, DISAGREE), reasons=reasons)


def _weighed(heard: Screening, matter: Matter, model: Triage | None) -> Reading:
    counts = MODEL_COUNTS if model else 0.0
    categories = _together(_categories(model), matter.categories)
    category = max(categories, key=categories.__getitem__)
    grades = _grades(model)
    likely = {code: counts * grades.get(code, 0.0) + (1 - counts) * chance for code, chance in matter.grades.items()}
    by_words = (matter.grades[Grade.EMERGENCY] + heard.weighed.emergency) / 2
    emergency = counts * grades.get(Grade.EMERGENCY, 0.0) + (1 - counts) * by_words
    grade = _grade(likely, emergency, heard, category)
    advice = heard.weighed.advise_999
    if model is not None:
        advice = (1 - MODEL_ADVISES) * advice + MODEL_ADVISES * (ADVISES if model.advise_999 else ADVISES_NOT)
    advise = heard.advise_999 or grade is Grade.EMERGENCY or max(advice, emergency) >= ADVISE_FROM
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


def _grade(likely: dict[Grade, float], emergency: float, heard: Screening, category: Category) -> Grade:
    """The likeliest grade; danger words raise it, whatever the model makes of them, and so does what never may wait."""
    if heard.ruled is Grade.EMERGENCY or emergency >= EMERGENCY_FROM:
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
    odds = {
        code: (by_model[code] + LEAST_CHANCE) ** MODEL_WEIGHS * (chance + LEAST_CHANCE) ** WORDS_WEIGH
        for code, chance in by_words.items()
    }
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
