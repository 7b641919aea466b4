"""What each force has shown on its way to going live, its hours, and since when it is live."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.store.models import Force, ForceGoLive

__all__ = ["ForceGoLive"]


def find(session: Session, *, force_id: str) -> ForceGoLive | None:
    """What the force has shown so far, as far as this actor may know it."""
    return session.scalar(
        sa.select(ForceGoLive).where(ForceGoLive.force_id == force_id).execution_options(populate_existing=True)
    )


def note(session: Session, *, force_id: str, **facts: object) -> None:
    """Write down some columns of it, and leave the others as they are."""
    statement = insert(ForceGoLive.__table__).values({"force_id": force_id, **facts})  # type: ignore[arg-type]
    session.connection().execute(statement.on_conflict_do_update(index_elements=["force_id"], set_=facts))


def set_hours(session: Session, *, force_id: str, hours: Mapping[str, Any]) -> None:
    """The staffed hours, as `Hours.to_json` writes them."""
    session.execute(sa.update(Force).where(Force.id == force_id).values(hours=dict(hours)))
    session.info.pop("forces", None)


def set_live(session: Session, *, force_id: str, since: dt.datetime | None) -> None:
    """Live since then, or not live with None."""
    session.execute(sa.update(Force).where(Force.id == force_id).values(live_since_utc=since))
    session.info.pop("forces", None)


def privacy_notice(session: Session, *, force_id: str) -> str | None:
    """Where a live force's own privacy notice stands; anybody may ask."""
    found = session.scalar(sa.select(sa.func.privacy_notice(force_id)))
    return str(found) if found else None


def page_facts(session: Session, *, force_id: str) -> dict[str, str]:
    """What the force says of itself on its own pages, by key (services.go_live_papers); anybody may ask."""
    found = session.scalar(sa.select(sa.func.page_facts(force_id)))
    return {str(key): str(value) for key, value in (found or {}).items()}
