"""Send one text: no connection held while the company is asked, and asked about it before it is ever sent again."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from contact.domain.jobs import JobName
from contact.gateways.failures import MayHaveHappened, OutsideFailure, Refused
from contact.gateways.twilio import Placed, Telephony, TwilioClient
from contact.jobs.registry import TryAgain, job, tools
from contact.services import text_sending
from contact.services.text_sending import TRIES, Outgoing


@job(JobName.SEND_TEXT, tries=TRIES + 1)
def send_text(text_id: str) -> None:
    """Send it once; busy or unreachable, the company is asked again for about six hours, refused never (scenario 6)."""
    with tools().sessions.begin() as session:
        outgoing = text_sending.begin(session, text_id=UUID(text_id), demo=tools().settings.demo, now=tools().clock())
    if outgoing is None:
        return
    telephony = tools().telephony or TwilioClient.from_settings(tools().settings)
    if outgoing.look_first is not None:
        try:
            found = _look(telephony, outgoing)
        except OutsideFailure as failure:  # still not known: nothing may be sent before it is
            _not_placed(outgoing, failure, known=False)
            return
        if found is not None:
            _placed(outgoing, found)
            return
        with tools().sessions.begin() as session:
            text_sending.repeat(session, text_id=outgoing.text_id)
    try:
        answer = telephony.send_text(
            to=outgoing.to,
            body=outgoing.body,
            status_url=_status_url(outgoing),
            sender=outgoing.sender,
            service=outgoing.service,
        )
    except OutsideFailure as failure:
        _not_placed(outgoing, failure, known=not isinstance(failure, MayHaveHappened))
    else:
        _placed(outgoing, answer)


def _status_url(outgoing: Outgoing) -> str:
    """Where the company reports; it names text and attempt, so that a report says whose it is before its sid does."""
    named = urlencode({"text": outgoing.text_id, "attempt": outgoing.attempt})
    return f"{tools().settings.public_url}/webhooks/twilio/status?{named}"


def _look(telephony: Telephony, outgoing: Outgoing) -> Placed | None:
    """The text that an earlier call left there, or None. A messaging service chooses the number, so any will do."""
    sender = "" if outgoing.service else outgoing.sender
    since = outgoing.look_first or tools().clock()
    found = telephony.find_texts(to=outgoing.to, body=outgoing.body, since=since, sender=sender)
    with tools().sessions.begin() as session:
        return text_sending.unknown_among(session, found)


def _placed(outgoing: Outgoing, answer: Placed) -> None:
    with tools().sessions.begin() as session:
        text_sending.placed(session, text_id=outgoing.text_id, placed=answer, now=tools().clock())


def _not_placed(outgoing: Outgoing, failure: OutsideFailure, *, known: bool) -> None:
    with tools().sessions.begin() as session:
        over = text_sending.not_placed(
            session,
            text_id=outgoing.text_id,
            error=failure.code,
            final=isinstance(failure, Refused),
            known=known,
            now=tools().clock(),
        )
    if not over:
        raise TryAgain(failure.code) from None
