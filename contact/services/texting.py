"""Texts to a person: written down with their job in one transaction, and never where it was not called safe.

Row and job stand or fall together; `text_sending` does the rest. Sources: practice 4, 12, 13.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import quiet_hours, sms_text
from contact.domain.events import Event
from contact.domain.fixed_texts import FixedText, fixed_text
from contact.domain.jobs import JobName
from contact.domain.text_states import DELIVERY, TextState
from contact.services import text_ways
from contact.services.text_ways import Refusal
from contact.store import audit, contacts, messages, outbox, text_numbers, texts
from contact.store.contacts import Contact
from contact.store.texts import Text

__all__ = [
    "OPTED_OUT",
    "PIECE",
    "Refusal",
    "TextView",
    "is_opted_out",
    "list_texts",
    "measured",
    "send",
    "send_fixed",
    "show_in_thread",
]

PIECE = 1_500
"""Characters of one text: Twilio takes 1,600, and the demonstration's warning stands before them."""
OPTED_OUT = {
    "en": "This person texted STOP. No more texts leave unless they text again.",
    "cy": "Anfonodd y person hwn STOP. Ni fydd rhagor o negeseuon testun yn mynd oni bai eu bod yn tecstio eto.",
}


@dataclass(frozen=True, slots=True)
class TextView:
    """One text as an agent sees it. `error_code` is Twilio's number, or a word of ours (see `Refusal`)."""

    id: UUID
    message_id: UUID | None
    state: TextState
    error_code: str | None
    segments: int
    urgent: bool
    leaves_at: dt.datetime | None
    may_be_duplicate: bool
    at: dt.datetime


def send(
    session: Session,
    *,
    contact_id: UUID,
    message_id: UUID | None,
    body: str,
    urgent: bool,
    now: dt.datetime,
    notice: bool = False,
) -> TextState:
    """Let a message leave by text; answers `queued`, or `suppressed` where it must not leave and the thread says so.

    More than one text can carry becomes several. What is not urgent, and answers nobody who texted within half an hour,
    waits for the morning. `notice`: nobody asked for it; it never reaches a person who said STOP. Raises NotFound.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    way = text_ways.find(session, contact, now=now, fixed=False, notice=notice)
    pieces = [_write(session, contact, way, message_id, piece, urgent, now) for piece in pieces_of(body)]
    if message_id is not None:
        show_in_thread(session, message_id=message_id)
    return TextState(pieces[0].state)


def send_fixed(session: Session, *, contact_id: UUID, words: FixedText, urgent: bool, now: dt.datetime) -> UUID | None:
    """Send words that are never improvised, once in a contact; answers their message, or None where they were said.

    They stand in the thread as the platform's. Advice for danger goes to whoever texts us just now, unless they said
    that nothing may reach them (practice 12, 13). Raises NotFound.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    if texts.has_fixed(session, contact_id=contact_id, fixed_text=words.value):
        return None
    body = fixed_text(words, contact.language)
    message = messages.add(session, contact_id=contact_id, kind="system", channel="sms", body=body, now=now)
    carry_fixed(session, contact, message_id=message.id, words=words, urgent=urgent, now=now)
    return message.id


def carry_fixed(
    session: Session, contact: Contact, *, message_id: UUID, words: FixedText, urgent: bool, now: dt.datetime
) -> None:
    """Let fixed words leave that stand in the thread already; the caller holds the contact's lock."""
    body = fixed_text(words, contact.language)
    way = text_ways.find(session, contact, now=now, fixed=words is FixedText.SMS_999, notice=False)
    _write(session, contact, way, message_id, body, urgent, now, words)
    show_in_thread(session, message_id=message_id)


def _write(
    session: Session,
    contact: Contact,
    way: text_ways.Way,
    message_id: UUID | None,
    body: str,
    urgent: bool,
    now: dt.datetime,
    words: FixedText | None = None,
) -> Text:
    live = texts.force_is_live(session, force_id=contact.force_id)
    leaves_at = quiet_hours.leaves_at(now, urgent=urgent, last_heard=way.last_heard)
    counted = sms_text.measure(composed(body, language=contact.language, live=live, words=words))
    text = texts.add(
        session,
        contact_id=contact.id,
        message_id=message_id,
        force_id=contact.force_id,
        recipient=way.recipient or "",
        sender=way.sender,
        body=body,
        fixed_text=words.value if words else None,
        state=(TextState.SUPPRESSED if way.refusal else TextState.QUEUED).value,
        error_code=way.refusal.value if way.refusal else None,
        segments=counted.parts,
        encoding=counted.alphabet.value,
        urgent=urgent,
        not_before=leaves_at,
        now=now,
    )
    audit.record(
        session,
        Event.TEXT_WRITTEN,
        force_id=contact.force_id,
        contact_id=contact.id,
        at=now,
        text_id=text.id,
        message_id=message_id,
        state=text.state,
        segments=text.segments,
        urgent=urgent,
        not_before=leaves_at,
    )
    if way.refusal is None:
        defer(session, text_id=text.id, at=leaves_at)
    return text


def defer(session: Session, *, text_id: UUID, at: dt.datetime | None) -> None:
    """Send it once this session has committed, and not before `at`; two tries of one text never overlap."""
    outbox.defer(session, JobName.SEND_TEXT, lock=f"text-{text_id}", at=at, text_id=text_id)


def composed(body: str, *, language: str, live: bool, words: FixedText | None = None) -> str:
    """What truly leaves: plain quotes and dashes, and before a force is live what says that this is only a show.

    The fixed words for danger have a version that fits one part with that sentence (engineering 28).
    """
    if live:
        return sms_text.plain(body)
    if words is FixedText.SMS_999:
        return fixed_text(FixedText.SMS_999_DEMO, language)
    return fixed_text(FixedText.SMS_DEMO_PREFIX, language) + sms_text.plain(body)


def measured(session: Session, *, contact_id: UUID, body: str) -> sms_text.Measure:
    """What a reply would cost as it leaves, for the counter beside the reply box. Raises NotFound."""
    contact = contacts.get(session, contact_id=contact_id)
    live = texts.force_is_live(session, force_id=contact.force_id)
    return sms_text.measure(composed(body, language=contact.language, live=live))


def pieces_of(body: str) -> list[str]:
    """The words in texts of at most PIECE characters, parted between words where there are any."""
    rest, pieces = body, []
    while len(rest) > PIECE:
        cut = max(rest.rfind(" ", PIECE // 2, PIECE), rest.rfind("\n", PIECE // 2, PIECE))
        cut = cut if cut > 0 else PIECE
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest]


def show_in_thread(session: Session, *, message_id: UUID) -> None:
    """Let a message say how far its texts got: no further than the last of them, and failed where one failed."""
    session.flush()
    states = [TextState(each.state) for each in texts.list_for_message(session, message_id=message_id)]
    order = [*(state for state in TextState if state not in _LOST), TextState.DELIVERED]
    lost = next((state for state in states if state in _LOST), None)
    found = lost or min(states, key=order.index)
    texts.show_delivery(session, message_id=message_id, state=DELIVERY[found])


_LOST = frozenset({TextState.FAILED, TextState.SUPPRESSED})


def is_opted_out(session: Session, *, contact_id: UUID) -> bool:
    """Whether the person said STOP and has not written since: what the reply box says before anybody types."""
    contact = contacts.get(session, contact_id=contact_id)
    reporter = contacts.find_reporter(session, contact_id=contact_id)
    if reporter is None or reporter.phone_e164 is None:
        return False
    said = text_numbers.find_opt_out(session, force_id=contact.force_id, number=reporter.phone_e164)
    return said is not None and said.texted_again_at is None


def list_texts(session: Session, *, contact_id: UUID) -> Sequence[TextView]:
    """A contact's texts in the order they were written, for its page."""
    return [
        TextView(
            id=each.id,
            message_id=each.message_id,
            state=TextState(each.state),
            error_code=each.error_code,
            segments=each.segments,
            urgent=each.urgent,
            leaves_at=each.not_before if each.state == TextState.QUEUED else None,
            may_be_duplicate=each.may_be_duplicate,
            at=each.created_at,
        )
        for each in texts.list_for_contact(session, contact_id=contact_id)
    ]
