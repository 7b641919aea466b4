"""The letters of licensing: how the law lets each be served, and the appeal clock from receipt (practice 26)."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum


class LetterKind(StrEnum):
    """What a letter says."""

    ACKNOWLEDGEMENT = "acknowledgement"
    MORE_NEEDED = "more_needed"
    RENEWAL_NOTICE = "renewal_notice"
    EXTENSION = "extension"
    PERMIT = "permit"
    GRANT = "grant"
    CERTIFICATE = "certificate"  # the certificate itself, beside the one that NFLMS prints
    REFUSAL = "refusal"
    REVOCATION = "revocation"
    PART_REVOCATION = "part_revocation"
    PRACTICE_SET_MARKER = "practice_set_marker"
    PRACTICE_CLEAR_MARKER = "practice_clear_marker"

    @property
    def label(self) -> str:
        """What officers see, in English."""
        return _LABELS[self]


class Way(StrEnum):
    """How a letter is served."""

    POST = "post"
    RECORDED_DELIVERY = "recorded_delivery"
    BY_HAND = "by_hand"
    ELECTRONIC = "electronic"


class LetterState(StrEnum):
    """How far a letter got."""

    WAITING = "waiting"
    SENT = "sent"
    RECEIVED = "received"
    CANCELLED = "cancelled"


_LABELS = {
    LetterKind.ACKNOWLEDGEMENT: "Application received",
    LetterKind.MORE_NEEDED: "More is needed",
    LetterKind.RENEWAL_NOTICE: "Time to renew",
    LetterKind.EXTENSION: "Extension (section 28B)",
    LetterKind.PERMIT: "Section 7 permit",
    LetterKind.GRANT: "Granted",
    LetterKind.CERTIFICATE: "Certificate",
    LetterKind.REFUSAL: "Refusal",
    LetterKind.REVOCATION: "Revocation",
    LetterKind.PART_REVOCATION: "Partial revocation",
    LetterKind.PRACTICE_SET_MARKER: "To the practice: set the marker",
    LetterKind.PRACTICE_CLEAR_MARKER: "To the practice: clear the marker",
}

APPEALED = frozenset({LetterKind.REFUSAL, LetterKind.REVOCATION, LetterKind.PART_REVOCATION})
"""Decisions that may be appealed: served so that the day of receipt is known [check: Firearms Act 1968 s44, s56]."""
APPEAL_DAYS = 21


def way_of(kind: LetterKind, *, paper_consent: bool = False) -> Way:
    """How a letter goes. `paper_consent`: a scanned paper consent to electronic service is on file (practice 26)."""
    if kind not in APPEALED:
        return Way.POST
    return Way.ELECTRONIC if paper_consent else Way.RECORDED_DELIVERY


def appeal_until(kind: LetterKind, received_on: dt.date | None) -> dt.date | None:
    """The last day to appeal; None for what is not appealed, and while nobody knows that it was received."""
    if kind not in APPEALED or received_on is None:
        return None
    return received_on + dt.timedelta(days=APPEAL_DAYS)
