"""Forces: reading them, and loading the reference list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.domain.clocks import ALWAYS, Hours
from contact.domain.errors import NotFound
from contact.store import models


@dataclass(frozen=True)
class ForceView:
    """A force as every page may know it. `hours_json` is read by `hours`; an empty one means round the clock."""

    id: str
    name: str
    name_cy: str | None
    ons_code: str | None
    territorial: bool
    welsh: bool
    nation: str
    hours_json: Mapping[str, Any]
    live_since_utc: dt.datetime | None
    successor_id: str | None

    @cached_property
    def hours(self) -> Hours:
        """The staffed hours of its control room's public contact."""
        return Hours.from_json(self.hours_json) if self.hours_json else ALWAYS

    @property
    def live(self) -> bool:
        """True once go-live is complete; until then every page says that this is a demonstration (practice 10)."""
        return self.live_since_utc is not None

    def name_in(self, language: str) -> str:
        """Its name in `en` or `cy`."""
        return self.name_cy if language == "cy" and self.name_cy else self.name


def _view(force: models.Force) -> ForceView:
    return ForceView(
        id=force.id,
        name=force.name,
        name_cy=force.name_cy,
        ons_code=force.ons_code,
        territorial=force.territorial,
        welsh=force.welsh,
        nation=force.nation,
        hours_json=force.hours,
        live_since_utc=force.live_since_utc,
        successor_id=force.successor_id,
    )


_FIND = (
    "SELECT id, name, name_cy, ons_code, territorial, welsh, nation, hours, live_since_utc, successor_id"
    " FROM forces WHERE id = %s"
)


def find(session: Session, *, force_id: str) -> ForceView | None:
    """The force, or None; read once a session, since a page asks for the same force many times."""
    known: dict[str, ForceView | None] = session.info.setdefault("forces", {})
    if force_id not in known:
        row = session.connection().exec_driver_sql(_FIND, (force_id,)).one_or_none()
        known[force_id] = None if row is None else ForceView(*row)
    return known[force_id]


def get(session: Session, *, force_id: str) -> ForceView:
    """The force. Raises NotFound."""
    found = find(session, force_id=force_id)
    if found is None:
        raise NotFound(kind="force", key=force_id)
    return found


def list_all(session: Session, *, territorial_only: bool = False) -> list[ForceView]:
    """Every force that still stands, by name."""
    query = sa.select(models.Force).where(models.Force.successor_id.is_(None)).order_by(models.Force.name)
    if territorial_only:
        query = query.where(models.Force.territorial)
    return [_view(force) for force in session.scalars(query)]


def load_reference(session: Session, *, forces: Iterable[Mapping[str, Any]]) -> int:
    """Add forces that are missing and correct names of those that stand; hours and go-live are the force's own."""
    rows = [dict(force) for force in forces]
    if not rows:
        return 0
    statement = insert(models.Force).values(rows)
    changed = {
        name: statement.excluded[name] for name in ("name", "name_cy", "ons_code", "territorial", "welsh", "nation")
    }
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))
    return len(rows)


def set_alarm_numbers(session: Session, *, force_id: str, numbers: Sequence[tuple[str, str]]) -> None:
    """Replace the force's alarm numbers, [(label, E.164)] in the order they are rung."""
    session.execute(sa.delete(models.ForceAlarmNumber).where(models.ForceAlarmNumber.force_id == force_id))
    for position, (label, number) in enumerate(numbers):
        session.add(models.ForceAlarmNumber(force_id=force_id, position=position, label=label, number=number))
