"""What follows a message of a person in a conversation: the fixed advice, a bot's turn, or a person at once."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from contact.domain import safe_reply
from contact.domain.bot_turn import HandOver
from contact.domain.jobs import JobName
from contact.domain.screen import Screening
from contact.domain.states import ContactState
from contact.domain.taxonomy import Flag, Grade, in_order
from contact.services import handing_over, speaking
from contact.store import conversations, outbox, triage
from contact.store.contacts import Contact
from contact.store.conversations import Conversation
from contact.store.messages import Message

CHANNELS = ("chat", "sms")
LONG_SILENCE = dt.timedelta(minutes=30)
"""After it somebody else may hold the phone or sit before the screen: a person goes on (practice 4)."""


def after_message(
    session: Session,
    *,
    contact: Contact,
    message: Message,
    heard: Screening,
    reopened: bool,
    by_itself: bool = False,
    now: dt.datetime,
) -> None:
    """Go on after an inbound message was stored under the contact's lock.

    An emergency goes to people at once and gets the fixed words; the bot, where it still talks, gets a turn. A contact
    that came another way and is now texted or chatted about gets a conversation in which no bot speaks. What was closed
    and is `reopened` begins anew: the advice given weeks ago is given again (practice 12). A line that came
    `by_itself`, with files, answers no question: neither the bot's, nor how it is safe to reach them.
    """
    channel = message.channel
    talk = conversations.find(session, contact_id=contact.id, lock=True)
    if talk is None:
        if channel not in CHANNELS:
            return
        talk = conversations.add(session, contact_id=contact.id, channel=channel, bot=False, now=now)
    if channel in CHANNELS:
        talk.channel = channel
    if reopened:
        talk.advised_999_at = None
    silent_for, talk.last_inbound_at = now - talk.last_inbound_at, now
    if heard.advise_999:
        speaking.advise_999(
            session, contact=contact, conversation=talk, flags=heard.flags, language=heard.language, now=now
        )
    if contact.state != ContactState.WITH_BOT:
        if not by_itself:
            _heard_by_people(session, contact, talk, message, silent_for, now)
    elif Grade(contact.grade) is Grade.EMERGENCY or silent_for >= LONG_SILENCE:
        why = HandOver.EMERGENCY if Grade(contact.grade) is Grade.EMERGENCY else HandOver.SILENCE
        handing_over.hand_over(session, contact=contact, conversation=talk, why=why, now=now)
    elif by_itself and _owes_no_answer(session, talk, before=message):
        talk.answered_position = message.position
    else:
        outbox.defer(session, JobName.TAKE_BOT_TURN, contact_id=contact.id)


def _heard_by_people(
    session: Session, contact: Contact, talk: Conversation, message: Message, silent_for: dt.timedelta, now: dt.datetime
) -> None:
    if silent_for < LONG_SILENCE:
        _keep_answer(session, contact, talk, message, now)
    talk.asked = None


def _owes_no_answer(session: Session, talk: Conversation, *, before: Message) -> bool:
    """Whether the bot has answered all that was said before that line."""
    said = conversations.list_unanswered(session, contact_id=talk.contact_id, after=talk.answered_position)
    return all(each.id == before.id for each in said)


def _keep_answer(session: Session, contact: Contact, talk: Conversation, message: Message, now: dt.datetime) -> None:
    """The assistant asked how it is safe to reach them and fell silent: the answer is a fact all the same.

    "Do not contact me" is one, and from then on nothing leaves by itself (practice 13).
    """
    if talk.asked not in safe_reply.QUESTIONS:
        return
    fact = safe_reply.answer_of(message.body)
    conversations.add_answer(session, contact_id=contact.id, message_id=message.id, fact=fact, now=now)
    if not safe_reply.says_no_contact(message.body):
        return
    contact.flags = [flag.value for flag in in_order([*map(Flag, contact.flags), Flag.NO_SAFE_CONTACT])]
    for entry in triage.list_entries(session, contact_id=contact.id, lock=True):
        entry.flags = list(contact.flags)
