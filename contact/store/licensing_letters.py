"""Letters of the licensing team: written once, listed while they wait to be served."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.domain.licensing.letter_kinds import APPEALED
from contact.store.models import LicensingLetter

__all__ = ["LicensingLetter"]

PAGE_SIZE = 100


def add(session: Session, letter: LicensingLetter) -> None:
    """Write a letter down; it waits to be served."""
    session.add(letter)
    session.flush()


def get(session: Session, *, letter_id: UUID, lock: bool = False) -> LicensingLetter:
    """The letter. Raises NotFound."""
    query = sa.select(LicensingLetter).where(LicensingLetter.id == letter_id).execution_options(populate_existing=True)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(kind="letter", key=str(letter_id))
    return found


def list_waiting(session: Session, *, force_ids: Sequence[str], limit: int = PAGE_SIZE) -> list[LicensingLetter]:
    """Letters that wait to be printed and served, the oldest first."""
    query = sa.select(LicensingLetter).where(
        LicensingLetter.force_id.in_(list(force_ids)), LicensingLetter.state == "waiting"
    )
    return list(session.scalars(query.order_by(LicensingLetter.made_at, LicensingLetter.id).limit(limit)))


def list_unreceived(session: Session, *, force_ids: Sequence[str], limit: int = PAGE_SIZE) -> list[LicensingLetter]:
    """Letters that were sent and may be appealed against: nobody has said yet when each was received."""
    query = sa.select(LicensingLetter).where(
        LicensingLetter.force_id.in_(list(force_ids)),
        LicensingLetter.state == "sent",
        LicensingLetter.kind.in_([each.value for each in APPEALED]),
    )
    return list(session.scalars(query.order_by(LicensingLetter.made_at, LicensingLetter.id).limit(limit)))


def list_for_certificate(session: Session, *, certificate_id: UUID) -> list[LicensingLetter]:
    """All letters about one certificate, newest first."""
    query = sa.select(LicensingLetter).where(LicensingLetter.certificate_id == certificate_id)
    return list(session.scalars(query.order_by(LicensingLetter.made_at.desc(), LicensingLetter.id.desc())))


def list_for_contact(session: Session, *, contact_id: UUID) -> list[LicensingLetter]:
    """All letters about one application, newest first."""
    query = sa.select(LicensingLetter).where(LicensingLetter.contact_id == contact_id)
    return list(session.scalars(query.order_by(LicensingLetter.made_at.desc(), LicensingLetter.id.desc())))
