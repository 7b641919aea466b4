"""What a proof is still worth: nothing, once the person has stopped online access, in whatever browser (practice 5)."""

from __future__ import annotations

from uuid import UUID

from contact.store import contacts
from contact.store.contacts import Contact
from contact.web.shared import database
from contact.web.shared.failures import NotProven
from contact.web.shared.proofs import has_proven_contact, proven_contact


def proven_id(reference: str) -> UUID:
    """The contact that this browser has proven under that reference. Raises NotProven once access was stopped."""
    return proven_open(reference).id


def proven_open(reference: str) -> Contact:
    """The same as it stands, in one look. Raises NotProven once access was stopped."""
    contact_id = proven_contact(reference)
    if contact_id is None:
        raise NotProven(what="contact")
    contact = contacts.get(database.session()(), contact_id=contact_id)
    if contact.online_access_stopped_at is not None:
        raise NotProven(what="contact")
    return contact


def must_be_sender(contact_id: UUID) -> None:
    """Raises NotProven for a browser that neither sent the contact nor gave its reference and words.

    Somebody who found the draft by its words before it was sent holds no key to what came of it (practice 4).
    """
    if not has_proven_contact(contact_id):
        raise NotProven(what="contact")


def must_be_open(contact_id: UUID) -> None:
    """Raises NotProven once online access to the contact was stopped."""
    if contacts.get(database.session()(), contact_id=contact_id).online_access_stopped_at is not None:
        raise NotProven(what="contact")
