"""What an agent has typed to a contact and not sent; it outlives a lost lease (engineering 10)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.store.models import ReplyDraft


def find_body(session: Session, *, agent_id: UUID, contact_id: UUID) -> str:
    """The agent's own draft, or nothing."""
    query = sa.select(ReplyDraft.body).where(ReplyDraft.agent_id == agent_id, ReplyDraft.contact_id == contact_id)
    return session.scalar(query) or ""


def keep(session: Session, *, agent_id: UUID, contact_id: UUID, body: str, now: dt.datetime) -> None:
    """Keep what was typed in place of what was kept before; nothing typed is nothing kept."""
    if not body.strip():
        drop(session, agent_id=agent_id, contact_id=contact_id)
        return
    values = {"agent_id": agent_id, "contact_id": contact_id, "body": body, "updated_at": now}
    statement = insert(ReplyDraft).values(values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["agent_id", "contact_id"], set_={"body": body, "updated_at": now}
        )
    )


def drop(session: Session, *, agent_id: UUID, contact_id: UUID) -> None:
    """The draft was sent or thrown away."""
    session.execute(sa.delete(ReplyDraft).where(ReplyDraft.agent_id == agent_id, ReplyDraft.contact_id == contact_id))
