"""Alarms and the calls that carry them out of the building: kinds, times, states, and which way a call may move."""

from datetime import timedelta
from enum import StrEnum


class AlarmKind(StrEnum):
    """What a person must be told (engineering 15)."""

    EMERGENCY_UNOPENED = "emergency_unopened"  # nobody opened it within 60 s (practice 2)
    EMERGENCY_UNATTENDED = "emergency_unattended"  # nobody of that force is signed in (practice 2)
    WORKER_SILENT = "worker_silent"  # the oldest due job is over 60 s old
    RESTRICTED_UNNAMED = "restricted_unnamed"  # nobody is named to open a restricted contact (practice 8)
    REFERENCE_GUESSED = "reference_guessed"  # ten wrong tries closed a reference (engineering 25)
    SOURCE_REPEATED = "source_repeated"  # one source came again on one subject (practice 17)
    TEXTS_FILTERED = "texts_filtered"  # a network took a text of ours for spam (Twilio's error 30007)
    PAYMENT_UNEXPLAINED = "payment_unexplained"  # money that does not fit, which a person must look at (scenario 20)
    ROUTE_TEST = "route_test"  # a force tries its numbers before it goes live (practice 10)


class CallKind(StrEnum):
    """By which way the alarm leaves."""

    VOICE = "voice"
    SMS = "sms"


class CallState(StrEnum):
    """How far one call or text got. `placing` is committed before the company is asked."""

    PLACING = "placing"
    PLACED = "placed"
    RINGING = "ringing"
    ANSWERED = "answered"
    FAILED = "failed"
    NO_ANSWER = "no_answer"
    DONE = "done"
    ACCEPTED = "accepted"


UNOPENED_AFTER = timedelta(seconds=60)
"""An emergency that nobody opened for this long rings the control room (practice 2)."""
NEXT_NUMBER_AFTER = timedelta(seconds=60)
"""From one number to the next (practice 2)."""
NEXT_NUMBER_AFTER_FAILURE = timedelta(seconds=10)
"""A call that could not be placed does not keep the next number waiting."""
RING_FOR_S = 45
RAISED_AGAIN_AFTER = timedelta(minutes=5)
"""Somebody accepted the alarm, and the emergency is still unopened: it rings again."""
SHOWN_AFTER_ACCEPTED = timedelta(days=1)
"""An alarm that nothing but a person can end stays on the page this long after its acceptance."""
WORKER_SILENT_AFTER = timedelta(seconds=60)

SECRET_KINDS = frozenset({AlarmKind.SOURCE_REPEATED})
"""Kinds whose every line leaves the contact out: the log is read by more people than the alarm."""
EMERGENCY_KINDS = frozenset({AlarmKind.EMERGENCY_UNOPENED, AlarmKind.EMERGENCY_UNATTENDED})
"""Kinds about one emergency; they ring before any other."""
RUNG_KINDS = EMERGENCY_KINDS | {AlarmKind.ROUTE_TEST}
"""Kinds that ring a telephone; the others are a banner and a count."""
ROUTE_TEST_LASTS = timedelta(minutes=10)
"""A test that nobody accepts rings no longer than this, and has failed."""

_RANK = {
    CallState.PLACING: 0,
    CallState.PLACED: 1,
    CallState.RINGING: 2,
    CallState.ANSWERED: 3,
    CallState.FAILED: 4,
    CallState.NO_ANSWER: 4,
    CallState.DONE: 4,
    CallState.ACCEPTED: 5,
}

_FROM_TWILIO = {
    "queued": CallState.PLACED,
    "accepted": CallState.PLACED,
    "scheduled": CallState.PLACED,
    "sending": CallState.PLACED,
    "sent": CallState.PLACED,
    "initiated": CallState.PLACED,
    "ringing": CallState.RINGING,
    "in-progress": CallState.ANSWERED,
    "completed": CallState.DONE,
    "delivered": CallState.DONE,
    "read": CallState.DONE,
    "busy": CallState.NO_ANSWER,
    "no-answer": CallState.NO_ANSWER,
    "canceled": CallState.FAILED,
    "failed": CallState.FAILED,
    "undelivered": CallState.FAILED,
}


def state_from_company(status: str) -> CallState | None:
    """Our state for the telephone company's word; None for a word we do not know."""
    return _FROM_TWILIO.get(status)


def moves_forward(now_at: CallState, reported: CallState) -> bool:
    """True when a report is news: reports arrive in any order and never move a call back (scenario 3)."""
    return _RANK[reported] > _RANK[now_at]
