"""Other contacts of the person of one: that they are there and how grave, never a word of theirs (practice 15)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

MOST = 20

_LINKED = sa.text(
    """
    WITH me AS (SELECT c.id, c.follows_id, r.phone_e164, r.email
                  FROM contacts c LEFT JOIN reporters r ON r.contact_id = c.id WHERE c.id = :contact),
    found AS (
      SELECT follows_id AS id, 1 AS by FROM me WHERE follows_id IS NOT NULL
      UNION ALL SELECT c.id, 2 FROM contacts c JOIN me ON c.follows_id = me.id
      UNION ALL SELECT r.contact_id, 3 FROM reporters r JOIN me ON r.phone_e164 = me.phone_e164
      UNION ALL SELECT r.contact_id, 4 FROM reporters r JOIN me ON r.email = me.email)
    SELECT c.id, c.reference, c.received_at, c.state, c.grade, c.sensitive, min(f.by) AS by,
           coalesce(c.safe_contact->>'not_to', '') AS not_to
      FROM found f JOIN contacts c ON c.id = f.id
     WHERE c.id <> :contact AND c.desk = 'control_room' AND c.disposed_at IS NULL
       AND (NOT c.source_apart OR actor_kind() = 'system' OR c.force_id = ANY (actor_source_forces()))
     GROUP BY c.id ORDER BY c.state = 'closed', c.received_at DESC LIMIT :most
    """
)
_BY = {1: "before", 2: "after", 3: "telephone", 4: "email"}


@dataclass(frozen=True, slots=True)
class Linked:
    """One other contact. `by`: before and after (this goes on from it, or it from this), telephone, email.

    `not_to`: whom the person does not want to learn of it, in their words, or nothing.
    """

    contact_id: UUID
    reference: str
    received_at: dt.datetime
    state: str
    grade: str
    sensitive: bool
    by: str
    not_to: str = ""

    @property
    def open(self) -> bool:
        """Whether somebody still deals with it."""
        return self.state != "closed"


def list_linked(session: Session, *, contact_id: UUID) -> list[Linked]:
    """Those that this actor may see, open ones first, at most twenty.

    A restricted one only for those it names (practice 8); one whose source stands apart only for the intelligence unit,
    since the link itself would say who told us (practice 17).
    """
    rows = session.execute(_LINKED, {"contact": contact_id, "most": MOST})
    return [
        Linked(
            contact_id=row.id,
            reference=row.reference,
            received_at=row.received_at,
            state=row.state,
            grade=row.grade,
            sensitive=row.sensitive,
            by=_BY[row.by],
            not_to=row.not_to,
        )
        for row in rows
    ]
