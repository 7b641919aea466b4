"""Texts that come in and reports about ours: proven, kept once, answered at once; jobs do the work (scenario 1, 3)."""

from __future__ import annotations

import re

from flask import Response, request
from flask.typing import ResponseReturnValue

from contact.domain.errors import Forbidden
from contact.domain.jobs import JobName
from contact.services import text_sending, texts_in
from contact.store import inbox, outbox
from contact.web.shared import clock, database
from contact.web.shared.access import webhook
from contact.web.webhooks.blueprint import room
from contact.web.webhooks.proof import proven

_NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
_LONGEST_NAME = 64
_SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")
"""Of this shape alone: the signature joins names and values without a mark between, so that a longer one could be cut
out of the fields that follow, and what was sent once would count as another."""


@room.post("/twilio/sms")
@webhook
def text_in() -> ResponseReturnValue:
    """Somebody texted: keep it under its MessageSid and say nothing: an answer leaves as a text of its own."""
    fields = proven()
    _keep(texts_in.PROVIDER, _name(fields.get("MessageSid")), texts_in.kept_of(fields), JobName.TAKE_TEXT_IN)
    return Response(_NOTHING_TO_SAY, mimetype="text/xml")


@room.post("/twilio/status")
@webhook
def text_reported() -> ResponseReturnValue:
    """How far a text of ours got: kept once for each status, since one text has several (scenario 3)."""
    fields = proven()
    sid, status = _name(fields.get("MessageSid")), fields.get("MessageStatus", "")[:_LONGEST_NAME]
    kept = {"MessageSid": sid, "MessageStatus": status, "ErrorCode": fields.get("ErrorCode", "")}
    named = {name: request.args[name] for name in ("text", "attempt") if name in request.args}
    _keep(text_sending.STATUS_PROVIDER, f"{sid}:{status}", kept | named, JobName.TAKE_TEXT_STATUS)
    return Response(status=204, mimetype="text/plain")


def _name(sid: str | None) -> str:
    """What the company calls the text. Raises Forbidden for a report without one, which is none of Twilio's."""
    if not sid or not _SID.fullmatch(sid):
        raise Forbidden(permission="twilio_message_sid")
    return sid


def _keep(provider: str, event_id: str, body: dict[str, str], work: JobName) -> None:
    """Keep it and have it worked on, in one transaction; the same again is neither kept nor worked on again."""
    session = database.session()()
    if inbox.keep(session, provider=provider, event_id=event_id, body=body, now=clock.utcnow()):
        outbox.defer(session, work, event_id=event_id)
