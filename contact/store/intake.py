"""Everything a new contact consists of, written in one go: the busiest path of the service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy.orm import Session

from contact.store.engine import driver_of
from contact.store.identifiers import new_id
from contact.store.models import Contact, ContactKey, Message, Proposal, QueueEntry, Reporter, Source, Submission

_TABLES = (Contact, Reporter, Source, Submission, ContactKey, Message, Proposal, QueueEntry)
_COLUMNS = {model.__tablename__: {column.name: column for column in model.__table__.columns} for model in _TABLES}


def write(session: Session, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Insert one row into each of the named tables, in that order, in a single round trip.

    Nothing is read back: a citizen may write these rows and not read them. Ids are given or made here.
    """
    driver = driver_of(session)
    with driver.pipeline(), driver.cursor() as cursor:
        for table, row in rows.items():
            complete = {**_defaults(table), **row}
            names = ", ".join(complete)
            marks = ", ".join(["%s"] * len(complete))
            values = [_adapted(table, name, value) for name, value in complete.items()]
            cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)  # noqa: S608 - our own names


def _defaults(table: str) -> dict[str, Any]:
    """What the models say of columns that a caller leaves out."""
    found: dict[str, Any] = {}
    for name, column in _COLUMNS[table].items():
        default = column.default
        if name == "id":
            found[name] = new_id()
        elif default is not None and isinstance(default, sa.ColumnDefault):
            found[name] = default.arg(None) if default.is_callable else default.arg
    return found


def _adapted(table: str, name: str, value: object) -> object:
    column = _COLUMNS[table][name]
    return Jsonb(value) if isinstance(column.type, sa.JSON) and value is not None else value


def lock_ticket(session: Session, *, contact_id: UUID) -> None:
    """Let the same ticket, sent twice at the same moment, pass one after the other."""
    session.execute(sa.text("SELECT pg_advisory_xact_lock(7003, hashtext(:ticket))"), {"ticket": str(contact_id)})


def reference_is_free(session: Session, *, reference: str) -> bool:
    """Whether no contact has that reference yet; the unique constraint has the last word."""
    query = "SELECT 1 FROM contact_for_reference(%s)"
    return session.connection().exec_driver_sql(query, (reference,)).first() is None


def name_professional_standards(session: Session, *, contact_id: UUID, force_id: str, now: dt.datetime) -> int:
    """Put the force's professional standards people on a restricted contact's list; answers how many stand on it."""
    query = sa.text("SELECT name_standards(:contact, :force, :now)")
    found = session.execute(query, {"contact": contact_id, "force": force_id, "now": now}).scalar()
    return int(found or 0)
