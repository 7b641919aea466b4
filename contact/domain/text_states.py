"""Where a text on its way out stands: it only moves forward, whatever the order of the reports (scenario 3)."""

from __future__ import annotations

from enum import StrEnum


class TextState(StrEnum):
    """`sending` is committed before the company is asked; `suppressed` never left us."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


_RANK = {
    TextState.QUEUED: 0,
    TextState.SENDING: 1,
    TextState.SENT: 2,
    TextState.FAILED: 3,
    TextState.SUPPRESSED: 4,
    TextState.DELIVERED: 4,  # a network that gave up and then got through: what arrived has arrived
}
OVER = frozenset({TextState.DELIVERED, TextState.FAILED, TextState.SUPPRESSED})

_OF_COMPANY = {
    "accepted": TextState.SENDING,
    "scheduled": TextState.SENDING,
    "queued": TextState.SENDING,
    "sending": TextState.SENDING,
    "sent": TextState.SENT,
    "delivered": TextState.DELIVERED,
    "read": TextState.DELIVERED,
    "partially_delivered": TextState.SENT,
    "undelivered": TextState.FAILED,
    "failed": TextState.FAILED,
    "canceled": TextState.FAILED,
}

DELIVERY: dict[TextState, str] = {
    **{state: state.value for state in TextState},
    TextState.SUPPRESSED: TextState.FAILED.value,
}
"""What the message in the thread says of itself."""


def state_from_company(status: str) -> TextState | None:
    """Our state for one of Twilio's words; None for a word that is not about a text on its way out."""
    return _OF_COMPANY.get(status)


def moves_forward(state: TextState, to: TextState) -> bool:
    """Whether a report may move a text from `state` to `to`."""
    return _RANK[to] > _RANK[state]
