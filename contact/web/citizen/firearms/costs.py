"""What a certificate costs today, from the dated table of fees; what has no figure is not listed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from contact.domain.clocks import LONDON
from contact.domain.licensing.fees import Fee, case_of, fee_for
from contact.domain.licensing.kinds import Kind, Licence, Nation
from contact.domain.money import pounds
from contact.web.shared.language import gettext


@dataclass(frozen=True, slots=True)
class Cost:
    """One line: what for, and how much for a new one and a renewal, "" where nothing is known."""

    what: str
    grant: str
    renewal: str


def costs(*, nation: Nation, now: dt.datetime) -> list[Cost]:
    """The certificates of that nation; a force may have figures of its own, which the payment page then shows."""
    today = now.astimezone(LONDON).date()
    found = [
        Cost(what, _pounds(nation, licence, Kind.GRANT, today), _pounds(nation, licence, Kind.RENEWAL, today))
        for licence, what in _names().items()
    ]
    return [each for each in found if each.grant or each.renewal]


def _names() -> dict[Licence, str]:
    return {
        Licence.FIREARM: gettext("Firearm certificate"),
        Licence.SHOTGUN: gettext("Shotgun certificate"),
        Licence.COTERMINOUS: gettext("Both, with one last day"),
    }


def _pounds(nation: Nation, licence: Licence, kind: Kind, today: dt.date) -> str:
    case = case_of(licence=licence, kind=kind)
    fee = fee_for(nation=nation, licence=licence, kind=kind, case=case, received_on=today, paid_on=today)
    if not isinstance(fee, Fee):
        return ""
    return pounds(fee.pence)
