"""Agents: call handlers, supervisors, licensing officers and administrators, and how they prove who they are."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.domain.access import Role
from contact.store.base import Base, Id, one_of


class Agent(Base):
    """A member of staff. `email` is stored in lower case; the TOTP secret is sealed with AES-GCM."""

    __tablename__ = "agents"
    __table_args__ = (sa.CheckConstraint("email = lower(email)", name="email_is_lower_case"),)

    id: Mapped[Id]
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    totp_secret_sealed: Mapped[bytes | None]
    totp_last_step: Mapped[int | None] = mapped_column(sa.BigInteger)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[dt.datetime | None]
    disabled_at: Mapped[dt.datetime | None]
    distress_break_until: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]


class AgentForce(Base):
    """A role an agent holds with a force."""

    __tablename__ = "agent_forces"
    __table_args__ = (one_of("role", [r.value for r in Role]),)

    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"), primary_key=True)
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class MutualAidGrant(Base):
    """An explicit, expiring, logged grant to work another force's queue as a call handler."""

    __tablename__ = "mutual_aid_grants"
    __table_args__ = (sa.Index("ix_mutual_aid_grants_agent_id", "agent_id"),)

    id: Mapped[Id]
    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"))
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    granted_by: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"))
    reason: Mapped[str]
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]


class RecoveryCode(Base):
    """One of ten codes that stand in for the authenticator once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (sa.Index("ix_recovery_codes_agent_id", "agent_id"),)

    id: Mapped[Id]
    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"))
    code_hash: Mapped[bytes]
    used_at: Mapped[dt.datetime | None]


class Invitation(Base):
    """A one-time link to set password and authenticator."""

    __tablename__ = "invitations"
    __table_args__ = (one_of("kind", ("invite", "reset")),)

    id: Mapped[Id]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"))
    kind: Mapped[str]
    created_by: Mapped[UUID | None]
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class ReplyDraft(Base):
    """What an agent had typed to a contact and not sent; it survives a lost lease (engineering 10)."""

    __tablename__ = "reply_drafts"

    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"), primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[str]
    updated_at: Mapped[dt.datetime]
