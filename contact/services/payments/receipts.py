"""The receipt: by mail to the safe address where there is one, and as facts for the page and the PDF."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from contact.domain.jobs import JobName
from contact.domain.money import pounds
from contact.store import contacts, mails, outbox
from contact.store.payments import Payment


def write(session: Session, payment: Payment, *, granted: bool, now: dt.datetime) -> None:
    """Send the receipt where email is the way the person called safe; what was licensed is not said in it."""
    if payment.contact_id is None:
        return
    contact = contacts.get(session, contact_id=payment.contact_id)
    if contact.safe_contact.get("how") != "email" or contact.online_access_stopped_at is not None:
        return
    mail_id = mails.add(
        session,
        recipient=str(contact.safe_contact["value"]),
        template="receipt",
        language=contact.language,
        now=now,
        contact_id=contact.id,
        force_id=contact.force_id,
        context={"amount": pounds(payment.received_pence), "paid_at": now.isoformat(), "granted": granted},
    )
    outbox.defer(session, JobName.DELIVER_MAIL, mail_id=mail_id)
