"""Where a chat stands: the public's own page or the frame in a force's site, and the addresses that each has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from contact.store import contacts
from contact.store.contacts import Contact
from contact.store.engine import plan_once
from contact.web.shared import database
from contact.web.shared.failures import NotProven
from contact.web.shared.language import current_language
from contact.web.shared.proofs import proven_contact


@dataclass(frozen=True, slots=True)
class ChatPlace:
    """One conversation as one page shows it. `named`: what the page's addresses hold beside the endpoint."""

    room: str
    reference: str
    contact_id: UUID
    force_id: str
    force_ids: tuple[str, ...]
    named: Mapping[str, str]

    def url(self, name: str, **more: object) -> str:
        """The address of one of `talk`, `say`, `events`, `reached` in this room."""
        return url_for(f"{self.room}.chat_{name}", **self.named, **more)  # type: ignore[arg-type]  # Flask takes any value


def place_of(room: str, contact: Contact, **named: str) -> ChatPlace:
    """The chat of a contact that was proven, in that room."""
    return ChatPlace(
        room=room,
        reference=contact.reference,
        contact_id=contact.id,
        force_id=contact.force_id,
        force_ids=tuple(contact.force_ids),
        named={**named, "reference": contact.reference, **_language(room)},
    )


def proven_chat(reference: str) -> Contact:
    """The contact that this browser has proven. Raises NotProven, also once online access was stopped (practice 5)."""
    contact_id = proven_contact(reference)
    plan_once(database.session()())
    contact = contacts.find(database.session()(), contact_id=contact_id) if contact_id else None
    if contact is None or contact.online_access_stopped_at is not None:
        raise NotProven(what="contact")
    return contact


def _language(room: str) -> dict[str, str]:
    """In a frame the language's own cookie does not come, so that the address says it."""
    return {"lang": current_language()} if room == "widget" else {}
