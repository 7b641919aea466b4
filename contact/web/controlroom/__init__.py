"""The control room: the queue that stays live, claims and leases, alarms, and the page of one contact. Staff only.

One module a page; `room` is the blueprint.
"""

from contact.web.controlroom import (
    alarms,
    assistant,
    breaks,
    caller,
    claims,
    closing,
    contact,
    decision,
    evidence,
    live,
    notes,
    queue,
    reply,
    restricting,
    search,
    source,
    transfer,
)
from contact.web.controlroom.blueprint import room

__all__ = [
    "alarms",
    "assistant",
    "breaks",
    "caller",
    "claims",
    "closing",
    "contact",
    "decision",
    "evidence",
    "live",
    "notes",
    "queue",
    "reply",
    "restricting",
    "room",
    "search",
    "source",
    "transfer",
]
