"""Restricted contacts: named people only, and who may name them (practice 8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor, Permission, may
from contact.domain.alarms import AlarmKind
from contact.domain.errors import Forbidden
from contact.domain.events import Event
from contact.domain.states import EntryState
from contact.domain.taxonomy import Flag, Grade
from contact.services import alarms
from contact.store import audit, contacts, intake, triage
from contact.store.contacts import Contact


class Why(StrEnum):
    """Why a contact is kept to named people."""

    POLICE_SUSPECT = "police_suspect"
    INVOLVES_STAFF = "involves_staff"
    INFORMANT = "informant"
    HIGH_RISK = "high_risk"

    @property
    def label(self) -> str:
        """What people see, in English."""
        return _LABELS[self]


_LABELS = {
    Why.POLICE_SUSPECT: "The suspect works for the police, or may do",
    Why.INVOLVES_STAFF: "It involves a member of staff, their family or household",
    Why.INFORMANT: "The source needs protecting",
    Why.HIGH_RISK: "Somebody would be at grave risk if it were known",
}


def keeps_apart(flags: Collection[Flag], grade: Grade, *, sensitive: bool) -> bool:
    """Whether words alone keep a conversation to named people: it is sensitive, and he works for the police, they say.

    Not an emergency: there whoever can send help must see it, and the warning stands before all else.
    """
    return Flag.POLICE_SUSPECT in flags and sensitive and grade is not Grade.EMERGENCY


def by_words(session: Session, *, contact: Contact, now: dt.datetime) -> None:
    """Restrict a conversation for what was said in it, if that keeps it apart, and no agent holds it yet (practice 8).

    Who holds it has read it; a supervisor sees the warning and decides. Named are the force's professional standards;
    where there are none somebody is told. The caller holds the contact's row lock.
    """
    flags = [Flag(flag) for flag in contact.flags]
    apart = keeps_apart(flags, Grade(contact.grade), sensitive=contact.sensitive)
    if contact.restricted or not apart:
        return
    entries = triage.list_entries(session, contact_id=contact.id, lock=True)
    if any(entry.state == EntryState.HELD for entry in entries):
        return
    contact.restricted = True
    for entry in entries:
        entry.restricted = True
    session.flush()
    where: dict[str, Any] = {"force_id": contact.force_id, "now": now}
    if not intake.name_professional_standards(session, contact_id=contact.id, **where):
        alarms.raise_alarm(session, kind=AlarmKind.RESTRICTED_UNNAMED, contact_id=None, **where)
    for force_id in contact.force_ids:
        audit.record(
            session, Event.RESTRICTED, force_id=force_id, contact_id=contact.id, at=now, restricted=True,
            reason=Why.POLICE_SUSPECT,
        )  # fmt: skip


def restrict(
    session: Session, *, contact_id: UUID, actor: Actor, why: Why, names: Collection[UUID], now: dt.datetime
) -> None:
    """Keep the contact to the people named, and to the supervisor who names them.

    Raises NotFound, Forbidden for anyone but a supervisor of a force the contact stands with.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    if actor.agent_id is None or not any(may(actor, Permission.RESTRICT, force_id) for force_id in contact.force_ids):
        raise Forbidden(permission=Permission.RESTRICT.value)
    holder = {contact.holder_id} if contact.holder_id else set()
    # Whoever restricts must be on the list first: the policy lets nobody write a row they could not read.
    for agent_id in [actor.agent_id, *sorted({*names, *holder} - {actor.agent_id})]:
        if triage.name_person(
            session,
            contact_id=contact_id,
            agent_id=agent_id,
            granted_by=actor.agent_id,
            reason=why.value,
            now=now,
        ):
            audit.record(
                session,
                Event.ACCESS_GRANTED,
                force_id=contact.force_id,
                contact_id=contact_id,
                at=now,
                to_agent_id=agent_id,
                reason=why,
            )
    if contact.restricted:
        return
    entries = triage.list_entries(session, contact_id=contact_id, lock=True)
    contact.restricted = True
    for entry in entries:
        entry.restricted = True
    if entries:
        triage.mirror(session, contact_id=contact_id, entry_id=entries[0].id)
    for force_id in contact.force_ids:
        audit.record(
            session, Event.RESTRICTED, force_id=force_id, contact_id=contact_id, at=now, restricted=True, reason=why
        )
