"""An application that came by post: entered by an officer, received on the day its paper came (practice 24, 28)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import forms
from contact.domain.access import Actor, Permission, may
from contact.domain.clocks import LONDON
from contact.domain.errors import Forbidden
from contact.domain.events import Event
from contact.domain.licensing.kinds import Kind, Licence
from contact.domain.proposal import propose
from contact.domain.screen import screen_all
from contact.domain.taxonomy import Category, Channel, Desk
from contact.services import arrival as arrivals
from contact.services.arrival import Arrival
from contact.services.keys import Keys
from contact.services.licensing import applications
from contact.services.payments import standing
from contact.store import audit, contacts, drafts, intake
from contact.store.identifiers import new_id

_MORNING = dt.time(9)
"""The hour that a paper is said to have come at: the day is what counts."""


class Paper(StrEnum):
    """What stands on top of the paper."""

    FIREARM_GRANT = "firearm_grant"
    FIREARM_RENEWAL = "firearm_renewal"
    SHOTGUN_GRANT = "shotgun_grant"
    SHOTGUN_RENEWAL = "shotgun_renewal"
    BOTH_GRANT = "both_grant"
    BOTH_RENEWAL = "both_renewal"
    VARIATION_SWAP = "variation_swap"
    VARIATION_MORE = "variation_more"
    REPLACEMENT_FIREARM = "replacement_firearm"
    REPLACEMENT_SHOTGUN = "replacement_shotgun"
    DEALER = "dealer"

    @property
    def renews(self) -> bool:
        """Whether a certificate has to be named, with its last day."""
        return self in (Paper.FIREARM_RENEWAL, Paper.SHOTGUN_RENEWAL, Paper.BOTH_RENEWAL)


@dataclass(frozen=True, slots=True)
class Entered:
    """What the officer read off the paper. `received_on` is London's day on which it came; `expires` of a renewal.

    `shotgun_number` beside `certificate_number` only where both are renewed.
    """

    paper: Paper
    received_on: dt.date
    given_name: str
    surname: str
    born: dt.date
    line: str
    postcode: str
    phone: str = ""
    email: str = ""
    certificate_number: str = ""
    shotgun_number: str = ""
    expires: dt.date | None = None
    welsh: bool = False


def enter(
    session: Session,
    *,
    contact_id: UUID,
    force_id: str,
    entered: Entered,
    officer: Actor,
    keys: Keys,
    now: dt.datetime,
) -> None:
    """Open the application in the caseload; the same `contact_id` again changes nothing. Raises Forbidden.

    The declaration is the paper's: it counts from the day it came, and nothing later moves that. Nothing is sent to the
    applicant by this, but a letter waits that asks for the fee where the force collects it with the application.
    """
    if not may(officer, Permission.LICENSING, force_id):
        raise Forbidden(permission=Permission.LICENSING.value, force_id=force_id)
    intake.lock_ticket(session, contact_id=contact_id)
    if contacts.find(session, contact_id=contact_id) is not None:
        return
    came = dt.datetime.combine(entered.received_on, _MORNING, LONDON).astimezone(dt.UTC)
    arrival = _arrival(session, contact_id, force_id, entered, min(came, now))
    arrivals.store(session, arrival, keys)
    applications.begin(session, arrival, answers=dict(arrival.submission or {})["answers"])
    standing.on_submission(session, contact_id=contact_id, now=now)
    audit.record(
        session, Event.APPLICATION_ENTERED, force_id=force_id, contact_id=contact_id, at=now, received_at=arrival.now
    )


def _arrival(session: Session, contact_id: UUID, force_id: str, entered: Entered, came: dt.datetime) -> Arrival:
    form_id, answers = _answers(entered)
    compiled = forms.compile_form(form_id)
    drafts.keep_form_version(
        session, sha256=compiled.sha256, form_id=form_id, definition=json.loads(compiled.canonical_json)
    )
    return Arrival(
        contact_id=contact_id,
        force_id=force_id,
        channel=Channel.LETTER,
        category=Category.FIREARMS_LICENSING,
        language="cy" if entered.welsh else "en",
        proposal=propose(category=Category.FIREARMS_LICENSING, hints=[], screening=screen_all([])),
        now=came,
        form_id=form_id,
        desk=Desk.LICENSING,
        safe_contact={"how": "post"},
        reporter={
            "given_name": entered.given_name,
            "surname": entered.surname,
            "phone_e164": entered.phone,
            "email": entered.email,
            "postcode": entered.postcode,
            "address": entered.line,
        },
        submission={
            "id": new_id(),
            "form_id": form_id,
            "form_sha256": compiled.sha256,
            "answers": answers,
            "received_at": came,
        },
    )


_CERTIFICATES: Mapping[Paper, tuple[Licence, Kind]] = {
    Paper.FIREARM_GRANT: (Licence.FIREARM, Kind.GRANT),
    Paper.FIREARM_RENEWAL: (Licence.FIREARM, Kind.RENEWAL),
    Paper.SHOTGUN_GRANT: (Licence.SHOTGUN, Kind.GRANT),
    Paper.SHOTGUN_RENEWAL: (Licence.SHOTGUN, Kind.RENEWAL),
    Paper.BOTH_GRANT: (Licence.COTERMINOUS, Kind.GRANT),
    Paper.BOTH_RENEWAL: (Licence.COTERMINOUS, Kind.RENEWAL),
}


def _answers(entered: Entered) -> tuple[str, dict[str, Any]]:
    """The form that asks the same, and what the officer typed as its answers: the rest stands on the paper."""
    answers: dict[str, Any] = {
        "reporterName": {"given": entered.given_name, "surname": entered.surname},
        "dateOfBirth": entered.born.isoformat(),
        "homeAddress": {"line1": entered.line, "line2": "", "town": "", "postcode": entered.postcode},
    }
    answers |= {name: said for name, said in (("phone", entered.phone), ("email", entered.email)) if said}
    number, expires = entered.certificate_number, entered.expires.isoformat() if entered.expires else ""
    numbers = {"firearm": number, "shotgun": entered.shotgun_number or number}
    if entered.paper in _CERTIFICATES:
        licence, kind = _CERTIFICATES[entered.paper]
        answers["licences"] = licence.value
        for half in ("firearm", "shotgun"):
            if licence.value in (half, Licence.COTERMINOUS.value):
                answers[f"{half}Kind"] = kind.value
                if kind is Kind.RENEWAL:
                    answers |= {f"{half}CertificateNumber": numbers[half], f"{half}Expiry": expires}
        return "firearms-certificate", answers
    if entered.paper in (Paper.VARIATION_SWAP, Paper.VARIATION_MORE):
        how = "more" if entered.paper is Paper.VARIATION_MORE else "one_for_one"
        return "firearms-variation", {**answers, "certificateNumber": number, "variationKind": how}
    if entered.paper is Paper.DEALER:
        return "firearms-dealer", {**answers, "dealerNumber": number}
    kind_of = "shotgun" if entered.paper is Paper.REPLACEMENT_SHOTGUN else "firearm"
    return "firearms-replacement", {**answers, "certificateNumber": number, "certificateType": kind_of}
