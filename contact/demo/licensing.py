"""Invented applications for the demonstration, brought into different states by its invented licensing officers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Engine

from contact.domain.access import Actor
from contact.domain.licensing.application_states import ApplicationEvent
from contact.domain.licensing.checks import Check, CheckState
from contact.domain.licensing.decisions import Outcome
from contact.domain.licensing.visits import Slot
from contact.services import drafts, intake
from contact.services.keys import Keys
from contact.services.licensing import casework, decisions, visits
from contact.settings import Settings
from contact.store.engine import act_as, make_sessions

_FORM = "firearms-certificate"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody invented who renews a shotgun certificate, and how far the desk has come with it."""

    given: str
    surname: str
    force_id: str
    postcode: str
    certificate: str
    days_ago: int
    weeks_left: int
    stage: str


APPLICANTS = (
    Applicant("Rowan", "Tregear", "kent", "ME14 1XX", "SG-2041", 1, 12, "new"),
    Applicant("Imogen", "Falk", "kent", "CT1 2XX", "SG-1877", 9, 10, "awaiting"),
    Applicant("Owen", "Lister", "kent", "ME15 6XX", "SG-1502", 20, 7, "visit"),
    Applicant("Petra", "Nowell", "kent", "CT9 1XX", "SG-0938", 34, 6, "decide"),
    Applicant("Hugh", "Ambrose", "essex", "CM1 1XX", "SG-4410", 3, 11, "new"),
)


def seed_applications(web: Engine, settings: Settings, *, officers: Mapping[str, Actor], decider: Actor) -> None:
    """Send each by the road that a citizen's takes, then work it as the force's officer does."""
    keys, now = Keys.from_settings(settings), dt.datetime.now(dt.UTC)
    for each in APPLICANTS:
        contact_id = _send(web, each, keys, now - dt.timedelta(days=each.days_ago))
        if each.stage != "new":
            _work(web, each, contact_id, officers[each.force_id], decider, now)


def _send(web: Engine, who: Applicant, keys: Keys, at: dt.datetime) -> UUID:
    with make_sessions(web)() as session:
        draft = drafts.start(session, form_id=_FORM, force_id=who.force_id, language="en", now=at)
        answers = _answers(who, at)
        drafts.save(session, draft_id=draft.id, page_id=draft.form.first_page().id, answers=answers, now=at)
        receipt = intake.submit(session, draft_id=draft.id, keys=keys, now=at)
        session.commit()
        return receipt.contact_id


def _work(web: Engine, who: Applicant, contact_id: UUID, officer: Actor, decider: Actor, now: dt.datetime) -> None:
    """`awaiting` the doctor; `visit`: times offered; `decide`: recommended by the other officer."""
    hand = decider if who.stage == "decide" else officer
    agent_id = hand.agent_id
    assert agent_id is not None  # noqa: S101 - an officer
    with make_sessions(web)() as session:
        act_as(session, hand)
        casework.take(session, contact_id=contact_id, agent_id=agent_id, now=now)
        casework.step(session, contact_id=contact_id, event=ApplicationEvent.VALIDATE, now=now)
        casework.step(session, contact_id=contact_id, event=ApplicationEvent.BEGIN_CHECKS, now=now)
        ended = (
            [each for each in Check if each is not Check.PARENT]
            if who.stage == "decide"
            else [Check.RECORDS, Check.SOCIAL_MEDIA]
        )
        for kind in ended:
            casework.record_check(
                session, contact_id=contact_id, agent_id=agent_id, kind=kind, to=CheckState.NO_CONCERN,
                result="Nothing found", now=now,
            )  # fmt: skip
        if who.stage == "awaiting":
            casework.record_check(
                session, contact_id=contact_id, agent_id=agent_id, kind=Check.GP, to=CheckState.WAITING, result="",
                now=now - dt.timedelta(days=6),
            )  # fmt: skip
        if who.stage == "visit":
            noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
            slots = [_slot(noon + dt.timedelta(days=day)) for day in (5, 6, 8)]
            words = "Please choose a time for our visit on your application's page."
            visits.offer(session, contact_id=contact_id, agent_id=agent_id, slots=slots, words=words, now=now)
        if who.stage == "decide":
            reasons = (
                "Certificate holder for fifteen years, both referees spoken to, cabinet unchanged since last time."
            )
            decisions.recommend(
                session, contact_id=contact_id, agent_id=agent_id, outcome=Outcome.GRANT, reasons=reasons, now=now
            )
        session.commit()


def _slot(at: dt.datetime) -> Slot:
    return Slot(at, at + dt.timedelta(hours=2))


def _answers(who: Applicant, at: dt.datetime) -> dict[str, Any]:
    home = {"line1": "4 Mill Lane", "line2": "", "town": "Maidstone", "postcode": who.postcode}
    email = f"{who.given}.{who.surname}@example.org".lower()
    return {
        "licences": "shotgun",
        "shotgunKind": "renewal",
        "shotgunCertificateNumber": who.certificate,
        "shotgunExpiry": (at + dt.timedelta(weeks=who.weeks_left)).date().isoformat(),
        "filledInBy": "me",
        "reporterName": {"given": who.given, "surname": who.surname},
        "otherNamesUsed": "no",
        "dateOfBirth": "1974-05-02",
        "gender": "other",
        "placeOfBirth": "Canterbury",
        "nationality": "British",
        "height": 174,
        "occupation": "Farmer",
        "homeAddress": home,
        "livedHereSince": "2009-04-01",
        "livedAbroad": "no",
        "phone": "+447700900414",
        "email": email,
        "healthConditions": ["none"],
        "gpPractice": [
            {"practice": "Mill Surgery", "doctor": "", "address": "1 High Street", "phone": "", "email": ""}
        ],
        "gpElsewhere": "no",
        "medicalReport": "doctor_sends",
        "convictions": "no",
        "refusedBefore": "no",
        "shotgunReasons": ["other"],
        "shotgunReasonDetails": "Crop protection on the farm, and clays at the club twice a month.",
        "shotgunsHeldAny": "no",
        "storagePlace": "home",
        "storageKind": ["cabinet"],
        "storageDetails": "Steel cabinet bolted to a brick wall.",
        "referees": [_referee("Ada", "Pellow", "+447700900415", 12), _referee("Noel", "Varga", "+447700900416", 7)],
        "contactPreference": {"how": "email", "value": email, "when": "", "safe_word": ""},
        "declaration": ["true", "tell_changes", "doctor", "checks", "photo", "fee"],
        "signature": f"{who.given} {who.surname}",
    }


def _referee(given: str, surname: str, phone: str, years: int) -> dict[str, Any]:
    return {
        "given": given,
        "surname": surname,
        "birth": "1969-03-09",
        "address": "7 Orchard Row",
        "postcode": "ME15 6XX",
        "country": "england",
        "phone": phone,
        "email": f"{given}.{surname}@example.org".lower(),
        "occupation": "Teacher",
        "how": "We farm next to each other",
        "years": years,
        "relation": "none",
    }
