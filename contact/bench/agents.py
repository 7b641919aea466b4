"""Agents for the bench: rows to claim as, and browsers signed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from contact.bench.browsers import Browser, open_browser
from contact.bench.stack import Stack
from contact.domain.access import SYSTEM, Actor, ActorKind, Role
from contact.services import accounts
from contact.store.engine import make_engine, make_sessions
from contact.web.shared.cookies import Audience

HANDLER = frozenset({Role.CALL_HANDLER})


def make(stack: Stack, count: int, force_ids: Sequence[str], held: frozenset[Role] = HANDLER) -> list[Actor]:
    """Agents of these forces, call handlers unless said otherwise, without a way to sign in."""
    engine = make_engine(stack.settings.database_worker_url, pool_size=1)
    roles = dict.fromkeys(force_ids, held)
    now = dt.datetime.now(dt.UTC)
    made = []
    with make_sessions(engine, SYSTEM)() as session:
        for number in range(count):
            email = f"bench-{now.timestamp()}-{number}@police.example"
            agent = accounts.create_agent(
                session, name=f"Bench {number}", email=email, force_roles=roles, created_by=None, now=now
            )
            made.append(Actor(ActorKind.AGENT, agent.id, roles))
        session.commit()
    engine.dispose()
    return made


def browsers(stack: Stack, agents: Sequence[Actor]) -> list[Browser]:
    """Each agent signed in."""
    engine = make_engine(stack.settings.database_url, pool_size=1)
    with make_sessions(engine)() as session:
        opened = [
            open_browser(session, stack.settings, audience=Audience.AGENT, agent_id=_id(agent)) for agent in agents
        ]
        session.commit()
    engine.dispose()
    return opened


def _id(agent: Actor) -> UUID:
    if agent.agent_id is None:
        raise ValueError("an agent has an id")
    return agent.agent_id
