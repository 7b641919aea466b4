"""What a person may learn of their own report: proven by reference and four words, ended whenever they wish."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import reference
from contact.domain.access import SIGNIN, Actor, ActorKind
from contact.domain.alarms import AlarmKind
from contact.domain.errors import MalformedReference, TooManyTries
from contact.domain.events import Event
from contact.domain.states import ContactState
from contact.domain.taxonomy import Desk
from contact.services import alarms
from contact.services.keys import Keys
from contact.store import attempts, audit, contacts
from contact.store.engine import act_as

WRONG_TRIES = 10
CLOSED_FOR = dt.timedelta(hours=1)
"""Ten wrong tries in an hour close a reference until the first is an hour old, with an alarm (engineering 25)."""
_COUNTED_IN = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Proven:
    """A person has shown that the report is theirs."""

    contact_id: UUID
    reference: str


@dataclass(frozen=True, slots=True)
class Progress:
    """The facts of a report for its reporter, in UTC. An application has no clocks: received stands in their stead.

    `waits_for_safe_word`: say only "we have your message".
    """

    contact_id: UUID
    reference: str
    force_id: str
    form_id: str | None
    state: ContactState
    received_at: dt.datetime
    looked_at: dt.datetime | None
    answered_at: dt.datetime | None
    look_by: dt.datetime
    answer_by: dt.datetime
    closed_at: dt.datetime | None
    sensitive: bool
    waits_for_safe_word: bool
    desk: Desk = Desk.CONTROL_ROOM


def prove(session: Session, *, typed_reference: str, words: str, keys: Keys, now: dt.datetime) -> Proven | None:
    """The report that reference and words open together, spoken for from here on; None, whatever was wrong.

    A reference that is none, one that is unknown, wrong words and a stopped report answer alike and as slowly. Raises
    TooManyTries once ten wrong tries have closed the reference; the caller commits either way: tries are counted.
    """
    named = _parsed(typed_reference)
    key = _tries_key(named or typed_reference, keys)
    _must_be_open(session, key, now)
    found = contacts.find_proof(session, reference=named or "")
    right = keys.code_matches(words, found.code_hash if found else None)
    if found is None or not right or found.stopped:
        _refused(session, key, now)
        return None
    act_as(session, Actor(kind=ActorKind.CITIZEN, contact_id=found.contact_id))
    force_id = contacts.get(session, contact_id=found.contact_id).force_id
    audit.record(
        session, Event.CODE_CHECKED, force_id=force_id, contact_id=found.contact_id, at=now, kind="access_words"
    )
    return Proven(found.contact_id, named or "")


def _parsed(typed: str) -> str | None:
    try:
        return reference.parse(typed)
    except MalformedReference:
        return None


def _tries_key(named: str, keys: Keys) -> bytes:
    return hmac.new(keys.code_key, b"progress" + named.encode()[:200], hashlib.sha256).digest()


def _refused(session: Session, key: bytes, now: dt.datetime) -> None:
    act_as(session, SIGNIN)
    attempts.count(session, key=key, window=_COUNTED_IN, now=now)
    tried = attempts.recent(session, key=key, span=CLOSED_FOR, now=now)
    until = _closed_until(tried)
    audit.record(session, Event.CODE_REFUSED, at=now, kind="access_words", tries=tried.tries, closed_until=until)
    if until is not None:
        alarms.raise_alarm(session, kind=AlarmKind.REFERENCE_GUESSED, force_id=None, contact_id=None, now=now)


def _must_be_open(session: Session, key: bytes, now: dt.datetime) -> None:
    """Raises TooManyTries while what the key stands for is closed; until the commit nobody else tries it."""
    until = _closed_until(attempts.recent(session, key=key, span=CLOSED_FOR, now=now))
    if until is not None:
        raise TooManyTries(until=until, retry_after_seconds=max(1, int((until - now).total_seconds())))


def _closed_until(tried: attempts.Recent) -> dt.datetime | None:
    if tried.tries < WRONG_TRIES or tried.first_at is None:
        return None
    return tried.first_at + CLOSED_FOR


def read(session: Session, *, contact_id: UUID, safe_word_given: bool = False) -> Progress:
    """The facts of a proven report. Raises NotFound.

    Until an agreed safe word is given a sensitive report says only that it is there (practice 5); where none was
    agreed, reference and words together are the proof.
    """
    contact = contacts.get(session, contact_id=contact_id)
    entry = contacts.find_entry(session, contact_id=contact_id, force_id=contact.force_id)
    agreed = bool(str(contact.safe_contact.get("safe_word") or ""))
    return Progress(
        contact_id=contact_id,
        reference=contact.reference,
        force_id=contact.force_id,
        form_id=contact.form_id,
        state=ContactState(contact.state),
        received_at=contact.received_at,
        looked_at=entry.looked_at if entry else None,
        answered_at=entry.answered_at if entry else None,
        look_by=entry.look_by if entry else contact.received_at,
        answer_by=entry.answer_by if entry else contact.received_at,
        closed_at=contact.closed_at,
        sensitive=contact.sensitive,
        desk=Desk(contact.desk),
        waits_for_safe_word=contact.sensitive and agreed and not safe_word_given,
    )


def check_safe_word(session: Session, *, contact_id: UUID, word: str, keys: Keys, now: dt.datetime) -> bool:
    """Whether the word is the one agreed on. Raises NotFound, TooManyTries; the caller commits either way."""
    key = _tries_key(f"safe word {contact_id}", keys)
    _must_be_open(session, key, now)
    contact = contacts.get(session, contact_id=contact_id)
    agreed = _plain(str(contact.safe_contact.get("safe_word") or ""))
    right = bool(agreed) and hmac.compare_digest(agreed.encode(), _plain(word).encode())
    if not right:
        attempts.count(session, key=key, window=_COUNTED_IN, now=now)
    return right


def _plain(word: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", word[:200]).casefold().split())


def stop_access(session: Session, *, contact_id: UUID, now: dt.datetime) -> None:
    """End every link and code of this report at once; it closes nothing and changes no record (practice 5)."""
    contact = contacts.lock(session, contact_id=contact_id)
    if contact.online_access_stopped_at is None:
        contact.online_access_stopped_at = now
        contact.code_hash = None
        session.flush()
        audit.record(session, Event.ACCESS_STOPPED, force_id=contact.force_id, contact_id=contact_id, at=now)
