"""Words that would give another contact of the person away to whoever reads this one (practice 15)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from contact.store import links


def named_in(session: Session, *, contact_id: UUID, words: str) -> str:
    """The reference of another contact of this person that stands in the words, however it is spaced; else nothing."""
    typed = _bare(words)
    found = links.list_linked(session, contact_id=contact_id)
    return next((each.reference for each in found if _bare(each.reference) in typed), "")


def _bare(words: str) -> str:
    return "".join(each for each in words.upper() if each.isalnum())
