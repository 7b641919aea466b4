"""What the machine proposes for a contact: rules may raise what the form suggests, and nothing here ever lowers it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from contact.domain.screen import Screening
from contact.domain.taxonomy import SERVICES, Category, Flag, Grade, first_category, graver, in_order

VERSION = "rules-1"
_SURE, _FAIR, _UNSURE = 0.9, 0.7, 0.4


class Hint(Protocol):
    """What a form's structure suggests (forms.Hint): category, grade floor or None, flags, advice, reason."""

    @property
    def code(self) -> str: ...
    @property
    def grade(self) -> str | None: ...
    @property
    def flags(self) -> Sequence[str]: ...
    @property
    def advise_999(self) -> bool: ...
    @property
    def reason_code(self) -> str: ...


@dataclass(frozen=True)
class Reason:
    """Why: a code with what filled it, worded at the edge. `source` is form, screen or default."""

    code: str
    source: str
    parameters: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """What the store keeps."""
        return {"code": self.code, "source": self.source, **dict(self.parameters)}


@dataclass(frozen=True)
class Proposal:
    """One category, one grade, flags and advice, each with its reasons; a person confirms or changes it."""

    category: Category
    grade: Grade
    advise_999: bool
    flags: tuple[Flag, ...] = ()
    reasons: tuple[Reason, ...] = ()
    confidence: float = _FAIR
    version: str = field(default=VERSION)


# What the words themselves are about, where no form says it: the emergency door asks only what is happening.
_HEARD = {
    "terrorism": Category.TERRORISM,
    "child_taken": Category.CHILD_PROTECTION,
    "child_harm": Category.CHILD_PROTECTION,
    "sexual": Category.SEXUAL_OFFENCE,
    "domestic_abuse": Category.DOMESTIC_ABUSE,
    "honour": Category.DOMESTIC_ABUSE,
    "exploitation": Category.EXPLOITATION,
    "missing": Category.MISSING_PERSON,
    "suicide": Category.WELFARE_CONCERN,
    "self_harm": Category.WELFARE_CONCERN,
    "overdose": Category.WELFARE_CONCERN,
    "crisis": Category.WELFARE_CONCERN,
    "welfare": Category.WELFARE_CONCERN,
    "hate": Category.HATE_CRIME,
    "attack": Category.ASSAULT,
    "strangulation": Category.ASSAULT,
    "threat_to_kill": Category.HARASSMENT_STALKING,
    "weapon": Category.WEAPONS,
    "collision": Category.ROAD_TRAFFIC,
    "drunk_driver": Category.ROAD_TRAFFIC,
    "dog": Category.ANIMAL_WILDLIFE,
}


def propose(*, category: Category, hints: Iterable[Hint], screening: Screening) -> Proposal:
    """Put the form's hints and the screen of its free text together.

    The gravest grade of all wins; confidence falls where the words alarm more than the form's own answers did, or where
    nobody can read them, so that a person looks sooner (taxonomy, "looking").
    """
    given = list(hints)
    floor = Grade.ENQUIRY if category in SERVICES else Grade.STANDARD
    suggested = [Grade(hint.grade) for hint in given if hint.grade is not None]
    from_form = graver(floor, *suggested)
    grade = graver(from_form, screening.grade) if screening.grade else from_form
    named = [category, *(Category(hint.code) for hint in given if hint.code)]
    flags = in_order([*(Flag(flag) for hint in given for flag in hint.flags), *screening.flags])
    if set(named) == {Category.GENERAL_ENQUIRY}:
        named = [_HEARD[code] for code in screening.reasons if code in _HEARD] or named
    life_at_risk = grade is Grade.EMERGENCY or Flag.SUICIDE_RISK in flags
    return Proposal(
        category=first_category(named, life_at_risk=life_at_risk) if len(set(named)) > 1 else named[0],
        grade=grade,
        advise_999=screening.advise_999 or any(hint.advise_999 for hint in given),
        flags=flags,
        reasons=_reasons(given, screening),
        confidence=_confidence(from_form, grade, screening),
        version=f"{VERSION}:{screening.version}",
    )


def _reasons(hints: Iterable[Hint], screening: Screening) -> tuple[Reason, ...]:
    found = [Reason(hint.reason_code, "form") for hint in hints]
    found += [Reason(code, "screen") for code in screening.reasons]
    return tuple(dict.fromkeys(found)) or (Reason("nothing_urgent_found", "default"),)


def _confidence(from_form: Grade, grade: Grade, screening: Screening) -> float:
    if "unreadable" in screening.reasons:
        return _UNSURE
    return _FAIR if grade is not from_form else _SURE
