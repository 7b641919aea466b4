"""Twilio's reports about alarm calls: answered, a key pressed, and how far a call or text got (practice 2)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response, current_app
from flask.typing import ResponseReturnValue

from contact.gateways import twiml, wording
from contact.services import alarm_calls
from contact.settings import Settings
from contact.store import alarms, inbox
from contact.web.shared import clock, database
from contact.web.shared.access import webhook
from contact.web.webhooks.blueprint import room
from contact.web.webhooks.proof import proven

PROVIDER = "twilio"


@room.post("/twilio/voice/<uuid:call_id>")
@webhook
def voice_answered(call_id: UUID) -> ResponseReturnValue:
    """Somebody picked up: say what waits and ask for the key. Asked again, it says the same again."""
    fields = proven()
    sid = fields.get("CallSid", "")
    _once(
        f"{sid}:answered",
        fields,
        lambda: alarm_calls.reported(
            database.session()(), call_id=call_id, sid=sid, status="in-progress", now=clock.utcnow()
        ),
    )
    return _spoken(_greeting(call_id))


@room.post("/twilio/voice/<uuid:call_id>/key")
@webhook
def voice_key(call_id: UUID) -> ResponseReturnValue:
    """A key was pressed: 1 accepts, and the voice says where to look."""
    fields = proven()
    sid, digits = fields.get("CallSid", ""), fields.get("Digits", "")
    outcomes: list[str] = []

    def press() -> str:
        outcomes.append(
            alarm_calls.key_pressed(database.session()(), call_id=call_id, sid=sid, digits=digits, now=clock.utcnow())
        )
        return outcomes[0]

    if not _once(f"{sid}:key:{digits[:8]}", fields, press):
        press()  # delivered again: the answer is the same, and accepting twice is accepting once
    return _spoken(twiml.say(wording.alarm_closing(outcomes[0])))


@room.post("/twilio/voice/<uuid:call_id>/status")
@webhook
def voice_status(call_id: UUID) -> ResponseReturnValue:
    """How far a call got; in any order, and never back."""
    return _status(call_id, sid="CallSid", status="CallStatus")


@room.post("/twilio/text/<uuid:call_id>/status")
@webhook
def text_status(call_id: UUID) -> ResponseReturnValue:
    """How far a text got; in any order, and never back."""
    return _status(call_id, sid="MessageSid", status="MessageStatus")


def _status(call_id: UUID, *, sid: str, status: str) -> ResponseReturnValue:
    fields = proven()
    found_sid, found_status = fields.get(sid, ""), fields.get(status, "")
    _once(
        f"{found_sid}:status:{found_status}",
        fields,
        lambda: alarm_calls.reported(
            database.session()(), call_id=call_id, sid=found_sid, status=found_status, now=clock.utcnow()
        ),
    )
    return Response(status=204, mimetype="text/plain")


def _once(event_id: str, fields: dict[str, str], apply: Callable[[], str]) -> bool:
    """Keep the report and apply it, in one transaction; False for a report that was kept before."""
    session = database.session()()
    if not inbox.keep(session, provider=PROVIDER, event_id=event_id, body=fields, now=clock.utcnow()):
        return False
    inbox.conclude(session, provider=PROVIDER, event_id=event_id, outcome=apply())
    return True


def _greeting(call_id: UUID) -> str:
    session = database.session()()
    settings: Settings = current_app.config["CONTACT_SETTINGS"]
    call = alarms.get_call(session, call_id=call_id)
    alarm = alarms.get(session, alarm_id=call.alarm_id)
    if alarm.accepted_at is not None or alarm.cleared_at is not None:
        return twiml.say(wording.alarm_closing("over"))
    name, live = alarms.force_name(session, force_id=alarm.force_id)
    return twiml.ask_for_key(
        wording.alarm_call(kind=alarm.kind, live=live and not settings.demo, force_name=name),
        action_url=f"{settings.public_url}/webhooks/twilio/voice/{call_id}/key",
        closing=wording.alarm_closing("not_accepted"),
    )


def _spoken(script: str) -> Response:
    return Response(script, mimetype="text/xml")
