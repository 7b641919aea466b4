"""Requests to doctors' practices: made by licensing, answered by who opened the link."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.store.models import MedicalConcern, MedicalRequest

__all__ = ["Linked", "MedicalConcern", "MedicalRequest", "Practice"]


@dataclass(frozen=True, slots=True)
class Practice:
    """What the page of an opened link may know: whose report it is about, and what was said before."""

    request_id: UUID
    contact_id: UUID
    force_id: str
    practice: str
    doctor: str | None
    gmc_number: str | None
    report_given: str | None
    applicant_given: str | None
    applicant_surname: str | None
    applicant_born: dt.date | None
    over: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """What the link of a mail leads to, opened or not: no patient. `over`: the application is decided or withdrawn."""

    request_id: UUID
    contact_id: UUID
    force_id: str
    practice: str
    over: bool
    opened: bool


def add(session: Session, row: MedicalRequest) -> None:
    """A new request; its link stands already in this transaction."""
    session.add(row)
    session.flush()


def list_for_contact(session: Session, *, contact_id: UUID) -> Sequence[MedicalRequest]:
    """An application's requests, newest first."""
    query = sa.select(MedicalRequest).where(MedicalRequest.contact_id == contact_id)
    return session.scalars(query.order_by(MedicalRequest.asked_at.desc(), MedicalRequest.id)).all()


def list_concerns(session: Session, *, contact_id: UUID) -> Sequence[MedicalConcern]:
    """What an application's practices told us later, oldest first."""
    query = sa.select(MedicalConcern).where(MedicalConcern.contact_id == contact_id)
    return session.scalars(query.order_by(MedicalConcern.at, MedicalConcern.id)).all()


def find_by_token(session: Session, *, token_hash: bytes) -> Linked | None:
    """The practice that a mail's link was sent to; None where there is none such."""
    row = session.execute(sa.text("SELECT * FROM practice_of_token(:hash)"), {"hash": token_hash}).one_or_none()
    return None if row is None else Linked(*row)


def add_concern(session: Session, *, token_hash: bytes, concern_id: UUID, body: str, now: dt.datetime) -> bool:
    """Keep what a practice tells us later; False where no link of ours is that."""
    query = sa.text("SELECT add_practice_concern(:hash, :id, :body, :now)")
    return bool(session.scalar(query, {"hash": token_hash, "id": concern_id, "body": body, "now": now}))


def lock(session: Session, *, request_id: UUID) -> MedicalRequest:
    """The request with its row locked, for an agent or the worker. Raises NotFound."""
    query = sa.select(MedicalRequest).where(MedicalRequest.id == request_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(kind="medical_request", key=str(request_id))
    return found


def find_by_link(session: Session, *, link_id: UUID) -> Practice | None:
    """What an opened upload link asks of a practice; None where it is an ordinary one."""
    row = session.execute(sa.text("SELECT * FROM practice_of_link(:link)"), {"link": link_id}).one_or_none()
    return None if row is None else Practice(*row)


def answer(
    session: Session, *, link_id: UUID, doctor: str, gmc_number: str, report_given: str, now: dt.datetime
) -> bool:
    """Keep what the practice says; said anew, the officer's check of the number starts anew."""
    query = sa.text("SELECT answer_as_practice(:link, :doctor, :gmc, :given, :now)")
    given = {"link": link_id, "doctor": doctor, "gmc": gmc_number, "given": report_given, "now": now}
    return bool(session.scalar(query, given))
