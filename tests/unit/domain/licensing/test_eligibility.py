"""The law's bars, row by row: ages, sentences, their last day and the first day without them."""

from __future__ import annotations

import datetime as dt

import pytest

from contact.domain.licensing.eligibility import (
    Bar,
    Flag,
    Length,
    Limit,
    Sentence,
    age_on,
    limits_at,
    sentences_told,
    statutory_bars,
)
from contact.domain.licensing.kinds import Licence

TODAY = dt.date(2026, 3, 1)


def bars(*sentences: Sentence, licence: Licence = Licence.FIREARM, age: int = 40) -> list[Flag]:
    """What stands in the way today."""
    return statutory_bars(licence=licence, age=age, sentences=sentences, today=TODAY)


@pytest.mark.parametrize("licence", [Licence.FIREARM, Licence.SHOTGUN, Licence.COTERMINOUS])
def test_a_grown_person_without_a_sentence_has_no_bar(licence: Licence) -> None:
    assert bars(licence=licence) == []


@pytest.mark.parametrize(
    ("licence", "age", "barred"),
    [
        (Licence.FIREARM, 13, True),
        (Licence.FIREARM, 14, False),
        (Licence.COTERMINOUS, 13, True),
        (Licence.COTERMINOUS, 14, False),
        (Licence.SHOTGUN, 13, False),
        (Licence.SHOTGUN, 8, False),
    ],
)
def test_the_youngest_age(licence: Licence, age: int, barred: bool) -> None:
    assert [flag.bar for flag in bars(licence=licence, age=age)] == [Bar.UNDER_14] * barred


def test_a_birthday_ends_the_bar_of_age() -> None:
    born = dt.date(2012, 3, 2)
    found = statutory_bars(licence=Licence.FIREARM, born=born, sentences=[], today=TODAY)
    assert [(flag.bar, flag.until) for flag in found] == [(Bar.UNDER_14, dt.date(2026, 3, 2))]
    assert statutory_bars(licence=Licence.FIREARM, born=born, sentences=[], today=dt.date(2026, 3, 2)) == []


def test_an_age_that_is_not_known_bars_nobody() -> None:
    assert statutory_bars(licence=Licence.FIREARM, sentences=[], today=TODAY) == []


def test_three_years_or_more_bar_for_life_however_long_ago() -> None:
    (flag,) = bars(Sentence(Length.FROM_3_YEARS, dt.date(1971, 5, 4)))
    assert (flag.bar, flag.until, flag.confirmed, flag.day_missing) == (Bar.FOR_LIFE, None, True, False)


@pytest.mark.parametrize(
    ("released", "barred"),
    [
        (dt.date(2021, 3, 2), True),
        (dt.date(2021, 3, 1), False),
        (dt.date(2020, 2, 29), False),
        (dt.date(2026, 2, 28), True),
        (dt.date(2026, 9, 1), True),
    ],
)
def test_shorter_sentences_bar_for_five_years_from_release(released: dt.date, barred: bool) -> None:
    assert [flag.bar for flag in bars(Sentence(Length.UNDER_3_YEARS, released))] == [Bar.AFTER_RELEASE] * barred


def test_released_on_29_february_the_bar_ends_on_1_march() -> None:
    found = statutory_bars(
        licence=Licence.SHOTGUN,
        sentences=[Sentence(Length.UNDER_3_YEARS, dt.date(2024, 2, 29))],
        today=dt.date(2029, 2, 28),
    )
    assert [flag.until for flag in found] == [dt.date(2029, 3, 1)]


def test_a_suspended_sentence_is_a_flag_that_says_it_is_not_confirmed() -> None:
    (flag,) = bars(Sentence(Length.SUSPENDED, dt.date(2025, 1, 1)))
    assert (flag.bar, flag.until, flag.confirmed) == (Bar.AFTER_SUSPENDED, dt.date(2030, 1, 1), False)


@pytest.mark.parametrize("length", [Length.UNDER_3_YEARS, Length.SUSPENDED])
def test_a_day_that_is_not_known_is_a_flag_for_a_person(length: Length) -> None:
    (flag,) = bars(Sentence(length))
    assert flag.day_missing
    assert flag.until is None


def test_less_than_three_months_bars_nobody() -> None:
    assert bars(Sentence(Length.UNDER_3_MONTHS, dt.date(2026, 2, 1))) == []


def test_the_longest_comes_first_and_each_is_said_once() -> None:
    short = Sentence(Length.UNDER_3_YEARS, dt.date(2024, 1, 1))
    found = bars(short, short, Sentence(Length.FROM_3_YEARS), Sentence(Length.UNDER_3_YEARS, dt.date(2025, 1, 1)))
    assert [(flag.bar, flag.until) for flag in found] == [
        (Bar.FOR_LIFE, None),
        (Bar.AFTER_RELEASE, dt.date(2030, 1, 1)),
        (Bar.AFTER_RELEASE, dt.date(2029, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("age", "limits"),
    [
        (14, [Limit.SHOTGUN_SUPERVISED, Limit.NO_BUYING, Limit.PARENT_CONSENTS]),
        (15, [Limit.NO_BUYING, Limit.PARENT_CONSENTS]),
        (17, [Limit.NO_BUYING, Limit.PARENT_CONSENTS]),
        (18, []),
    ],
)
def test_what_a_young_holder_may_not_do(age: int, limits: list[Limit]) -> None:
    assert limits_at(age) == limits


def test_a_birthday_on_29_february_is_kept_on_1_march() -> None:
    born = dt.date(2008, 2, 29)
    assert (age_on(born, dt.date(2026, 2, 28)), age_on(born, dt.date(2026, 3, 1))) == (17, 18)


def test_what_a_form_says_of_sentences() -> None:
    assert sentences_told("3_months_to_3_years", "2024-05-06") == [Sentence(Length.UNDER_3_YEARS, dt.date(2024, 5, 6))]
    assert sentences_told("3_years_or_more", None) == [Sentence(Length.FROM_3_YEARS)]
    assert sentences_told("none", None) == sentences_told(None, None) == []
