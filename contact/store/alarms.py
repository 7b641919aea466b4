"""Alarms and their calls: raising once, accepting once, and what the watch must look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.domain.access import Role
from contact.domain.alarms import CallState
from contact.domain.errors import NotFound
from contact.domain.states import EntryState
from contact.store.identifiers import new_id
from contact.store.models import (
    Agent,
    AgentForce,
    Alarm,
    AlarmCall,
    Force,
    ForceAlarmNumber,
    MutualAidGrant,
    QueueEntry,
    WebSession,
)
from contact.store.models.queue import in_state

__all__ = ["Alarm", "AlarmCall"]

_AT_ONCE = 200
_ANSWERING_ROLES = (Role.CALL_HANDLER.value, Role.SUPERVISOR.value)


def add(session: Session, *, kind: str, force_id: str | None, contact_id: UUID | None, now: dt.datetime) -> UUID | None:
    """Raise an alarm; answers its id, or None where an open one of this kind and subject stands already.

    Whoever may raise an alarm need not be able to read one, so nothing is read back.
    """
    alarm_id = new_id()
    row = {"id": alarm_id, "kind": kind, "force_id": force_id, "contact_id": contact_id, "raised_at": now}
    statement = insert(Alarm.__table__).values(row).on_conflict_do_nothing()  # type: ignore[arg-type]
    added = session.connection().execute(statement, execution_options={"preserve_rowcount": True})
    return alarm_id if added.rowcount == 1 else None


def get(session: Session, *, alarm_id: UUID, lock: bool = False) -> Alarm:
    """The alarm, where this actor may see it; `lock` makes a second acceptance wait. Raises NotFound."""
    query = sa.select(Alarm).where(Alarm.id == alarm_id).execution_options(populate_existing=True)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(kind="alarm", key=str(alarm_id))
    return found


def list_open(session: Session, *, limit: int = 100) -> Sequence[Alarm]:
    """Alarms not cleared, accepted or not, as far as the actor may see them; the oldest unaccepted first."""
    query = sa.select(Alarm).where(Alarm.cleared_at.is_(None))
    return session.scalars(query.order_by(Alarm.accepted_at.is_not(None), Alarm.raised_at, Alarm.id).limit(limit)).all()


def list_unaccepted(session: Session, *, kinds: Iterable[str]) -> Sequence[Alarm]:
    """Alarms of these kinds that still ring, oldest first."""
    wanted = sa.select(Alarm).where(
        Alarm.kind.in_(list(kinds)), Alarm.accepted_at.is_(None), Alarm.cleared_at.is_(None)
    )
    return session.scalars(wanted.order_by(Alarm.raised_at, Alarm.id)).all()


def list_of_kind(session: Session, *, kind: str) -> Sequence[Alarm]:
    """Alarms of one kind that are not cleared, oldest first."""
    wanted = sa.select(Alarm).where(Alarm.kind == kind, Alarm.cleared_at.is_(None))
    return session.scalars(wanted.order_by(Alarm.raised_at, Alarm.id)).all()


@dataclass(frozen=True, slots=True)
class Unopened:
    """An emergency that nobody sees to. `attended`: somebody who could is signed in for its force."""

    contact_id: UUID
    force_id: str
    received_at: dt.datetime
    attended: bool


def list_unopened_emergencies(session: Session, *, accepted_since: dt.datetime, now: dt.datetime) -> list[Unopened]:
    """Emergencies without a look and without an alarm that rings or was accepted lately; the oldest first."""
    query = (
        sa.select(QueueEntry.contact_id, QueueEntry.force_id, QueueEntry.received_at, _attended(now))
        .where(
            QueueEntry.band == sa.literal(0, literal_execute=True),
            QueueEntry.looked_at.is_(None),
            ~in_state(EntryState.CLOSED),
            ~_alarmed(accepted_since),
        )
        .order_by(QueueEntry.received_at, QueueEntry.id)
        .limit(_AT_ONCE)
    )
    return [Unopened(*row) for row in session.execute(query)]


def list_abandoned_emergencies(session: Session, *, accepted_since: dt.datetime, now: dt.datetime) -> list[Unopened]:
    """Emergencies that were opened, wait again with nobody holding them, and nobody of their force is signed in."""
    query = (
        sa.select(QueueEntry.contact_id, QueueEntry.force_id, QueueEntry.received_at, sa.false())
        .where(
            QueueEntry.force_id.in_(sa.select(Force.id)),  # lets the queue's index be used force by force
            QueueEntry.band == 0,
            in_state(EntryState.WAITING),
            QueueEntry.looked_at.is_not(None),
            ~_attended(now),
            ~_alarmed(accepted_since),
        )
        .order_by(QueueEntry.received_at, QueueEntry.id)
        .limit(_AT_ONCE)
    )
    return [Unopened(*row) for row in session.execute(query)]


def _attended(now: dt.datetime) -> sa.Exists:
    """Somebody is signed in and on no break: a call handler or supervisor of the force, or one lent to it.

    Whoever left without signing out counts until the session ends; the rule of sixty seconds covers that.
    """
    belongs = sa.exists().where(
        AgentForce.agent_id == Agent.id,
        AgentForce.force_id == QueueEntry.force_id,
        AgentForce.role.in_(_ANSWERING_ROLES),
    )
    lent = sa.exists().where(
        MutualAidGrant.agent_id == Agent.id,
        MutualAidGrant.force_id == QueueEntry.force_id,
        MutualAidGrant.starts_at <= now,
        MutualAidGrant.ends_at > now,
    )
    here = (
        sa.select(WebSession.id_hash)
        .join(Agent, Agent.id == WebSession.agent_id)
        .where(
            WebSession.audience == "agent",
            WebSession.expires_at > now,
            Agent.disabled_at.is_(None),
            sa.or_(Agent.distress_break_until.is_(None), Agent.distress_break_until <= now),
            # Said aloud: two levels down, SQLAlchemy would look at every entry of every force instead.
            sa.or_(belongs.correlate(Agent, QueueEntry), lent.correlate(Agent, QueueEntry)),
        )
    )
    return here.correlate(QueueEntry).exists()


def _alarmed(accepted_since: dt.datetime) -> sa.Exists:
    """An alarm about the entry rings, or was accepted lately."""
    known = sa.select(Alarm.id).where(
        Alarm.contact_id == QueueEntry.contact_id,
        Alarm.force_id == QueueEntry.force_id,
        Alarm.cleared_at.is_(None),
        sa.or_(Alarm.accepted_at.is_(None), Alarm.accepted_at > accepted_since),
    )
    return known.correlate(QueueEntry).exists()


def list_needless(session: Session, *, kinds: Iterable[str], now: dt.datetime) -> Sequence[Alarm]:
    """Open alarms of these kinds whose emergency somebody sees to: opened and held, opened in a manned room, closed."""
    unseen = (
        sa.select(QueueEntry.id)
        .where(
            QueueEntry.contact_id == Alarm.contact_id,
            QueueEntry.force_id == Alarm.force_id,
            ~in_state(EntryState.CLOSED),
            sa.or_(QueueEntry.looked_at.is_(None), sa.and_(in_state(EntryState.WAITING), ~_attended(now))),
        )
        .correlate(Alarm)
        .exists()
    )
    query = sa.select(Alarm).where(Alarm.cleared_at.is_(None), Alarm.kind.in_(list(kinds)), ~unseen)
    return session.scalars(query.order_by(Alarm.id)).all()


def list_done(session: Session, *, but: Iterable[str], accepted_before: dt.datetime) -> Sequence[Alarm]:
    """Alarms of other kinds that somebody accepted long enough ago to leave the page."""
    query = sa.select(Alarm).where(
        Alarm.cleared_at.is_(None), Alarm.kind.not_in(list(but)), Alarm.accepted_at < accepted_before
    )
    return session.scalars(query.order_by(Alarm.id)).all()


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number of a force's control room and whose it is."""

    position: int
    label: str
    number: str


def list_numbers(session: Session, *, force_id: str) -> list[Number]:
    """The force's alarm numbers in the order they are rung."""
    query = (
        sa.select(ForceAlarmNumber.position, ForceAlarmNumber.label, ForceAlarmNumber.number)
        .where(ForceAlarmNumber.force_id == force_id)
        .order_by(ForceAlarmNumber.position)
    )
    return [Number(*row) for row in session.execute(query)]


def add_call(
    session: Session,
    *,
    alarm_id: UUID,
    number: str,
    label: str,
    kind: str,
    now: dt.datetime,
    next_at: dt.datetime | None,
) -> UUID:
    """Write a call down as `placing`; it is committed before the company is asked."""
    call = AlarmCall(
        id=new_id(),
        alarm_id=alarm_id,
        number=number,
        label=label,
        kind=kind,
        state=CallState.PLACING.value,
        placed_at=now,
        next_at=next_at,
    )
    session.add(call)
    session.flush()
    return call.id


def get_call(session: Session, *, call_id: UUID, lock: bool = False) -> AlarmCall:
    """One call. Raises NotFound."""
    query = sa.select(AlarmCall).where(AlarmCall.id == call_id).execution_options(populate_existing=True)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(kind="alarm_call", key=str(call_id))
    return found


def list_calls(session: Session, *, alarm_id: UUID) -> Sequence[AlarmCall]:
    """An alarm's calls and texts, in the order they were placed."""
    query = sa.select(AlarmCall).where(AlarmCall.alarm_id == alarm_id).order_by(AlarmCall.placed_at, AlarmCall.id)
    return session.scalars(query).all()


def list_unsettled(session: Session) -> Sequence[AlarmCall]:
    """Calls and texts of which it is not known whether the company ever got them."""
    query = sa.select(AlarmCall).where(AlarmCall.state == CallState.PLACING.value, AlarmCall.sid.is_(None))
    return session.scalars(query.order_by(AlarmCall.placed_at, AlarmCall.id)).all()


def list_running_in_vain(session: Session) -> Sequence[AlarmCall]:
    """Voice calls that still ring although their alarm was accepted or cleared."""
    query = (
        sa.select(AlarmCall)
        .join(Alarm, Alarm.id == AlarmCall.alarm_id)
        .where(
            AlarmCall.kind == "voice",
            AlarmCall.sid.is_not(None),
            AlarmCall.state.in_((CallState.PLACED.value, CallState.RINGING.value)),
            sa.or_(Alarm.accepted_at.is_not(None), Alarm.cleared_at.is_not(None)),
        )
    )
    return session.scalars(query.order_by(AlarmCall.id)).all()


def known_sids(session: Session, *, sids: Iterable[str]) -> set[str]:
    """Which of these identifiers of the company already belong to a call of ours."""
    found = session.scalars(sa.select(AlarmCall.sid).where(AlarmCall.sid.in_(list(sids))))
    return {sid for sid in found if sid is not None}


def force_name(session: Session, *, force_id: str | None) -> tuple[str | None, bool]:
    """(name, live) of an alarm's force; (None, False) for alarms of the whole service."""
    row = session.execute(sa.select(Force.name, Force.live_since_utc).where(Force.id == force_id)).one_or_none()
    return (None, False) if row is None else (row.name, row.live_since_utc is not None)
