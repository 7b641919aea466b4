"""Texts that came in: joined to their contact in the order they came, each once, whoever works on them.

STOP and its family end notices and are no message about anything; all else is stored, screened and put before bot or
people as every message is (practice 4; scenarios 1, 2, 6).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.errors import ContactClosedTooLong, OnlineAccessStopped, ReasonNeeded
from contact.domain.events import Event
from contact.domain.fixed_texts import FixedText
from contact.domain.jobs import JobName
from contact.domain.opt_out import Keyword, keyword
from contact.domain.states import ContactState
from contact.domain.taxonomy import Channel, Grade
from contact.domain.welsh import is_welsh
from contact.services import chat, incoming, speaking, text_link, texting
from contact.services.keys import Keys
from contact.services.typed import typed_words
from contact.store import audit, contacts, conversations, inbox, messages, outbox, text_numbers
from contact.store.contacts import Contact
from contact.store.identifiers import new_id

PROVIDER = "twilio_sms"
"""Under which inbound texts wait in the inbox, by their MessageSid."""
KEPT = ("MessageSid", "From", "To", "Body", "MessagingServiceSid", "NumMedia", "OptOutType")
KEPT_BEGINNINGS = ("MediaUrl", "MediaContentType")
MOST_MEDIA = 10
"""The most files that one message can carry (Twilio)."""
NO_WORDS = {"en": "(A file without words.)", "cy": "(Ffeil heb eiriau.)"}


@dataclass(frozen=True, slots=True)
class Desk:
    """What a text needs to know of the service: keys, the account's own number, who answers where nobody said."""

    keys: Keys
    own_number: str
    default_force_id: str | None
    public_url: str


@dataclass(frozen=True, slots=True)
class _Heard:
    """One text as it waits."""

    sid: str
    theirs: str
    ours: str
    body: str
    service: str
    company_says: str
    media: int


def kept_of(fields: Mapping[str, str]) -> dict[str, str]:
    """What the inbox keeps of a webhook: what the job needs, and no town or country of the sender."""
    return {name: value for name, value in fields.items() if name in KEPT or name.startswith(KEPT_BEGINNINGS)}


def take(session: Session, *, event_id: str, desk: Desk, now: dt.datetime) -> int:
    """Work on every text that waits from the same person to the same number; answers how many there were:
    none where another job was quicker. All under one advisory lock, so that texts which come together meet one contact
    and not two.
    """
    body = inbox.find_body(session, provider=PROVIDER, event_id=event_id)
    if body is None or "From" not in body:
        return 0
    pair = {"From": body["From"], "To": body["To"]}
    text_numbers.lock_pair(session, ours=pair["To"], theirs=pair["From"])
    waiting = inbox.list_waiting(session, provider=PROVIDER, like=pair)
    for row in waiting:
        outcome, contact_id = _take_one(session, _heard(row.body), desk, now)
        left = _media_of(row.body) if contact_id is not None else {}
        inbox.forget_words(session, provider=PROVIDER, event_id=row.event_id, outcome=outcome, body=left)
        if left:
            outbox.defer(
                session,
                JobName.FETCH_TEXT_MEDIA,
                lock=f"media-{row.event_id}",
                event_id=row.event_id,
                contact_id=contact_id,
            )
    return len(waiting)


def _heard(body: Mapping[str, Any]) -> _Heard:
    count = str(body.get("NumMedia") or "0")
    return _Heard(
        sid=str(body.get("MessageSid", "")),
        theirs=str(body.get("From", "")),
        ours=str(body.get("To", "")),
        body=str(body.get("Body", "")),
        service=str(body.get("MessagingServiceSid", "")),
        company_says=str(body.get("OptOutType", "")),
        media=min(int(count), MOST_MEDIA) if count.isascii() and count.isdigit() else 0,
    )


def _media_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Where a message's files lie at the company: no word and no number of a person."""
    wanted = _heard(body).media
    return {name: body[name] for name in (f"MediaUrl{number}" for number in range(wanted)) if body.get(name)}


def _take_one(session: Session, heard: _Heard, desk: Desk, now: dt.datetime) -> tuple[str, UUID | None]:
    """What came of one text, and its contact."""
    force_id = text_numbers.force_at(session, number=heard.ours, messaging_service_sid=heard.service)
    force_id = force_id or desk.default_force_id
    if force_id is None:
        return "no_force", None
    if heard.theirs in {heard.ours, desk.own_number} or text_numbers.force_at(session, number=heard.theirs):
        return "our_own", None  # a text of ours that came back must not begin a contact (loop guard)
    contact_id = _joins(session, heard, force_id, now)
    asked = keyword(heard.body, company_says=heard.company_says) if not heard.media else None
    force_ids = _answering(session, force_id, contact_id)
    if asked is Keyword.STOP:
        return _stop(session, heard, force_ids, contact_id, now), contact_id
    if asked is Keyword.START and _start(session, heard, force_ids, contact_id, now):
        return "opted_in", contact_id
    if asked is Keyword.WEB and contact_id is not None:
        return _web(session, heard, contact_id, desk, now), contact_id
    for each in force_ids:
        text_numbers.note_texted_again(session, force_id=each, number=heard.theirs, now=now)
    contact_id = _store(session, heard, force_id, contact_id, desk, now)
    if asked is Keyword.INFO:
        texting.send_fixed(session, contact_id=contact_id, words=FixedText.SMS_INFO, urgent=True, now=now)
    elif heard.body.strip(" .!").upper() == "HELP":
        _advise(session, contact_id, now)
    if heard.media:
        _say_about_files(session, contact_id, now)
    return "stored", contact_id


def _joins(session: Session, heard: _Heard, force_id: str, now: dt.datetime) -> UUID | None:
    """The contact that this text belongs to, if there is one: also what its owner began since on the web, where their
    last conversation by text was closed too long ago to open again; that one then has their number too.
    """
    found = text_numbers.find_contact(session, force_id=force_id, number=heard.theirs, now=now)
    if found is not None:
        return found
    closed_id = text_numbers.find_closed_long_ago(session, force_id=force_id, number=heard.theirs)
    on_the_web = chat.find_what_follows(session, contact_id=closed_id, now=now) if closed_id else None
    if on_the_web is not None:
        text_numbers.give_number(session, contact_id=on_the_web, number=heard.theirs)
    return on_the_web


def _answering(session: Session, force_id: str, contact_id: UUID | None) -> list[str]:
    """The forces whose texts this person gets: that of the number, and that which has the contact by now."""
    now_with = contacts.get(session, contact_id=contact_id).force_id if contact_id else force_id
    return sorted({force_id, now_with})


def _store(
    session: Session, heard: _Heard, force_id: str, contact_id: UUID | None, desk: Desk, now: dt.datetime
) -> UUID:
    """Join the contact of this number, or begin one; linked to the last that was closed too long ago to reopen."""
    words = _words(heard.body)
    if contact_id is not None:
        incoming.receive(
            session, contact_id=contact_id, body=words, now=now, channel=Channel.SMS.value, once_key=f"sms:{heard.sid}"
        )
        return contact_id
    closed_id = text_numbers.find_closed_long_ago(session, force_id=force_id, number=heard.theirs)
    closed = contacts.find(session, contact_id=closed_id) if closed_id else None
    language = "cy" if is_welsh(words) else "en"
    sms: dict[str, Any] = {
        "body": words, "language": language, "keys": desk.keys, "now": now, "channel": Channel.SMS,
        "phone": heard.theirs,
    }  # fmt: skip
    if closed is not None:
        with suppress(OnlineAccessStopped, ContactClosedTooLong):  # then it begins one apart from that
            begun = chat.begin_anew(session, contact_id=closed.id, once=f"sms:{heard.sid}", **sms)
            text_numbers.give_number(session, contact_id=begun.contact_id, number=heard.theirs)
            return begun.contact_id
    follows = chat.Followed.of(closed) if closed else chat.NOTHING_BEFORE
    return chat.begin(session, contact_id=new_id(), force_id=force_id, follows=follows, **sms).contact_id


def _words(body: str) -> str:
    try:
        return typed_words(body, "message")
    except ReasonNeeded:
        return NO_WORDS["en"]


def _stop(session: Session, heard: _Heard, force_ids: list[str], contact_id: UUID | None, now: dt.datetime) -> str:
    """No more texts. In an open matter the thread says so; where it may be danger a person looks (practice 4)."""
    for force_id in force_ids:
        text_numbers.opt_out(session, force_id=force_id, number=heard.theirs, now=now)
        audit.record(session, Event.OPTED_OUT, force_id=force_id, contact_id=contact_id, at=now, by="text")
    contact = contacts.lock(session, contact_id=contact_id) if contact_id else None
    if contact is None or contact.state == ContactState.CLOSED:
        return "opted_out"
    if contact.sensitive or Grade(contact.grade) in (Grade.EMERGENCY, Grade.PRIORITY):
        incoming.receive(
            session,
            contact_id=contact.id,
            body=_words(heard.body),
            now=now,
            channel=Channel.SMS.value,
            once_key=f"sms:{heard.sid}",
        )
    else:
        _note(session, contact, "inbound", _words(heard.body), now)
    _note(session, contact, "system", texting.OPTED_OUT[contact.language if contact.language == "cy" else "en"], now)
    return "opted_out"


def _start(session: Session, heard: _Heard, force_ids: list[str], contact_id: UUID | None, now: dt.datetime) -> bool:
    """Texts again; False where nothing had been said against them: then it is a word like any other, and is kept."""
    again = [each for each in force_ids if text_numbers.opt_in(session, force_id=each, number=heard.theirs)]
    for force_id in again:
        audit.record(session, Event.OPTED_IN, force_id=force_id, contact_id=contact_id, at=now)
    if not again:
        return False
    contact = contacts.lock(session, contact_id=contact_id) if contact_id else None
    if contact is not None and contact.state != ContactState.CLOSED:
        _note(session, contact, "inbound", _words(heard.body), now)
    return True


def _web(session: Session, heard: _Heard, contact_id: UUID, desk: Desk, now: dt.datetime) -> str:
    """A link to go on in a browser: not into a matter where whoever holds the phone must not find it (practice 4)."""
    contact = contacts.lock(session, contact_id=contact_id)
    may = text_link.may_be_sent(session, contact, now=now)
    if not may or text_link.were_many(session, contact_id=contact_id, now=now):
        incoming.receive(
            session,
            contact_id=contact_id,
            body=_words(heard.body),
            now=now,
            channel=Channel.SMS.value,
            once_key=f"sms:{heard.sid}",
        )
        return "stored"
    _note(session, contact, "inbound", _words(heard.body), now)
    text_numbers.note_texted_again(session, force_id=contact.force_id, number=heard.theirs, now=now)
    text_link.move_to_web(session, contact_id=contact_id, public_url=desk.public_url, now=now)
    return "web_link"


def _note(session: Session, contact: Contact, kind: str, body: str, now: dt.datetime) -> None:
    """Put a line into the thread that nobody owes an answer: a bot that owed none before owes none after it."""
    talk = conversations.find(session, contact_id=contact.id, lock=True)
    owes = talk is not None and conversations.list_unanswered(
        session, contact_id=contact.id, after=talk.answered_position
    )
    line = messages.add(session, contact_id=contact.id, kind=kind, channel=Channel.SMS.value, body=body, now=now)
    if talk is not None and kind == "inbound" and not owes:
        talk.answered_position = line.position


def _advise(session: Session, contact_id: UUID, now: dt.datetime) -> None:
    """Whoever texts that one word may be in danger, and gets the words for danger, once."""
    talk = conversations.find(session, contact_id=contact_id, lock=True)
    if talk is not None:
        contact = contacts.get(session, contact_id=contact_id)
        speaking.advise_999(session, contact=contact, conversation=talk, flags=(), now=now)


def _say_about_files(session: Session, contact_id: UUID, now: dt.datetime) -> None:
    """What practice 6 wants said wherever pictures can be sent, once, to whoever has just sent one.

    In a sensitive matter the words name no kind of picture and no helpline: somebody else may see the screen (practice
    4). In an emergency nothing but the fixed words for danger is said.
    """
    contact = contacts.get(session, contact_id=contact_id)
    if Grade(contact.grade) is Grade.EMERGENCY:
        return
    words = FixedText.SMS_FILES_QUIET if contact.sensitive else FixedText.SMS_FILES
    texting.send_fixed(session, contact_id=contact_id, words=words, urgent=True, now=now)
