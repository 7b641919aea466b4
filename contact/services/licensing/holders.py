"""Whether somebody or some place in a contact is a certificate holder's: the guns come first (practice 9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.licensing.gun_states import GunState
from contact.domain.licensing.matching import Gathering, MatchedBy, Probes
from contact.store import certificates
from contact.store.certificates import Match
from forms import Role
from forms.phone import to_e164

if TYPE_CHECKING:
    from contact.services.contact_view import ContactView

__all__ = ["LOSS_FORM", "Match", "how", "in_one_line", "is_sure", "match", "probes", "reported_lost"]

LOSS_FORM = "firearms-loss"

_MOST_LETTERS = 4000
_WORDS = {
    MatchedBy.NUMBER: "certificate number in a report of loss or theft",
    MatchedBy.SERIAL: "gun reported lost or stolen",
    MatchedBy.APPLICATION: "worry written to licensing about their application",
    MatchedBy.PHONE: "same telephone number",
    MatchedBy.EMAIL: "same email address",
    MatchedBy.ADDRESS: "same address",
    MatchedBy.HOUSEHOLD: "same surname and postcode",
    MatchedBy.NAME: "same name, may be another person",
    MatchedBy.POSTCODE: "same postcode, house not said",
}


def match(session: Session, view: ContactView) -> tuple[Match, ...]:
    """Certificates that this contact points to, the surest first. Changes nothing."""
    found = certificates.match(session, contact_id=view.contact.id, probes=probes(view))
    return tuple(sorted(found, key=lambda each: (_rank(each), each.certificate_id)))


def reported_lost(session: Session, view: ContactView) -> tuple[Match, ...]:
    """Certificates of guns that this contact reports lost or stolen, for the worker, who sees every register.

    Nothing is marked by this: an officer confirms and marks the gun (practice 29).
    """
    found: dict[UUID, set[MatchedBy]] = {}
    for sent in (each for each in view.sent if each.form.id == LOSS_FORM):
        number = str(sent.answers.get("certificateNumber") or "")
        held = certificates.find_by_number(session, force_id=view.contact.force_id, number=number) if number else None
        if held is not None:
            found.setdefault(held.id, set()).add(MatchedBy.NUMBER)
        for gun in sent.answers.get("gunsLost") or []:
            serial, make = str(gun.get("serial") or ""), str(gun.get("make") or "")
            for each in certificates.serial_elsewhere(session, serial=serial, make=make):
                found.setdefault(each.certificate_id, set()).add(MatchedBy.SERIAL)
    return tuple(_match(session, certificate_id, ways) for certificate_id, ways in sorted(found.items()))


def _match(session: Session, certificate_id: UUID, ways: set[MatchedBy]) -> Match:
    row = certificates.get(session, certificate_id=certificate_id)
    guns = certificates.list_firearms(session, certificate_id=certificate_id)
    held = sum(each.state == GunState.HELD.value for each in guns)
    return Match(row.id, row.force_id, row.kind, row.state, held, tuple(sorted(each.value for each in ways)))


def probes(view: ContactView) -> Probes:
    """What the contact tells of people and places: who reports, who is named, and where, in forms and in words said."""
    gathered = Gathering()
    if view.reporter is not None:
        person = view.reporter
        gathered.person(person.given_name or "", person.surname or "")
        gathered.reached(phone=person.phone_e164, email=person.email)
        gathered.place(person.address or "", person.postcode or "")
    for sent in view.sent:
        for role in (Role.PLACE, Role.ADDRESS):
            gathered.place(sent.value_of(role))
        for role in (Role.SUSPECT, Role.SUSPECTS, Role.ACCOUNT):
            gathered.described(sent.value_of(role)[:_MOST_LETTERS])
    _facts(view, gathered)
    said = " ".join(line.body for line in view.thread if line.kind == "inbound")
    gathered.described(said[:_MOST_LETTERS])
    if view.contact.place_postcode:
        gathered.place("", view.contact.place_postcode)
    return gathered.probes()


def _facts(view: ContactView, gathered: Gathering) -> None:
    """What the machine took from a conversation."""
    for fact in view.facts:
        words = fact.value or fact.words
        if fact.kind in ("place", "postcode"):
            gathered.place(words)
        elif fact.kind in ("name", "person"):
            gathered.described(words)
        elif fact.kind == "phone":
            gathered.reached(phone=to_e164(words))
        elif fact.kind == "email":
            gathered.reached(email=words)


def is_sure(found: Match) -> bool:
    """Whether it is more than a neighbour."""
    return any(MatchedBy(each).sure for each in found.matched_by)


def how(found: Match) -> str:
    """How they met, the surest first, in words."""
    return met_by(found.matched_by)


def met_by(codes: Sequence[str]) -> str:
    """Ways to meet, the surest first, in words."""
    ways = sorted((MatchedBy(each) for each in codes), key=list(MatchedBy).index)
    return ", ".join(_WORDS[each] for each in ways)


def in_one_line(found: Sequence[Match]) -> str:
    """To read aloud: how many guns on how many certificates, and how sure; empty without a match.

    Counts only: names, addresses and serials stay with the licensing team.
    """
    sure = [each for each in found if is_sure(each)]
    if not found:
        return ""
    counted = sure or list(found)
    guns = sum(each.guns for each in counted)
    ways = "; ".join(dict.fromkeys(how(each) for each in counted))
    certificates_in_words = f"{len(counted)} certificate{'s' if len(counted) != 1 else ''}"
    begin = "YES" if sure else "POSSIBLE"
    return f"{begin}: {guns} gun{'s' if guns != 1 else ''} held on {certificates_in_words} ({ways}). Our copy of NFLMS"


def _rank(found: Match) -> int:
    return min(list(MatchedBy).index(MatchedBy(each)) for each in found.matched_by)
