"""Recommending and deciding: two people, reasons kept, and nothing final before NFLMS has it (practice 27)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from contact.domain.errors import DomainError


class Outcome(StrEnum):
    """What is recommended or decided."""

    GRANT = "grant"
    REFUSE = "refuse"

    @property
    def label(self) -> str:
        """What officers see, in English."""
        return {"grant": "Grant", "refuse": "Refuse"}[self.value]


class Missing(StrEnum):
    """Why an application goes back to the applicant as incomplete."""

    MEDICAL = "medical"
    PHOTO = "photo"
    REFEREE = "referee"
    PAYMENT = "payment"
    SIGNATURE = "signature"

    @property
    def label(self) -> str:
        """What officers see, in English."""
        return _MISSING[self]


_MISSING = {
    Missing.MEDICAL: "Medical report",
    Missing.PHOTO: "Photograph",
    Missing.REFEREE: "A referee",
    Missing.PAYMENT: "Payment",
    Missing.SIGNATURE: "Signature or declaration",
}


@dataclass(eq=False)
class SamePerson(DomainError):
    """Whoever recommended it does not decide it: another officer does."""

    agent_id: UUID


@dataclass(eq=False)
class NflmsNeeded(DomainError):
    """NFLMS is the master register: its number and date come first. `field`: person, certificates, on.

    `reason`: empty, shape, future; of a grant also count, taken, and state: our copy stands so that it cannot be.
    """

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Nflms:
    """What the officer read off NFLMS: the person's or application's number there, the certificates', and the date.

    `certificates` is empty for a refusal.
    """

    person: str
    certificates: tuple[str, ...]
    on: dt.date


# The layout of NFLMS numbers is not public: wide enough for any, narrow enough to catch a name typed by mistake.
_NUMBER = re.compile(r"(?=.*[0-9])[0-9A-Z][0-9A-Z/ .-]{1,29}")


def nflms(person: str, certificates: tuple[str, ...], on: dt.date | None, *, outcome: Outcome, today: dt.date) -> Nflms:
    """What was typed, in capitals and single spaces. Raises NflmsNeeded.

    A grant needs at least one certificate number; a refusal has none.
    """
    numbers = tuple(_number(each, "certificates") for each in certificates if each.strip())
    if outcome is Outcome.GRANT and not numbers:
        raise NflmsNeeded(field="certificates", reason="empty")
    typed = _number(person, "person")
    if on is None:
        raise NflmsNeeded(field="on", reason="empty")
    if on > today:
        raise NflmsNeeded(field="on", reason="future")
    return Nflms(typed, numbers if outcome is Outcome.GRANT else (), on)


def _number(typed: str, field: str) -> str:
    plain = " ".join(typed.split()).upper()
    if not plain:
        raise NflmsNeeded(field=field, reason="empty")
    if not _NUMBER.fullmatch(plain):
        raise NflmsNeeded(field=field, reason="shape")
    return plain


def ensure_another(recommended_by: UUID, agent_id: UUID) -> None:
    """One officer recommends, another decides. Raises SamePerson."""
    if recommended_by == agent_id:
        raise SamePerson(agent_id=agent_id)
