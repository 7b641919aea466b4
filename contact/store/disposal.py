"""The end of a contact: which are due for a person's decision, and deleting one with every row that hangs on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.states import ContactState
from contact.store import models
from contact.store.base import Base
from contact.store.models import Contact

OUTLIVES = frozenset({models.Event.__tablename__, models.Payment.__tablename__, models.PaymentException.__tablename__})
"""Events hold no words, and the chain needs them (practice 16). Payments hold a sum and a reference, and the books need
them for seven years; cases of the books tell how a sum was put right, in the finance officer's reference and note and
none of the person's words, and stay as long. The database takes the link to the contact out of both."""


def list_due(session: Session, *, today: dt.date, limit: int = 100) -> Sequence[Contact]:
    """Closed contacts whose review is due and that nothing holds, the longest due first."""
    query = sa.select(Contact).where(
        Contact.review_due <= today,
        Contact.state == ContactState.CLOSED.value,
        Contact.hold_reason.is_(None),
        Contact.disposed_at.is_(None),
    )
    return session.scalars(query.order_by(Contact.review_due, Contact.id).limit(limit)).all()


def find_by_reference(session: Session, *, reference: str) -> Contact | None:
    """The contact of that reference, as far as this actor sees, or None."""
    return session.scalar(sa.select(Contact).where(Contact.reference == reference))


def delete(session: Session, *, contact_id: UUID) -> int:
    """Delete a contact, its key, the draft it was made of and every row of every table that names it; answers how many.

    What OUTLIVES it stays. Worker only.
    """
    session.flush()
    gone = 0
    for table in reversed(Base.metadata.sorted_tables):
        if "contact_id" in table.c and table.name not in OUTLIVES:
            gone += _delete(session, sa.delete(table).where(table.c.contact_id == contact_id))
    gone += _delete(session, sa.delete(Contact.__table__).where(Contact.id == contact_id))  # type: ignore[arg-type]
    session.expire_all()
    return gone


def _delete(session: Session, statement: sa.Delete) -> int:
    return session.connection().execute(statement).rowcount
