"""Where one gun of the register is, and what may happen to it: a table, so that its custody is known (practice 29)."""

from __future__ import annotations

from enum import StrEnum

from contact.domain.errors import MoveNotAllowed


class GunState(StrEnum):
    """`authorised`: may be got, not held yet. `removed`: out of the holder's hands for now, with custody named."""

    AUTHORISED = "authorised"
    HELD = "held"
    SOLD = "sold"
    LOST = "lost"
    STOLEN = "stolen"
    DESTROYED = "destroyed"
    DEACTIVATED = "deactivated"
    REMOVED = "removed"
    LAPSED = "lapsed"  # authorised once, never got

    @property
    def label(self) -> str:
        """What officers see, in English."""
        return _LABELS[self]


class GunEvent(StrEnum):
    """What can happen to a gun."""

    ACQUIRE = "acquire"  # what was authorised is held from now on
    LAPSE = "lapse"  # what was authorised may not be got any more
    SELL = "sell"
    LOSE = "lose"
    STEAL = "steal"
    FIND = "find"
    DESTROY = "destroy"
    DEACTIVATE = "deactivate"
    SEIZE = "seize"  # by the police
    REMOVE = "remove"  # temporary voluntary removal
    RETURN = "return"  # by a named officer after a fresh risk assessment


class Custody(StrEnum):
    """Who has a gun that was removed."""

    POLICE = "police"
    DEALER = "dealer"
    OTHER_HOLDER = "other_holder"


_S, _E = GunState, GunEvent
_LABELS = {
    _S.AUTHORISED: "May be got, not held yet",
    _S.HELD: "Held",
    _S.SOLD: "Sold or transferred",
    _S.LOST: "Lost",
    _S.STOLEN: "Stolen",
    _S.DESTROYED: "Destroyed",
    _S.DEACTIVATED: "Deactivated",
    _S.REMOVED: "Removed",
    _S.LAPSED: "Was never got",
}

MOVES: dict[tuple[GunState, GunEvent], GunState] = {
    (_S.AUTHORISED, _E.ACQUIRE): _S.HELD,
    (_S.AUTHORISED, _E.LAPSE): _S.LAPSED,
    (_S.HELD, _E.SELL): _S.SOLD,
    (_S.HELD, _E.LOSE): _S.LOST,
    (_S.HELD, _E.STEAL): _S.STOLEN,
    (_S.HELD, _E.DESTROY): _S.DESTROYED,
    (_S.HELD, _E.DEACTIVATE): _S.DEACTIVATED,
    (_S.HELD, _E.SEIZE): _S.REMOVED,
    (_S.HELD, _E.REMOVE): _S.REMOVED,
    # In somebody else's custody it can still be sold from there, destroyed, deactivated, taken over, even lost.
    (_S.REMOVED, _E.SELL): _S.SOLD,
    (_S.REMOVED, _E.LOSE): _S.LOST,
    (_S.REMOVED, _E.STEAL): _S.STOLEN,
    (_S.REMOVED, _E.DESTROY): _S.DESTROYED,
    (_S.REMOVED, _E.DEACTIVATE): _S.DEACTIVATED,
    (_S.REMOVED, _E.SEIZE): _S.REMOVED,
    (_S.REMOVED, _E.REMOVE): _S.REMOVED,
    (_S.REMOVED, _E.RETURN): _S.HELD,
    # Found again it goes to the police first; a return is a decision of its own.
    (_S.LOST, _E.FIND): _S.REMOVED,
    (_S.STOLEN, _E.FIND): _S.REMOVED,
}

NEEDS_CUSTODY = frozenset({_E.SEIZE, _E.REMOVE, _E.FIND})
"""Moves that must say who has the gun."""


def next_state(state: GunState, event: GunEvent) -> GunState:
    """Answer the gun's state after `event`; raises MoveNotAllowed for every pair not in the table."""
    try:
        return MOVES[state, event]
    except KeyError:
        raise MoveNotAllowed(state=state.value, move=event.value) from None
