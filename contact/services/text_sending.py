"""One text on its way: `sending` is committed before the company is asked, and asked again only after looking there.

Twilio's create takes no key that would make a second call harmless (stack.md): after a call whose end is not known, a
text with these words is looked for first (scenario 4). Reports move a text forward only, in any order (scenario 3).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import quiet_hours
from contact.domain.alarms import AlarmKind
from contact.domain.bot_turn import HandOver
from contact.domain.errors import NotFound
from contact.domain.events import Event
from contact.domain.fixed_texts import FixedText
from contact.domain.text_states import OVER, TextState, moves_forward, state_from_company
from contact.gateways.twilio import Placed
from contact.gateways.twilio_errors import AfterFailure, after_code
from contact.services import alarms, text_ways, texting
from contact.services.following import LONG_SILENCE
from contact.store import audit, contacts, conversations, inbox, text_numbers, texts
from contact.store.texts import Text

STATUS_PROVIDER = "twilio_status"
"""Under which reports about our texts wait in the inbox, by sid and status."""
TRIES = 6
_AGAIN_AFTER = {
    AfterFailure.RETRY_LATER: (3, dt.timedelta(minutes=15)),
    AfterFailure.RETRY_ONCE: (2, dt.timedelta(minutes=1)),
}
"""How often in all, and how long after, a text is tried that a network did not deliver."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What the company is to be asked. `look_first`: it may have this text already, made since then."""

    text_id: UUID
    attempt: int
    to: str
    body: str
    sender: str | None
    service: str | None
    look_first: dt.datetime | None


def begin(session: Session, *, text_id: UUID, demo: bool, now: dt.datetime) -> Outgoing | None:
    """Take a text up; None where there is nothing (more) to send. The caller commits before asking the company.

    Safe contact and STOP are asked again: they may have changed since it was written (practice 13).
    """
    text = _locked(session, text_id)
    if text is None or text.state in OVER or text.sid is not None:
        return None
    if text.not_before is not None and text.not_before > now:
        texting.defer(session, text_id=text_id, at=text.not_before)
        return None
    contact = contacts.get(session, contact_id=text.contact_id)
    advice = text.fixed_text == FixedText.SMS_999
    way = text_ways.find(session, contact, now=now, fixed=advice, notice=False)
    if way.refusal is not None:
        _give_up(session, text, TextState.SUPPRESSED, way.refusal.value, now)
        return None
    if _comes_too_late(session, text, now):
        _give_up(session, text, TextState.SUPPRESSED, text_ways.Refusal.TOO_LATE.value, now)
        return None
    if not _follow_the_way(text, way.recipient):
        _give_up(session, text, TextState.SUPPRESSED, text_ways.Refusal.NOT_SAFE.value, now)
        return None
    if text.attempts >= TRIES:
        _give_up(session, text, TextState.FAILED, "gave-up", now)
        return None
    look_first = text.tried_at if text.in_flight else None
    text.state, text.in_flight = TextState.SENDING.value, True
    text.attempts += 1
    text.tried_at = text.tried_at if look_first else now
    _show(session, text)
    own = text_numbers.sender_of(session, force_id=text.force_id)
    live = texts.force_is_live(session, force_id=text.force_id) and not demo
    words = FixedText(text.fixed_text) if text.fixed_text else None
    return Outgoing(
        text_id=text_id,
        attempt=text.attempts,
        to=text.recipient,
        body=texting.composed(text.body, language=contact.language, live=live, words=words),
        sender=text.sender,
        service=own.messaging_service_sid if own else None,
        look_first=look_first,
    )


def _comes_too_late(session: Session, text: Text, now: dt.datetime) -> bool:
    """Whether these are words of the assistant that have waited until they must not leave.

    After a person took over it says nothing more (scenario 12); after half an hour somebody else may hold the phone
    (practice 4). Words for danger are the platform's and leave whenever they can.
    """
    said_at = texts.said_by_bot_at(session, text_id=text.id)
    if said_at is None:
        return False
    talk = conversations.find(session, contact_id=text.contact_id)
    left_to = talk.handed_over_at if talk and talk.handed_over_why == HandOver.TAKEN_OVER else None
    return now - said_at >= LONG_SILENCE or (left_to is not None and left_to >= said_at)


def _follow_the_way(text: Text, recipient: str | None) -> bool:
    """Send it to the number that is safe now, which need not be the one it was written for; True where that is done.

    What may have left for the old number already is not sent a second time to another.
    """
    if recipient is not None and recipient != text.recipient:
        if text.in_flight:
            return False
        text.recipient = recipient
    return True


def repeat(session: Session, *, text_id: UUID) -> None:
    """It was looked for there and not found: it is sent again, and from now on says that it may be a second one."""
    text = _locked(session, text_id)
    if text is not None:
        text.may_be_duplicate = True
        session.flush()


def unknown_among(session: Session, found: list[Placed]) -> Placed | None:
    """The text among these that is none of those we know: the one whose sending we never heard the end of."""
    known = texts.known_sids(session, sids=[each.sid for each in found])
    return next((each for each in found if each.sid not in known), None)


def placed(session: Session, *, text_id: UUID, placed: Placed, now: dt.datetime) -> None:
    """The company has it. Reports that came before its name was known are applied now (scenario 3)."""
    text = _locked(session, text_id)
    texts.lock_sid(session, sid=placed.sid)
    if text is None or (text.sid is not None and text.sid != placed.sid):
        return
    text.sid, text.in_flight, text.sent_at = placed.sid, False, text.sent_at or now
    if text.state not in OVER:
        text.error_code = None
    _record(session, Event.TEXT_SENT, text, now, may_be_duplicate=text.may_be_duplicate)
    _move(session, text, state_from_company(placed.status) or TextState.SENDING)
    session.flush()
    for row in inbox.list_waiting(session, provider=STATUS_PROVIDER, like={"MessageSid": placed.sid}):
        outcome = _apply(session, text, row.body, now)
        inbox.conclude(session, provider=STATUS_PROVIDER, event_id=row.event_id, outcome=outcome)


def not_placed(session: Session, *, text_id: UUID, error: str, final: bool, known: bool, now: dt.datetime) -> bool:
    """The company refused it, was busy, or never answered; True when nothing more will be tried.

    `known`: nothing was done there. Otherwise it stays in flight, and is looked for before it is sent again.
    """
    text = _locked(session, text_id)
    if text is None or text.state in OVER or text.sid is not None:
        return True
    text.in_flight = not known
    if final or text.attempts >= TRIES:
        if error == str(_OPTED_OUT):
            _they_said_stop(session, text, now)
        _give_up(session, text, TextState.FAILED, error, now)
        return True
    text.error_code = error
    _record(session, Event.TEXT_FAILED, text, now, error=_code(error), final=False)
    return False


def reported(session: Session, *, event_id: str, now: dt.datetime) -> str:
    """Apply one report; answers what came of it. One about a text whose name we do not know yet waits for that."""
    body = inbox.find_body(session, provider=STATUS_PROVIDER, event_id=event_id)
    if body is None:
        return "unknown_report"
    sid = str(body.get("MessageSid", ""))
    text = _of_report(session, body)  # the text's row before the sid's lock, here as in `placed`
    texts.lock_sid(session, sid=sid)
    text = text or texts.find_by_sid(session, sid=sid)
    if text is None:
        return "waiting"
    outcome = _apply(session, text, body, now)
    inbox.conclude(session, provider=STATUS_PROVIDER, event_id=event_id, outcome=outcome)
    return outcome


def _of_report(session: Session, body: Mapping[str, Any]) -> Text | None:
    """The text that the report's address names: ours to trust, since the company signed the address too."""
    try:
        found = _locked(session, UUID(str(body.get("text", ""))))
    except ValueError:
        return None
    if found is None:
        return None
    if found.sid is None and found.in_flight and str(found.attempts) == str(body.get("attempt", "")):
        found.sid, found.in_flight = str(body["MessageSid"]), False  # it answers the call that never came back
        session.flush()
    return found if found.sid == body.get("MessageSid") else None


def _apply(session: Session, text: Text, body: Mapping[str, Any], now: dt.datetime) -> str:
    """Move a text by one report."""
    to = state_from_company(str(body.get("MessageStatus", "")))
    if to is None:
        return "unknown_status"
    if not moves_forward(TextState(text.state), to):
        return "already_further"
    if to is TextState.FAILED:
        return _undelivered(session, text, str(body.get("ErrorCode") or ""), now)
    _move(session, text, to)
    _record(session, Event.TEXT_MOVED, text, now, state=to)
    return "applied"


def _undelivered(session: Session, text: Text, error: str, now: dt.datetime) -> str:
    """A network did not deliver it: tried again where that can help, and otherwise over."""
    after = after_code(int(error)) if error.isascii() and error.isdigit() else None
    most, wait = _AGAIN_AFTER.get(after, (0, dt.timedelta())) if after else (0, dt.timedelta())
    if text.attempts < most:
        later = now + wait
        text.not_before = quiet_hours.leaves_at(later, urgent=text.urgent, last_heard=None) or later
        text.sid, text.in_flight, text.error_code = None, False, error
        text.state = TextState.QUEUED.value
        _record(session, Event.TEXT_FAILED, text, now, error=_code(error), final=False)
        _show(session, text)
        texting.defer(session, text_id=text.id, at=text.not_before)
        return "tried_again"
    if after is AfterFailure.OPTED_OUT:
        _they_said_stop(session, text, now)
    _give_up(session, text, TextState.FAILED, error or "undelivered", now)
    return "applied"


_OPTED_OUT = 21610


def _they_said_stop(session: Session, text: Text, now: dt.datetime) -> None:
    """The company knows of a STOP that we never saw: from now on we know it too."""
    text_numbers.opt_out(session, force_id=text.force_id, number=text.recipient, now=now)
    where: dict[str, Any] = {"force_id": text.force_id, "contact_id": text.contact_id, "at": now}
    audit.record(session, Event.OPTED_OUT, **where, by="company")


def _locked(session: Session, text_id: UUID) -> Text | None:
    """The text with its contact's row locked before its own; None once it is erased with its contact."""
    contact_id = texts.find_contact_id(session, text_id=text_id)
    if contact_id is None or contacts.find_locked(session, contact_id=contact_id) is None:
        return None
    try:
        return texts.lock(session, text_id=text_id)
    except NotFound:
        return None


def _move(session: Session, text: Text, to: TextState) -> None:
    if moves_forward(TextState(text.state), to):
        text.state = to.value
    _show(session, text)


def _give_up(session: Session, text: Text, to: TextState, error: str, now: dt.datetime) -> None:
    text.state, text.error_code, text.in_flight = to.value, error, False
    _record(session, Event.TEXT_FAILED, text, now, error=_code(error), final=True)
    if error.isascii() and error.isdigit() and after_code(int(error)) is AfterFailure.RAISE_ALARM:
        alarms.raise_alarm(session, kind=AlarmKind.TEXTS_FILTERED, force_id=text.force_id, now=now)
    _show(session, text)


def _show(session: Session, text: Text) -> None:
    session.flush()
    if text.message_id is not None:
        texting.show_in_thread(session, message_id=text.message_id)


def _code(error: str) -> str:
    return error.lower()


def _record(session: Session, event: Event, text: Text, now: dt.datetime, **more: Any) -> None:  # noqa: ANN401 - event fields
    where: dict[str, Any] = {"force_id": text.force_id, "contact_id": text.contact_id, "at": now}
    audit.record(session, event, **where, text_id=text.id, attempts=text.attempts, **more)
