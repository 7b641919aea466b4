"""One new contact on its way in: its rows, clocks, reference and events, whatever form or door it came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import queueing, reference, retention
from contact.domain.alarms import AlarmKind
from contact.domain.clocks import DueTimes
from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.domain.proposal import Proposal
from contact.domain.states import ContactState
from contact.domain.taxonomy import Category, Channel, Desk
from contact.services import alarms, force_clocks, sources
from contact.services.keys import Keys
from contact.store import audit, intake, outbox
from contact.store.identifiers import new_id

LOW_CONFIDENCE = 0.5
"""Below this a person looks within 15 minutes (taxonomy, "looking")."""

Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came in. `reporter`, `source` and `submission` are rows without their contact; `message` was said first,
    and under `once_key` never twice.

    A `source` stands apart from the matter and in place of the reporter (practice 17). `follows_id`: the contact
    from which this one goes on, closed too long ago to reopen (engineering 28).
    """

    contact_id: UUID
    force_id: str
    channel: Channel
    category: Category
    language: str
    proposal: Proposal
    now: dt.datetime
    form_id: str | None = None
    sensitive: bool = False
    restricted: bool = False
    anonymous: bool = False
    safe_contact: Mapping[str, Any] | None = None
    reporter: Mapping[str, str] | None = None
    source: Mapping[str, Any] | None = None
    submission: Mapping[str, Any] | None = None
    message: str | None = None
    once_key: str | None = None
    place_postcode: str | None = None
    located_by: str = "place"
    state: ContactState = ContactState.WAITING
    follows_id: UUID | None = None
    desk: Desk = Desk.CONTROL_ROOM

    @property
    def graded(self) -> dict[str, Any]:
        """Category, grade and flags as every table keeps them."""
        flags = [flag.value for flag in self.proposal.flags]
        return {"category": self.category.value, "grade": self.proposal.grade.value, "flags": flags}


@dataclass(frozen=True, slots=True)
class Stored:
    """Under which reference, entry and proposal it was stored, and when people look and answer."""

    reference: str
    entry_id: UUID
    proposal_id: UUID
    due: DueTimes


def store(session: Session, arrival: Arrival, keys: Keys) -> Stored:
    """Write the contact whole, into the queue of its force; a restricted one is kept to named people first."""
    due = force_clocks.due(
        session,
        force_id=arrival.force_id,
        grade=arrival.proposal.grade,
        started_at=arrival.now,
        attention=force_clocks.attention(
            [flag.value for flag in arrival.proposal.flags],
            sensitive=arrival.sensitive,
            sure=arrival.proposal.confidence >= LOW_CONFIDENCE,
        ),
    )
    stored = Stored(_free_reference(session), new_id(), new_id(), due)
    rows = _contact_rows(arrival, stored, keys) | _queue_rows(arrival, stored) | _words_rows(arrival)
    if arrival.desk is Desk.LICENSING:
        del rows["queue_entries"]  # its place is a row of `applications`
    intake.write(session, rows)
    if arrival.restricted:
        _restrict(session, arrival)
    if arrival.source is not None:
        sources.warn_of_repeat(session, contact_id=arrival.contact_id, force_id=arrival.force_id, now=arrival.now)
    _record(session, arrival, stored)
    if arrival.desk is not Desk.LICENSING:
        outbox.defer(session, JobName.MATCH_CERTIFICATES, contact_id=arrival.contact_id)
    return stored


def _free_reference(session: Session) -> str:
    while True:
        named = reference.new()
        if intake.reference_is_free(session, reference=named):
            return named


def _contact_rows(arrival: Arrival, stored: Stored, keys: Keys) -> Rows:
    contact_id = arrival.contact_id
    kept = retention.assign(arrival.category, received_at=arrival.now)
    contact = {
        "id": contact_id,
        "reference": stored.reference,
        "force_id": arrival.force_id,
        "force_ids": [arrival.force_id],
        "channel": arrival.channel.value,
        "form_id": arrival.form_id,
        "state": ContactState.WITH_LICENSING.value if arrival.desk is Desk.LICENSING else arrival.state.value,
        "desk": arrival.desk.value,
        "sensitive": arrival.sensitive,
        "restricted": arrival.restricted,
        "anonymous": arrival.anonymous,
        "source_apart": arrival.source is not None,
        "language": arrival.language,
        "safe_contact": dict(arrival.safe_contact or {}),
        "code_hash": keys.code_hash(keys.access_words(contact_id)),
        "received_at": arrival.now,
        "place_postcode": arrival.place_postcode,
        "follows_id": arrival.follows_id,
        "retention_group": kept.group,
        "review_due": kept.review_due,
        **arrival.graded,
    }
    return {
        "contacts": contact,
        "contact_keys": {"contact_id": contact_id, "wrapped": keys.new_contact_key(contact_id)},
    }


def _queue_rows(arrival: Arrival, stored: Stored) -> Rows:
    proposal, due = arrival.proposal, stored.due
    proposed = {
        "id": stored.proposal_id,
        "contact_id": arrival.contact_id,
        "at": arrival.now,
        "version": proposal.version,
        "advise_999": proposal.advise_999,
        "reasons": [reason.to_json() for reason in proposal.reasons],
        "confidence": proposal.confidence,
        **arrival.graded,
    }
    entry = {
        "id": stored.entry_id,
        "contact_id": arrival.contact_id,
        "force_id": arrival.force_id,
        "band": int(queueing.band(proposal.grade)),
        "due_at": due.look_by,
        "look_by": due.look_by,
        "answer_by": due.answer_by,
        "state": "with_bot" if arrival.state is ContactState.WITH_BOT else "waiting",
        "restricted": arrival.restricted,
        "reference": stored.reference,
        "channel": arrival.channel.value,
        "received_at": arrival.now,
        **arrival.graded,
    }
    return {"proposals": proposed, "queue_entries": entry}


def _words_rows(arrival: Arrival) -> Rows:
    rows: Rows = {}
    if arrival.submission is not None:
        rows["submissions"] = {"contact_id": arrival.contact_id, **arrival.submission}
    if arrival.source is not None:
        rows["sources"] = {"contact_id": arrival.contact_id, **arrival.source}
    elif arrival.reporter and any(arrival.reporter.values()) and not arrival.anonymous:
        person = {name: value or None for name, value in arrival.reporter.items()}
        rows["reporters"] = {"contact_id": arrival.contact_id, **person}
    if arrival.message is not None:
        rows["messages"] = {
            "contact_id": arrival.contact_id,
            "position": 1,
            "kind": "inbound",
            "channel": arrival.channel.value,
            "body": arrival.message,
            "once_key": arrival.once_key,
            "created_at": arrival.now,
        }
    return rows


def _restrict(session: Session, arrival: Arrival) -> None:
    """Name who may open it before it enters any queue (practice 8); where nobody is named, somebody must be told."""
    named = intake.name_professional_standards(
        session, contact_id=arrival.contact_id, force_id=arrival.force_id, now=arrival.now
    )
    if not named:
        alarms.raise_alarm(
            session, kind=AlarmKind.RESTRICTED_UNNAMED, force_id=arrival.force_id, contact_id=None, now=arrival.now
        )


def _record(session: Session, arrival: Arrival, stored: Stored) -> None:
    proposal, due = arrival.proposal, stored.due

    def record(name: Event, **data: object) -> None:
        at = {"force_id": arrival.force_id, "contact_id": arrival.contact_id, "at": arrival.now}
        audit.record(session, name, **at, **data)  # type: ignore[arg-type]  # one dict of three typed names

    graded = {"category": arrival.category, "grade": proposal.grade}
    record(
        Event.CONTACT_RECEIVED,
        channel=arrival.channel,
        form_id=arrival.form_id,
        sensitive=arrival.sensitive,
        restricted=arrival.restricted,
        anonymous=arrival.anonymous,
        language=arrival.language,
        safe_contact=str((arrival.safe_contact or {}).get("how") or "online"),
        located_by=arrival.located_by,
        **graded,
    )
    record(
        Event.PROPOSED,
        proposal_id=stored.proposal_id,
        version=proposal.version,
        advise_999=proposal.advise_999,
        flags=list(proposal.flags),
        reasons=[reason.code for reason in proposal.reasons],
        confidence=proposal.confidence,
        **graded,
    )
    if arrival.desk is Desk.LICENSING:
        return
    record(
        Event.CLOCKS_SET,
        entry_id=stored.entry_id,
        look_by=due.look_by,
        answer_by=due.answer_by,
        policy=due.policy_id,
        reasons=list(due.attention),
    )
