"""Contacts as a citizen makes them and agents to work them, for tests of services and of the contact page."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import SYSTEM, Actor, ActorKind, Role
from contact.domain.queueing import LeaseKind
from contact.services import control_room, drafts, intake
from contact.services.intake import Receipt
from contact.services.keys import Keys
from contact.store import agents, audit, forces, models
from contact.store.engine import act_as, make_engine, make_sessions
from contact.store.identifiers import new_id
from tests.support.answers import complete
from tests.support.database import MigratedDatabase

KEYS = Keys(code_key=b"c" * 32, audit_key=b"k" * 32)
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Person:
    """An agent a test made, with the actor of their requests."""

    id: UUID
    name: str
    actor: Actor


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    """One for all tests of a database: its SQL is made once. Connections end with each test, by `Cases.dispose`."""
    return make_engine(url, pool_size=8)


class Cases:
    """One database with forces `north` and `south` of its own, and what a test needs to begin."""

    def __init__(self, database: MigratedDatabase) -> None:
        self._web, self._worker = _engine(database.web_url), _engine(database.worker_url)
        self.web: sessionmaker[Session] = make_sessions(self._web)
        self.system: sessionmaker[Session] = make_sessions(self._worker, SYSTEM)
        tail = secrets.token_hex(3)
        self.north, self.south = f"north-{tail}", f"south-{tail}"
        rows: list[dict[str, Any]] = [
            {"id": one, "name": one.title(), "name_cy": None, "ons_code": None, "territorial": True, "welsh": False,
             "nation": "england-and-wales", "hours": {}}
            for one in (self.north, self.south)
        ]  # fmt: skip
        with self.system.begin() as session:
            forces.load_reference(session, forces=rows)

    def dispose(self) -> None:
        """Close all connections."""
        self._web.dispose()
        self._worker.dispose()

    @contextmanager
    def acting(self, actor: Actor) -> Iterator[Session]:
        """One transaction of that actor as contact_web, committed at the end."""
        with self.web() as session:
            act_as(session, actor)
            yield session
            session.commit()

    def agent(self, *roles: Role, force: str | None = None, name: str = "Sam Okafor") -> Person:
        """An agent of one force; a call handler of `north` unless said otherwise."""
        held = {force or self.north: frozenset(roles or (Role.CALL_HANDLER,))}
        with self.system.begin() as session:
            made = agents.add(session, name=name, email=f"{secrets.token_hex(5)}@police.example", now=NOW)
            for force_id, each in held.items():
                agents.set_roles(session, agent_id=made.id, force_id=force_id, roles=each)
            return Person(made.id, name, Actor(ActorKind.AGENT, agent_id=made.id, force_roles=held))

    def report(
        self,
        given: Mapping[str, Any] | None = None,
        *,
        form_id: str = "theft",
        force: str | None = None,
        now: dt.datetime = NOW,
        keys: Keys = KEYS,
    ) -> Receipt:
        """A report sent by a citizen, the very road of the website."""
        with self.web() as session:
            view = drafts.start(session, form_id=form_id, force_id=force or self.north, language="en", now=now)
            answers = complete(view.form, given or {}, now=now)
            drafts.save(session, draft_id=view.id, page_id=view.form.first_page().id, answers=answers, now=now)
            receipt = intake.submit(session, draft_id=view.id, keys=keys, now=now)
            session.commit()
        return receipt

    def emergency(self, *, what: str = "He has a knife and he is here", now: dt.datetime = NOW) -> Receipt:
        """The door of practice 1."""
        with self.web() as session:
            receipt = intake.submit_emergency(
                session,
                contact_id=new_id(),
                force_id=self.north,
                where="12 Mill Lane",
                what=what,
                safe_to_reply=True,
                language="en",
                keys=KEYS,
                now=now,
            )
            session.commit()
        return receipt

    def claim(
        self, person: Person, contact_id: UUID, *, now: dt.datetime = NOW, kind: LeaseKind = LeaseKind.LIVE
    ) -> None:
        """The person takes the contact."""
        with self.acting(person.actor) as session:
            control_room.claim(session, agent=person.actor, contact_id=contact_id, kind=kind, now=now)

    def citizen(self, contact_id: UUID) -> Actor:
        """The citizen who has proven the contact."""
        return Actor(ActorKind.CITIZEN, contact_id=contact_id)

    def change(self, contact_id: UUID, **values: object) -> None:
        """Set columns of the contact behind everybody's back."""
        with self.system.begin() as session:
            found = session.get(models.Contact, contact_id)
            assert found is not None
            for name, value in values.items():
                setattr(found, name, value)

    def contact(self, contact_id: UUID) -> models.Contact:
        """The contact as it stands."""
        with self.system() as session:
            found = session.get(models.Contact, contact_id)
            assert found is not None
            return found

    def entry(self, contact_id: UUID, force: str | None = None) -> models.QueueEntry:
        """Its entry with one force as it stands."""
        with self.system() as session:
            return session.query(models.QueueEntry).filter_by(contact_id=contact_id, force_id=force or self.north).one()

    def rows(self, model: type[Any], contact_id: UUID) -> list[Any]:
        """All rows of one table that hang on the contact."""
        with self.system() as session:
            return session.query(model).filter_by(contact_id=contact_id).all()

    def events(self, contact_id: UUID) -> list[str]:
        """Names of the contact's events, in order."""
        with self.system() as session:
            return [each.name for each in audit.list_for_contact(session, contact_id=contact_id)]

    def event(self, contact_id: UUID, name: str) -> dict[str, Any]:
        """The data of the last event of that name."""
        with self.system() as session:
            found = [each for each in audit.list_for_contact(session, contact_id=contact_id) if each.name == name]
            assert found, f"no event {name}"
            return found[-1].data
