"""Counts how many people are pointed elsewhere, a main outcome of such a service; never who."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from contact.domain.events import Event
from contact.store import audit, signposts
from contact.store.signposts import Shown

__all__ = ["Shown", "count", "list_shown"]


def count(session: Session, *, signpost_id: str, force_id: str | None, now: dt.datetime) -> None:
    """Note that somebody was shown this signpost."""
    audit.record(session, Event.SIGNPOST_SHOWN, force_id=force_id, at=now, signpost_id=signpost_id)


def list_shown(session: Session, *, since: dt.datetime) -> list[Shown]:
    """How often each was shown since then, month by month."""
    return signposts.list_shown(session, since=since)
