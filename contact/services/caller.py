"""A contact that an agent opens for somebody who rang, came to the counter or wrote (practice 22): once, and held."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import screen
from contact.domain.access import Actor, Permission, may
from contact.domain.errors import AtCapacity, EmergencyNeedsLivePage, Forbidden
from contact.domain.proposal import propose
from contact.domain.queueing import LeaseKind
from contact.domain.taxonomy import Category, Channel, Grade, is_sensitive
from contact.services import arrival as arrivals
from contact.services import control_room
from contact.services.arrival import Arrival
from contact.services.keys import Keys
from contact.services.text_ways import e164
from contact.services.typed import typed_words
from contact.store import contacts, intake

CHANNELS = (Channel.TELEPHONE, Channel.COUNTER, Channel.LETTER, Channel.EMAIL)
SAFE_WAYS = ("phone", "text", "email", "post", "none")
"""How it is safe to reach them: asked before all else is done with what they gave (practice 13)."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the agent took down. `what` in the caller's own words; names, number and address as far as they were given.

    `safe_how`: one of SAFE_WAYS; `safe_value` the number or address for it; `safe_when` as they said it.
    """

    channel: Channel
    what: str
    category: Category
    grade: Grade
    safe_how: str
    safe_value: str = ""
    safe_when: str = ""
    given_name: str = ""
    surname: str = ""
    phone: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class _AgentHint:
    """What the agent made of it while listening: the words may raise it and never lower it."""

    code: str
    grade: str | None
    flags: tuple[str, ...] = ()
    advise_999: bool = False
    reason_code: str = "taken_down_by_an_agent"


def open_for(
    session: Session,
    *,
    contact_id: UUID,
    force_id: str,
    told: Told,
    agent: Actor,
    kind: LeaseKind,
    keys: Keys,
    now: dt.datetime,
) -> bool:
    """Store it and give it to the agent; the same `contact_id` again changes nothing. Answers whether they hold it now:

    not where they hold all that one person can, nor an emergency on a page without JavaScript; it then waits in the
    queue like any other. Raises Forbidden, ReasonNeeded when nothing was taken down.
    """
    if not may(agent, Permission.WORK_CONTACTS, force_id):
        raise Forbidden(permission=Permission.WORK_CONTACTS.value, force_id=force_id)
    intake.lock_ticket(session, contact_id=contact_id)
    if contacts.find(session, contact_id=contact_id) is None:
        arrivals.store(session, _arrival(contact_id, force_id, told, now), keys)
        session.flush()
    try:
        control_room.claim(session, agent=agent, contact_id=contact_id, kind=kind, now=now, how="opened")
    except (AtCapacity, EmergencyNeedsLivePage):
        return False
    return True


def _arrival(contact_id: UUID, force_id: str, told: Told, now: dt.datetime) -> Arrival:
    words = typed_words(told.what, "account")
    heard = screen.screen(words)
    hint = _AgentHint(told.category.value, told.grade.value)
    proposal = propose(category=told.category, hints=[hint], screening=heard)
    phone = e164(told.phone) if told.phone else None
    return Arrival(
        contact_id=contact_id,
        force_id=force_id,
        channel=told.channel,
        category=told.category,
        language="en",
        proposal=proposal,
        now=now,
        sensitive=is_sensitive(told.category, proposal.flags),
        safe_contact={"how": told.safe_how, "value": told.safe_value, "when": told.safe_when},
        reporter={"given_name": told.given_name, "surname": told.surname, "phone_e164": phone or ""},
        message=words,
        place_postcode=told.postcode or None,
        located_by="said",
    )
