"""Who applies now, as candidates to compare with what a contact tells of people; for the worker alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.licensing.application_states import OPEN_STATES
from contact.store.models import Application, Reporter

MOST = 500


@dataclass(frozen=True, slots=True)
class Candidate:
    """One open application and what its applicant gave of themselves."""

    contact_id: UUID
    force_id: str
    given_name: str
    surname: str
    phone_e164: str
    email: str
    address: str
    postcode: str


def list_candidates(
    session: Session,
    *,
    phones: Collection[str],
    emails: Collection[str],
    postcodes: Collection[str],
    names: Collection[tuple[str, str]],
    force_id: str,
) -> list[Candidate]:
    """Open applications with one of these telephones, emails or postcodes, or in that force with one of these names.

    Postcodes without their space, emails and names (first, last) in small letters. Each way has its index.
    """
    spelt = {way for each in postcodes for way in (each, f"{each[:-3]} {each[-3:]}")}
    by_name = sa.and_(
        Application.force_id == force_id,
        sa.tuple_(sa.func.lower(Reporter.surname), sa.func.lower(Reporter.given_name)).in_(
            [(last, first) for first, last in sorted(names)]
        ),
    )
    by_phone = Reporter.phone_e164.in_(sorted(phones))
    by_email = sa.func.lower(Reporter.email).in_(sorted(emails))
    by_place = Reporter.postcode.in_(sorted(spelt))
    query = (
        sa.select(Application.contact_id, Application.force_id, Reporter)
        .join(Reporter, Reporter.contact_id == Application.contact_id)
        .where(
            Application.state.in_(sorted(each.value for each in OPEN_STATES)),
            sa.or_(by_phone, by_email, by_place, by_name),
        )
        # The surest first: a crowd of one name or postcode takes the place of nobody who is surely meant.
        .order_by(sa.case((by_phone, 0), (by_email, 1), (by_place, 2), else_=3), Application.contact_id)
        .limit(MOST)
    )
    return [
        Candidate(
            contact_id, force, row.given_name or "", row.surname or "", row.phone_e164 or "", row.email or "",
            row.address or "", row.postcode or "",
        )
        for contact_id, force, row in session.execute(query)
    ]  # fmt: skip
