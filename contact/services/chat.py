"""A conversation by web chat or text begins with its first message, and goes on through `incoming.receive`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from contact.domain import screen
from contact.domain.access import Actor, ActorKind
from contact.domain.bot_turn import HandOver
from contact.domain.errors import ContactClosedTooLong
from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.domain.queueing import reopens
from contact.domain.reading import guessed, untriaged
from contact.domain.screen import Screening
from contact.domain.states import ContactState
from contact.domain.taxonomy import Channel, Flag, Grade, is_sensitive
from contact.services import arrival as arrivals
from contact.services import restriction, speaking
from contact.services.arrival import Arrival
from contact.services.incoming import Received, receive
from contact.services.keys import Keys
from contact.services.typed import typed_words
from contact.store import audit, chats, contacts, conversations, heartbeats, intake, messages, outbox
from contact.store.chats import Standing
from contact.store.contacts import Contact
from contact.store.conversations import Conversation
from contact.store.engine import act_as, actor_of

__all__ = [
    "Begun",
    "ChatLine",
    "Followed",
    "Received",
    "begin",
    "begin_anew",
    "bot_is_there",
    "find_what_follows",
    "say",
    "thread",
    "who_talks",
]

READY_FOR = dt.timedelta(seconds=30)
"""The chatbot counts as there for this long after its last sign of life; it gives one every ten seconds."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A conversation as its first page must know it. `again`: the same first message was sent before."""

    contact_id: UUID
    reference: str
    access_words: str
    force_id: str
    screening: Screening
    with_bot: bool
    again: bool = False


@dataclass(frozen=True, slots=True)
class Followed:
    """What a contact takes over from the one that it goes on from: how its person is treated, and none of its words."""

    contact_id: UUID | None = None
    sensitive: bool = False
    restricted: bool = False
    anonymous: bool = False
    safe_contact: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, contact: Contact) -> Followed:
        """The contact that was closed too long ago to reopen (engineering 28)."""
        return cls(contact.id, contact.sensitive, contact.restricted, contact.anonymous, dict(contact.safe_contact))


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One thing said, as the citizen sees it. `who`: me, person, bot, system."""

    id: UUID
    position: int
    who: str
    body: str
    at: dt.datetime
    read_at: dt.datetime | None
    delivery_state: str


NOTHING_BEFORE = Followed()
_WHO = {"inbound": "me", "outbound": "person", "bot": "bot", "system": "system"}
_GOES_ON = "goes on"
"""Makes the id of the one contact that goes on from another: a citizen's session finds by id and nothing else."""


def bot_is_there(session: Session, *, now: dt.datetime) -> bool:
    """Whether a trained chatbot gave a sign of life just now; otherwise every conversation goes to a person."""
    seen = heartbeats.last_beat(session, kind="chatbot")
    return seen is not None and now - seen < READY_FOR


def begin(
    session: Session,
    *,
    contact_id: UUID,
    force_id: str,
    body: str,
    language: str,
    keys: Keys,
    now: dt.datetime,
    channel: Channel = Channel.CHAT,
    phone: str | None = None,
    follows: Followed = NOTHING_BEFORE,
    once_key: str | None = None,
) -> Begun:
    """Store the first message as a new contact: with the bot, or before people where there is danger or no bot.

    `contact_id` comes from a signed field of the page (`Keys.ticket`), so that sending twice makes one contact. A
    worker begins one for a text (`phone`, E.164). `follows`: it goes on from a contact closed too long ago. A sensitive
    or restricted one goes to a person at once (practice 4, 8). Raises ReasonNeeded when nothing was typed.
    """
    intake.lock_ticket(session, contact_id=contact_id)
    _speak_for(session, contact_id)
    heard = screen.screen(words := typed_words(body, "message"))
    if (known := contacts.find(session, contact_id=contact_id)) is not None:
        return _begun(known, keys, heard, again=True)
    restricted = follows.restricted or _is_kept_apart(words, heard)
    there = bot_is_there(session, now=now) and not (follows.sensitive or restricted)
    proposal = untriaged(heard) if there else guessed(words, heard)
    arrival = Arrival(
        contact_id=contact_id,
        force_id=force_id,
        channel=channel,
        category=proposal.category,
        language=language,
        proposal=proposal,
        now=now,
        safe_contact=follows.safe_contact or {"how": "text" if channel is Channel.SMS else "online"},
        reporter={"phone_e164": phone} if phone else None,
        message=words,
        once_key=once_key,
        sensitive=follows.sensitive or is_sensitive(proposal.category, proposal.flags),
        restricted=restricted,
        anonymous=follows.anonymous,
        follows_id=follows.contact_id,
        located_by="said",
        state=ContactState.WITH_BOT if there and proposal.grade is not Grade.EMERGENCY else ContactState.WAITING,
    )
    arrivals.store(session, arrival, keys)
    _first_words(session, contact := contacts.get(session, contact_id=contact_id), arrival, heard)
    return _begun(contact, keys, heard)


def _is_kept_apart(words: str, heard: Screening) -> bool:
    """Whether the first words keep it to named people (practice 8)."""
    if Flag.POLICE_SUSPECT not in heard.flags:
        return False
    guess = guessed(words, heard)
    return restriction.keeps_apart(guess.flags, guess.grade, sensitive=is_sensitive(guess.category, guess.flags))


def _speak_for(session: Session, contact_id: UUID) -> None:
    """A citizen's session speaks for the contact that it is about to write; the worker's may anyway."""
    actor = actor_of(session)
    if actor is None or actor.kind is not ActorKind.SYSTEM:
        act_as(session, Actor(kind=ActorKind.CITIZEN, contact_id=contact_id))


def _first_words(session: Session, contact: Contact, arrival: Arrival, heard: Screening) -> None:
    """Who answers the first message: the fixed advice where there is danger, then the bot, or a person."""
    with_bot = arrival.state is ContactState.WITH_BOT
    talk = conversations.add(
        session, contact_id=contact.id, channel=arrival.channel.value, bot=with_bot, now=arrival.now
    )
    audit.record(
        session,
        Event.CONVERSATION_BEGUN,
        force_id=contact.force_id,
        contact_id=contact.id,
        at=arrival.now,
        channel=arrival.channel,
        bot=with_bot,
    )
    if heard.advise_999:
        speaking.advise_999(
            session, contact=contact, conversation=talk, flags=heard.flags, language=heard.language, now=arrival.now
        )
    if with_bot:
        outbox.defer(session, JobName.TAKE_BOT_TURN, contact_id=contact.id)
    else:
        why = HandOver.SENSITIVE if arrival.sensitive or arrival.restricted else HandOver.BOT_OFF
        why = HandOver.EMERGENCY if arrival.proposal.grade is Grade.EMERGENCY else why
        talk.handed_over_at, talk.handed_over_why = arrival.now, why.value
        speaking.tell_hand_over(session, contact=contact, conversation=talk, why=why.value, now=arrival.now)
    session.flush()


def say(session: Session, *, contact_id: UUID, body: str, now: dt.datetime, once_key: str | None = None) -> Received:
    """Store what the citizen says next by web chat. Raises as `incoming.receive`."""
    return receive(session, contact_id=contact_id, body=body, now=now, channel=Channel.CHAT.value, once_key=once_key)


def begin_anew(
    session: Session,
    *,
    contact_id: UUID,
    body: str,
    keys: Keys,
    now: dt.datetime,
    once: str,
    channel: Channel = Channel.CHAT,
    phone: str | None = None,
    language: str | None = None,
) -> Begun:
    """A message to a contact that was closed too long ago begins one of its own, linked to it (engineering 28).

    One alone, whichever way the person writes: what is said from the old page, or texted (`phone`, E.164), again goes
    into it, and where that one too was closed too long ago, into what follows that. From here on the session speaks for
    it. The same `once` again changes nothing. Raises NotFound,
    OnlineAccessStopped, ReasonNeeded when nothing was typed; ContactClosedTooLong where the source stands apart: a
    conversation would name who told us and question them (practice 17).
    """
    old = contacts.get(session, contact_id=contact_id)
    if old.source_apart:
        raise ContactClosedTooLong(contact_id=contact_id)
    anew, follows = uuid5(contact_id, _GOES_ON), Followed.of(old)
    intake.lock_ticket(session, contact_id=anew)
    _speak_for(session, anew)
    if contacts.find(session, contact_id=anew) is None:
        return begin(
            session, contact_id=anew, force_id=old.force_id, body=body, language=language or old.language, keys=keys,
            now=now, channel=channel, phone=phone, follows=follows, once_key=once,
        )  # fmt: skip
    try:
        said = receive(session, contact_id=anew, body=body, now=now, channel=channel.value, once_key=once)
    except ContactClosedTooLong:
        return begin_anew(
            session, contact_id=anew, body=body, keys=keys, now=now, once=once, channel=channel, phone=phone,
            language=language,
        )  # fmt: skip
    return _begun(contacts.get(session, contact_id=anew), keys, said.screening, again=said.again)


def find_what_follows(session: Session, *, contact_id: UUID, now: dt.datetime) -> UUID | None:
    """The contact in which one that was closed too long ago goes on, while a message may go into it; for a worker.

    None where nothing follows yet, or where the person ended access to what does.
    """
    found = contacts.find(session, contact_id=uuid5(contact_id, _GOES_ON))
    if found is None or found.online_access_stopped_at is not None or found.disposed_at is not None:
        return None
    if found.closed_at is not None and not reopens(closed_at=found.closed_at, message_at=now):
        return find_what_follows(session, contact_id=found.id, now=now)
    return found.id


def thread(session: Session, *, contact_id: UUID, after: int = 0) -> list[ChatLine]:
    """What was said after a position, oldest first; never a note, and no agent's name (scenario 23)."""
    return _as_seen(messages.list_for_citizen(session, contact_id=contact_id, after=after))


def since(session: Session, *, contact_id: UUID, after: int) -> tuple[Standing, list[ChatLine]] | None:
    """Where the conversation stands and what was said after a position, in one question; None where unseen."""
    found = chats.since(session, contact_id=contact_id, after=after)
    return (found[0], _as_seen(found[1])) if found else None


def _as_seen(said: Iterable[messages.Message | chats.Line]) -> list[ChatLine]:
    return [
        ChatLine(each.id, each.position, _WHO[each.kind], each.body, each.created_at, each.read_at, each.delivery_state)
        for each in said
        if each.kind in _WHO
    ]


def who_talks(state: str) -> str:
    """Who answers the person next in a contact of that state: bot, waiting (for a person), person or closed."""
    known = {ContactState.WITH_BOT: "bot", ContactState.WITH_AGENT: "person", ContactState.CLOSED: "closed"}
    return known.get(ContactState(state), "waiting")


def get(session: Session, *, contact_id: UUID) -> Conversation | None:
    """The conversation of a contact, or None for one that came another way."""
    return conversations.find(session, contact_id=contact_id)


def _begun(contact: Contact, keys: Keys, heard: Screening, *, again: bool = False) -> Begun:
    return Begun(
        contact_id=contact.id,
        reference=contact.reference,
        access_words=keys.access_words(contact.id),
        force_id=contact.force_id,
        screening=heard,
        with_bot=contact.state == ContactState.WITH_BOT,
        again=again,
    )
