"""Whether somebody in a contact applies for a certificate now: who holds nothing yet is looked at too (practice 9)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.licensing.matching import MatchedBy, Probes, address_key, household_key, name_key
from contact.store import applicants
from contact.store.applicants import Candidate

_SUREST = [each.value for each in MatchedBy]


@dataclass(frozen=True, slots=True)
class Met:
    """An open application whose applicant a contact points to, and by what, the surest first."""

    application_id: UUID
    force_id: str
    matched_by: tuple[str, ...]


def match(session: Session, *, contact_id: UUID, force_id: str, probes: Probes) -> list[Met]:
    """Open applications that these keys point to, of any force, the surest first; for the worker.

    A name alone only in `force_id`.
    """
    if not probes:
        return []
    postcodes = {key.rsplit(" ", 1)[1] for key in (*probes.addresses, *probes.households)}
    names = {(first, last) for first, _, last in (key.partition(" ") for key in probes.names)}
    found = applicants.list_candidates(
        session, phones=probes.phones, emails=probes.emails, postcodes=postcodes, names=names, force_id=force_id
    )
    met = ((each, _ways(each, probes, force_id)) for each in found if each.contact_id != contact_id)
    ranked = [Met(each.contact_id, each.force_id, ways) for each, ways in met if ways]
    return sorted(ranked, key=lambda one: _SUREST.index(one.matched_by[0]))


def _ways(one: Candidate, probes: Probes, force_id: str) -> tuple[str, ...]:
    keys = {
        MatchedBy.PHONE: one.phone_e164 in probes.phones,
        MatchedBy.EMAIL: one.email.strip().casefold() in probes.emails,
        MatchedBy.ADDRESS: address_key(one.address, one.postcode) in probes.addresses,
        MatchedBy.HOUSEHOLD: household_key(one.surname, one.postcode) in probes.households,
        MatchedBy.NAME: one.force_id == force_id and name_key(one.given_name, one.surname) in probes.names,
    }
    return tuple(each.value for each in MatchedBy if keys.get(each))
