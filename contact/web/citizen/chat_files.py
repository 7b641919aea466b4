"""Photos and files that are added in a chat: the same five endpoints and the same list as everywhere."""

from __future__ import annotations

from typing import Any

from flask import url_for

from contact.domain.evidence import MAX_FILES, speaks_of_pictures
from contact.domain.queueing import reopens
from contact.domain.taxonomy import Category, Flag
from contact.services.evidence import LATER, ContactOwner
from contact.store.contacts import Contact
from contact.web.citizen.evidence import take_files
from contact.web.citizen.evidence_place import Place, shown
from contact.web.shared import clock
from contact.web.shared.chat.place import proven_chat
from contact.web.shared.language import gettext


def _place_of_chat(reference: str) -> Place:
    return _place(proven_chat(reference))


def _place(contact: Contact) -> Place:
    return place_at(
        contact,
        base=url_for("citizen.chat_files_add", reference=contact.reference),
        page=url_for("citizen.chat_talk", reference=contact.reference, files=1),
    )


def place_at(contact: Contact, *, base: str, page: str, query: str = "") -> Place:
    """The place for files of a chat, on its own page or in a frame."""
    return Place(
        owner=ContactOwner(contact.id),
        question_id=LATER,
        base=base,
        page=page,
        query=query,
        most=MAX_FILES,
        sensitive=speaks_of_pictures(Category(contact.category), map(Flag, contact.flags)),
        closed=contact.closed_at is not None and not reopens(closed_at=contact.closed_at, message_at=clock.utcnow()),
    )


take_files("chat_files", "/chat/<reference>/files/sent", _place_of_chat)


def files_of(contact: Contact) -> dict[str, Any]:
    """What templates/citizen/evidence/_files.html draws on the chat's page.

    What not to send stands there in every chat; with help lines only where the matter is of that kind (practice 6, 4).
    """
    return drawn(_place(contact))


def drawn(place: Place) -> dict[str, Any]:
    """The same of a place for files, wherever it stands."""
    gone = gettext("They go to the people who deal with your chat. You cannot take back a file once it is here.")
    return {**shown(place, left_out=gone), "in_chat": True}
