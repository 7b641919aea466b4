"""Checks: which an application begins with, and what each state needs."""

from __future__ import annotations

import pytest

from contact.domain.errors import MoveNotAllowed
from contact.domain.licensing.checks import (
    ENDED,
    NEEDS_WORDS,
    Check,
    CheckState,
    checks_of,
    open_checks,
    parent_agrees,
    record,
)
from contact.domain.licensing.kinds import Kind


@pytest.mark.parametrize("kind", list(Kind))
def test_every_application_begins_with_records_at_least(kind: Kind) -> None:
    assert Check.RECORDS in checks_of(kind)


@pytest.mark.parametrize("kind", [Kind.GRANT, Kind.RENEWAL])
def test_a_certificate_needs_them_all_in_the_order_of_the_file(kind: Kind) -> None:
    assert (*checks_of(kind), Check.PARENT) == tuple(Check)
    assert checks_of(kind, under_age=True) == tuple(Check)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_parent_is_asked_only_where_the_applicant_is_under_18(kind: Kind) -> None:
    assert Check.PARENT not in checks_of(kind)
    assert Check.PARENT in checks_of(kind, under_age=True)


def test_a_parents_agreement_is_worth_nothing_without_who_and_how() -> None:
    with pytest.raises(MoveNotAllowed):
        record(Check.PARENT, CheckState.WAITING, CheckState.NO_CONCERN, words=" ")
    assert parent_agrees({Check.PARENT: CheckState.NO_CONCERN})
    assert not any(parent_agrees({Check.PARENT: state}) for state in CheckState if state is not CheckState.NO_CONCERN)
    assert not parent_agrees({})


@pytest.mark.parametrize("state", list(CheckState))
@pytest.mark.parametrize("to", list(CheckState))
@pytest.mark.parametrize("words", ["", "   ", "They told us of a quarrel in March"])
def test_every_pair_of_states(state: CheckState, to: CheckState, words: str) -> None:
    allowed = to is not CheckState.NOT_STARTED and (to not in NEEDS_WORDS or bool(words.strip()))
    if allowed:
        assert record(Check.GP, state, to, words=words) is to
    else:
        with pytest.raises(MoveNotAllowed):
            record(Check.GP, state, to, words=words)


def test_what_is_open_is_what_nobody_has_ended() -> None:
    for state in CheckState:
        found = open_checks({Check.GP: state, Check.RECORDS: CheckState.NO_CONCERN})
        assert found == (() if state in ENDED else (Check.GP,))


def test_each_has_words_for_officers() -> None:
    assert all(each.label for each in Check)
    assert all(each.label for each in CheckState)
