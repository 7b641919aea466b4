"""Danger words and model together: the words raise what the model says and never lower it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contact.domain.bot_turn import Triage
from contact.domain.reading import DISAGREE, NOT_TRIAGED, OWN_FLAG, combine, read
from contact.domain.screen import Screening, screen
from contact.domain.taxonomy import Category, Flag, Grade, graver

QUIET, DANGER = "my bin was not emptied on tuesday", "he has a knife and he is here"


def model(**changed: Any) -> Triage:  # noqa: ANN401 - any field of it
    """A model that is sure of a stolen bicycle."""
    said: dict[str, Any] = {
        "category": Category.THEFT, "category_confidence": 0.9, "grade": Grade.STANDARD, "grade_confidence": 0.9,
        "advise_999": False, "flags": (), "confidence": 0.9, "reasons": ("model",), "version": "m-1",
        "data_version": "d-1",
    }  # fmt: skip
    return Triage(**{**said, **changed})


def test_the_model_alone_decides_where_no_danger_is_heard() -> None:
    found = read(QUIET, model())
    assert (found.category, found.grade, found.advise_999, found.confidence) == ("theft", "standard", False, 0.9)
    assert found.version.startswith("m-1:")
    assert found.data_version == "d-1"


def test_danger_words_raise_a_model_that_heard_nothing_and_make_it_less_sure() -> None:
    found = read(DANGER, model())
    assert found.grade is Grade.EMERGENCY
    assert found.advise_999
    assert found.confidence == DISAGREE
    assert {reason.source for reason in found.reasons} == {"model", "screen"}


def test_an_emergency_is_always_told_to_call_999() -> None:
    assert read(QUIET, model(grade=Grade.EMERGENCY)).advise_999


@pytest.mark.parametrize(("category", "flag"), OWN_FLAG.items())
def test_a_matter_carries_its_own_flag(category: Category, flag: Flag) -> None:
    assert flag in read(QUIET, model(category=category)).flags


def test_without_a_model_the_words_alone_are_read_and_nobody_is_sure() -> None:
    assert read(QUIET, None).grade is Grade.STANDARD
    assert read(DANGER, None).grade is Grade.EMERGENCY
    assert read(DANGER, None).confidence == read(QUIET, None).confidence == NOT_TRIAGED


@given(st.sampled_from(list(Grade)), st.sampled_from([None, *Grade]), st.booleans(), st.booleans())
def test_neither_is_ever_lowered(said: Grade, heard: Grade | None, advised: bool, told: bool) -> None:
    screening = Screening(told, heard, (), ("weapon",), screen("").version)
    found = combine(screening, model(grade=said, advise_999=advised))
    assert found.grade is (graver(said, heard) if heard else said)
    assert found.advise_999 >= (advised or told)
