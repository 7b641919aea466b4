"""Agents sign in, set themselves up by a one-time link, and look after their own account."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import SYSTEM, Role
from contact.domain.errors import LinkExpired, PasswordTooWeak, SignInRefused
from contact.domain.events import Event
from contact.domain.sign_in import is_recovery_code, lock_after, password_problem, plain_code
from contact.services import passwords, second_factor
from contact.settings import Settings
from contact.store import agents, audit, sessions
from contact.store.agents import Agent
from contact.store.engine import make_engine, make_sessions

INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in, and by what: totp or recovery."""

    agent_id: UUID
    second_factor: str


@dataclass(frozen=True, slots=True)
class Invited:
    """A new link: `path` is to be shown once, since only its hash is kept."""

    agent_id: UUID
    path: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Whom a link belongs to, and the authenticator secret that it sets up. `kind`: invite, reset."""

    agent_id: UUID
    name: str
    email: str
    kind: str
    secret: str


def sign_in(session: Session, *, email: str, password: str, code: str, key: bytes, now: datetime) -> SignedIn:
    """Check email, password and second factor together. Raises SignInRefused, which never says what was wrong.

    Takes as long for an unknown address. The caller commits the refusal too, for what it counts.
    """
    found = agents.find_by_email(session, email=email)
    right = passwords.matches(found.password_hash if found else None, password)
    if found is None:
        audit.record(session, Event.SIGN_IN_FAILED, at=now, why="unknown")
        raise SignInRefused
    agent = agents.get_for_update(session, agent_id=found.id)
    if agent.disabled_at is not None or (agent.locked_until is not None and agent.locked_until > now):
        why = "disabled" if agent.disabled_at is not None else "locked"
        audit.record(
            session,
            Event.SIGN_IN_FAILED,
            at=now,
            subject_agent_id=agent.id,
            why=why,
            attempts=agent.failed_attempts,
        )
        raise SignInRefused
    how = _second_factor(session, agent, code, key=key, now=now) if right else None
    if how is None:
        _count_failure(session, agent, why="code" if right else "password", now=now)
        raise SignInRefused
    agent.failed_attempts, agent.locked_until = 0, None
    if agent.password_hash and passwords.is_outdated(agent.password_hash):
        agent.password_hash = passwords.hashed(password)
    session.flush()
    return SignedIn(agent.id, how)


def note_signed_in(
    session: Session, signed_in: SignedIn, *, roles: Mapping[str, frozenset[Role]], now: datetime
) -> None:
    """Write the sign-in down; called once the session speaks for the agent."""
    codes = sorted(f"{force_id}:{role.value}" for force_id, held in roles.items() for role in held)
    audit.record(session, Event.SIGNED_IN, at=now, second_factor=signed_in.second_factor, roles=codes)


def step_up(session: Session, *, agent_id: UUID, code: str, key: bytes, now: datetime, purpose: str) -> None:
    """Check the second factor of somebody signed in. Raises SignInRefused; the caller commits that too."""
    agent = agents.get_for_update(session, agent_id=agent_id)
    locked = agent.locked_until is not None and agent.locked_until > now
    if locked or _second_factor(session, agent, code, key=key, now=now) is None:
        if not locked:
            _count_failure(session, agent, why="code", now=now)
        raise SignInRefused
    agent.failed_attempts = 0
    session.flush()
    what: dict[str, Any] = {"for": purpose}
    audit.record(session, Event.STEPPED_UP, at=now, **what)


def _second_factor(session: Session, agent: Agent, typed: str, *, key: bytes, now: datetime) -> str | None:
    code = plain_code(typed)
    if is_recovery_code(code):
        code_hash = second_factor.recovery_hash(code, agent_id=agent.id)
        if not agents.use_recovery_code(session, agent_id=agent.id, code_hash=code_hash, now=now):
            return None
        left = agents.recovery_codes_left(session, agent_id=agent.id)
        audit.record(session, Event.RECOVERY_CODE_USED, at=now, subject_agent_id=agent.id, left=left)
        return "recovery"
    if agent.totp_secret_sealed is None:
        return None
    secret = second_factor.opened(agent.totp_secret_sealed, agent_id=agent.id, key=key)
    step = second_factor.matching_step(secret, code, now=now, last_step=agent.totp_last_step)
    if step is None:
        return None
    agent.totp_last_step = step
    return "totp"


def _count_failure(session: Session, agent: Agent, *, why: str, now: datetime) -> None:
    agent.failed_attempts += 1
    wait = lock_after(agent.failed_attempts)
    audit.record(
        session,
        Event.SIGN_IN_FAILED,
        at=now,
        subject_agent_id=agent.id,
        why=why,
        attempts=agent.failed_attempts,
    )
    if wait is not None:
        agent.locked_until = now + wait
        audit.record(
            session,
            Event.ACCOUNT_LOCKED,
            at=now,
            locked_agent_id=agent.id,
            until=agent.locked_until,
            attempts=agent.failed_attempts,
        )
    session.flush()


def make_link(
    session: Session, *, agent_id: UUID, kind: str, created_by: UUID | None, now: datetime, force_id: str | None
) -> Invited:
    """A one-time link, `kind` invite or reset; older ones of this agent die."""
    token = secrets.token_urlsafe(32)
    expires_at = now + (INVITATION_LASTS if kind == "invite" else RESET_LASTS)
    invitation = agents.add_invitation(
        session,
        agent_id=agent_id,
        kind=kind,
        token_hash=_token_hash(token),
        created_by=created_by,
        now=now,
        expires_at=expires_at,
    )
    if kind == "invite":
        audit.record(
            session,
            Event.INVITED,
            force_id=force_id,
            at=now,
            invitation_id=invitation.id,
            invited_agent_id=agent_id,
            kind=kind,
            expires_at=expires_at,
        )
    else:
        audit.record(
            session,
            Event.RESET_SENT,
            force_id=force_id,
            at=now,
            invitation_id=invitation.id,
            subject_agent_id=agent_id,
            expires_at=expires_at,
        )
    return Invited(agent_id, f"/control-room/invitation/{token}", expires_at)


def holder_of_link(session: Session, *, token: str, key: bytes, now: datetime) -> LinkHolder:
    """Whom the link is for. Raises LinkExpired when it was used, replaced, is too old, or never was."""
    invitation = agents.find_invitation(session, token_hash=_token_hash(token), now=now)
    if invitation is None:
        raise LinkExpired
    agent = agents.get(session, agent_id=invitation.agent_id)
    if agent.disabled_at is not None:
        raise LinkExpired
    secret = second_factor.secret_for_link(token, key=key)
    return LinkHolder(agent.id, agent.name, agent.email, invitation.kind, secret)


def use_link(session: Session, *, token: str, password: str, code: str, key: bytes, now: datetime) -> list[str]:
    """Set password and authenticator; answers the ten recovery codes, which are shown this once.

    Every session of the agent ends. Raises LinkExpired, PasswordTooWeak, or SignInRefused for a wrong code.
    """
    holder = holder_of_link(session, token=token, key=key, now=now)
    problem = password_problem(password, name=holder.name, email=holder.email)
    if problem:
        raise PasswordTooWeak(reason=problem)
    step = second_factor.matching_step(holder.secret, plain_code(code), now=now, last_step=None)
    if step is None:
        raise SignInRefused
    password_hash = passwords.hashed(password)
    invitation = agents.find_invitation(session, token_hash=_token_hash(token), now=now, lock=True)
    if invitation is None:
        raise LinkExpired
    invitation.used_at = now
    agent = agents.get_for_update(session, agent_id=holder.agent_id)
    equip(session, agent, password_hash=password_hash, secret=holder.secret, key=key)
    agent.totp_last_step = step
    sessions.end_all_of_agent(session, agent_id=agent.id)
    audit.record(session, Event.PASSWORD_SET, at=now, subject_agent_id=agent.id, how=invitation.kind)
    audit.record(session, Event.SECOND_FACTOR_SET, at=now, subject_agent_id=agent.id, kind="totp")
    return make_recovery_codes(session, agent_id=agent.id, now=now)


def equip(session: Session, agent: Agent, *, password_hash: str, secret: str, key: bytes) -> None:
    """Give an agent a password and an authenticator secret, and open the account."""
    agent.password_hash = password_hash
    agent.totp_secret_sealed = second_factor.sealed(secret, agent_id=agent.id, key=key)
    agent.totp_last_step = None
    agent.failed_attempts, agent.locked_until = 0, None
    session.flush()


def make_recovery_codes(session: Session, *, agent_id: UUID, now: datetime) -> list[str]:
    """Ten new recovery codes in place of the old ones."""
    codes = second_factor.new_recovery_codes()
    hashes = [second_factor.recovery_hash(code, agent_id=agent_id) for code in codes]
    agents.replace_recovery_codes(session, agent_id=agent_id, code_hashes=hashes)
    audit.record(session, Event.RECOVERY_CODES_MADE, at=now, subject_agent_id=agent_id, count=len(codes))
    return codes


def sign_out_everywhere(session: Session, *, agent_id: UUID, now: datetime, force_id: str | None = None) -> int:
    """End every session of an agent; answers how many."""
    ended = sessions.end_all_of_agent(session, agent_id=agent_id)
    audit.record(
        session,
        Event.SIGNED_OUT_EVERYWHERE,
        force_id=force_id,
        at=now,
        subject_agent_id=agent_id,
        sessions=ended,
    )
    return ended


def create_agent(
    session: Session,
    *,
    name: str,
    email: str,
    force_roles: Mapping[str, frozenset[Role]],
    created_by: UUID | None,
    now: datetime,
) -> Agent:
    """A new agent with roles and nothing to sign in with yet."""
    agent = agents.add(session, name=name, email=email, now=now)
    for force_id, roles in sorted(force_roles.items()):
        agents.set_roles(session, agent_id=agent.id, force_id=force_id, roles=roles)
        codes = sorted(role.value for role in roles)
        audit.record(session, Event.AGENT_CREATED, force_id=force_id, at=now, new_agent_id=agent.id, roles=codes)
    return agent


def create_ready_agent(
    session: Session,
    *,
    name: str,
    email: str,
    force_roles: Mapping[str, frozenset[Role]],
    password: str,
    key: bytes,
    now: datetime,
) -> Agent:
    """An agent who can sign in at once, with a new authenticator secret: for the demonstration and the bench."""
    agent = create_agent(session, name=name, email=email, force_roles=force_roles, created_by=None, now=now)
    equip(session, agent, password_hash=passwords.hashed(password), secret=second_factor.new_secret(), key=key)
    return agent


def create_agent_from_command(
    settings: Settings, *, name: str, email: str, force_id: str, roles: frozenset[Role], now: datetime
) -> str:
    """The body of `contact agent create`: answers the one-time link to print."""
    engine = make_engine(settings.database_worker_url, pool_size=1)
    try:
        with make_sessions(engine, SYSTEM).begin() as session:
            agent = create_agent(
                session, name=name, email=email, force_roles={force_id: roles}, created_by=None, now=now
            )
            invited = make_link(session, agent_id=agent.id, kind="invite", created_by=None, now=now, force_id=force_id)
        return settings.public_url + invited.path
    finally:
        engine.dispose()


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
