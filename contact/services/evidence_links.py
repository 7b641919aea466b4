"""Upload links: an agent makes one, a person opens it once, and that browser may add files for a while."""

from __future__ import annotations

import datetime as dt
import secrets
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor, ActorKind, Permission, may
from contact.domain.errors import Forbidden, LinkExpired
from contact.domain.events import Event
from contact.services import link_tokens, sources
from contact.store import audit, contacts, evidence
from contact.store.engine import act_as
from contact.store.identifiers import new_id

LASTS = dt.timedelta(days=7)
"""How long a link waits to be opened."""
OPENED_LASTS = dt.timedelta(hours=12)
"""How long the browser that opened it may add files."""


def make_upload_link(session: Session, *, contact_id: UUID, actor: Actor, now: dt.datetime) -> str:
    """The token of a new link, to be put into a message; only its digest is kept.

    Raises NotFound, Forbidden for anyone who does not work contacts of a force this one stands with, and
    for all but the intelligence unit where the source stands apart (practice 17).
    """
    contact = contacts.lock(session, contact_id=contact_id)
    works = any(may(actor, Permission.WORK_CONTACTS, force_id) for force_id in contact.force_ids)
    if actor.agent_id is None or not works:
        raise Forbidden(permission=Permission.WORK_CONTACTS.value)
    sources.ensure_may_approach(session, contact)
    token, link_id = secrets.token_urlsafe(24), new_id()
    evidence.add_link(
        session,
        link_id=link_id,
        contact_id=contact_id,
        token_hash=token_hash(token),
        made_by=actor.agent_id,
        now=now,
        expires_at=now + LASTS,
    )
    audit.record(
        session,
        Event.UPLOAD_LINK_MADE,
        force_id=contact.force_id,
        contact_id=contact_id,
        at=now,
        upload_link_id=link_id,
        expires_at=now + LASTS,
    )
    return token


def open_upload_link(session: Session, *, token: str, now: dt.datetime) -> UUID:
    """Open a link, once for ever, and answer its id: the browser's proof, to be kept in its session (`LinkOwner`).

    On a POST only: a GET must not use it up. Raises LinkExpired, the same for one that never was.
    """
    found = evidence.open_link(session, token_hash=token_hash(token), now=now)
    if found is None:
        raise LinkExpired
    act_as(session, Actor(ActorKind.CITIZEN, contact_id=found.contact_id))
    audit.record(
        session,
        Event.UPLOAD_LINK_OPENED,
        force_id=found.force_id,
        contact_id=found.contact_id,
        at=now,
        upload_link_id=found.id,
    )
    return found.id


def contact_of(session: Session, *, link_id: UUID, now: dt.datetime) -> UUID | None:
    """The contact an opened link leads to; None once it ended, or the person stopped online access (practice 5)."""
    return evidence.link_contact(session, link_id=link_id, now=now, opened_after=now - OPENED_LASTS)


def token_hash(token: str) -> bytes:
    """What the row keeps of a link's token."""
    return link_tokens.digest("upload", token)
