"""Webhooks as they came in, each once under (provider, event id)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.store.models import Inbox


def keep(session: Session, *, provider: str, event_id: str, body: Mapping[str, Any], now: dt.datetime) -> bool:
    """Keep one webhook; False where it was kept before. A second at the same moment waits for the first's commit."""
    row = {"provider": provider, "event_id": event_id, "body": dict(body), "received_at": now}
    kept = insert(Inbox).values(row).on_conflict_do_nothing(index_elements=["provider", "event_id"])
    return session.execute(kept.returning(Inbox.event_id)).first() is not None


def conclude(session: Session, *, provider: str, event_id: str, outcome: str) -> None:
    """Note what came of it."""
    found = sa.update(Inbox).where(Inbox.provider == provider, Inbox.event_id == event_id)
    session.execute(found.values(outcome=outcome))


def find_body(session: Session, *, provider: str, event_id: str) -> dict[str, Any] | None:
    """What a webhook carried, or None where it was never kept."""
    query = sa.select(Inbox.body).where(Inbox.provider == provider, Inbox.event_id == event_id)
    return session.scalar(query)


def find_received_at(session: Session, *, provider: str, event_id: str) -> dt.datetime | None:
    """When a webhook came, or None where it was never kept."""
    query = sa.select(Inbox.received_at).where(Inbox.provider == provider, Inbox.event_id == event_id)
    return session.scalar(query)


def list_waiting(session: Session, *, provider: str, like: Mapping[str, str]) -> list[Inbox]:
    """Webhooks of a provider that nobody worked on yet and whose fields are these, in the order they came."""
    query = sa.select(Inbox).where(Inbox.provider == provider, Inbox.outcome.is_(None), Inbox.body.contains(dict(like)))
    query = query.order_by(Inbox.received_at, Inbox.event_id).execution_options(populate_existing=True)
    return list(session.scalars(query))


def forget_words(session: Session, *, provider: str, event_id: str, outcome: str, body: Mapping[str, Any]) -> None:
    """Note what came of a webhook and keep only `body` of it: what a person said stands with their contact alone."""
    found = sa.update(Inbox).where(Inbox.provider == provider, Inbox.event_id == event_id)
    session.execute(found.values(outcome=outcome, body=dict(body)))
