"""The letters of licensing: how the law lets each be served, who may appeal where, and the clock from receipt."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from contact.domain.licensing.kinds import Kind, Nation


class LetterKind(StrEnum):
    """What a letter says."""

    ACKNOWLEDGEMENT = "acknowledgement"
    MORE_NEEDED = "more_needed"
    FEE_DUE = "fee_due"
    RENEWAL_NOTICE = "renewal_notice"
    RENEWAL_CODE = "renewal_code"  # four words that begin a renewal; they stand in no row
    EXTENSION = "extension"
    PERMIT = "permit"
    GRANT = "grant"
    RENEWAL_GRANTED = "renewal_granted"
    VARIATION_GRANTED = "variation_granted"
    REPLACEMENT_GRANTED = "replacement_granted"
    CHANGE_RECORDED = "change_recorded"
    SURRENDER_RECORDED = "surrender_recorded"
    TRANSFER_RECORDED = "transfer_recorded"
    VISITOR_PERMIT_GRANTED = "visitor_permit_granted"
    DEALER_REGISTERED = "dealer_registered"
    CERTIFICATE = "certificate"  # the certificate itself, beside the one that NFLMS prints
    CONDITIONS = "conditions"
    REFUSAL = "refusal"
    WITHDRAWN = "withdrawn"
    REVOCATION = "revocation"
    PART_REVOCATION = "part_revocation"
    RESTORED = "restored"
    HOLDER_DIED = "holder_died"  # to whoever sees to what a holder left
    MOVED_AWAY = "moved_away"  # to a holder who is another force's now
    OTHER_FORCE = "other_force"  # to the licensing team of another force
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
    """How far a letter got. CANCELLED: taken back before it left, with a reason."""

    WAITING = "waiting"
    SENT = "sent"
    RECEIVED = "received"
    CANCELLED = "cancelled"


class Appeal(StrEnum):
    """Whom an appeal goes to; NONE where the law gives no appeal against that decision."""

    CROWN_COURT = "crown_court"
    SHERIFF = "sheriff"
    DEPARTMENT_OF_JUSTICE = "department_of_justice"
    NONE = "none"


_LABELS = {
    LetterKind.ACKNOWLEDGEMENT: "Application received",
    LetterKind.MORE_NEEDED: "More is needed",
    LetterKind.FEE_DUE: "A fee is due",
    LetterKind.RENEWAL_NOTICE: "Time to renew",
    LetterKind.RENEWAL_CODE: "Words to renew with",
    LetterKind.EXTENSION: "Extension (section 28B)",
    LetterKind.PERMIT: "Section 7 permit",
    LetterKind.GRANT: "Granted",
    LetterKind.RENEWAL_GRANTED: "Renewed",
    LetterKind.VARIATION_GRANTED: "Variation granted",
    LetterKind.REPLACEMENT_GRANTED: "Replacement",
    LetterKind.CHANGE_RECORDED: "Change of name or address recorded",
    LetterKind.SURRENDER_RECORDED: "Surrender recorded",
    LetterKind.TRANSFER_RECORDED: "Transfer recorded",
    LetterKind.VISITOR_PERMIT_GRANTED: "Visitor permit granted",
    LetterKind.DEALER_REGISTERED: "Registered as a dealer",
    LetterKind.CERTIFICATE: "Certificate",
    LetterKind.CONDITIONS: "Conditions changed",
    LetterKind.REFUSAL: "Refusal",
    LetterKind.WITHDRAWN: "Withdrawn",
    LetterKind.REVOCATION: "Revocation",
    LetterKind.PART_REVOCATION: "Partial revocation",
    LetterKind.RESTORED: "Restored after an appeal",
    LetterKind.HOLDER_DIED: "After a holder's death",
    LetterKind.MOVED_AWAY: "Moved to another force",
    LetterKind.OTHER_FORCE: "To another force",
    LetterKind.PRACTICE_SET_MARKER: "To the practice: set the marker",
    LetterKind.PRACTICE_CLEAR_MARKER: "To the practice: clear the marker",
}

APPEALED = frozenset(
    {LetterKind.REFUSAL, LetterKind.REVOCATION, LetterKind.PART_REVOCATION, LetterKind.CONDITIONS},
)
"""Decisions against somebody: served so that the day of receipt is known [check: Firearms Act 1968 s44, s56]."""
TO_PRACTICE = frozenset({LetterKind.PRACTICE_SET_MARKER, LetterKind.PRACTICE_CLEAR_MARKER})
"""These go to an address that an officer found, never to one the applicant typed (practice 25)."""
GRANTED = {
    Kind.GRANT: LetterKind.GRANT,
    Kind.RENEWAL: LetterKind.RENEWAL_GRANTED,
    Kind.VARIATION: LetterKind.VARIATION_GRANTED,
    Kind.REPLACEMENT: LetterKind.REPLACEMENT_GRANTED,
    Kind.CHANGE: LetterKind.CHANGE_RECORDED,
    Kind.VISITOR_PERMIT: LetterKind.VISITOR_PERMIT_GRANTED,
    Kind.TRANSFER_NOTICE: LetterKind.TRANSFER_RECORDED,
    Kind.SURRENDER: LetterKind.SURRENDER_RECORDED,
    Kind.DEALER: LetterKind.DEALER_REGISTERED,
}
"""What is written when an application of each kind is granted."""
APPEAL_DAYS = 21
_MAY_APPEAL = frozenset({Kind.GRANT, Kind.RENEWAL, Kind.VARIATION, Kind.DEALER})
_COURTS = {
    Nation.ENGLAND_AND_WALES: Appeal.CROWN_COURT,
    Nation.SCOTLAND: Appeal.SHERIFF,
    Nation.NORTHERN_IRELAND: Appeal.DEPARTMENT_OF_JUSTICE,
}


def way_of(kind: LetterKind) -> Way:
    """How a letter goes: what may be appealed so that the day of receipt is known, always on paper (practice 26).

    [check: Firearms Act 1968 s56.] Nothing here takes a consent to electronic service. To another force by the mail
    that forces use between them.
    """
    if kind in APPEALED:
        return Way.RECORDED_DELIVERY
    return Way.ELECTRONIC if kind is LetterKind.OTHER_FORCE else Way.POST


def appeal_of(nation: Nation, refused: Kind | None = None) -> Appeal:
    """Where an appeal lies against refusing `refused`, or against a revocation or a condition (None).

    [check: Firearms Act 1968 s44 names sections 28A, 29, 30A to 30C, 34, 36 to 38; the Firearms (Northern Ireland)
    Order 2004 art 74. No appeal is known against the refusal of a visitor's permit, a replacement or a notice.]
    """
    if refused is not None and refused not in _MAY_APPEAL:
        return Appeal.NONE
    return _COURTS[nation]


def appeal_until(kind: LetterKind, received_on: dt.date | None, appeal: str | None = None) -> dt.date | None:
    """The last day to appeal; None for what is not appealed, and while nobody knows that it was received.

    `appeal` as the letter keeps it; in Northern Ireland we know of no number of days, so none is reckoned.
    """
    if kind not in APPEALED or received_on is None or appeal in (Appeal.NONE, Appeal.DEPARTMENT_OF_JUSTICE):
        return None
    return received_on + dt.timedelta(days=APPEAL_DAYS)
