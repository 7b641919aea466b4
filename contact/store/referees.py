"""Referees: written down by the applicant, read by licensing alone, answered by who holds the link and the code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.store.models import Referee, RefereeConcern

__all__ = ["Linked", "Referee", "RefereeConcern"]

_ADD = (
    "INSERT INTO referees (id, contact_id, role, position, given_name, surname, email, phone_e164, told, language,"
    " state, flags, link_number, code_number, code_tries, created_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, 0, 0, %s)"
)


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link leads to. The applicant's name is for who has given the code."""

    referee_id: UUID
    contact_id: UUID
    force_id: str
    language: str
    state: str
    has_phone: bool
    code_number: int
    code_at: dt.datetime | None
    code_tries: int
    expires_at: dt.datetime
    given_name: str
    surname: str
    applicant_given: str | None
    applicant_surname: str | None
    over: bool
    role: str
    kind: str | None
    licence: str | None


def add(
    session: Session,
    *,
    referee_id: UUID,
    contact_id: UUID,
    role: str,
    position: int,
    given_name: str,
    surname: str,
    email: str | None,
    phone_e164: str | None,
    told: Mapping[str, Any],
    language: str,
    state: str,
    flags: Collection[str],
    now: dt.datetime,
) -> None:
    """Write one down, for the applicant, who reads nothing back."""
    named = (referee_id, contact_id, role, position, given_name, surname, email, phone_e164)
    more = (Jsonb(dict(told)), language, state, list(flags), now)
    session.connection().exec_driver_sql(_ADD, (*named, *more))


def note_applicant_network(session: Session, *, digest: bytes) -> None:
    """Where the applicant for whom this session speaks sent from, keyed; kept beside each referee."""
    session.execute(sa.text("SELECT note_applicant_network(:digest)"), {"digest": digest})


def list_for_contact(session: Session, *, contact_id: UUID) -> Sequence[Referee]:
    """Who is asked by link about an application: its referees in the applicant's order, then a parent."""
    return session.scalars(sa.select(Referee).where(Referee.contact_id == contact_id).order_by(Referee.position)).all()


def list_concerns(session: Session, *, contact_id: UUID) -> Sequence[RefereeConcern]:
    """What an application's referees told us later, oldest first."""
    query = sa.select(RefereeConcern).where(RefereeConcern.contact_id == contact_id)
    return session.scalars(query.order_by(RefereeConcern.at, RefereeConcern.id)).all()


def lock(session: Session, *, referee_id: UUID) -> Referee:
    """The referee with the row locked, for an agent or the worker. Raises NotFound."""
    query = sa.select(Referee).where(Referee.id == referee_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(kind="referee", key=str(referee_id))
    return found


def find_by_link(session: Session, *, token_hash: bytes) -> Linked | None:
    """Who the token's link belongs to; None where there is none such."""
    row = session.execute(sa.text("SELECT * FROM referee_of_link(:hash)"), {"hash": token_hash}).one_or_none()
    return None if row is None else Linked(*row)


def ask_code(session: Session, *, token_hash: bytes, now: dt.datetime) -> bool:
    """A new code is wanted; the former one ends. False where there is no phone to send it to."""
    return bool(session.scalar(sa.text("SELECT ask_referee_code(:hash, :now)"), {"hash": token_hash, "now": now}))


def try_code(
    session: Session, *, token_hash: bytes, right: bool, network: bytes, flags: Collection[str], now: dt.datetime
) -> None:
    """Note a try of the code: a wrong one is counted, a right one confirms."""
    query = sa.text("SELECT try_referee_code(:hash, :right, :network, :flags, :now)")
    given = {"hash": token_hash, "right": right, "network": network, "flags": list(flags), "now": now}
    session.execute(query, given)


def answer(
    session: Session,
    *,
    token_hash: bytes,
    state: str,
    version: int,
    answers: Mapping[str, Any] | None,
    now: dt.datetime,
) -> bool:
    """Keep the answers, once; False where the link has ended or was answered."""
    query = "SELECT answer_as_referee(%s, %s, %s, %s, %s)"
    given = (token_hash, state, version, None if answers is None else Jsonb(dict(answers)), now)
    row = session.connection().exec_driver_sql(query, given).first()
    return bool(row and row[0])


def add_concern(session: Session, *, token_hash: bytes, concern_id: UUID, body: str, now: dt.datetime) -> bool:
    """Keep what a confirmed referee tells us later; False for any other."""
    query = sa.text("SELECT add_referee_concern(:hash, :id, :body, :now)")
    return bool(session.scalar(query, {"hash": token_hash, "id": concern_id, "body": body, "now": now}))
