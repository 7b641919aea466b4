"""Words that would give another contact of the person away to whoever reads this one (practice 15)."""

from __future__ import annotations

import re
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Betrayed:
    """What words would give away, each empty where they do not. `reference`: another contact's; `name`: somebody's."""

    reference: str
    name: str


def betrayed_in(session: Session, *, contact_id: UUID, words: str) -> Betrayed:
    """What stands in the words: another contact's reference, however it is spaced, or a name of those kept out of it.

    Those who must not learn of this contact or of another of this person. Raises NotFound.
    """
    others = links.list_linked(session, contact_id=contact_id)
    own = str(contacts.get(session, contact_id=contact_id).safe_contact.get("not_to") or "")
    bare, names = _bare(words), _names(words)
    kept_from = (own, *(each.not_to for each in others))
    return Betrayed(
        reference=next((each.reference for each in others if _bare(each.reference) in bare), ""),
        name=next((name for said in kept_from for name in _WORD.findall(said) if name.casefold() in names), ""),
    )


def _names(words: str) -> set[str]:
    return {each.casefold() for each in _WORD.findall(words)} - _NOBODY


def _bare(words: str) -> str:
    return "".join(each for each in words.upper() if each.isalnum())
