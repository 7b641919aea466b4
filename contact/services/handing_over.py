"""From the bot to people, and back when an agent asks: after a hand-over the bot says nothing (scenario 12)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.bot_turn import HandOver
from contact.domain.errors import MoveNotAllowed
from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.domain.states import ContactMove, ContactState, EntryMove, EntryState, next_entry_state, next_state
from contact.domain.taxonomy import SENSITIVE, Category, Grade
from contact.services import holding, speaking
from contact.store import audit, conversations, outbox, triage
from contact.store.contacts import Contact
from contact.store.conversations import Conversation


def hand_over(
    session: Session,
    *,
    contact: Contact,
    conversation: Conversation,
    why: HandOver,
    now: dt.datetime,
    by: str = "system",
) -> None:
    """Put it before people, say so, and let the bot fall silent. Once: a second call changes nothing.

    Holds the contact's row lock. An entry that an agent holds (they asked the bot back) stays with that agent.
    """
    if contact.state != ContactState.WITH_BOT:
        conversation.bot = False
        return
    entries = triage.list_entries(session, contact_id=contact.id, lock=True)
    held = any(entry.state == EntryState.HELD for entry in entries)
    moved = next_state(ContactState.WITH_BOT, ContactMove.HAND_OFF)
    contact.state = (ContactState.WITH_AGENT if held else moved).value
    for entry in entries:
        if entry.state in (EntryState.WITH_BOT, EntryState.WAITING, EntryState.HELD):
            entry.state = next_entry_state(EntryState(entry.state), EntryMove.HAND_OFF).value
        entry.unread = True
    end_bot(conversation, why=why, now=now)
    session.flush()
    for entry in entries:
        audit.record(session, Event.HANDED_OVER, force_id=entry.force_id, contact_id=contact.id, at=now, why=why, by=by)
    outbox.defer(session, JobName.MATCH_CERTIFICATES, contact_id=contact.id)
    if _may_speak(contact, why):
        speaking.tell_hand_over(session, contact=contact, conversation=conversation, why=why.value, now=now)


def end_bot(conversation: Conversation, *, why: HandOver, now: dt.datetime) -> None:
    """Silence it: an answer that it is computing now will be dropped, since the epoch has moved on."""
    conversation.bot = False
    conversation.epoch += 1
    conversation.turn_began_at = None
    conversation.handed_over_at, conversation.handed_over_why = now, why.value
    if why in (HandOver.EMERGENCY, HandOver.URGENT, HandOver.SENSITIVE):
        conversation.offered_form = None  # a person, never a form


def ask_back(session: Session, *, contact_id: UUID, agent_id: UUID, now: dt.datetime) -> None:
    """Let the bot go on in a conversation that this agent holds and keeps holding.

    Raises NotFound, NotYours, LeaseLost, and MoveNotAllowed where no bot may speak: no conversation, a sensitive
    matter, or one that is urgent (practice 4).
    """
    held = holding.lock_held(session, contact_id=contact_id, agent_id=agent_id, now=now)
    contact = held.contact
    talk = conversations.find(session, contact_id=contact_id, lock=True)
    if talk is None or why_no_bot(contact):
        raise MoveNotAllowed(state=contact.state, move=ContactMove.ASK_BACK.value)
    contact.state = next_state(ContactState(contact.state), ContactMove.ASK_BACK).value
    talk.bot, talk.epoch = True, talk.epoch + 1
    talk.turns = 0
    talk.last_inbound_at = now  # its patience begins anew
    talk.answered_position = max(
        [talk.answered_position, *(each.position for each in conversations.list_unanswered(
            session, contact_id=contact_id, after=talk.answered_position))]
    )  # fmt: skip
    audit.record(session, Event.BOT_ASKED_BACK, force_id=held.entry.force_id, contact_id=contact_id, at=now)


def why_no_bot(contact: Contact) -> str:
    """Why no bot may be asked back: sensitive, urgent; empty where it may (practice 4)."""
    if contact.sensitive or Category(contact.category) in SENSITIVE:  # also where a handler has just found that it is
        return "sensitive"
    return "urgent" if Grade(contact.grade) in (Grade.EMERGENCY, Grade.PRIORITY) else ""


def _may_speak(contact: Contact, why: HandOver) -> bool:
    """Nothing automatic goes into a silence, nor where a person has taken over (practice 4)."""
    return why not in (HandOver.TAKEN_OVER, HandOver.SILENCE) and contact.online_access_stopped_at is None
