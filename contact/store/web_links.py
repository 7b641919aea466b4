"""Links from a text to a browser: made, and opened once for ever."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.store.identifiers import new_id

_ADD = "INSERT INTO web_links (id, contact_id, token_hash, created_at, expires_at) VALUES (%s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Opened:
    """The contact that a link led to, by this very opening."""

    link_id: UUID
    contact_id: UUID
    reference: str
    force_id: str


def add(session: Session, *, contact_id: UUID, token_hash: bytes, now: dt.datetime, expires_at: dt.datetime) -> UUID:
    """A new link; answers its id."""
    link_id = new_id()
    session.connection().exec_driver_sql(_ADD, (link_id, contact_id, token_hash, now, expires_at))
    return link_id


def count(session: Session, *, contact_id: UUID, since: dt.datetime) -> int:
    """How many links of a contact were made since then."""
    query = sa.text("SELECT count(*) FROM web_links WHERE contact_id = :contact AND created_at > :since")
    return int(session.execute(query, {"contact": contact_id, "since": since}).scalar_one())


def open_link(session: Session, *, token_hash: bytes, now: dt.datetime) -> Opened | None:
    """The link of a token, opened for good by this call; None where it was opened, ended or never made."""
    query = sa.text("SELECT web_link_id, contact_id, reference, force_id FROM open_web_link(:hash, :now)")
    row = session.execute(query, {"hash": token_hash, "now": now}).one_or_none()
    return None if row is None else Opened(*row)
