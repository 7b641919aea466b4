"""A process that has just begun asks what every message asks, about nobody: those who come first wait no longer."""

from __future__ import annotations

import contextlib
import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import Actor, ActorKind
from contact.store import chats, contacts, conversations, links, messages, reply_drafts, triage
from contact.store.engine import plan_once

CONNECTIONS = 4
"""As many as a web process commonly has busy at once; each has plans and caches of its own."""
_NOBODY = UUID(int=0)


def warm(sessions: sessionmaker[Session], *, now: dt.datetime, connections: int = CONNECTIONS) -> None:
    """Open connections and have the database plan on each what a chat's message and a reply ask; changes nothing.

    Raises SQLAlchemy's errors where the database is away.
    """
    nobody = {"actor": Actor(kind=ActorKind.AGENT, agent_id=_NOBODY)}
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(sessions(info=nobody.copy())) for _ in range(connections)]
        for session in opened:
            plan_once(session)
            _ask(session, now)
        for session in opened:  # only now, else the pool would have handed out one connection each time
            session.commit()


def _ask(session: Session, now: dt.datetime) -> None:
    contacts.find(session, contact_id=_NOBODY)
    contacts.find_named(session, contact_id=_NOBODY)
    contacts.find_locked(session, contact_id=_NOBODY)
    links.list_linked(session, contact_id=_NOBODY)
    chats.pace(session, contact_id=_NOBODY, since=now)
    chats.since(session, contact_id=_NOBODY, after=0)
    triage.list_entries(session, contact_id=_NOBODY, lock=True)
    conversations.find(session, contact_id=_NOBODY, lock=True)
    messages.find_place(session, contact_id=_NOBODY, once_key=None)
    messages.find_by_once_key(session, contact_id=_NOBODY, once_key="")
    messages.mark_read(session, contact_id=_NOBODY, now=now)
    reply_drafts.drop(session, agent_id=_NOBODY, contact_id=_NOBODY)
