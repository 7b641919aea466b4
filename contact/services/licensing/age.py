"""How old an applicant is, by the birthday they gave: under 18 a parent or guardian has to agree."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.clocks import LONDON
from contact.domain.licensing.eligibility import age_on
from contact.store import contacts

ADULT = 18


def is_under_18(session: Session, *, contact_id: UUID, now: dt.datetime) -> bool:
    """By the last answers and London's day; False where no birthday was asked for or it cannot be read."""
    sent = contacts.list_submissions(session, contact_id=contact_id)
    for each in reversed(sent):
        with suppress(ValueError):
            born = dt.date.fromisoformat(str(each.answers.get("dateOfBirth") or ""))
            return age_on(born, now.astimezone(LONDON).date()) < ADULT
    return False
