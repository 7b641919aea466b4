"""Letters to others than the holder: to whoever sees to what a holder left, and to another force's licensing team.

What goes to another force names the person and the certificates; the guns are in NFLMS, and on no letter of ours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.licensing.letter_kinds import LetterKind
from contact.services import routing
from contact.services.licensing import letters
from contact.store import forces
from contact.store.certificates import Certificate

if TYPE_CHECKING:  # which reads the register, whose moves write letters
    from contact.services.licensing.granted import Granted

Facts = dict[str, Any]
_TEAM = {"en": "Firearms licensing, {force}", "cy": "Trwyddedu arfau tanio, {force}"}


def after_a_death(certificate: Certificate) -> Facts:
    """To whom the letter after a death goes: nobody by name, at the address of the holder."""
    name = f"{certificate.given_name} {certificate.surname}"
    return {"to": f"The personal representative of {name}", "holder": name}


def new_force(session: Session, force_id: str) -> Facts:
    """The force that a holder belongs to now, by its names. Raises NotFound."""
    force = forces.get(session, force_id=force_id)
    return {"new_force": force.name, "new_force_cy": force.name_cy or force.name}


def of_a_move(
    session: Session, *, certificate: Certificate, to_force: str, made_by: UUID | None, now: dt.datetime
) -> None:
    """Tell the other force that a holder is theirs now. Raises NotFound."""
    facts = {"about": "moved", "holder": f"{certificate.given_name} {certificate.surname}"}
    _tell(session, certificate, to_force, facts, made_by=made_by, now=now)


def of_a_transfer(session: Session, given: Granted, own: Sequence[Certificate]) -> None:
    """Tell the force of the other side of a notice, where their address is on another force's ground alone.

    The address is what was typed: a person reads the letter before it leaves.
    """
    other: Mapping[str, Any] = next(iter(given.rows("otherPerson")), {})
    candidates = routing.forces_in_words(session, str(other.get("address") or ""))
    if len(candidates) != 1 or candidates[0].id == given.application.force_id or not own:
        return
    facts = {
        "about": "transfer",
        "holder": " ".join(str(other.get(part) or "") for part in ("given", "surname")).strip(),
        "theirs": str(other.get("certificate") or ""),
        "gave": given.said("transferSide") == "gave",
        "how": given.said("transferKind"),
        "transferred_on": given.said("transferredOn"),
        "reference": given.reference,
    }
    _tell(session, own[0], candidates[0].id, facts, made_by=given.actor.agent_id, now=given.now)


def _tell(
    session: Session, certificate: Certificate, force_id: str, facts: Facts, *, made_by: UUID | None, now: dt.datetime
) -> None:
    named = new_force(session, force_id)
    to = {"to": _TEAM["en"].format(force=named["new_force"]), "address": [], "no_safe_way": False}
    letters.about_certificate(
        session, certificate=certificate, kind=LetterKind.OTHER_FORCE, made_by=made_by, now=now,
        extra={**facts, **named, **to},
    )  # fmt: skip
