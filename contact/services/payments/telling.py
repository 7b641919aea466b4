"""Telling an applicant that the fee is due: on their own page, and by mail, text or post where they called that safe.

Who applied on paper reads no page: a letter waits to be printed. A mail names the sum and no gun; a text names neither
police, licence nor sum (practice 4, 13, 27).
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.domain.licensing.letter_kinds import LetterKind
from contact.domain.money import pounds
from contact.gateways import wording
from contact.services import conversations, texting
from contact.services.licensing import letters, writing
from contact.store import applications, audit, contacts, mails, messages, outbox, texts
from contact.store.applications import Application
from contact.store.contacts import Contact
from contact.store.messages import Message


class Told(StrEnum):
    """How word of a fee reaches an applicant."""

    ONLINE = "online"  # on their page, and by mail or text
    PAGE = "page"  # on their page alone
    LETTER = "letter"  # a letter waits to be printed; on their page too, where they have one
    NOBODY = "nobody"  # nothing leaves: a person must tell them


def way(contact: Contact) -> Told:
    """How word of a fee reaches this applicant, by what they called safe (practice 13)."""
    how = contact.safe_contact.get("how")
    if how == "post":
        return Told.LETTER
    if not writing.may_write(contact):
        return Told.NOBODY
    texted = how == "text" and not contact.sensitive
    return Told.ONLINE if texted or conversations.tells_by_mail(contact) else Told.PAGE


def fee_due(
    session: Session,
    application: Application,
    *,
    pence: int,
    granted: bool,
    now: dt.datetime,
    taken_back: bool = False,
) -> None:
    """Say that the fee is due and how to pay it, as far as `way` reaches them. The contact is locked.

    `taken_back`: it had been paid, and the payer's bank kept the money.
    """
    contact = contacts.get(session, contact_id=application.contact_id)
    due = {"amount": pounds(pence), "granted": granted, "taken_back": taken_back}
    if way(contact) is Told.LETTER:
        _letter(session, contact, due, now=now)
    if not writing.may_write(contact):
        return
    words = wording.fee_message(amount=pounds(pence), granted=granted, taken_back=taken_back, language=contact.language)
    first = not any(each.kind == "outbound" for each in messages.list_thread(session, contact_id=contact.id))
    message = messages.add(session, contact_id=contact.id, kind="outbound", channel="web", body=words, now=now)
    audit.record(
        session, Event.REPLIED, force_id=contact.force_id, contact_id=contact.id, at=now, message_id=message.id,
        channel="web", first=first,
    )  # fmt: skip
    if conversations.tells_by_mail(contact):
        _mail(session, contact, message, due, now=now)
    elif contact.safe_contact.get("how") == "text" and not contact.sensitive:
        outbox.defer(session, JobName.TEXT_FEE_DUE, contact_id=contact.id, message_id=message.id)


def _letter(session: Session, contact: Contact, due: dict[str, Any], *, now: dt.datetime) -> None:
    """It waits to be printed; the log has it as any letter of ours."""
    settings = applications.settings_of(session, force_id=contact.force_id)
    extra = {
        **due,
        "other_way": settings.other_way_to_pay or "",
        "other_way_cy": settings.other_way_to_pay_cy or "",
    }
    letters.write(session, kind=LetterKind.FEE_DUE, contact_id=contact.id, extra=extra, now=now)


def _mail(session: Session, contact: Contact, message: Message, due: dict[str, Any], *, now: dt.datetime) -> None:
    settings = applications.settings_of(session, force_id=contact.force_id)
    other_way = (contact.language == "cy" and settings.other_way_to_pay_cy) or settings.other_way_to_pay
    mail_id = mails.add(
        session,
        recipient=str(contact.safe_contact["value"]),
        template="fee_due",
        language=contact.language,
        now=now,
        contact_id=contact.id,
        force_id=contact.force_id,
        context={**due, "other_way": other_way, "message_id": str(message.id)},
    )
    outbox.defer(session, JobName.DELIVER_MAIL, mail_id=mail_id)


def by_text(session: Session, *, contact_id: UUID, message_id: UUID, public_url: str, now: dt.datetime) -> None:
    """The text beside the message, once; not to somebody who said STOP, nor where their safe way has changed."""
    contact = contacts.find_locked(session, contact_id=contact_id)
    if contact is None or texts.list_for_message(session, message_id=message_id):
        return
    body = wording.fee_text(
        reference=contact.reference, progress_url=f"{public_url}/progress", language=contact.language
    )
    texting.send(session, contact_id=contact_id, message_id=message_id, body=body, urgent=False, notice=True, now=now)
