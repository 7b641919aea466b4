"""Finding a contact by what a caller can say: reference, name, telephone, email or postcode; own forces only."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from contact.domain import reference
from contact.domain.errors import MalformedReference
from contact.domain.events import Event
from contact.store import audit, search
from contact.store.engine import actor_of
from contact.store.search import Found
from forms.phone import to_e164

LIMIT = 50
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) *([0-9][A-Z]{2})")
_TELEPHONE = re.compile(r"[0-9+() ./-]{9,24}")


class Kind(StrEnum):
    """What was typed."""

    REFERENCE = "reference"
    PHONE = "phone"
    EMAIL = "email"
    POSTCODE = "postcode"
    NAME = "name"

    @property
    def label(self) -> str:
        """What people see, in English."""
        return {"phone": "telephone number", "email": "email address"}.get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Term:
    """One reading of what was typed, as the records have it."""

    kind: Kind
    value: str
    second: str | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """What was found, newest first. `more`: there are more than are shown, so type something more exact."""

    kinds: tuple[Kind, ...]
    found: tuple[Found, ...]
    more: bool


def read(typed: str) -> tuple[Term, ...]:
    """Every reading of what was typed that could be meant; empty for nothing to look for.

    Layout does not matter: `k7r d4m x2p`, `+44 7700 900 123`, `(07700) 900123`, `bs1 4dj`, `Begum, Amina`.
    """
    plain = " ".join(typed[:200].replace("\x00", "").split())
    if not plain:
        return ()
    terms: list[Term] = []
    if "@" in plain:
        local, _, domain = plain.replace(" ", "").rpartition("@")
        spellings = dict.fromkeys([f"{local}@{domain.lower()}", f"{local}@{domain}".lower()])
        return tuple(Term(Kind.EMAIL, spelling) for spelling in spellings if local and domain)
    with suppress(MalformedReference):
        terms.append(Term(Kind.REFERENCE, reference.parse(plain)))
    if _TELEPHONE.fullmatch(plain) and (number := to_e164(plain)):
        terms.append(Term(Kind.PHONE, number))
    if postcode := _POSTCODE.fullmatch(plain.upper()):
        terms.append(Term(Kind.POSTCODE, f"{postcode[1]} {postcode[2]}"))
    if not any(symbol.isdigit() for symbol in plain):
        terms += _names(plain)
    return tuple(terms)


def _names(plain: str) -> list[Term]:
    """`Begum`, `Amina Begum`, `Begum, Amina`; two words in either order, since callers say both."""
    last, comma, first = (part.strip() for part in plain.partition(","))
    if comma and last:
        return [Term(Kind.NAME, last, first or None)]
    words = plain.split()
    if len(words) == 1:
        return [Term(Kind.NAME, words[0])]
    given, surname = " ".join(words[:-1]), words[-1]
    double = [Term(Kind.NAME, " ".join(words[at:]), " ".join(words[:at])) for at in range(1, len(words) - 1)]
    turned = Term(Kind.NAME, words[0], " ".join(words[1:]))
    return [Term(Kind.NAME, surname, given), *double, turned, Term(Kind.NAME, plain)]


def find(session: Session, *, typed: str, now: dt.datetime) -> Results:
    """Look for it and write down that somebody looked: by which kinds and with how many results, never for what.

    The words are in no event, no address and no log (practice 16).
    """
    terms = read(typed)
    found: dict[object, Found] = {}
    for term in terms:
        for each in search.find(session, kind=term.kind.value, value=term.value, second=term.second, limit=LIMIT + 1):
            found.setdefault(each.contact_id, each)
    newest = sorted(found.values(), key=lambda each: each.received_at, reverse=True)
    kinds = tuple(dict.fromkeys(term.kind for term in terms))
    actor = actor_of(session)
    mine = actor.contact_forces if actor else ()
    force_id = mine[0] if len(mine) == 1 else None
    audit.record(session, Event.SEARCHED, force_id=force_id, at=now, by=kinds, results=len(newest))
    return Results(kinds, tuple(newest[:LIMIT]), len(newest) > LIMIT)
