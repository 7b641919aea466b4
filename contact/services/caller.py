"""A contact that an agent opens for somebody who rang, came to the counter or wrote (practice 22): once, and held."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

import forms
from contact.domain import screen
from contact.domain.access import Actor, ActorKind, Permission, may
from contact.domain.errors import AtCapacity, EmergencyNeedsLivePage, Forbidden
from contact.domain.events import Event
from contact.domain.proposal import propose
from contact.domain.queueing import LeaseKind
from contact.domain.taxonomy import Category, Channel, Grade, is_sensitive
from contact.services import arrival as arrivals
from contact.services import control_room, drafts, sources
from contact.services.arrival import Arrival
from contact.services.keys import Keys
from contact.services.text_ways import e164
from contact.services.typed import typed_words
from contact.store import audit, contacts, intake
from contact.store.engine import act_as

CHANNELS = (Channel.TELEPHONE, Channel.COUNTER, Channel.LETTER, Channel.EMAIL)
SAFE_WAYS = ("phone", "text", "email", "post", "none")
"""How it is safe to reach them: asked before all else is done with what they gave (practice 13)."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the agent took down. `what` in the caller's own words; names, number and address as far as they were given.

    `safe_how`: one of SAFE_WAYS; `safe_value` the number or address for it; `safe_when` as they said it; `not_to`: who
    must not learn of it (practice 15). `restricted`: it is, or may be, about somebody who works for the police
    (practice 8). `unnamed`: who tells must not be named, and
    stands apart from the matter (practice 17).
    """

    channel: Channel
    what: str
    category: Category
    grade: Grade
    safe_how: str
    safe_value: str = ""
    safe_when: str = ""
    not_to: str = ""
    given_name: str = ""
    surname: str = ""
    phone: str = ""
    postcode: str = ""
    restricted: bool = False
    unnamed: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """What to read out; `theirs`: this agent may open it, which for a restricted one only those named may."""

    reference: str
    access_words: str
    theirs: bool


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
) -> Opened:
    """Store it and give it to the agent; the same `contact_id` again changes nothing.

    Where they hold all that one person can, and an emergency on a page without JavaScript, it waits in the queue like
    any other; a restricted one waits for those named. Raises Forbidden, ReasonNeeded when nothing was taken down.
    """
    if not may(agent, Permission.WORK_CONTACTS, force_id):
        raise Forbidden(permission=Permission.WORK_CONTACTS.value, force_id=force_id)
    intake.lock_ticket(session, contact_id=contact_id)
    # Whether it is there, and writing what no agent may read back, is the person's right: a restricted one is for those
    # named and a source for the intelligence unit. The log keeps which agent it was.
    for_caller = Actor(kind=ActorKind.CITIZEN, agent_id=agent.agent_id, contact_id=contact_id)
    act_as(session, for_caller)
    if contacts.find(session, contact_id=contact_id) is None:
        act_as(session, for_caller if told.restricted or told.unnamed else agent)
        arrivals.store(session, _arrival(contact_id, force_id, told, keys, now), keys)
        audit.write_now(session)
        act_as(session, for_caller)
    reference = contacts.get(session, contact_id=contact_id).reference
    session.expire_all()
    act_as(session, agent)
    theirs = contacts.find(session, contact_id=contact_id) is not None
    if theirs:
        _hold(session, agent, contact_id, kind, now)
    else:
        act_as(session, for_caller)
        note_shown(session, contact_id=contact_id, force_id=force_id, now=now)
        audit.write_now(session)
        act_as(session, agent)
    return Opened(reference, keys.access_words(contact_id), theirs)


def begin_form(
    session: Session,
    *,
    form_id: str,
    force_id: str,
    channel: Channel,
    agent: Actor,
    keys: Keys,
    now: dt.datetime,
) -> str:
    """A form that the agent fills in with a caller, question by question; answers the ticket that opens its draft.

    It goes the public's own way, with its help and its checks, and arrives as what came by `channel`. Raises Forbidden,
    UnknownFormError; Forbidden also for a licence, which its applicant declares themselves.
    """
    form = forms.compile_for(form_id, force_id).form
    licence = form.desk is forms.Desk.LICENSING
    if licence or agent.agent_id is None or not may(agent, Permission.WORK_CONTACTS, force_id):
        raise Forbidden(permission=Permission.WORK_CONTACTS.value, force_id=force_id)
    draft = drafts.start(session, form_id=form_id, force_id=force_id, language="en", now=now)
    taken = drafts.TakenDown(agent.agent_id, channel)
    drafts.mark_taken_down(session, draft_id=draft.id, taken=taken)
    ticket = drafts.make_ways_back(session, draft_id=draft.id, keys=keys, now=now).ticket
    audit.write_now(session)
    act_as(session, agent)
    return ticket


def note_shown(session: Session, *, contact_id: UUID, force_id: str, now: dt.datetime) -> None:
    """Write down that the agent was shown the four words that open the person's page, to read them out."""
    audit.record(session, Event.ACCESS_WORDS_SHOWN, force_id=force_id, contact_id=contact_id, at=now)


def _hold(session: Session, agent: Actor, contact_id: UUID, kind: LeaseKind, now: dt.datetime) -> None:
    try:
        control_room.claim(session, agent=agent, contact_id=contact_id, kind=kind, now=now, how="opened")
    except (AtCapacity, EmergencyNeedsLivePage):
        return


def _arrival(contact_id: UUID, force_id: str, told: Told, keys: Keys, now: dt.datetime) -> Arrival:
    words = typed_words(told.what, "account")
    heard = screen.screen(words)
    hint = _AgentHint(told.category.value, told.grade.value)
    proposal = propose(category=told.category, hints=[hint], screening=heard)
    person = {
        "given_name": told.given_name,
        "surname": told.surname,
        "phone_e164": (e164(told.phone) if told.phone else None) or "",
    }
    safe = {"how": told.safe_how, "value": told.safe_value, "when": told.safe_when}
    safe |= {"not_to": told.not_to} if told.not_to else {}
    apart = None
    if told.unnamed:
        whole = {**person, "email": "", "postcode": "", "address": ""}
        apart = sources.caller(whole, safe_contact=safe, place_postcode=told.postcode, keys=keys)
    return Arrival(
        contact_id=contact_id,
        force_id=force_id,
        channel=told.channel,
        category=told.category,
        language="en",
        proposal=proposal,
        now=now,
        sensitive=is_sensitive(told.category, proposal.flags),
        restricted=told.restricted,
        safe_contact={"how": told.safe_how} if told.unnamed else safe,
        reporter=None if told.unnamed else person,
        source=apart,
        message=words,
        place_postcode=told.postcode or None,
        located_by="said",
    )
