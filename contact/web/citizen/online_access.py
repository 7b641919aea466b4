"""What a proof is still worth: nothing, once the person has stopped online access, in whatever browser (practice 5)."""

from __future__ import annotations

from uuid import UUID

from contact.store import contacts
from contact.web.shared import database
from contact.web.shared.failures import NotProven
from contact.web.shared.proofs import proven_contact


def proven_id(reference: str) -> UUID:
    """The contact that this browser has proven under that reference. Raises NotProven once access was stopped."""
    contact_id = proven_contact(reference)
    if contact_id is None:
        raise NotProven(what="contact")
    must_be_open(contact_id)
    return contact_id


def must_be_open(contact_id: UUID) -> None:
    """Raises NotProven once online access to the contact was stopped."""
    if contacts.get(database.session()(), contact_id=contact_id).online_access_stopped_at is not None:
        raise NotProven(what="contact")
