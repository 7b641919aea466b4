"""A parent of an applicant under 18, asked by a link of their own: what the form says of them is a claim (practice 25).

The link goes to the address given for the parent and the words that confirm them to the telephone given for them. Where
one of these is the applicant's own, nothing goes there: an officer asks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.jobs import JobName
from contact.domain.licensing.outsiders import HOLDS, RefereeFlag, RefereeState, Role, flags_of_parent
from contact.store import outbox, referees
from contact.store.identifiers import new_id
from forms.phone import to_e164

_POSITION = 100
"""After all referees: a position is one row of an application."""
_EMAIL = re.compile(r"[^\s@<>,;:()/]+@[^\s@<>,;:()/]+\.[^\s@.<>,;:()/]{2,}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()\-]{7,}[0-9]")


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a parent can be reached, as far as what was written in one box says it."""

    email: str | None
    phone_e164: str | None


def reach_of(written: str) -> Reach:
    """The first email address and the first telephone number in what was written."""
    email = _EMAIL.search(written)
    rest = written.replace(email.group(), " ") if email else written
    numbers = (to_e164(found) for found in _PHONE.findall(rest))
    return Reach(email.group() if email else None, next((each for each in numbers if each), None))


def begin(
    session: Session,
    *,
    contact_id: UUID,
    answers: Mapping[str, Any],
    applicant: Mapping[str, str],
    safe: str,
    language: str,
    now: datetime,
) -> None:
    """Write down the parent whom an application names, and let the worker ask them; nothing where it names none.

    In the transaction that sends it, speaking for the applicant. `safe`: where the applicant wants to be written to.
    """
    name = answers.get("parentName")
    if not isinstance(name, Mapping):
        return
    reach = reach_of(str(answers.get("parentContact") or ""))
    parent = {
        "given": str(name.get("given") or ""),
        "surname": str(name.get("surname") or ""),
        "email": reach.email,
        "phone": reach.phone_e164,
    }
    flags = flags_of_parent(parent, applicant=applicant, safe=safe)
    theirs = RefereeFlag.APPLICANT_PHONE not in flags  # else the words would reach the applicant
    referees.add(
        session,
        referee_id=new_id(),
        contact_id=contact_id,
        role=Role.PARENT.value,
        position=_POSITION,
        given_name=parent["given"] or "",
        surname=parent["surname"] or "",
        email=reach.email,
        phone_e164=reach.phone_e164 if theirs else None,
        told={"relation": answers.get("parentRelation"), "contact": answers.get("parentContact")},
        language=language,
        state=(RefereeState.HELD if HOLDS.intersection(flags) else RefereeState.ASKED).value,
        flags=[flag.value for flag in flags],
        now=now,
    )
    outbox.defer(session, JobName.ASK_REFEREES, contact_id=contact_id)
