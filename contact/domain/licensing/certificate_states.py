"""Which moves a certificate may make after it was granted: one table, and nothing outside it is legal."""

from __future__ import annotations

from enum import StrEnum

from contact.domain.errors import MoveNotAllowed


class CertificateState(StrEnum):
    """Where a certificate stands."""

    LIVE = "live"
    EXTENDED_S28B = "extended_s28B"
    TEMPORARY_PERMIT_S7 = "temporary_permit_s7"
    EXPIRED = "expired"
    REVOKED = "revoked"
    PART_REVOKED = "part_revoked"
    SURRENDERED = "surrendered"
    CANCELLED = "cancelled"
    TRANSFERRED = "transferred"

    @property
    def label(self) -> str:
        """What officers see, in English."""
        return _LABELS[self]


class CertificateEvent(StrEnum):
    """What can happen to a certificate once it stands in the register."""

    EXTEND = "extend"  # by the clock: renewal declared in time and undecided on the day it would expire, or did
    PERMIT = "permit"  # a section 7 permit: a person's decision (practice 28)
    EXPIRE = "expire"  # by the clock
    RENEW = "renew"
    VARY = "vary"  # guns, conditions, holder's particulars
    REISSUE = "reissue"  # a new copy of the paper under the same number; the one before is void
    REVOKE = "revoke"
    PART_REVOKE = "part_revoke"
    RESTORE = "restore"  # a court allowed the appeal
    SURRENDER = "surrender"
    DEATH = "death"  # of the holder: the certificate ends with them
    CANCEL = "cancel"  # issued in error
    TRANSFER = "transfer"  # the holder moved to another force's area


_S, _E = CertificateState, CertificateEvent
_LABELS = {
    _S.LIVE: "Live",
    _S.EXTENDED_S28B: "Extended (section 28B)",
    _S.TEMPORARY_PERMIT_S7: "Section 7 permit",
    _S.EXPIRED: "Expired",
    _S.REVOKED: "Revoked",
    _S.PART_REVOKED: "Partly revoked",
    _S.SURRENDERED: "Surrendered",
    _S.CANCELLED: "Cancelled",
    _S.TRANSFERRED: "With another force",
}

MOVES: dict[tuple[CertificateState, CertificateEvent], CertificateState] = {
    (_S.LIVE, _E.EXTEND): _S.EXTENDED_S28B,
    (_S.LIVE, _E.PERMIT): _S.TEMPORARY_PERMIT_S7,
    (_S.LIVE, _E.EXPIRE): _S.EXPIRED,
    (_S.LIVE, _E.RENEW): _S.LIVE,
    (_S.LIVE, _E.VARY): _S.LIVE,
    (_S.LIVE, _E.REISSUE): _S.LIVE,
    (_S.LIVE, _E.REVOKE): _S.REVOKED,
    (_S.LIVE, _E.PART_REVOKE): _S.PART_REVOKED,
    (_S.LIVE, _E.SURRENDER): _S.SURRENDERED,
    (_S.LIVE, _E.DEATH): _S.CANCELLED,
    (_S.LIVE, _E.CANCEL): _S.CANCELLED,
    (_S.LIVE, _E.TRANSFER): _S.TRANSFERRED,
    # The same terms as before, buying included, so all that can be done to a live one (Firearms Act 1968, section 28B).
    (_S.EXTENDED_S28B, _E.PERMIT): _S.TEMPORARY_PERMIT_S7,
    (_S.EXTENDED_S28B, _E.EXPIRE): _S.EXPIRED,
    (_S.EXTENDED_S28B, _E.RENEW): _S.LIVE,
    (_S.EXTENDED_S28B, _E.VARY): _S.EXTENDED_S28B,
    (_S.EXTENDED_S28B, _E.REISSUE): _S.EXTENDED_S28B,
    (_S.EXTENDED_S28B, _E.REVOKE): _S.REVOKED,
    (_S.EXTENDED_S28B, _E.PART_REVOKE): _S.PART_REVOKED,
    (_S.EXTENDED_S28B, _E.SURRENDER): _S.SURRENDERED,
    (_S.EXTENDED_S28B, _E.DEATH): _S.CANCELLED,
    (_S.EXTENDED_S28B, _E.CANCEL): _S.CANCELLED,
    (_S.EXTENDED_S28B, _E.TRANSFER): _S.TRANSFERRED,
    # Keeps what is held and acquires nothing: no variation. A further permit may follow.
    (_S.TEMPORARY_PERMIT_S7, _E.PERMIT): _S.TEMPORARY_PERMIT_S7,
    (_S.TEMPORARY_PERMIT_S7, _E.EXPIRE): _S.EXPIRED,
    (_S.TEMPORARY_PERMIT_S7, _E.RENEW): _S.LIVE,
    (_S.TEMPORARY_PERMIT_S7, _E.REISSUE): _S.TEMPORARY_PERMIT_S7,
    (_S.TEMPORARY_PERMIT_S7, _E.REVOKE): _S.REVOKED,
    (_S.TEMPORARY_PERMIT_S7, _E.SURRENDER): _S.SURRENDERED,
    (_S.TEMPORARY_PERMIT_S7, _E.DEATH): _S.CANCELLED,
    (_S.TEMPORARY_PERMIT_S7, _E.CANCEL): _S.CANCELLED,
    (_S.TEMPORARY_PERMIT_S7, _E.TRANSFER): _S.TRANSFERRED,
    # A renewal that was applied for may be decided after the day; a permit may be given after it as well.
    (_S.EXPIRED, _E.EXTEND): _S.EXTENDED_S28B,  # declared in time, and entered or joined too late: our own fault
    (_S.EXPIRED, _E.PERMIT): _S.TEMPORARY_PERMIT_S7,
    (_S.EXPIRED, _E.RENEW): _S.LIVE,
    # What is left of it runs on as a live one does.
    (_S.PART_REVOKED, _E.EXTEND): _S.EXTENDED_S28B,
    (_S.PART_REVOKED, _E.PERMIT): _S.TEMPORARY_PERMIT_S7,
    (_S.PART_REVOKED, _E.EXPIRE): _S.EXPIRED,
    (_S.PART_REVOKED, _E.RENEW): _S.LIVE,
    (_S.PART_REVOKED, _E.VARY): _S.PART_REVOKED,
    (_S.PART_REVOKED, _E.REISSUE): _S.PART_REVOKED,
    (_S.PART_REVOKED, _E.REVOKE): _S.REVOKED,
    (_S.PART_REVOKED, _E.PART_REVOKE): _S.PART_REVOKED,
    (_S.PART_REVOKED, _E.RESTORE): _S.LIVE,
    (_S.PART_REVOKED, _E.SURRENDER): _S.SURRENDERED,
    (_S.PART_REVOKED, _E.DEATH): _S.CANCELLED,
    (_S.PART_REVOKED, _E.CANCEL): _S.CANCELLED,
    (_S.PART_REVOKED, _E.TRANSFER): _S.TRANSFERRED,
    (_S.REVOKED, _E.RESTORE): _S.LIVE,
}

IN_FORCE = frozenset({_S.LIVE, _S.EXTENDED_S28B, _S.TEMPORARY_PERMIT_S7, _S.PART_REVOKED})
"""States in which the holder may keep guns on it."""

NFLMS_FIRST = frozenset({_E.RENEW, _E.REVOKE, _E.PART_REVOKE, _E.RESTORE})
"""Moves that nobody makes before the number and the date stand in NFLMS, the master register (practice 27)."""


def next_state(state: CertificateState, event: CertificateEvent) -> CertificateState:
    """Answer the certificate's state after `event`; raises MoveNotAllowed for every pair not in the table."""
    try:
        return MOVES[state, event]
    except KeyError:
        raise MoveNotAllowed(state=state.value, move=event.value) from None
