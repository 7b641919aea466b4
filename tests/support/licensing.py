"""Applications as tests need them: stored by the road of intake, without walking a form of two hundred questions."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

import forms
from contact.domain.access import Actor, ActorKind
from contact.domain.proposal import propose
from contact.domain.screen import screen_all
from contact.domain.taxonomy import Category, Channel, Desk
from contact.services import arrival as arrivals
from contact.services.arrival import Arrival
from contact.services.keys import Keys
from contact.services.licensing import applications
from contact.services.payments import standing
from contact.store import drafts
from contact.store.engine import act_as
from contact.store.identifiers import new_id
from tests.support.cases import KEYS, NOW

RENEWAL: dict[str, Any] = {
    "licences": "shotgun",
    "shotgunKind": "renewal",
    "shotgunCertificateNumber": "SG-2041",
    "shotgunExpiry": "2027-03-01",
    "reporterName": {"given": "Rowan", "surname": "Tregear"},
    "dateOfBirth": "1974-05-02",
    "homeAddress": {"line1": "4 Mill Lane", "line2": "", "town": "Cambourne", "postcode": "CB23 6DW"},
    "phone": "+447700900414",
    "email": "rowan.tregear@mail.example",
}
"""Enough answers of `firearms-certificate` for what services read; a form that is sent has all of them."""


class Sender(Protocol):
    """Whoever has sessions of the web and a force of their own: `Cases`, or a whole running demonstration."""

    web: sessionmaker[Session]
    north: str


@dataclass(frozen=True)
class Applied:
    """An application that was sent. `words` open its page together with the reference."""

    contact_id: UUID
    reference: str
    words: str
    force_id: str
    applicant: Actor


def apply(
    cases: Sender,
    answers: dict[str, Any] | None = None,
    *,
    form_id: str = "firearms-certificate",
    force: str | None = None,
    now: dt.datetime = NOW,
    email: str | None = "rowan.tregear@mail.example",
    keys: Keys = KEYS,
) -> Applied:
    """Send an application to `force` (north unless said). `email`: the safe way; None says that none is safe."""
    given = {**RENEWAL, **(answers or {})} if form_id == "firearms-certificate" else dict(answers or {})
    compiled = forms.compile_form(form_id)
    contact_id, force_id = new_id(), force or cases.north
    safe = {"how": "email", "value": email} if email else {"how": "none"}
    name = given.get("reporterName") or {}
    place = given.get("homeAddress") or {}
    arrival = Arrival(
        contact_id=contact_id,
        force_id=force_id,
        channel=Channel.WEB,
        category=Category.FIREARMS_LICENSING,
        language="en",
        proposal=propose(category=Category.FIREARMS_LICENSING, hints=[], screening=screen_all([])),
        now=now,
        form_id=form_id,
        desk=Desk.LICENSING,
        safe_contact=safe,
        reporter={
            "given_name": name.get("given", ""),
            "surname": name.get("surname", ""),
            "phone_e164": given.get("phone", ""),
            "email": given.get("email", ""),
            "postcode": place.get("postcode", ""),
            "address": place.get("line1", ""),
        },
        submission={
            "id": new_id(),
            "form_id": form_id,
            "form_sha256": compiled.sha256,
            "answers": given,
            "received_at": now,
        },
    )
    applicant = Actor(kind=ActorKind.CITIZEN, contact_id=contact_id)
    with cases.web() as session:
        act_as(session, applicant)
        drafts.keep_form_version(
            session, sha256=compiled.sha256, form_id=form_id, definition=json.loads(compiled.canonical_json)
        )
        stored = arrivals.store(session, arrival, keys)
        applications.begin(session, arrival, answers=given)
        standing.on_submission(session, contact_id=contact_id, now=now)
        session.commit()
    return Applied(contact_id, stored.reference, keys.access_words(contact_id), force_id, applicant)
