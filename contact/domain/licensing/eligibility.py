"""Whether the law stands in the way of a certificate: tables of ages and sentences, flags and never a refusal.

A bar is shown to the applicant and to the officer; the chief officer decides. Great Britain only: in Northern Ireland
another law holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from contact.domain.licensing.kinds import Licence
from contact.domain.retention import years_after


class Length(StrEnum):
    """A sentence as the law parts it, suspended ones apart; the forms' codes of `longestSentence`."""

    UNDER_3_MONTHS = "under_3_months"
    UNDER_3_YEARS = "3_months_to_3_years"
    """Three months or more, less than three years."""
    FROM_3_YEARS = "3_years_or_more"
    SUSPENDED = "suspended_3_months"
    """Three months or more, and suspended."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence. `counts_from` is the day of release, or of the sentence where it was suspended; None: not known."""

    length: Length
    counts_from: dt.date | None = None


class Bar(StrEnum):
    """What stands in the way, by name."""

    UNDER_14 = "under_14"
    FOR_LIFE = "for_life"
    AFTER_RELEASE = "after_release"
    AFTER_SUSPENDED = "after_suspended"


@dataclass(frozen=True, slots=True)
class Flag:
    """A bar for a person to look at. `until` is the first day without it: None for life, or while a day is missing."""

    bar: Bar
    source: str
    until: dt.date | None
    confirmed: bool = True
    day_missing: bool = False


@dataclass(frozen=True, slots=True)
class _SentenceRule:
    bar: Bar
    years: int | None
    source: str
    confirmed: bool


_SENTENCES = {
    Length.FROM_3_YEARS: _SentenceRule(Bar.FOR_LIFE, None, "Firearms Act 1968 s21(1)", confirmed=True),
    Length.UNDER_3_YEARS: _SentenceRule(Bar.AFTER_RELEASE, 5, "Firearms Act 1968 s21(2)", confirmed=True),
    # Remembered and not read in a source; the exact first day is a lawyer's to say.
    Length.SUSPENDED: _SentenceRule(Bar.AFTER_SUSPENDED, 5, "Firearms Act 1968 s21(2C)", confirmed=False),
}
"""A sentence that is not here bars nobody."""

_YOUNGEST = {Licence.FIREARM: 14, Licence.COTERMINOUS: 14}
"""The others, a shotgun certificate first, have no youngest age."""
_AGE_SOURCE = "Ages for certificates as askthe.police.uk tells them"


class Limit(StrEnum):
    """What a young holder of a certificate may not do; none of it stops an application."""

    SHOTGUN_SUPERVISED = "shotgun_supervised"
    NO_BUYING = "no_buying"
    PARENT_CONSENTS = "parent_consents"


_LIMITS = {Limit.SHOTGUN_SUPERVISED: 15, Limit.NO_BUYING: 18, Limit.PARENT_CONSENTS: 18}
"""Each holds below that age."""


def age_on(born: dt.date, today: dt.date) -> int:
    """Whole years; who was born on 29 February has the birthday on 1 March in other years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def statutory_bars(
    *,
    licence: Licence,
    born: dt.date | None = None,
    age: int | None = None,
    sentences: Iterable[Sentence],
    today: dt.date,
) -> list[Flag]:
    """Every bar that holds today, the longest first; empty where none does or nothing is known.

    Give `born` where it is known, else `age` in whole years. A bar that has ended is none, though a force may look at
    what was done. A sentence without its day is a flag with `day_missing`: a person asks.
    """
    flags = [flag for each in sentences if (flag := _of_sentence(each, today)) is not None]
    years = age_on(born, today) if born is not None else age
    youngest = _YOUNGEST.get(licence, 0)
    if years is not None and years < youngest:
        until = years_after(born, youngest) if born is not None else None
        flags.append(Flag(Bar.UNDER_14, _AGE_SOURCE, until))
    return sorted(set(flags), key=_longest_first)


def _longest_first(flag: Flag) -> tuple[bool, int]:
    return flag.bar is not Bar.FOR_LIFE, -flag.until.toordinal() if flag.until else 0


def sentences_told(longest: str | None, ended: str | None) -> list[Sentence]:
    """What a form's `longestSentence` and `sentenceEnded` (YYYY-MM-DD) say; empty for `none` and for no answer."""
    if longest is None or longest not in set(Length):
        return []
    return [Sentence(Length(longest), dt.date.fromisoformat(ended) if ended else None)]


def limits_at(age: int) -> list[Limit]:
    """What the law keeps from a holder of that age."""
    return [limit for limit, below in _LIMITS.items() if age < below]


def _of_sentence(sentence: Sentence, today: dt.date) -> Flag | None:
    rule = _SENTENCES.get(sentence.length)
    if rule is None:
        return None
    if rule.years is None:
        return Flag(rule.bar, rule.source, None, rule.confirmed)
    if sentence.counts_from is None:
        return Flag(rule.bar, rule.source, None, rule.confirmed, day_missing=True)
    until = years_after(sentence.counts_from, rule.years)
    return Flag(rule.bar, rule.source, until, rule.confirmed) if today < until else None
