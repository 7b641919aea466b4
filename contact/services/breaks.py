"""Ten minutes after a distressing contact, no reason asked (practice 30): nothing is offered, nobody counts on you."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.events import Event
from contact.domain.queueing import DISTRESS_BREAK
from contact.store import agents, audit


def take(session: Session, *, agent_id: UUID, now: dt.datetime) -> dt.datetime:
    """Begin a break; answers its end. What the agent holds stays theirs while their page is open."""
    agent = agents.get_for_update(session, agent_id=agent_id)
    until = now + DISTRESS_BREAK
    agent.distress_break_until = until
    session.flush()
    audit.record(session, Event.DISTRESS_BREAK, at=now, until=until)
    return until


def end(session: Session, *, agent_id: UUID, now: dt.datetime) -> None:
    """Come back before its end."""
    agent = agents.get_for_update(session, agent_id=agent_id)
    if agent.distress_break_until is not None and agent.distress_break_until > now:
        agent.distress_break_until = now
        session.flush()
        audit.record(session, Event.DISTRESS_BREAK, at=now, until=now)


def ends_at(session: Session, *, agent_id: UUID, now: dt.datetime) -> dt.datetime | None:
    """When the break that runs now ends, or None."""
    until = agents.get(session, agent_id=agent_id).distress_break_until
    return until if until is not None and until > now else None
