"""Finding an application by what an applicant can say: reference, name or certificate number; own forces only."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from contact.domain.events import Event
from contact.services import search
from contact.store import audit, caseload
from contact.store.caseload import Row
from contact.store.engine import actor_of

LIMIT = 50
_NUMBER = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z/ .-]{1,29}")


class Kind(StrEnum):
    """What was typed."""

    REFERENCE = "reference"
    NAME = "name"
    CERTIFICATE = "certificate"

    @property
    def label(self) -> str:
        """What people see, in English."""
        return "certificate number" if self is Kind.CERTIFICATE else self.value


@dataclass(frozen=True, slots=True)
class Results:
    """What was found, newest first. `more`: there are more than are shown."""

    kinds: tuple[Kind, ...]
    found: tuple[Row, ...]
    more: bool


def find(session: Session, *, typed: str, now: dt.datetime) -> Results:
    """Look for it by every reading; that somebody looked is written down, never for what (practice 16)."""
    terms = [
        (Kind(term.kind.value), term.value, term.second)
        for term in search.read(typed)
        if term.kind.value in (Kind.REFERENCE, Kind.NAME)
    ]
    plain = " ".join(typed[:200].replace("\x00", "").split())
    if _NUMBER.fullmatch(plain):
        terms += [(Kind.CERTIFICATE, spelling, None) for spelling in dict.fromkeys((plain, plain.upper()))]
    found: dict[object, Row] = {}
    for kind, value, second in terms:
        for row in caseload.find(session, kind=kind.value, value=value, second=second, limit=LIMIT + 1):
            found.setdefault(row.contact_id, row)
    newest = sorted(found.values(), key=lambda row: row.declared_at, reverse=True)
    kinds = tuple(dict.fromkeys(kind for kind, _value, _second in terms))
    actor = actor_of(session)
    mine = actor.licensing_forces if actor else ()
    force_id = mine[0] if len(mine) == 1 else None
    audit.record(
        session, Event.SEARCHED, force_id=force_id, at=now, by=[kind.value for kind in kinds], results=len(newest)
    )
    return Results(kinds, tuple(newest[:LIMIT]), len(newest) > LIMIT)
