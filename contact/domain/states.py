"""Which moves a contact and its queue entries may make: two tables, and nothing outside them is legal."""

from enum import StrEnum

from contact.domain.errors import MoveNotAllowed


class ContactState(StrEnum):
    """Where one matter stands, whatever the channels it moves through."""

    WITH_BOT = "with_bot"
    WAITING = "waiting"
    WITH_AGENT = "with_agent"
    WITH_LICENSING = "with_licensing"  # at the licensing desk: in no queue, held by no lease
    SNOOZED = "snoozed"
    CLOSED = "closed"


class ContactMove(StrEnum):
    """What can happen to a contact."""

    HAND_OFF = "hand_off"  # bot to people
    ASK_BACK = "ask_back"  # the holder lets the bot talk again
    CLAIM = "claim"
    RELEASE = "release"  # by a person, practice 3
    LEASE_ENDED = "lease_ended"  # by the clock
    SNOOZE = "snooze"
    WAKE = "wake"
    MESSAGE = "message"  # the citizen says something
    MESSAGE_TO_LICENSING = "message_to_licensing"  # the same about an application
    CLOSE = "close"
    REOPEN = "reopen"


class EntryState(StrEnum):
    """Where a contact stands with one force."""

    WAITING = "waiting"
    OFFERED = "offered"  # to another force, by a transfer not yet accepted
    WITH_BOT = "with_bot"  # seen by agents, not waiting for one
    HELD = "held"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class EntryMove(StrEnum):
    """What can happen to a queue entry."""

    HAND_OFF = "hand_off"  # bot to people
    CLAIM = "claim"
    RELEASE = "release"
    LEASE_ENDED = "lease_ended"
    SNOOZE = "snooze"
    WAKE = "wake"
    MESSAGE = "message"
    ACCEPT = "accept"  # this force takes an offered transfer
    REFUSE = "refuse"
    CLOSE = "close"
    REOPEN = "reopen"


_S, _M = ContactState, ContactMove
CONTACT_MOVES: dict[tuple[ContactState, ContactMove], ContactState] = {
    (_S.WITH_BOT, _M.HAND_OFF): _S.WAITING,
    # Only one that an agent asked the bot back into is held meanwhile.
    (_S.WITH_BOT, _M.RELEASE): _S.WAITING,
    (_S.WITH_BOT, _M.LEASE_ENDED): _S.WAITING,
    (_S.WITH_AGENT, _M.ASK_BACK): _S.WITH_BOT,
    (_S.WITH_BOT, _M.CLAIM): _S.WITH_AGENT,
    (_S.WITH_BOT, _M.MESSAGE): _S.WITH_BOT,
    (_S.WAITING, _M.CLAIM): _S.WITH_AGENT,
    (_S.WAITING, _M.MESSAGE): _S.WAITING,
    (_S.WAITING, _M.HAND_OFF): _S.WAITING,
    (_S.WITH_AGENT, _M.RELEASE): _S.WAITING,
    (_S.WITH_AGENT, _M.LEASE_ENDED): _S.WAITING,
    (_S.WITH_AGENT, _M.SNOOZE): _S.SNOOZED,
    (_S.WITH_AGENT, _M.CLOSE): _S.CLOSED,
    (_S.WITH_AGENT, _M.MESSAGE): _S.WITH_AGENT,
    (_S.WITH_AGENT, _M.HAND_OFF): _S.WITH_AGENT,
    (_S.WITH_LICENSING, _M.MESSAGE): _S.WITH_LICENSING,
    (_S.WITH_LICENSING, _M.MESSAGE_TO_LICENSING): _S.WITH_LICENSING,
    (_S.WITH_LICENSING, _M.CLOSE): _S.CLOSED,
    (_S.CLOSED, _M.MESSAGE_TO_LICENSING): _S.WITH_LICENSING,
    (_S.SNOOZED, _M.WAKE): _S.WAITING,
    (_S.SNOOZED, _M.MESSAGE): _S.WAITING,
    (_S.SNOOZED, _M.CLAIM): _S.WITH_AGENT,
    # A message on a closed contact reopens it, and never to the absent agent (scenario 10).
    (_S.CLOSED, _M.MESSAGE): _S.WAITING,
    (_S.CLOSED, _M.REOPEN): _S.WAITING,
}

_E, _V = EntryState, EntryMove
ENTRY_MOVES: dict[tuple[EntryState, EntryMove], EntryState] = {
    (_E.WAITING, _V.CLAIM): _E.HELD,
    (_E.WAITING, _V.MESSAGE): _E.WAITING,
    # The sender's entry closes when the receiver accepts a transfer, held or not.
    (_E.WAITING, _V.CLOSE): _E.CLOSED,
    (_E.WITH_BOT, _V.HAND_OFF): _E.WAITING,
    (_E.WITH_BOT, _V.CLAIM): _E.HELD,  # taking over
    (_E.WITH_BOT, _V.MESSAGE): _E.WITH_BOT,
    (_E.WAITING, _V.HAND_OFF): _E.WAITING,
    (_E.HELD, _V.HAND_OFF): _E.HELD,
    (_E.OFFERED, _V.CLAIM): _E.HELD,  # claiming an offer accepts it
    (_E.OFFERED, _V.ACCEPT): _E.WAITING,
    (_E.OFFERED, _V.REFUSE): _E.CLOSED,
    (_E.OFFERED, _V.MESSAGE): _E.OFFERED,
    (_E.OFFERED, _V.CLOSE): _E.CLOSED,
    (_E.HELD, _V.RELEASE): _E.WAITING,
    (_E.HELD, _V.LEASE_ENDED): _E.WAITING,
    (_E.HELD, _V.SNOOZE): _E.SNOOZED,
    (_E.HELD, _V.CLOSE): _E.CLOSED,
    (_E.HELD, _V.MESSAGE): _E.HELD,
    (_E.SNOOZED, _V.WAKE): _E.WAITING,
    (_E.SNOOZED, _V.MESSAGE): _E.WAITING,
    (_E.SNOOZED, _V.CLAIM): _E.HELD,
    (_E.SNOOZED, _V.CLOSE): _E.CLOSED,
    (_E.CLOSED, _V.REOPEN): _E.WAITING,
    (_E.CLOSED, _V.MESSAGE): _E.WAITING,
}


def next_state(state: ContactState, move: ContactMove) -> ContactState:
    """Answer the contact's state after `move`; raises MoveNotAllowed for every pair not in the table."""
    try:
        return CONTACT_MOVES[state, move]
    except KeyError:
        raise MoveNotAllowed(state=state.value, move=move.value) from None


def next_entry_state(state: EntryState, move: EntryMove) -> EntryState:
    """Answer the entry's state after `move`; raises MoveNotAllowed for every pair not in the table."""
    try:
        return ENTRY_MOVES[state, move]
    except KeyError:
        raise MoveNotAllowed(state=state.value, move=move.value) from None
