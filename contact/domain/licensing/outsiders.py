"""Referees and doctors' practices: where each stands, and what about a referee a person must look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class RefereeState(StrEnum):
    """Where a referee stands. HELD: nothing was sent, since what the applicant typed will not do."""

    HELD = "held"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    ANSWERED = "answered"
    DECLINED = "declined"


class Role(StrEnum):
    """Who holds a link and confirms it by words sent another way."""

    REFEREE = "referee"
    PARENT = "parent"  # or guardian, of an applicant under 18


class RefereeFlag(StrEnum):
    """What a licensing officer should look at; none of it decides anything."""

    NO_EMAIL = "no_email"
    NO_PHONE = "no_phone"
    APPLICANT_EMAIL = "applicant_email"
    APPLICANT_PHONE = "applicant_phone"
    SAME_ADDRESS = "same_address"
    IS_APPLICANT = "is_applicant"
    SAME_AS_OTHER = "same_as_other"
    UNDER_2_YEARS = "under_2_years"
    SAME_NETWORK = "same_network"
    SAME_DEVICE = "same_device"


HOLDS = frozenset({RefereeFlag.NO_EMAIL, RefereeFlag.APPLICANT_EMAIL, RefereeFlag.IS_APPLICANT})
"""With one of these no link is sent by itself: it would reach nobody, or the applicant."""
KNOWN_YEARS = 2
"""A referee has known the applicant in person at least so long (guidance to Form 201)."""


class ReportGiven(StrEnum):
    """What a practice says of its report."""

    UPLOADED = "uploaded"
    GIVEN_TO_PATIENT = "given_to_patient"
    NOT_WRITTEN = "not_written"
    NOT_PATIENT = "not_patient"


class GmcStanding(StrEnum):
    """What an officer found in the public register under the doctor's number."""

    IN_ORDER = "in_order"
    NOT_FOUND = "not_found"
    NOT_IN_ORDER = "not_in_order"


class ReportStanding(StrEnum):
    """How far the medical report stands; a file from the applicant is unverified until the practice confirms it."""

    NONE = "none"
    UNVERIFIED = "unverified"
    FROM_PRACTICE = "from_practice"
    CONFIRMED = "confirmed"


def report_standing(*, from_applicant: bool, from_practice: bool, told: ReportGiven | None) -> ReportStanding:
    """What may be built on: what the practice sent, else what it said is its own, else nothing."""
    if from_practice:
        return ReportStanding.FROM_PRACTICE
    if from_applicant:
        confirmed = told is ReportGiven.GIVEN_TO_PATIENT
        return ReportStanding.CONFIRMED if confirmed else ReportStanding.UNVERIFIED
    return ReportStanding.NONE


def flags_of(
    referee: Mapping[str, Any], *, applicant: Mapping[str, str], born: dt.date | None, others: list[Mapping[str, Any]]
) -> list[RefereeFlag]:
    """What the answers alone show. `referee` and `others` are rows of the form, `applicant` the reporter's details.

    Compared without case and spaces; an empty box is like no other.
    """
    same = {
        RefereeFlag.APPLICANT_EMAIL: _alike(referee.get("email"), applicant.get("email")),
        RefereeFlag.APPLICANT_PHONE: _alike(referee.get("phone"), applicant.get("phone_e164")),
        RefereeFlag.SAME_ADDRESS: _alike(referee.get("postcode"), applicant.get("postcode"))
        and _number(referee.get("address")) == _number(applicant.get("address")),
        RefereeFlag.IS_APPLICANT: _is(referee, applicant, born),
        RefereeFlag.SAME_AS_OTHER: any(_alike(referee.get(key), other.get(key)) for other in others for key in _OWN),
        RefereeFlag.NO_EMAIL: not referee.get("email"),
        RefereeFlag.NO_PHONE: not referee.get("phone"),
        RefereeFlag.UNDER_2_YEARS: _under(referee.get("years")),
    }
    return [flag for flag, holds in same.items() if holds]


def flags_of_parent(parent: Mapping[str, Any], *, applicant: Mapping[str, str], safe: str) -> list[RefereeFlag]:
    """The same for a parent, who may live with the applicant. `safe`: where the applicant wants to be written to.

    An address or a name of the applicant's own would let them agree in the parent's place.
    """
    same = {
        RefereeFlag.APPLICANT_EMAIL: any(_alike(parent.get("email"), own) for own in (applicant.get("email"), safe)),
        RefereeFlag.APPLICANT_PHONE: any(
            _alike(parent.get("phone"), own) for own in (applicant.get("phone_e164"), safe)
        ),
        RefereeFlag.IS_APPLICANT: _is(parent, applicant, None),
        RefereeFlag.NO_EMAIL: not parent.get("email"),
        RefereeFlag.NO_PHONE: not parent.get("phone"),
    }
    return [flag for flag, holds in same.items() if holds]


_OWN = ("email", "phone")


def _is(referee: Mapping[str, Any], applicant: Mapping[str, str], born: dt.date | None) -> bool:
    named = all(_alike(referee.get(key), applicant.get(own)) for key, own in _NAMES.items())
    day = referee.get("birth")
    return named and (born is None or not day or str(day) == born.isoformat())


_NAMES = {"given": "given_name", "surname": "surname"}


def _alike(one: object, other: object) -> bool:
    left, right = _bare(one), _bare(other)
    return bool(left) and left == right


def _bare(value: object) -> str:
    return "".join(str(value or "").split()).casefold()


def _number(address: object) -> str:
    """The first word of an address: within one postcode the house's number or name tells them apart."""
    return (str(address or "").split() or [""])[0].strip(",").casefold()


def _under(years: object) -> bool:
    return isinstance(years, int) and years < KNOWN_YEARS
