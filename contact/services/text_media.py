"""Files that came by text: evidence like any other, and never shown before a person looked (practice 6)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from contact.domain.errors import NotFound, UploadRefused
from contact.gateways.evidence.vault import Vault
from contact.services import evidence, evidence_receiving
from contact.services.evidence import ContactOwner
from contact.services.texts_in import PROVIDER
from contact.store import contacts, inbox, messages
from contact.store import evidence as files

QUESTION = "mms"
"""The question of a file that came by text."""
LOST = {
    "en": "A file that came with a text could not be fetched.",
    "cy": "Ni ellid nôl ffeil a ddaeth gyda neges destun.",
}
_MEDIA = re.compile(r"MediaUrl(\d+)")


@dataclass(frozen=True, slots=True)
class Media:
    """One file at the company; `name` is the one it gets here, the same at every try."""

    event_id: str
    field: str
    url: str
    name: str


def list_wanted(session: Session, *, event_id: str) -> list[Media]:
    """The files of one message that nobody has fetched yet, in order."""
    body = inbox.find_body(session, provider=PROVIDER, event_id=event_id) or {}
    found = sorted((int(match[1]), field) for field in body if (match := _MEDIA.fullmatch(field)))
    return [
        Media(event_id, field, str(body[field]), f"text-{event_id[-6:].lower()}-{number + 1}")
        for number, field in found
    ]


def came_at(session: Session, *, event_id: str) -> dt.datetime | None:
    """When the message that names them came; None for one that was never kept."""
    return inbox.find_received_at(session, provider=PROVIDER, event_id=event_id)


def keep(
    sessions: sessionmaker[Session], vault: Vault, *, media: Media, contact_id: UUID, content: bytes, now: dt.datetime
) -> None:
    """Keep a file as evidence of its contact, once, sensitive whatever it shows; a contact that is gone keeps none.

    Holds no connection while bytes are written. Raises StoreAway. What is no file we take is refused as uploads are.
    """
    owner = ContactOwner(contact_id)
    with sessions.begin() as session:
        try:
            contacts.lock(session, contact_id=contact_id)
        except NotFound:
            _done(session, media)
            return
        known = [each for each in evidence.list_for_contact(session, contact_id=contact_id) if each.name == media.name]
        if any(each.arrived or each.refused for each in known):
            _done(session, media)
            return
        for half in known:  # a job that was killed in the middle: begin again
            files.delete(session, evidence_id=half.id)
        try:
            begun = evidence.begin(
                session, vault=vault, owner=owner, question_id=QUESTION, name=media.name, size=len(content), now=now
            )
        except UploadRefused:
            _tell_lost(session, contact_id, now)
            _done(session, media)
            return
        row = files.get(session, evidence_id=begun.id)
        row.question_id, row.sensitive = QUESTION, True
    evidence_receiving.receive(sessions, vault, owner=owner, upload_id=begun.id, offset=0, chunks=[content], now=now)
    with sessions.begin() as session:
        _done(session, media)


def lost(sessions: sessionmaker[Session], *, media: Media, contact_id: UUID, why: str, now: dt.datetime) -> None:
    """Say in the thread that a file did not come, and fetch it no more."""
    with sessions.begin() as session:
        if contacts.find_locked(session, contact_id=contact_id) is not None:
            _tell_lost(session, contact_id, now)
        _done(session, media, outcome=why)


def _tell_lost(session: Session, contact_id: UUID, now: dt.datetime) -> None:
    language = contacts.get(session, contact_id=contact_id).language
    words = LOST.get(language, LOST["en"])
    messages.add(session, contact_id=contact_id, kind="system", channel="sms", body=words, now=now)


def _done(session: Session, media: Media, outcome: str = "stored") -> None:
    body = inbox.find_body(session, provider=PROVIDER, event_id=media.event_id) or {}
    left = {field: value for field, value in body.items() if field != media.field}
    inbox.forget_words(session, provider=PROVIDER, event_id=media.event_id, outcome=outcome, body=left)
