"""Who this request speaks for: set once by the guard, and again where a citizen has just proven something."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import g

from contact.domain.access import Actor, ActorKind
from contact.domain.errors import Forbidden
from contact.store.engine import act_as
from contact.web.shared import database

_ACTOR, _AGENT = "contact_actor", "contact_agent"


@dataclass(frozen=True, slots=True)
class SignedInAgent:
    """The agent at the other end, for pages: `actor` carries the roles, force by force."""

    id: UUID
    name: str
    email: str
    actor: Actor


def speak_for(actor: Actor | None, agent: SignedInAgent | None = None) -> None:
    """From now on this request's transaction speaks for `actor`."""
    setattr(g, _ACTOR, actor)
    setattr(g, _AGENT, agent)
    act_as(database.session()(), actor)


def current_actor() -> Actor:
    """The party this request speaks for; a citizen who has proven nothing when nobody was set."""
    actor: Actor | None = g.get(_ACTOR)
    return actor or Actor(kind=ActorKind.CITIZEN)


def current_agent() -> SignedInAgent:
    """The signed-in agent. Raises Forbidden when there is none."""
    agent = find_agent()
    if agent is None:
        raise Forbidden(permission="signed_in")
    return agent


def find_agent() -> SignedInAgent | None:
    """The signed-in agent, or None."""
    agent: SignedInAgent | None = g.get(_AGENT)
    return agent


def act_for_draft(draft_id: UUID) -> Actor:
    """Speak for the citizen who holds this draft: one just begun here, or found again by its code."""
    return _act_for(draft_id=draft_id, contact_id=current_actor().contact_id)


def act_for_contact(contact_id: UUID) -> Actor:
    """Speak for the citizen who has just proven this contact."""
    return _act_for(draft_id=current_actor().draft_id, contact_id=contact_id)


def _act_for(*, draft_id: UUID | None, contact_id: UUID | None) -> Actor:
    actor = Actor(kind=ActorKind.CITIZEN, draft_id=draft_id, contact_id=contact_id)
    speak_for(actor)
    return actor
