"""Conversations as citizens begin them, on any database, and what stands in their thread afterwards."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import SYSTEM, Actor, ActorKind, Role
from contact.domain.queueing import LeaseKind
from contact.domain.taxonomy import Channel
from contact.services import chat, control_room
from contact.services.keys import Keys
from contact.store import agents, heartbeats
from contact.store.engine import act_as, make_engine, make_sessions
from contact.store.identifiers import new_id
from tests.support.database import MigratedDatabase
from tests.support.emergencies import add_force

KEYS = Keys(code_key=b"c" * 32, audit_key=b"k" * 32)


def utcnow() -> dt.datetime:
    """The time by this machine."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Line:
    """One line of a thread."""

    kind: str
    body: str
    at: dt.datetime


class Talks:
    """One force of a database, with the chatbot said to be there."""

    def __init__(self, database: MigratedDatabase) -> None:
        self._web = make_engine(database.web_url, pool_size=8)
        self._worker = make_engine(database.worker_url, pool_size=4)
        self.web: sessionmaker[Session] = make_sessions(self._web)
        self.system: sessionmaker[Session] = make_sessions(self._worker, SYSTEM)
        with self.system.begin() as session:
            self.force_id = add_force(session)
        self.bot_is_there()

    def dispose(self) -> None:
        """Close all connections."""
        self._web.dispose()
        self._worker.dispose()

    def bot_is_there(self) -> None:
        """As the worker notes it every five seconds."""
        with self.system.begin() as session:
            heartbeats.beat(session, process="chatbot", kind="chatbot", now=utcnow())

    def begin(self, body: str = "someone took my bike last night", *, contact_id: UUID | None = None) -> UUID:
        """The first message; answers the contact's id."""
        made = contact_id or new_id()
        self.bot_is_there()
        with self.web.begin() as session:
            chat.begin(
                session, contact_id=made, force_id=self.force_id, body=body, language="en", keys=KEYS, now=utcnow(),
                channel=Channel.CHAT,
            )  # fmt: skip
        return made

    def say(self, contact_id: UUID, body: str, *, once_key: str | None = None) -> None:
        """A further message."""
        with self.web() as session:
            act_as(session, Actor(kind=ActorKind.CITIZEN, contact_id=contact_id))
            chat.say(session, contact_id=contact_id, body=body, now=utcnow(), once_key=once_key)
            session.commit()

    def claim(self, contact_id: UUID) -> Actor:
        """A call handler takes it; answers who."""
        held = {self.force_id: frozenset({Role.CALL_HANDLER})}
        with self.system.begin() as session:
            email = f"{secrets.token_hex(5)}@police.example"
            agent = agents.add(session, name="Sam Okafor", email=email, now=utcnow())
            agents.set_roles(session, agent_id=agent.id, force_id=self.force_id, roles=held[self.force_id])
            actor = Actor(ActorKind.AGENT, agent_id=agent.id, force_roles=held)
        with self.web() as session:
            act_as(session, actor)
            control_room.claim(session, agent=actor, contact_id=contact_id, kind=LeaseKind.LIVE, now=utcnow())
            session.commit()
        return actor

    def lines(self, contact_id: UUID) -> list[Line]:
        """Everything in the thread, in order."""
        query = "SELECT kind, body, created_at FROM messages WHERE contact_id = %s ORDER BY position"
        return [Line(*row) for row in self._rows(query, contact_id)]

    def count(self, contact_id: UUID, kind: str) -> int:
        """Lines of one kind: inbound, bot, system, outbound."""
        return sum(line.kind == kind for line in self.lines(contact_id))

    def state(self, contact_id: UUID) -> str:
        """The contact's state."""
        return str(self._rows("SELECT state FROM contacts WHERE id = %s", contact_id)[0][0])

    def entries(self, contact_id: UUID) -> list[str]:
        """The states of its places in queues."""
        return [str(row[0]) for row in self._rows("SELECT state FROM queue_entries WHERE contact_id = %s", contact_id)]

    def events(self, contact_id: UUID, name: str) -> list[dict[str, Any]]:
        """What the log keeps of one kind of event."""
        query = "SELECT data FROM events WHERE contact_id = %s AND name = %s ORDER BY id"
        return [dict(row[0]) for row in self._rows(query, contact_id, name)]

    def jobs_in_hand(self) -> int:
        """Bot turns that a worker holds now."""
        query = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'take_bot_turn' AND status = 'doing'"
        return int(self._rows(query)[0][0])

    def jobs_left(self) -> int:
        """Bot turns that are still to be done or in hand."""
        query = (
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'take_bot_turn' AND status IN ('todo', 'doing')"
        )
        return int(self._rows(query)[0][0])

    def waits_for_a_person(self, contact_id: UUID) -> bool:
        """In the queue, once, and told so."""
        return self.state(contact_id) == "waiting" and self.entries(contact_id) == ["waiting"]

    def _rows(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        with self.system() as session:
            return [tuple(row) for row in session.connection().exec_driver_sql(query, tuple(given) or None)]
