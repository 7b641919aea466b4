"""Every pair of application state and event stands in the table or is refused by name."""

import itertools

import pytest

from contact.domain.errors import MoveNotAllowed
from contact.domain.licensing.application_states import (
    MOVES,
    OPEN_STATES,
    ApplicationEvent,
    ApplicationState,
    PublicState,
    next_state,
    public_state,
)

_S, _E = ApplicationState, ApplicationEvent


@pytest.mark.parametrize(("state", "event"), list(itertools.product(ApplicationState, ApplicationEvent)))
def test_each_move(state: ApplicationState, event: ApplicationEvent) -> None:
    if (state, event) in MOVES:
        assert next_state(state, event) is MOVES[state, event]
    else:
        with pytest.raises(MoveNotAllowed) as caught:
            next_state(state, event)
        assert (caught.value.state, caught.value.move) == (state, event)


def test_nothing_is_decided_but_from_a_recommendation() -> None:
    for event in (_E.GRANT, _E.REFUSE):
        assert [state for state in _S if (state, event) in MOVES] == [_S.RECOMMENDATION]


def test_what_is_decided_stays_decided_and_money_moves_it_nowhere() -> None:
    for state in set(_S) - OPEN_STATES:
        assert {event for event in _E if (state, event) in MOVES} == {_E.PAID}
        assert next_state(state, _E.PAID) is state


def test_money_is_welcome_in_every_state() -> None:
    assert all((state, _E.PAID) in MOVES for state in _S)


def test_the_public_sees_five_words_and_no_check() -> None:
    assert {public_state(state) for state in _S} == set(PublicState)
    assert public_state(_S.CHECKS) is public_state(_S.RECOMMENDATION) is PublicState.BEING_CHECKED


def test_every_open_state_can_reach_a_decision() -> None:
    for start in OPEN_STATES:
        seen, ahead = {start}, [start]
        while ahead:
            here = ahead.pop()
            following = {MOVES[here, event] for event in _E if (here, event) in MOVES} - seen
            seen |= following
            ahead += following
        assert {_S.GRANTED, _S.REFUSED, _S.WITHDRAWN} <= seen
