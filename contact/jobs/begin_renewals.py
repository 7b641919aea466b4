"""Send the code that begins a renewal, to what is held on the certificate, and fill the draft in once it was given."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.domain.fixed_texts import FixedText, fixed_text
from contact.domain.jobs import JobName
from contact.gateways.failures import OutsideFailure, Refused
from contact.gateways.twilio import TwilioClient
from contact.jobs.registry import TryAgain, job, tools
from contact.services import texting
from contact.services.keys import Keys
from contact.services.licensing import renewal_start
from contact.store import certificates, mails, outbox, text_numbers, texts
from contact.store.certificates import Certificate

TEMPLATE = "four_words"


@job(JobName.SEND_RENEWAL_CODE, tries=4)
def send_renewal_code(attempt_id: str, certificate_id: str, way: str) -> None:
    """By text, mail or letter, to what the certificate holds; nothing for a try that fits none."""
    with tools().sessions.begin() as session:
        try:
            held = certificates.get(session, certificate_id=UUID(certificate_id))
        except NotFound:
            return
        if way == renewal_start.POST:
            renewal_start.post_code(session, certificate_id=held.id, now=tools().clock())
            return
        if way == "email" and held.email:
            _mail(session, held, attempt_id)
            return
        if held.phone_e164 is None:
            return
        sender = text_numbers.sender_of(session, force_id=held.force_id)
        live = texts.force_is_live(session, force_id=held.force_id) and not tools().settings.demo
        words = renewal_start.code(Keys.from_settings(tools().settings), UUID(attempt_id)).replace("-", " ")
        body = f"{fixed_text(FixedText.SMS_CODE, held.language)} {words}"
        to, whole = held.phone_e164, texting.composed(body, language=held.language, live=live)
    telephony = tools().telephony or TwilioClient.from_settings(tools().settings)
    try:
        telephony.send_text(
            to=to,
            body=whole,
            status_url=f"{tools().settings.public_url}/webhooks/twilio/status",
            sender=sender.number if sender else None,
            service=sender.messaging_service_sid if sender else None,
        )
    except Refused:
        return  # the page tells everybody to try another way when nothing comes
    except OutsideFailure as failure:
        raise TryAgain(failure.code) from None


def _mail(session: Session, held: Certificate, attempt_id: str) -> None:
    if mails.is_written(session, template=TEMPLATE, attempt_id=attempt_id):
        return
    mail_id = mails.add(
        session,
        recipient=held.email or "",
        template=TEMPLATE,
        language=held.language,
        now=tools().clock(),
        force_id=held.force_id,
        context={"attempt_id": attempt_id},
    )
    outbox.defer(session, JobName.DELIVER_MAIL, mail_id=mail_id)


@job(JobName.PREFILL_RENEWAL)
def prefill_renewal(draft_id: str, certificate_id: str) -> None:
    """Write what the certificate says into the draft; run twice, it finds everything answered."""
    with tools().sessions.begin() as session:
        try:
            renewal_start.prefill(
                session, draft_id=UUID(draft_id), certificate_id=UUID(certificate_id), now=tools().clock()
            )
        except NotFound:
            return  # forgotten meanwhile
