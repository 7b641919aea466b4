"""Every pair of state and move stands in the table or is refused by name."""

import itertools

import pytest

from contact.domain.errors import MoveNotAllowed
from contact.domain.states import (
    CONTACT_MOVES,
    ENTRY_MOVES,
    ContactMove,
    ContactState,
    EntryMove,
    EntryState,
    next_entry_state,
    next_state,
)


@pytest.mark.parametrize(("state", "move"), list(itertools.product(ContactState, ContactMove)))
def test_each_contact_move(state: ContactState, move: ContactMove) -> None:
    if (state, move) in CONTACT_MOVES:
        assert next_state(state, move) is CONTACT_MOVES[state, move]
    else:
        with pytest.raises(MoveNotAllowed) as caught:
            next_state(state, move)
        assert (caught.value.state, caught.value.move) == (state, move)


@pytest.mark.parametrize(("state", "move"), list(itertools.product(EntryState, EntryMove)))
def test_each_entry_move(state: EntryState, move: EntryMove) -> None:
    if (state, move) in ENTRY_MOVES:
        assert next_entry_state(state, move) is ENTRY_MOVES[state, move]
    else:
        with pytest.raises(MoveNotAllowed):
            next_entry_state(state, move)


def test_nothing_the_citizen_says_is_ever_refused_or_left_closed() -> None:
    for state in ContactState:
        assert next_state(state, ContactMove.MESSAGE) is not ContactState.CLOSED
    for state in (ContactState.WITH_LICENSING, ContactState.CLOSED):
        assert next_state(state, ContactMove.MESSAGE_TO_LICENSING) is ContactState.WITH_LICENSING
    for entry in EntryState:
        assert next_entry_state(entry, EntryMove.MESSAGE) is not EntryState.CLOSED


def test_a_reopened_contact_waits_and_is_nobodys() -> None:
    assert next_state(ContactState.CLOSED, ContactMove.REOPEN) is ContactState.WAITING
    assert next_state(ContactState.CLOSED, ContactMove.MESSAGE) is ContactState.WAITING


def test_a_held_or_closed_entry_cannot_be_claimed() -> None:
    for state in (EntryState.HELD, EntryState.CLOSED):
        with pytest.raises(MoveNotAllowed):
            next_entry_state(state, EntryMove.CLAIM)


def test_the_machine_closes_nothing() -> None:
    with pytest.raises(MoveNotAllowed):
        next_state(ContactState.WITH_BOT, ContactMove.CLOSE)
    with pytest.raises(MoveNotAllowed):
        next_state(ContactState.WAITING, ContactMove.CLOSE)
