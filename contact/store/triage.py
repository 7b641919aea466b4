"""What the machine proposed and what people decided, told and recorded: dated series, only ever added to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.store import models
from contact.store.identifiers import new_id
from contact.store.models import ContactAccess, Crime, Decision, IncidentLog, Proposal, QueueEntry, Transfer
from contact.store.queue import list_entries

__all__ = ["Crime", "Decision", "IncidentLog", "Proposal", "QueueEntry", "Transfer", "list_entries"]


def list_proposals(session: Session, *, contact_id: UUID) -> list[Proposal]:
    """Every proposal, oldest first."""
    query = sa.select(Proposal).where(Proposal.contact_id == contact_id).order_by(Proposal.at, Proposal.id)
    return list(session.scalars(query))


def add_decision(
    session: Session,
    *,
    contact_id: UUID,
    agent_id: UUID,
    category: str,
    grade: str,
    response: str | None,
    flags: Collection[str],
    reason: str,
    now: dt.datetime,
) -> Decision:
    """Add what a person decided; a former decision stays as it was (re-THRIVE)."""
    decision = Decision(
        id=new_id(),
        contact_id=contact_id,
        agent_id=agent_id,
        at=now,
        category=category,
        grade=grade,
        response=response,
        flags=list(flags),
        reason=reason,
    )
    session.add(decision)
    return decision


def list_decisions(session: Session, *, contact_id: UUID) -> list[Decision]:
    """Every decision, oldest first; the last one stands."""
    query = sa.select(Decision).where(Decision.contact_id == contact_id).order_by(Decision.at, Decision.id)
    return list(session.scalars(query))


def add_incident_log(
    session: Session,
    *,
    contact_id: UUID,
    agent_id: UUID,
    number: str,
    logged_at: dt.datetime,
    told_who: str,
    now: dt.datetime,
) -> IncidentLog:
    """Add the force's incident log number with who was told and when (practice 3)."""
    log = IncidentLog(
        id=new_id(),
        contact_id=contact_id,
        number=number,
        logged_at=logged_at,
        told_who=told_who,
        agent_id=agent_id,
        at=now,
    )
    session.add(log)
    return log


def list_incident_logs(session: Session, *, contact_id: UUID) -> list[IncidentLog]:
    """Every incident log of the contact, oldest first."""
    query = sa.select(IncidentLog).where(IncidentLog.contact_id == contact_id)
    return list(session.scalars(query.order_by(IncidentLog.logged_at, IncidentLog.id)))


def add_crime(
    session: Session,
    *,
    contact_id: UUID,
    agent_id: UUID,
    number: str | None,
    recorded_at: dt.datetime | None,
    not_recorded_reason: str | None,
    decided_by: str | None,
    now: dt.datetime,
) -> Crime:
    """Add a crime number, or why none was recorded and who decided so: exactly one of the two (practice 18)."""
    crime = Crime(
        id=new_id(),
        contact_id=contact_id,
        number=number,
        recorded_at=recorded_at,
        not_recorded_reason=not_recorded_reason,
        decided_by=decided_by,
        agent_id=agent_id,
        at=now,
    )
    session.add(crime)
    return crime


def list_crimes(session: Session, *, contact_id: UUID) -> list[Crime]:
    """Crimes recorded, and decisions not to record, oldest first."""
    query = sa.select(Crime).where(Crime.contact_id == contact_id).order_by(Crime.at, Crime.id)
    return list(session.scalars(query))


def mirror(session: Session, *, contact_id: UUID, entry_id: UUID) -> int:
    """Carry grade, clocks and restriction of one entry to those of other forces; answers how many there were."""
    session.flush()
    return session.scalar(sa.select(sa.func.mirror_triage(contact_id, entry_id))) or 0


def list_transfers(session: Session, *, contact_id: UUID) -> list[Transfer]:
    """Every transfer asked for and not refused, oldest first; without `accepted_at` it is still open."""
    query = sa.select(Transfer).where(Transfer.contact_id == contact_id).order_by(Transfer.asked_at, Transfer.id)
    return list(session.scalars(query))


def find_open_transfer(session: Session, *, contact_id: UUID, to_force_id: str) -> Transfer | None:
    """The transfer to that force which nobody has accepted yet."""
    query = sa.select(Transfer).where(
        Transfer.contact_id == contact_id, Transfer.to_force_id == to_force_id, Transfer.accepted_at.is_(None)
    )
    return session.scalar(query)


def offer(
    session: Session,
    *,
    contact_id: UUID,
    from_force_id: str,
    to_force_id: str,
    reason: str,
    agent_id: UUID,
    now: dt.datetime,
) -> UUID:
    """Note the transfer and put the contact into the other force's queue as well; answers the transfer's id."""
    transfer = Transfer(
        id=new_id(),
        contact_id=contact_id,
        from_force_id=from_force_id,
        to_force_id=to_force_id,
        reason=reason,
        asked_by=agent_id,
        asked_at=now,
    )
    session.add(transfer)
    session.flush()
    session.execute(sa.select(sa.func.offer_to_force(contact_id, from_force_id, to_force_id, new_id(), reason)))
    return transfer.id


def accept(session: Session, *, contact_id: UUID, to_force_id: str, now: dt.datetime) -> str | None:
    """Take the contact over: the sender's entry closes. Answers the sender's id, or None when nothing was offered."""
    session.flush()
    sender: str | None = session.scalar(sa.select(sa.func.accept_transfer(contact_id, to_force_id, now)))
    return sender


def refuse(session: Session, *, contact_id: UUID, to_force_id: str) -> str | None:
    """Leave the contact with its sender, whose id is the answer; None when nothing was offered."""
    session.flush()
    sender: str | None = session.scalar(sa.select(sa.func.refuse_transfer(contact_id, to_force_id)))
    return sender


def list_named(session: Session, *, contact_id: UUID) -> list[tuple[UUID, str]]:
    """(id, name) of each person who may open a restricted contact, by name (practice 8)."""
    query = (
        sa.select(models.Agent.id, models.Agent.name)
        .join(ContactAccess, ContactAccess.agent_id == models.Agent.id)
        .where(ContactAccess.contact_id == contact_id)
        .order_by(models.Agent.name)
    )
    return [(row.id, row.name) for row in session.execute(query)]


def name_person(
    session: Session, *, contact_id: UUID, agent_id: UUID, granted_by: UUID, reason: str, now: dt.datetime
) -> bool:
    """Put a person on the list of a restricted contact; False when they are on it already."""
    known = session.get(ContactAccess, (contact_id, agent_id))
    if known is None:
        session.add(
            ContactAccess(contact_id=contact_id, agent_id=agent_id, granted_by=granted_by, reason=reason, at=now)
        )
        session.flush()
    return known is None


def seen_before(session: Session, *, contact_id: UUID) -> list[tuple[str, int, int, int]]:
    """(force id, last day, last 28 days, last year) of other contacts with the same telephone or email: counts only."""
    query = sa.text("SELECT force_id, last_day, last_28_days, last_year FROM seen_before(:contact) ORDER BY force_id")
    rows = session.execute(query, {"contact": contact_id})
    return [(row.force_id, row.last_day, row.last_28_days, row.last_year) for row in rows]


def names_of(session: Session, *, agent_ids: Collection[UUID]) -> dict[UUID, str]:
    """Names of agents, for the thread and the timeline."""
    if not agent_ids:
        return {}
    rows = session.execute(sa.select(models.Agent.id, models.Agent.name).where(models.Agent.id.in_(agent_ids)))
    return {row.id: row.name for row in rows}
