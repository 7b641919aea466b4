"""What handlers decided about conversations, as labelled examples without personal data, for the next training."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from contact.domain.access import ActorKind
from contact.domain.errors import Forbidden
from contact.domain.events import Event
from contact.domain.masking import mask
from contact.domain.taxonomy import Grade
from contact.store import audit, corrections
from contact.store.corrections import Decided
from contact.store.engine import actor_of


def export(session: Session, *, now: dt.datetime, since: dt.datetime | None = None) -> Iterator[dict[str, Any]]:
    """Each decided conversation's first message, masked, with the person's labels and what the machine had proposed.

    Restricted contacts and sources that stand apart are never among them. That it was done, and how many there were, is
    an event once all have been read. Raises Forbidden for anybody but the system on its own machine.
    """
    actor = actor_of(session)
    if actor is None or actor.kind is not ActorKind.SYSTEM:
        raise Forbidden(permission="export_corrections")
    return _exported(session, now=now, since=since)


def _exported(session: Session, *, now: dt.datetime, since: dt.datetime | None) -> Iterator[dict[str, Any]]:
    count = 0
    for decided in corrections.list_decided(session, since=since):
        count += 1
        yield _example(decided)
    audit.record(session, Event.CORRECTIONS_EXPORTED, at=now, examples=count, since=since)


def _example(decided: Decided) -> dict[str, Any]:
    return {
        "id": "corrected-" + hashlib.sha256(decided.contact_id.bytes).hexdigest()[:16],
        "channel": decided.channel,
        "text": mask(decided.text, known=decided.known, people=decided.people),
        "category": decided.category,
        "grade": decided.grade,
        "advise_999": decided.grade == Grade.EMERGENCY or bool(decided.proposed_advise_999),
        "flags": decided.flags,
        "proposed": {
            "category": decided.proposed_category,
            "grade": decided.proposed_grade,
            "advise_999": decided.proposed_advise_999,
            "flags": decided.proposed_flags,
            "confidence": decided.confidence,
            "version": decided.version,
        },
        "data_version": decided.data_version,
    }
