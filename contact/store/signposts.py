"""How often each signpost was shown, read from the event log."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.events import Event as EventName
from contact.store import models


@dataclass(frozen=True, slots=True)
class Shown:
    """`month` is its first day; `force_id` None where no force was chosen yet."""

    month: dt.date
    force_id: str | None
    signpost_id: str
    times: int


def list_shown(session: Session, *, since: dt.datetime) -> list[Shown]:
    """By month, force and signpost, for an actor who may read the log."""
    month = sa.cast(sa.func.date_trunc("month", sa.func.timezone("UTC", models.Event.at)), sa.Date)
    signpost_id = models.Event.data["signpost_id"].astext
    query = (
        sa.select(month, models.Event.force_id, signpost_id, sa.func.count())
        .where(models.Event.name == EventName.SIGNPOST_SHOWN.value, models.Event.at >= since)
        .group_by(month, models.Event.force_id, signpost_id)
        .order_by(month, models.Event.force_id.nulls_first(), sa.func.count().desc(), signpost_id)
    )
    return [Shown(*row) for row in session.execute(query)]
