"""From a text to the web, in the same contact: a link that works once and not for long."""

from __future__ import annotations

import datetime as dt
import secrets
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor, ActorKind
from contact.domain.errors import LinkExpired, UnsafeToReply
from contact.domain.events import Event
from contact.domain.fixed_texts import FixedText, fixed_text
from contact.domain.states import ContactState
from contact.domain.taxonomy import Channel, Grade
from contact.domain.text_states import TextState
from contact.services import holding, link_tokens, texting
from contact.services.following import LONG_SILENCE
from contact.store import audit, contacts, conversations, messages, web_links
from contact.store.contacts import Contact
from contact.store.conversations import Conversation
from contact.store.engine import act_as
from contact.store.web_links import Opened

LASTS = dt.timedelta(minutes=30)
"""Whoever holds the phone gets the conversation, so the link does not lie there for the next to find (practice 4)."""
MOST = 3
"""Links of one conversation in that time."""
SENT = {
    "en": "A link to go on in a web browser was sent by text.",
    "cy": "Anfonwyd dolen i fynd ymlaen mewn porwr gwe drwy neges destun.",
}


def move_to_web(session: Session, *, contact_id: UUID, public_url: str, now: dt.datetime) -> TextState:
    """Text a link that opens this conversation in a browser, once; for an agent or the worker.

    The thread says that it was sent, and not what it is: only its digest and the text itself hold it. Answers as
    `texting.send`. Raises NotFound.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    token = secrets.token_urlsafe(12)
    link_id = web_links.add(session, contact_id=contact_id, token_hash=digest(token), now=now, expires_at=now + LASTS)
    message = messages.add(
        session,
        contact_id=contact_id,
        kind="system",
        channel="sms",
        body=SENT.get(contact.language, SENT["en"]),
        now=now,
    )
    audit.record(
        session,
        Event.WEB_LINK_SENT,
        force_id=contact.force_id,
        contact_id=contact_id,
        at=now,
        web_link_id=link_id,
        expires_at=now + LASTS,
    )
    words = fixed_text(FixedText.SMS_WEB_LINK, contact.language)
    body = f"{words} {public_url}/t/{token}"
    return texting.send(session, contact_id=contact_id, message_id=message.id, body=body, urgent=True, now=now)


def may_be_sent(session: Session, contact: Contact, *, now: dt.datetime) -> bool:
    """Only into an ordinary matter begun by text, and while the same person surely holds the phone (practice 4)."""
    talk = conversations.find(session, contact_id=contact.id) if contact.channel == Channel.SMS else None
    return talk is not None and suits(contact, talk, now=now)


def suits(contact: Contact, talk: Conversation, *, now: dt.datetime) -> bool:
    """The same of a conversation that is at hand."""
    if contact.channel != Channel.SMS or contact.state == ContactState.CLOSED or not _is_ordinary(contact):
        return False
    return now - talk.last_inbound_at < LONG_SILENCE


def were_many(session: Session, *, contact_id: UUID, now: dt.datetime) -> bool:
    """Whether a conversation had its few links in the time that one lasts: what asks without end gets no more texts.

    For the worker, which alone sees links.
    """
    return web_links.count(session, contact_id=contact_id, since=now - LASTS) >= MOST


def _is_ordinary(contact: Contact) -> bool:
    """Whether whoever holds the phone may find what was said."""
    return not contact.sensitive and Grade(contact.grade) is not Grade.EMERGENCY


def send_as_agent(
    session: Session, *, contact_id: UUID, agent_id: UUID, public_url: str, now: dt.datetime
) -> TextState:
    """The holder lets the person go on in a browser. Answers as `move_to_web`.

    Raises NotFound, NotYours, LeaseLost, UnsafeToReply where whoever holds the phone must not find the conversation.
    """
    held = holding.lock_held(session, contact_id=contact_id, agent_id=agent_id, now=now)
    if not may_be_sent(session, held.contact, now=now):
        raise UnsafeToReply(contact_id=contact_id, how="text")
    return move_to_web(session, contact_id=contact_id, public_url=public_url, now=now)


def open_link(session: Session, *, token: str, now: dt.datetime) -> Opened:
    """Open a link, once for ever; from here on the session speaks for its contact.

    On a POST only: a telephone that looks ahead at links must not use it up. Raises LinkExpired, the same for one that
    never was, and for one by text once the matter has become one that whoever holds the phone must not find: it lies
    there among the texts (practice 4).
    """
    by_text = web_links.open_link(session, token_hash=digest(token), now=now)
    found = by_text or web_links.open_link(session, token_hash=mail_digest(token), now=now)
    if found is None:
        raise LinkExpired
    act_as(session, Actor(ActorKind.CITIZEN, contact_id=found.contact_id))
    if by_text is not None and not _is_ordinary(contacts.get(session, contact_id=found.contact_id)):
        raise LinkExpired
    audit.record(
        session,
        Event.WEB_LINK_OPENED,
        force_id=found.force_id,
        contact_id=found.contact_id,
        at=now,
        web_link_id=found.link_id,
    )
    return found


def digest(token: str) -> bytes:
    """What is kept of the token of a link by text."""
    return link_tokens.digest("web", token)


def mail_digest(token: str) -> bytes:
    """What is kept of the token of a link by email, to a mailbox that the person called theirs alone."""
    return link_tokens.digest("web by mail", token)
