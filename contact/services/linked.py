"""Words that would give another contact of the person away to whoever reads this one (practice 15)."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy.orm import Session

from contact.store import contacts, links

_WORD = re.compile(r"[^\W\d_]{3,}")
_NOBODY = frozenset(
    {
        "also", "any", "anybody", "anyone", "are", "but", "called", "for", "from", "her", "him", "his", "lives",
        "named", "not", "one", "other", "others", "our", "people", "person", "says", "that", "the", "their", "them",
        "they", "this", "who", "with", "works", "you", "your",
    }
)  # fmt: skip
"""Words beside a name that name nobody."""


def named_in(session: Session, *, contact_id: UUID, words: str) -> str:
    """The reference of another contact of this person that stands in the words, however it is spaced; else nothing."""
    typed = _bare(words)
    found = links.list_linked(session, contact_id=contact_id)
    return next((each.reference for each in found if _bare(each.reference) in typed), "")


def kept_from_in(session: Session, *, contact_id: UUID, words: str) -> str:
    """Somebody who must not learn of this contact, or of another of this person, and is named in the words."""
    own = str(contacts.get(session, contact_id=contact_id).safe_contact.get("not_to") or "")
    others = (each.not_to for each in links.list_linked(session, contact_id=contact_id))
    typed = _names(words)
    return next((name for said in (own, *others) for name in _WORD.findall(said) if name.casefold() in typed), "")


def _names(words: str) -> set[str]:
    return {each.casefold() for each in _WORD.findall(words)} - _NOBODY


def _bare(words: str) -> str:
    return "".join(each for each in words.upper() if each.isalnum())
