"""Saying something in a conversation: stored in its thread, and by text also sent."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.bot_turn import HandOver
from contact.domain.fixed_texts import FixedText, fixed_text
from contact.domain.taxonomy import Channel, Flag
from contact.gateways import wording
from contact.services import texting
from contact.store import contacts, messages
from contact.store.contacts import Contact
from contact.store.conversations import Conversation
from contact.store.messages import Message

_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


def speak(
    session: Session,
    *,
    contact: Contact,
    conversation: Conversation,
    body: str,
    now: dt.datetime,
    kind: str = "bot",
    agent_id: UUID | None = None,
    once_key: str | None = None,
    urgent: bool = False,
    words: FixedText | None = None,
) -> Message:
    """Say it by the way the person last wrote. `kind`: bot, system (fixed), outbound. Under the contact's lock.

    `words`: the fixed words that `body` are. By text it also leaves, as far as that is safe (services/texting).
    """
    message = messages.add(
        session,
        contact_id=contact.id,
        kind=kind,
        channel=conversation.channel,
        body=body,
        now=now,
        agent_id=agent_id,
        once_key=once_key,
        delivery_state="queued" if conversation.channel == "sms" else "sent",
    )
    if conversation.channel == "sms":
        send_by_text(session, contact=contact, message=message, urgent=urgent, words=words, now=now)
    return message


def send_by_text(
    session: Session, *, contact: Contact, message: Message, urgent: bool, words: FixedText | None, now: dt.datetime
) -> None:
    """Let a message of the thread leave by text too."""
    if words is not None:
        texting.carry_fixed(session, contact, message_id=message.id, words=words, urgent=urgent, now=now)
    else:
        texting.send(session, contact_id=contact.id, message_id=message.id, body=message.body, urgent=urgent, now=now)


def advise_999(
    session: Session,
    *,
    contact: Contact,
    conversation: Conversation,
    flags: tuple[Flag, ...],
    now: dt.datetime,
    language: str | None = None,
) -> None:
    """The fixed words of practice 12, once a conversation, and for self-harm those who listen too.

    By text they are one segment, in a chat the web's version.

    `language`: the one in which danger was heard (Screening.language); the advice follows in it (practice 11).
    """
    if conversation.advised_999_at is not None:
        return
    conversation.advised_999_at = now
    advice = FixedText.SMS_999 if conversation.channel == Channel.SMS else FixedText.CHAT_999
    speak(
        session,
        contact=contact,
        conversation=conversation,
        body=fixed_text(advice, contact.language),
        kind="system",
        now=now,
        urgent=True,
        words=advice,
    )
    if language is not None:
        words = fixed_text(FixedText.DANGER_REPLY, language)
        speak(session, contact=contact, conversation=conversation, body=words, kind="system", now=now, urgent=True)
    if Flag.SUICIDE_RISK in flags:
        words = plain(fixed_text(FixedText.SUICIDE_HELP, contact.language))
        speak(session, contact=contact, conversation=conversation, body=words, kind="system", now=now, urgent=True)


def tell_hand_over(
    session: Session, *, contact: Contact, conversation: Conversation, why: str, now: dt.datetime
) -> None:
    """Say that a person goes on, and when they aim to answer.

    By text nothing follows the fixed words for danger: each text lights the telephone up, and they alone say nothing of
    whom it was written to (practice 4, 12).
    """
    by_text = conversation.channel == Channel.SMS
    if by_text and why == HandOver.EMERGENCY and conversation.advised_999_at is not None:
        return
    entry = contacts.get_entry(session, contact_id=contact.id, force_id=contact.force_id)
    words = wording.hand_over(why=why, answer_by=entry.answer_by, language=contact.language)
    speak(session, contact=contact, conversation=conversation, body=words, now=now, urgent=True)


def plain(text: str) -> str:
    """A fixed text without its marks: headings as lines, links as their words."""
    lines = (_LINK.sub(r"\1", line.removeprefix("# ")) for line in text.splitlines())
    return "\n".join(lines)
