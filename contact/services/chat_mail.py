"""A chat by email: only when the person asks for it here, to an address they call safe, under a neutral subject."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.errors import UnsafeToReply
from contact.domain.jobs import JobName
from contact.services import text_link
from contact.store import mails, outbox, web_links
from contact.store.contacts import Contact

LASTS = dt.timedelta(days=3)
"""How long the mailed link waits to be opened, once: others may read a mailbox, and for longer than a telephone."""


def known_address(contact: Contact) -> str:
    """The address that the person has called safe already; nothing where they chose another way (practice 13)."""
    safe = contact.safe_contact
    return str(safe.get("value") or "") if safe.get("how") == "email" else ""


def mail_copy(
    session: Session, *, contact: Contact, address: str, language: str, paper: Mapping[str, Any], now: dt.datetime
) -> None:
    """Send the copy as an attached file. `paper`: what the copy's template reads (gateways/papers).

    Raises UnsafeToReply for a sensitive matter, whose words never lie in a mailbox.
    """
    if contact.sensitive:
        raise UnsafeToReply(contact_id=contact.id, how="email")
    _send(session, contact, address, "chat_copy", language, {"paper": dict(paper)}, now)


def mail_link(session: Session, *, contact: Contact, address: str, language: str, now: dt.datetime) -> None:
    """Send a link that opens the chat once. It is made when the mail leaves: until then nothing holds it."""
    _send(session, contact, address, "chat_link", language, {}, now)


def make_link(session: Session, *, contact_id: UUID, public_url: str, now: dt.datetime) -> tuple[str, dt.datetime]:
    """The address that opens the chat in a browser, once, and until when; for the worker that sends the mail."""
    token, until = secrets.token_urlsafe(24), now + LASTS
    web_links.add(session, contact_id=contact_id, token_hash=text_link.mail_digest(token), now=now, expires_at=until)
    return f"{public_url}/t/{token}", until


def _send(
    session: Session,
    contact: Contact,
    address: str,
    template: str,
    language: str,
    context: Mapping[str, Any],
    now: dt.datetime,
) -> None:
    mail_id = mails.add(
        session,
        recipient=address,
        template=template,
        language=language,
        now=now,
        contact_id=contact.id,
        force_id=contact.force_id,
        context=context,
    )
    outbox.defer(session, JobName.DELIVER_MAIL, mail_id=mail_id)
