"""Administrators look after agents: invite, unlock, reset, disable, roles, mutual aid; each act is an event."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import SIGNIN, Actor, Permission, Role, may
from contact.domain.errors import Forbidden, NotFound, ReasonNeeded
from contact.domain.events import Event
from contact.services import accounts
from contact.services.accounts import Invited
from contact.store import agents, audit, forces, sessions
from contact.store.agents import Agent, AgentRow, MutualAidGrant
from contact.store.engine import act_as

LONGEST_GRANT = timedelta(days=31)
NATIONAL_GIFTS = frozenset({Role.NATIONAL_ADMIN, Role.PROFESSIONAL_STANDARDS})
"""Roles that only a national administrator gives, takes or sets up anew: restricted contacts are kept from the force's
administrators too (practice 8)."""


def list_agents(session: Session, *, actor: Actor) -> list[AgentRow]:
    """The agents this administrator looks after; all of them for a national one."""
    return agents.list_of_forces(session, force_ids=None if actor.is_national_admin else actor.admin_forces)


def administered_forces(session: Session, *, actor: Actor) -> list[tuple[str, str]]:
    """(id, name) of the forces this administrator looks after, by name."""
    return [
        (force.id, force.name)
        for force in forces.list_all(session)
        if may(actor, Permission.ADMINISTER_AGENTS, force.id)
    ]


def roles_to_give(actor: Actor) -> list[Role]:
    """The roles this administrator may give."""
    return [role for role in Role if role not in NATIONAL_GIFTS or actor.is_national_admin]


def look_after(session: Session, *, actor: Actor, agent_id: UUID) -> tuple[Agent, dict[str, frozenset[Role]]]:
    """An agent and their roles with the forces this administrator looks after. Raises NotFound for others' agents."""
    agent = agents.get(session, agent_id=agent_id)
    everywhere = _roles_everywhere(session, agent_id=agent_id, actor=actor)
    mine = {force_id: roles for force_id, roles in everywhere.items() if _administers(actor, force_id)}
    if not mine and not actor.is_national_admin:
        raise NotFound(kind="agent", key=str(agent_id))
    return agent, mine


def may_act_on_whole(session: Session, *, actor: Actor, agent_id: UUID, now: datetime) -> bool:
    """True when unlocking, resetting or disabling this agent reaches nothing that the administrator lacks.

    A new password opens every force that the agent works for or is lent to, and every contact they are named on, so an
    administrator of one force may not send it.
    """
    if actor.is_national_admin:
        return actor.agent_id != agent_id
    everywhere = _roles_everywhere(session, agent_id=agent_id, actor=actor)
    above = any(roles & NATIONAL_GIFTS for roles in everywhere.values())
    reached = {*everywhere, *_lent_to(session, agent_id=agent_id, actor=actor, now=now)}
    return actor.agent_id != agent_id and not above and all(_administers(actor, force_id) for force_id in reached)


def invite(
    session: Session, *, actor: Actor, name: str, email: str, force_id: str, roles: frozenset[Role], now: datetime
) -> Invited:
    """A new agent of a force, and the link to hand over. Raises Forbidden, ReasonNeeded for nothing to do there."""
    _must_administer(actor, force_id)
    _must_be_givable(actor, roles)
    if not roles:
        raise ReasonNeeded(what="roles")
    agent = accounts.create_agent(
        session, name=name, email=email, force_roles={force_id: roles}, created_by=actor.agent_id, now=now
    )
    return accounts.make_link(
        session, agent_id=agent.id, kind="invite", created_by=actor.agent_id, now=now, force_id=force_id
    )


def send_reset(session: Session, *, actor: Actor, agent_id: UUID, now: datetime) -> Invited:
    """A link to set password and authenticator anew; every session of the agent ends at once."""
    agent, force_id = _whole(session, actor=actor, agent_id=agent_id, now=now)
    kind = "reset" if agent.password_hash else "invite"
    accounts.sign_out_everywhere(session, agent_id=agent.id, now=now, force_id=force_id)
    return accounts.make_link(
        session, agent_id=agent.id, kind=kind, created_by=actor.agent_id, now=now, force_id=force_id
    )


def unlock(session: Session, *, actor: Actor, agent_id: UUID, now: datetime) -> None:
    """Let an agent try again now."""
    _, force_id = _whole(session, actor=actor, agent_id=agent_id, now=now)
    agent = agents.get_for_update(session, agent_id=agent_id)
    agent.failed_attempts, agent.locked_until = 0, None
    session.flush()
    audit.record(session, Event.ACCOUNT_UNLOCKED, force_id=force_id, at=now, unlocked_agent_id=agent_id)


def set_enabled(session: Session, *, actor: Actor, agent_id: UUID, enabled: bool, reason: str, now: datetime) -> None:
    """Close an account and end its sessions, or open it again. `reason` is a code: left, leave, conduct, back."""
    _, force_id = _whole(session, actor=actor, agent_id=agent_id, now=now)
    agent = agents.get_for_update(session, agent_id=agent_id)
    agent.disabled_at = None if enabled else now
    session.flush()
    if not enabled:
        sessions.end_all_of_agent(session, agent_id=agent_id)
    name = Event.AGENT_ENABLED if enabled else Event.AGENT_DISABLED
    audit.record(session, name, force_id=force_id, at=now, subject_agent_id=agent_id, reason=reason)


def set_roles(
    session: Session, *, actor: Actor, agent_id: UUID, force_id: str, roles: frozenset[Role], now: datetime
) -> None:
    """Let an agent hold exactly these roles with a force, and those that the administrator may not take.

    Raises Forbidden, also for one's own roles, and NotFound for no such force.
    """
    _must_administer(actor, force_id)
    forces.get(session, force_id=force_id)
    _, held = look_after(session, actor=actor, agent_id=agent_id)
    before = held.get(force_id, frozenset())
    roles |= before - set(roles_to_give(actor))
    _must_be_givable(actor, roles ^ before)
    if agent_id == actor.agent_id:
        raise Forbidden(permission="own_roles", force_id=force_id)
    agents.set_roles(session, agent_id=agent_id, force_id=force_id, roles=roles)
    audit.record(
        session,
        Event.ROLES_CHANGED,
        force_id=force_id,
        at=now,
        subject_agent_id=agent_id,
        added=sorted(roles - before),
        removed=sorted(before - roles),
    )


def grant_mutual_aid(
    session: Session, *, actor: Actor, email: str, force_id: str, reason: str, ends_at: datetime, now: datetime
) -> MutualAidGrant:
    """Let an agent of any force work this force's queue until a time, 31 days ahead at most.

    Raises Forbidden, NotFound for an unknown address, ReasonNeeded without a reason or a time to come.
    """
    _must_administer(actor, force_id)
    agent = agents.find_by_email(session, email=email)
    if agent is None or agent.disabled_at is not None:
        raise NotFound(kind="agent")
    if not reason.strip() or not now < ends_at <= now + LONGEST_GRANT:
        raise ReasonNeeded(what="mutual_aid")
    if actor.agent_id is None or agent.id == actor.agent_id:
        raise Forbidden(permission="own_roles", force_id=force_id)
    grant = agents.grant_mutual_aid(
        session,
        agent_id=agent.id,
        force_id=force_id,
        granted_by=actor.agent_id,
        reason=reason.strip(),
        starts_at=now,
        ends_at=ends_at,
    )
    audit.record(
        session,
        Event.MUTUAL_AID_GRANTED,
        force_id=force_id,
        at=now,
        grant_id=grant.id,
        to_agent_id=agent.id,
        starts_at=now,
        ends_at=ends_at,
    )
    return grant


def end_mutual_aid(session: Session, *, actor: Actor, grant_id: UUID, now: datetime) -> None:
    """End a grant before its time."""
    grant = agents.end_grant(session, grant_id=grant_id, now=now)
    _must_administer(actor, grant.force_id)
    audit.record(
        session,
        Event.MUTUAL_AID_ENDED,
        force_id=grant.force_id,
        at=now,
        grant_id=grant.id,
        to_agent_id=grant.agent_id,
        reason="ended_early",
    )


def _administers(actor: Actor, force_id: str) -> bool:
    return may(actor, Permission.ADMINISTER_AGENTS, force_id)


def _must_administer(actor: Actor, force_id: str) -> None:
    if not _administers(actor, force_id):
        raise Forbidden(permission=Permission.ADMINISTER_AGENTS.value, force_id=force_id)


def _must_be_givable(actor: Actor, roles: frozenset[Role]) -> None:
    if not roles <= set(roles_to_give(actor)):
        raise Forbidden(permission="give_role")


def _whole(session: Session, *, actor: Actor, agent_id: UUID, now: datetime) -> tuple[Agent, str | None]:
    """The agent, and the force whose chain notes the act."""
    agent, mine = look_after(session, actor=actor, agent_id=agent_id)
    if not may_act_on_whole(session, actor=actor, agent_id=agent_id, now=now):
        raise Forbidden(permission=Permission.ADMINISTER_AGENTS.value)
    return agent, min(mine, default=None)


def _roles_everywhere(session: Session, *, agent_id: UUID, actor: Actor) -> dict[str, frozenset[Role]]:
    """Roles with every force: an administrator's own policy shows only theirs, so this asks as the sign-in does."""
    act_as(session, SIGNIN)
    try:
        return agents.roles_of(session, agent_id=agent_id)
    finally:
        act_as(session, actor)


def _lent_to(session: Session, *, agent_id: UUID, actor: Actor, now: datetime) -> list[str]:
    """Forces that the agent helps just now, or will; asked as the sign-in does, like the roles."""
    act_as(session, SIGNIN)
    try:
        return agents.forces_lent_to(session, agent_id=agent_id, now=now)
    finally:
        act_as(session, actor)
