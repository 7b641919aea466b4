"""The renewal clock of a certificate: whole days on a London calendar, and nothing of ours moves them (practice 28)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from contact.domain.clocks import LONDON
from contact.domain.licensing.certificate_states import CertificateState

IN_TIME_WEEKS = 8
"""A renewal declared this long before expiry runs on by itself (section 28B of the Firearms Act 1968)."""
EXTENSION_WEEKS = 8
"""For at most this long, or until decided."""
PERMIT_ALARM_DAYS = 14
CERTIFICATE_YEARS = 5


class NoticeKind(StrEnum):
    """What the clock writes to the holder, or rings for; once each for one certificate and expiry."""

    WEEKS_16 = "weeks_16"
    WEEKS_12 = "weeks_12"
    WEEKS_10 = "weeks_10"
    WEEKS_9 = "weeks_9"
    EXTENSION = "extension"
    PERMIT_ALARM = "permit_alarm"


WEEKS_BEFORE = {
    NoticeKind.WEEKS_16: 16,
    NoticeKind.WEEKS_12: 12,
    NoticeKind.WEEKS_10: 10,
    NoticeKind.WEEKS_9: 9,
}
FIRST_NOTICE = dt.timedelta(weeks=max(WEEKS_BEFORE.values()))
"""How long before its last day a certificate begins to be work."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice to renew: the day it goes, and the last day on which an application is safe."""

    kind: NoticeKind
    due_on: dt.date
    last_safe_day: dt.date


def london_day(at: dt.datetime) -> dt.date:
    """The day it is in London at a UTC time. Raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone has no day")
    return at.astimezone(LONDON).date()


def last_safe_day(expires: dt.date) -> dt.date:
    """The last day on which a signed declaration gains the extension. `expires` is the certificate's last day."""
    return expires - dt.timedelta(weeks=IN_TIME_WEEKS)


def is_in_time(declared_at: dt.datetime, expires: dt.date) -> bool:
    """Whether the declaration was signed in time; payment, doctor, referees and our own faults count for nothing."""
    return london_day(declared_at) <= last_safe_day(expires)


def notices(expires: dt.date) -> list[Notice]:
    """The four notices of one certificate, in order."""
    safe = last_safe_day(expires)
    return [Notice(kind, expires - dt.timedelta(weeks=weeks), safe) for kind, weeks in WEEKS_BEFORE.items()]


def notice_due(today: dt.date, expires: dt.date) -> Notice | None:
    """The notice that belongs on this day: the newest whose day has come, while there is a safe day left to name.

    A clock that stood still for a month sends one letter, not three.
    """
    if today > last_safe_day(expires):
        return None
    return next((each for each in reversed(notices(expires)) if each.due_on <= today), None)


def extension_ends(expires: dt.date) -> dt.date:
    """The last day of the extension."""
    return expires + dt.timedelta(weeks=EXTENSION_WEEKS)


def renewed_until(expires: dt.date, years: int = CERTIFICATE_YEARS) -> dt.date:
    """The last day of the certificate that follows: it is dated from the OLD expiry, whenever it was decided.

    From 29 February, 28 February where the year has no 29th.
    """
    try:
        return expires.replace(year=expires.year + years)
    except ValueError:
        return expires.replace(year=expires.year + years, day=28)


class Action(StrEnum):
    """What the daily clock does with one certificate."""

    NOTICE = "notice"
    EXTEND = "extend"
    PERMIT_ALARM = "permit_alarm"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the clock needs to know of a certificate. `declared_at`: of its open renewal, None while there is none."""

    state: CertificateState
    expires: dt.date
    declared_at: dt.datetime | None = None
    extended_until: dt.date | None = None
    permit_until: dt.date | None = None
    done: Collection[tuple[NoticeKind, dt.date]] = ()
    """What was sent or rung, each with the day it was for: the expiry, or the day a permit is needed from."""

    @property
    def last_day(self) -> dt.date:
        """The last day on which it carries its guns as it stands; a permit never ends a certificate before its day."""
        if self.state is CertificateState.TEMPORARY_PERMIT_S7:
            return max(self.permit_until or self.expires, self.expires)
        if self.state is CertificateState.EXTENDED_S28B:
            return self.extended_until or extension_ends(self.expires)
        return self.expires


_RUNNING = frozenset({CertificateState.LIVE, CertificateState.PART_REVOKED})
_CLOCKED = _RUNNING | {CertificateState.EXTENDED_S28B, CertificateState.TEMPORARY_PERMIT_S7}


def actions(standing: Standing, today: dt.date) -> list[Action]:
    """What is to be done with it today, in order; nothing twice, and nothing for a certificate that is over.

    One that ran out because its renewal, declared in time, was not known to be its own is extended all the same: our
    own faults move nothing (practice 28).
    """
    if standing.state is CertificateState.EXPIRED and _in_time(standing):
        return [Action.EXTEND] if today <= extension_ends(standing.expires) else []
    if standing.state not in _CLOCKED:
        return []
    if _extended_for_nothing(standing):
        return [Action.EXPIRE]
    found = []
    notice = notice_due(today, standing.expires) if standing.state in _RUNNING and not standing.declared_at else None
    if notice is not None and (notice.kind, standing.expires) not in standing.done:
        found.append(Action.NOTICE)
    if _needs_permit_soon(standing, today):
        found.append(Action.PERMIT_ALARM)
    if today > standing.last_day:
        goes_on = _runs_on(standing) and today <= extension_ends(standing.expires)
        found.append(Action.EXTEND if goes_on else Action.EXPIRE)
    return found


def permit_needed_from(standing: Standing) -> dt.date | None:
    """The day from which an undecided renewal leaves the holder with nothing; None while none is applied for."""
    if standing.declared_at is None:
        return None
    last = extension_ends(standing.expires) if _runs_on(standing) else standing.last_day
    return last + dt.timedelta(days=1)


def _extended_for_nothing(standing: Standing) -> bool:
    """Whether our own clock extended it for a renewal that it has no more, such as one that was taken off it."""
    extended = (NoticeKind.EXTENSION, standing.expires) in standing.done
    return standing.state is CertificateState.EXTENDED_S28B and standing.declared_at is None and extended


def _runs_on(standing: Standing) -> bool:
    """Whether it will be extended by itself, left undecided."""
    return standing.state in _RUNNING and _in_time(standing)


def _in_time(standing: Standing) -> bool:
    return standing.declared_at is not None and is_in_time(standing.declared_at, standing.expires)


def _needs_permit_soon(standing: Standing, today: dt.date) -> bool:
    """Alarmed 14 days ahead, once: a section 7 permit is a person's decision."""
    needed = permit_needed_from(standing)
    if needed is None or (NoticeKind.PERMIT_ALARM, needed) in standing.done:
        return False
    return today >= needed - dt.timedelta(days=PERMIT_ALARM_DAYS)
