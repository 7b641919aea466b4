"""What a payment provider told us: each event once, what came of it, and which still wait for their payment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.store.models import ProviderEventRow

__all__ = ["ProviderEventRow"]


def keep(
    session: Session,
    *,
    provider: str,
    event_id: str,
    kind: str,
    facts: Mapping[str, Any],
    created: dt.datetime,
    now: dt.datetime,
) -> bool:
    """Keep one event; False where it was kept before. Whoever keeps one need not be able to read it."""
    row = {
        "provider": provider,
        "event_id": event_id,
        "kind": kind,
        "facts": dict(facts),
        "created": created,
        "received_at": now,
    }
    statement = insert(ProviderEventRow.__table__).values(row).on_conflict_do_nothing()  # type: ignore[arg-type]
    added = session.connection().execute(statement, execution_options={"preserve_rowcount": True})
    return added.rowcount == 1


def find(session: Session, *, provider: str, event_id: str) -> ProviderEventRow | None:
    """The event as it came."""
    return session.get(ProviderEventRow, (provider, event_id), populate_existing=True)


def conclude(session: Session, *, provider: str, event_id: str, outcome: str, payment_id: UUID | None) -> None:
    """Note what came of it, and which payment it was about."""
    found = sa.update(ProviderEventRow).where(
        ProviderEventRow.provider == provider, ProviderEventRow.event_id == event_id
    )
    session.execute(found.values(outcome=outcome, payment_id=payment_id))


def list_waiting(session: Session, *, before: dt.datetime, limit: int = 200) -> Sequence[ProviderEventRow]:
    """Events that nothing has come of since then, the oldest first: their job was lost, or their payment never came."""
    query = sa.select(ProviderEventRow).where(ProviderEventRow.outcome.is_(None), ProviderEventRow.received_at < before)
    return session.scalars(query.order_by(ProviderEventRow.received_at, ProviderEventRow.event_id).limit(limit)).all()
