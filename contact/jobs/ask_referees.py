"""Ask the referees an application names, and text the code that confirms one of them."""

from __future__ import annotations

from uuid import UUID

from contact.domain.errors import NotFound
from contact.domain.fixed_texts import FixedText, fixed_text
from contact.domain.jobs import JobName
from contact.gateways.failures import OutsideFailure, Refused
from contact.gateways.twilio import TwilioClient
from contact.jobs.registry import TryAgain, job, tools
from contact.services import texting
from contact.services.keys import Keys
from contact.services.licensing import outsider_keys, referees
from contact.store import contacts, text_numbers, texts
from contact.store import referees as rows


@job(JobName.ASK_REFEREES)
def ask_referees(contact_id: str) -> None:
    """Write the mails with their links; run twice, it writes them once."""
    keys = Keys.from_settings(tools().settings)
    with tools().sessions.begin() as session:
        try:
            referees.ask_all(session, contact_id=UUID(contact_id), keys=keys, now=tools().clock())
        except NotFound:
            return  # erased meanwhile


@job(JobName.SEND_REFEREE_CODE, tries=4)
def send_referee_code(referee_id: str, number: int) -> None:
    """Text the four words; sent twice they are the same words, so nothing has to be looked up before a second try."""
    settings = tools().settings
    with tools().sessions.begin() as session:
        try:
            row = rows.lock(session, referee_id=UUID(referee_id))
        except NotFound:
            return
        if row.phone_e164 is None or row.code_number != number:
            return  # a newer code is on its way
        force_id = contacts.get(session, contact_id=row.contact_id).force_id
        own = text_numbers.sender_of(session, force_id=force_id)
        live = texts.force_is_live(session, force_id=force_id) and not settings.demo
        words = outsider_keys.code(Keys.from_settings(settings), referees.KIND, row.id, number).replace("-", " ")
        body = f"{fixed_text(FixedText.SMS_CODE, row.language)} {words}"
        sent = {"to": row.phone_e164, "body": texting.composed(body, language=row.language, live=live)}
    telephony = tools().telephony or TwilioClient.from_settings(settings)
    try:
        telephony.send_text(
            **sent,
            status_url=f"{settings.public_url}/webhooks/twilio/status",
            sender=own.number if own else None,
            service=own.messaging_service_sid if own else None,
        )
    except Refused:
        return  # the officer's page offers to read a code out
    except OutsideFailure as failure:
        raise TryAgain(failure.code) from None
