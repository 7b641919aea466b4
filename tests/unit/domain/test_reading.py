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


def test_in_mid_conversation_the_model_alone_decides_where_no_danger_is_heard() -> None:
    found = combine(screen(QUIET), model())
    assert (found.category, found.grade, found.advise_999, found.confidence) == ("theft", "standard", False, 0.9)
    assert found.version.startswith("m-1:")
    assert found.data_version == "d-1"


def test_danger_words_raise_a_model_that_heard_nothing_and_make_it_less_sure() -> None:
    for found in (combine(screen(DANGER), model()), read(DANGER, model())):
        assert found.grade is Grade.EMERGENCY
        assert found.advise_999
        assert found.confidence <= DISAGREE
        assert {reason.source for reason in found.reasons} == {"model", "screen"}


def test_an_emergency_is_always_told_to_call_999() -> None:
    assert combine(screen(QUIET), model(grade=Grade.EMERGENCY)).advise_999
    assert read("there is a man on the ledge of the bridge", model()).advise_999


@pytest.mark.parametrize(("category", "flag"), OWN_FLAG.items())
def test_a_matter_carries_its_own_flag(category: Category, flag: Flag) -> None:
    assert flag in combine(screen(QUIET), model(category=category)).flags


def test_without_a_model_the_words_alone_are_read_and_nobody_is_sure() -> None:
    bins, knife = read(QUIET, None), read(DANGER, None)
    assert bins.category is Category.NOT_POLICE
    assert bins.grade in (Grade.STANDARD, Grade.ENQUIRY)
    assert knife.grade is Grade.EMERGENCY
    assert max(bins.confidence, knife.confidence) <= DISAGREE
    assert bins.data_version is None
    assert combine(screen(DANGER), None).confidence == NOT_TRIAGED


def test_model_and_words_together_decide_a_first_message() -> None:
    stolen = "someone stole my bike from outside the library last tuesday"
    assert read(stolen, model(category=Category.BURGLARY, category_confidence=0.3)).category is Category.THEFT
    assert read(stolen, model()).category is Category.THEFT
    assert read("zzz", model(category=Category.DRUGS, category_confidence=0.95)).category is Category.DRUGS


def test_an_emergency_that_both_think_likely_is_one() -> None:
    quiet = "he came in through the back and I am upstairs with the kids, can you come"
    said = model(category=Category.BURGLARY, grade=Grade.EMERGENCY, grade_confidence=0.9, emergency_probability=0.9)
    assert read(quiet, said).grade is Grade.EMERGENCY


def test_danger_words_stay_an_emergency_however_certain_the_model_is_of_none() -> None:
    found = read("found a big kitchen knife in a hedge by the bus stop", model(emergency_probability=0.01))
    assert (found.grade, found.advise_999) == (Grade.EMERGENCY, True)
    assert found.confidence <= DISAGREE


def test_what_nobody_can_read_is_at_least_a_priority() -> None:
    assert read("დამეხმარეთ, ვიღაც სახლშია", model(grade=Grade.ENQUIRY)).grade is Grade.PRIORITY


@given(st.sampled_from(list(Grade)), st.sampled_from([None, *Grade]), st.booleans(), st.booleans())
def test_neither_is_ever_lowered(said: Grade, heard: Grade | None, advised: bool, told: bool) -> None:
    screening = Screening(told, heard, (), ("weapon",), screen("").version)
    found = combine(screening, model(grade=said, advise_999=advised))
    assert found.grade is (graver(said, heard) if heard else said)
    assert found.advise_999 >= (advised or told)
