"""Agents, their roles and grants, and what they sign in with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.access import Actor, ActorKind, Role
from contact.domain.errors import NotFound
from contact.store.models.agent import Agent as Agent
from contact.store.models.agent import AgentForce, Invitation, RecoveryCode
from contact.store.models.agent import MutualAidGrant as MutualAidGrant

_SIGNED_IN = """
SELECT a.name, a.email, r.force_id, r.role FROM agents a
  LEFT JOIN (SELECT agent_id, force_id, role FROM agent_forces
             UNION ALL
             SELECT agent_id, force_id, %s FROM mutual_aid_grants WHERE starts_at <= %s AND ends_at > %s) AS r
         ON r.agent_id = a.id
 WHERE a.id = %s AND a.disabled_at IS NULL"""
"""Said as SQL, since every request of an agent asks it: composing it anew cost more than the database's own work."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An agent at a live session, with the actor that their roles and grants make."""

    id: UUID
    name: str
    email: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class AgentRow:
    """One line of the administrator's list; roles only of the forces that administrator sees."""

    id: UUID
    name: str
    email: str
    force_roles: Mapping[str, frozenset[Role]]
    has_password: bool
    locked_until: datetime | None
    disabled_at: datetime | None


def get(session: Session, *, agent_id: UUID) -> Agent:
    """One agent. Raises NotFound."""
    agent = session.get(Agent, agent_id)
    if agent is None:
        raise NotFound(kind="agent", key=str(agent_id))
    return agent


def get_for_update(session: Session, *, agent_id: UUID) -> Agent:
    """One agent, locked until the commit, as it stands now. Raises NotFound."""
    agent = session.get(Agent, agent_id, with_for_update=True, populate_existing=True)
    if agent is None:
        raise NotFound(kind="agent", key=str(agent_id))
    return agent


def find_by_email(session: Session, *, email: str, lock: bool = False) -> Agent | None:
    """The agent with that address, in whatever case it was typed."""
    wanted = sa.select(Agent).where(Agent.email == email.strip().lower())
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def add(session: Session, *, name: str, email: str, now: datetime) -> Agent:
    """A new agent without roles or password."""
    agent = Agent(name=name, email=email.strip().lower(), created_at=now, failed_attempts=0)
    session.add(agent)
    session.flush()
    return agent


def actor_for(session: Session, *, agent_id: UUID, now: datetime) -> Actor:
    """The actor an agent's roles and grants make at `now`; no role for a closed account."""
    found = find_signed_in(session, agent_id=agent_id, now=now)
    return found.actor if found else Actor(kind=ActorKind.AGENT, agent_id=agent_id)


def find_signed_in(session: Session, *, agent_id: UUID, now: datetime) -> SignedIn | None:
    """The agent of a live session in one query; None when disabled. Needs the sign-in actor or the agent's own."""
    given = (Role.CALL_HANDLER.value, now, now, agent_id)
    rows = session.connection().exec_driver_sql(_SIGNED_IN, given).all()
    if not rows:
        return None
    held: dict[str, frozenset[Role]] = {}
    for row in rows:
        if row.force_id is not None:
            held[row.force_id] = held.get(row.force_id, frozenset()) | {Role(row.role)}
    actor = Actor(kind=ActorKind.AGENT, agent_id=agent_id, force_roles=MappingProxyType(held))
    return SignedIn(id=agent_id, name=rows[0].name, email=rows[0].email, actor=actor)


def list_of_forces(session: Session, *, force_ids: Sequence[str] | None) -> list[AgentRow]:
    """Agents with a role in one of the forces, by name; all agents when `force_ids` is None (national)."""
    held = sa.select(AgentForce.agent_id, AgentForce.force_id, AgentForce.role)
    if force_ids is not None:
        held = held.where(AgentForce.force_id.in_(force_ids))
    roles: dict[UUID, dict[str, frozenset[Role]]] = {}
    for agent_id, force_id, role in session.execute(held):
        mine = roles.setdefault(agent_id, {})
        mine[force_id] = mine.get(force_id, frozenset()) | {Role(role)}
    wanted = sa.select(Agent).order_by(Agent.name, Agent.id)
    if force_ids is not None:
        wanted = wanted.where(Agent.id.in_(list(roles)))
    return [_row(agent, roles.get(agent.id, {})) for agent in session.scalars(wanted)]


def _row(agent: Agent, force_roles: Mapping[str, frozenset[Role]]) -> AgentRow:
    return AgentRow(
        id=agent.id,
        name=agent.name,
        email=agent.email,
        force_roles=force_roles,
        has_password=agent.password_hash is not None,
        locked_until=agent.locked_until,
        disabled_at=agent.disabled_at,
    )


def roles_of(session: Session, *, agent_id: UUID) -> dict[str, frozenset[Role]]:
    """An agent's own roles, force by force, without grants; as far as the actor may see them."""
    found: dict[str, frozenset[Role]] = {}
    wanted = sa.select(AgentForce.force_id, AgentForce.role).where(AgentForce.agent_id == agent_id)
    for force_id, role in session.execute(wanted.order_by(AgentForce.force_id, AgentForce.role)):
        found[force_id] = found.get(force_id, frozenset()) | {Role(role)}
    return found


def forces_lent_to(session: Session, *, agent_id: UUID, now: datetime) -> list[str]:
    """Forces with a grant for this agent that has not ended, as far as the actor may see them."""
    wanted = sa.select(MutualAidGrant.force_id).where(MutualAidGrant.agent_id == agent_id, MutualAidGrant.ends_at > now)
    return sorted(session.scalars(wanted.distinct()))


def set_roles(session: Session, *, agent_id: UUID, force_id: str, roles: frozenset[Role]) -> None:
    """Let an agent hold exactly these roles with one force.

    The first of professional standards is named on the restricted contacts that nobody could open (practice 8).
    """
    session.execute(sa.delete(AgentForce).where(AgentForce.agent_id == agent_id, AgentForce.force_id == force_id))
    session.add_all(AgentForce(agent_id=agent_id, force_id=force_id, role=role.value) for role in sorted(roles))
    session.flush()
    if Role.PROFESSIONAL_STANDARDS in roles:
        session.execute(sa.select(sa.func.name_on_unnamed(force_id)))


def grant_mutual_aid(
    session: Session,
    *,
    agent_id: UUID,
    force_id: str,
    granted_by: UUID,
    reason: str,
    starts_at: datetime,
    ends_at: datetime,
) -> MutualAidGrant:
    """Let an agent work another force's queue for a while."""
    grant = MutualAidGrant(
        agent_id=agent_id,
        force_id=force_id,
        granted_by=granted_by,
        reason=reason,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    session.add(grant)
    session.flush()
    return grant


def end_grant(session: Session, *, grant_id: UUID, now: datetime) -> MutualAidGrant:
    """End a grant now. Raises NotFound when there is none, or none this actor administers."""
    grant = session.get(MutualAidGrant, grant_id)
    if grant is None:
        raise NotFound(kind="grant", key=str(grant_id))
    grant.ends_at = min(grant.ends_at, now)
    session.flush()
    return grant


def add_invitation(
    session: Session,
    *,
    agent_id: UUID,
    kind: str,
    token_hash: bytes,
    created_by: UUID | None,
    now: datetime,
    expires_at: datetime,
) -> Invitation:
    """A one-time link, `kind` invite or reset; every older link of that agent is spent."""
    session.execute(
        sa.update(Invitation).where(Invitation.agent_id == agent_id, Invitation.used_at.is_(None)).values(used_at=now)
    )
    invitation = Invitation(
        agent_id=agent_id,
        kind=kind,
        token_hash=token_hash,
        created_by=created_by,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(invitation)
    session.flush()
    return invitation


def find_invitation(session: Session, *, token_hash: bytes, now: datetime, lock: bool = False) -> Invitation | None:
    """The link with that hash, while it is unused and in time."""
    wanted = sa.select(Invitation).where(
        Invitation.token_hash == token_hash, Invitation.used_at.is_(None), Invitation.expires_at > now
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def replace_recovery_codes(session: Session, *, agent_id: UUID, code_hashes: Sequence[bytes]) -> None:
    """Give an agent these recovery codes; the old ones are gone."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.agent_id == agent_id))
    session.add_all(RecoveryCode(agent_id=agent_id, code_hash=code_hash) for code_hash in code_hashes)
    session.flush()


def use_recovery_code(session: Session, *, agent_id: UUID, code_hash: bytes, now: datetime) -> bool:
    """Spend a code; False when there is none such unused. Two at once: one wins."""
    spent = session.execute(
        sa.update(RecoveryCode)
        .where(RecoveryCode.agent_id == agent_id, RecoveryCode.code_hash == code_hash, RecoveryCode.used_at.is_(None))
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    return spent.first() is not None


def recovery_codes_left(session: Session, *, agent_id: UUID) -> int:
    """How many recovery codes are unused."""
    wanted = sa.select(sa.func.count()).where(RecoveryCode.agent_id == agent_id, RecoveryCode.used_at.is_(None))
    return session.execute(wanted).scalar_one()


def list_ready(session: Session, *, limit: int) -> list[tuple[Agent, list[str]]]:
    """Agents who can sign in, in order of making, with their roles as `force: role`; for the demonstration."""
    wanted = sa.select(Agent).where(
        Agent.password_hash.is_not(None), Agent.totp_secret_sealed.is_not(None), Agent.disabled_at.is_(None)
    )
    found = session.scalars(wanted.order_by(Agent.created_at, Agent.id).limit(limit)).all()
    held = sa.select(AgentForce).where(AgentForce.agent_id.in_([agent.id for agent in found]))
    roles: dict[UUID, list[str]] = {}
    for row in session.scalars(held.order_by(AgentForce.force_id, AgentForce.role)):
        roles.setdefault(row.agent_id, []).append(f"{row.force_id}: {row.role.replace('_', ' ')}")
    return [(agent, roles.get(agent.id, [])) for agent in found]


def list_grants_of_forces(
    session: Session, *, force_ids: Sequence[str], now: datetime
) -> list[tuple[MutualAidGrant, str]]:
    """Grants into these forces that have not ended, with the agent's name; earliest end first."""
    wanted = (
        sa.select(MutualAidGrant, Agent.name)
        .join(Agent, Agent.id == MutualAidGrant.agent_id)
        .where(MutualAidGrant.force_id.in_(force_ids), MutualAidGrant.ends_at > now)
        .order_by(MutualAidGrant.ends_at, MutualAidGrant.id)
    )
    return [(grant, name) for grant, name in session.execute(wanted)]
