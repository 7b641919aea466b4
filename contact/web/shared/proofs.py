"""What a citizen's browser has proven: the drafts it began or found again, the contacts it gave the code of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from contact.web.shared.session import web_session

_DRAFTS, _CONTACTS, _LINKS, _REFEREES = "drafts", "contacts", "upload_links", "referees"
_KEPT = 20


def prove_draft(draft_id: UUID, *, new_id: bool = False) -> None:
    """This browser may go on with the draft. `new_id` where a secret was given for it, as after any sign-in."""
    _remember(_DRAFTS, str(draft_id), str(draft_id))
    if new_id:
        web_session().rotate()


def prove_contact(reference: str, contact_id: UUID, *, new_id: bool = True) -> None:
    """This browser may read and answer the contact; takes a new session id, as after any sign-in.

    Not for a contact just made by this browser: a retry after a lost answer still comes with the old id (scenario 17).
    """
    _remember(_CONTACTS, reference, str(contact_id))
    if new_id:
        web_session().rotate()


def prove_upload_link(link_id: UUID, token: str) -> None:
    """This browser opened the link: it may add files by it, and see nothing else of the contact.

    The session keeps no more of the token than tells a second press of the same button.
    """
    _remember(_LINKS, str(link_id), _mark_of(token))


def opened_upload_link(token: str) -> UUID | None:
    """The link of that token, where this browser opened it, also by an earlier press just now; else None."""
    web_session().lock()
    found = web_session().get(_LINKS, {})
    return next((UUID(link_id) for link_id, mark in found.items() if mark == _mark_of(token)), None)


def _mark_of(token: str) -> str:
    return hashlib.sha256(b"opened here" + token.encode()).hexdigest()[:16]


def has_proven_upload_link(link_id: UUID) -> bool:
    """True when this browser opened that link."""
    return str(link_id) in web_session().get(_LINKS, {})


def prove_referee(referee_id: UUID, contact_id: UUID) -> None:
    """This browser gave the code of a referee's link: it may answer, and see nothing of the application."""
    _remember(_REFEREES, str(referee_id), str(contact_id))
    web_session().rotate()


def has_proven_referee(referee_id: UUID) -> bool:
    """True when this browser gave that referee's code."""
    return str(referee_id) in web_session().get(_REFEREES, {})


def holds_side_of(contact_id: UUID, *, besides: UUID) -> bool:
    """True when this browser holds the application itself, or another referee's link of it (practice 25)."""
    others = {name: of for name, of in web_session().get(_REFEREES, {}).items() if name != str(besides)}
    return has_proven_contact(contact_id) or str(contact_id) in others.values()


def has_proven_draft(draft_id: UUID) -> bool:
    """True when this browser began the draft or gave its code."""
    return str(draft_id) in web_session().get(_DRAFTS, {})


def proven_contact(reference: str) -> UUID | None:
    """The contact this browser has proven under that reference, or None."""
    found = web_session().get(_CONTACTS, {}).get(reference)
    return UUID(found) if found else None


def contacts_in(data: Mapping[str, Any]) -> dict[str, str]:
    """The contacts, by reference, that a session holds: also for a stream, which outlives its request."""
    return dict(data.get(_CONTACTS, {}))


def has_proven_contact(contact_id: UUID) -> bool:
    """True when this browser sent the contact, or gave its reference and words."""
    return str(contact_id) in web_session().get(_CONTACTS, {}).values()


def sent_here(reference: str) -> bool:
    """True when this browser has proven the contact, also where an earlier press of the same button did so just now."""
    web_session().lock()
    return proven_contact(reference) is not None


def forget_contact(reference: str) -> None:
    """Online access was stopped (practice 5)."""
    _forget(_CONTACTS, reference)


def _remember(kind: str, name: str, value: str) -> None:
    web_session().lock()
    held = dict(web_session().get(kind, {}))
    held.pop(name, None)
    held[name] = value
    web_session()[kind] = dict(list(held.items())[-_KEPT:])


def _forget(kind: str, name: str) -> None:
    web_session().lock()
    held = dict(web_session().get(kind, {}))
    if held.pop(name, None) is not None:
        web_session()[kind] = held
