"""One reading of what was said: danger words and model together. Words raise what the model says, never lower it.

Everything that reads words reads them here: a turn of the bot, `contact triage label`, `contact triage evaluate`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contact.domain.bot_turn import Triage
from contact.domain.proposal import Reason, propose
from contact.domain.screen import Screening, screen
from contact.domain.taxonomy import Category, Flag, Grade, graver, in_order

NOT_TRIAGED = 0.3
"""How sure a reading is before anybody, model or person, has read the words: low, so that a person looks soon."""
DISAGREE = 0.45
"""How sure it is at most where the words alarm more than the model does (taxonomy, "looking")."""

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


def read(text: str, model: Triage | None) -> Reading:
    """Read some words, with what the model made of them or, while it is away, without."""
    return combine(screen(text), model)


def combine(heard: Screening, model: Triage | None) -> Reading:
    """Put together what the danger words and the model say of the same text."""
    if model is None:
        return _without_model(heard)
    grade = graver(model.grade, heard.grade) if heard.grade else model.grade
    raised = grade is not model.grade
    own = [OWN_FLAG[model.category]] if model.category in OWN_FLAG else []
    reasons = [Reason(code, "model") for code in model.reasons] + [Reason(code, "screen") for code in heard.reasons]
    return Reading(
        category=model.category,
        grade=grade,
        advise_999=model.advise_999 or heard.advise_999 or grade is Grade.EMERGENCY,
        flags=in_order([*own, *model.flags, *heard.flags]),
        confidence=min(model.confidence, DISAGREE) if raised else model.confidence,
        reasons=_once(reasons) or (Reason("nothing_urgent_found", "default"),),
        version=f"{model.version}:{heard.version}",
        data_version=model.data_version,
    )


def _without_model(heard: Screening) -> Reading:
    proposal = propose(category=Category.GENERAL_ENQUIRY, hints=[Untriaged()], screening=heard)
    return Reading(
        category=proposal.category,
        grade=proposal.grade,
        advise_999=proposal.advise_999 or proposal.grade is Grade.EMERGENCY,
        flags=proposal.flags,
        confidence=NOT_TRIAGED,
        reasons=proposal.reasons,
        version=proposal.version,
    )


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))
