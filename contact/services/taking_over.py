"""A person takes a conversation over: the bot is silent at once, and the citizen learns only that somebody is there."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from contact.domain.bot_turn import HandOver
from contact.domain.events import Event
from contact.domain.states import ContactState
from contact.domain.taxonomy import Channel, Grade
from contact.gateways import wording
from contact.services import handing_over, speaking
from contact.store import audit, conversations
from contact.store.contacts import Contact


def silence(session: Session, *, contact: Contact, now: dt.datetime, by: str = "agent", joins: bool = True) -> None:
    """End the bot's part in a conversation that it still talks in; does nothing in any other.

    The caller holds the contact's row lock and has it in the state that follows, or lets `with_agent` stand. An answer
    that is being computed is dropped (scenario 12). `by`: agent, system (a lease that ended). `joins`: somebody stays,
    and the citizen is told.
    """
    if contact.state != ContactState.WITH_BOT:
        return
    contact.state = ContactState.WITH_AGENT.value
    talk = conversations.find(session, contact_id=contact.id, lock=True)
    if talk is None:
        return
    handing_over.end_bot(talk, why=HandOver.TAKEN_OVER, now=now)
    for force_id in contact.force_ids:
        audit.record(
            session, Event.HANDED_OVER, force_id=force_id, contact_id=contact.id, at=now,
            why=HandOver.TAKEN_OVER, by=by,
        )  # fmt: skip
    if joins and _may_say_so(contact, talk.channel):
        words = wording.person_joined(contact.language)
        speaking.speak(session, contact=contact, conversation=talk, body=words, kind="system", now=now)
    session.flush()


def _may_say_so(contact: Contact, channel: str) -> bool:
    """In an open chat only: a text would light a screen up for nothing, and nothing automatic goes into a grave matter.

    Practice 4.
    """
    grave = contact.sensitive or Grade(contact.grade) is Grade.EMERGENCY
    return channel == Channel.CHAT and not grave and contact.online_access_stopped_at is None
