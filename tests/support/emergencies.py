"""Forces, contacts and agents for the tests of alarms and mail; every id is new, so that tests may share a database."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.store import models
from contact.store.identifiers import new_id


def add_force(session: Session, *, numbers: tuple[str, ...] = (), live: bool = False) -> str:
    """A force, with the numbers of its duty officers in order."""
    force_id = f"force-{secrets.token_hex(4)}"
    now = dt.datetime.now(dt.UTC)
    session.add(models.Force(id=force_id, name=f"Force {force_id}", live_since_utc=now if live else None))
    session.flush()
    for position, number in enumerate(numbers):
        session.add(
            models.ForceAlarmNumber(
                force_id=force_id, position=position, label=f"Duty officer {position + 1}", number=number
            )
        )
    return force_id


def add_contact(
    session: Session, *, force_id: str, received_at: dt.datetime, emergency: bool = True, **more: object
) -> UUID:
    """A contact waiting with one force."""
    contact_id, reference = new_id(), f"T{secrets.token_hex(5)}"
    grade = "emergency" if emergency else "standard"
    contact: dict[str, Any] = {
        "id": contact_id,
        "reference": reference,
        "force_id": force_id,
        "force_ids": [force_id],
        "channel": "web",
        "category": "general_enquiry",
        "grade": grade,
        "state": "waiting",
        "safe_contact": {},
        "received_at": received_at,
        "retention_group": "other",
        "review_due": received_at.date(),
    }
    session.add(models.Contact(**(contact | more)))
    session.flush()
    session.add(
        models.QueueEntry(
            contact_id=contact_id,
            force_id=force_id,
            band=0 if emergency else 1,
            due_at=received_at,
            look_by=received_at,
            answer_by=received_at + dt.timedelta(hours=1),
            state="waiting",
            reference=reference,
            category="general_enquiry",
            grade=grade,
            channel="web",
            received_at=received_at,
        )
    )
    session.flush()
    return contact_id


def add_agent(session: Session, *, force_id: str, role: str = "call_handler", until: dt.datetime) -> UUID:
    """An agent of a force, signed in until a time."""
    agent_id, now = new_id(), dt.datetime.now(dt.UTC)
    session.add(models.Agent(id=agent_id, name="Sam Field", email=f"{agent_id}@example.org", created_at=now))
    session.flush()
    session.add(models.AgentForce(agent_id=agent_id, force_id=force_id, role=role))
    session.add(
        models.WebSession(
            id_hash=secrets.token_bytes(32),
            audience="agent",
            agent_id=agent_id,
            created_at=now,
            seen_at=now,
            expires_at=until,
        )
    )
    session.flush()
    return agent_id


def open_contact(session: Session, *, contact_id: UUID, now: dt.datetime) -> None:
    """Somebody has opened it."""
    for entry in session.query(models.QueueEntry).filter_by(contact_id=contact_id):
        entry.looked_at = now
    session.flush()
