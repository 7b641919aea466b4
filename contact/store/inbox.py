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
