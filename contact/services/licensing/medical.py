"""The doctor's report: asked of the practice at an address found independently, sent straight to us (practice 25).

A report that came from the applicant stays unverified until the practice says it is its own; the doctor's number is for
an officer to look up. Nothing of it shows in the applicant's view.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import screen
from contact.domain.access import Actor, ActorKind, Permission, may
from contact.domain.errors import Forbidden, LinkExpired, MoveNotAllowed, ReasonNeeded
from contact.domain.events import Event
from contact.domain.evidence import ARRIVED, State
from contact.domain.jobs import JobName
from contact.domain.licensing.application_states import ApplicationState, ensure_open
from contact.domain.licensing.outsiders import GmcStanding, ReportGiven, ReportStanding, report_standing
from contact.services import evidence_links
from contact.services.evidence import PRACTICE
from contact.services.keys import Keys
from contact.services.licensing import danger, outsider_keys
from contact.store import applications, audit, contacts, evidence, mails, medical, outbox, referees
from contact.store.contacts import Contact
from contact.store.engine import act_as
from contact.store.evidence import Evidence
from contact.store.identifiers import new_id
from contact.store.medical import Linked, MedicalConcern, MedicalRequest, Practice

KIND = "practice"
FROM_APPLICANT = "medicalReportFiles"
"""The forms' question under which an applicant sends a report."""
LASTS = dt.timedelta(days=42)
"""How long a practice's link waits to be opened."""


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request as the officer sees it; `gmc_number` is the practice's word until `gmc_standing` says more."""

    id: UUID
    practice: str
    address: str
    found_where: str
    asked_at: dt.datetime
    expires_at: dt.datetime
    doctor: str
    gmc_number: str
    report_given: ReportGiven | None
    told_at: dt.datetime | None
    gmc_standing: GmcStanding | None
    gmc_checked_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class MedicalView:
    """How the report stands, every request, newest first, the files the practice itself sent, its later concerns."""

    standing: ReportStanding
    requests: tuple[RequestView, ...]
    files: tuple[Evidence, ...] = ()
    concerns: tuple[MedicalConcern, ...] = ()


def ask_practice(
    session: Session,
    *,
    contact_id: UUID,
    practice: str,
    address: str,
    found_where: str,
    born: dt.date | None,
    actor: Actor,
    keys: Keys,
    now: dt.datetime,
) -> UUID:
    """Mail a practice a link by which to send its report; answers the request's id.

    `address` is one the officer found, and `found_where` says how; `born` helps the practice find its patient. Raises
    NotFound, Forbidden, MoveNotAllowed once it is decided, ReasonNeeded (`address`) for one of the applicant's side.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    agent_id = _ensure(actor, contact.force_id)
    if address.strip().casefold() in _their_own(session, contact):
        raise ReasonNeeded(what="address")
    ensure_open(ApplicationState(applications.get(session, contact_id=contact_id).state), "ask_practice")
    request_id, link_id, expires = new_id(), new_id(), now + LASTS
    evidence.add_link(
        session,
        link_id=link_id,
        contact_id=contact_id,
        token_hash=evidence_links.token_hash(outsider_keys.token(keys, KIND, request_id, 1)),
        made_by=agent_id,
        now=now,
        expires_at=expires,
        question_id=PRACTICE,
    )
    session.flush()
    row = MedicalRequest(
        id=request_id,
        contact_id=contact_id,
        upload_link_id=link_id,
        practice=practice,
        address=address,
        found_where=found_where,
        language=contact.language,
        patient_born=born,
        asked_by=agent_id,
        asked_at=now,
        expires_at=expires,
    )
    medical.add(session, row)
    _send_link(session, row, contact.force_id)
    return request_id


def _their_own(session: Session, contact: Contact) -> set[str]:
    """Addresses of email of the applicant, and of the referees and the parent whom they named."""
    reporter = contacts.find_reporter(session, contact_id=contact.id)
    named = [each.email for each in referees.list_for_contact(session, contact_id=contact.id)]
    told = (contact.safe_contact.get("value"), reporter.email if reporter else None, *named)
    return {str(each).strip().casefold() for each in told if each}


def _send_link(session: Session, row: MedicalRequest, force_id: str) -> None:
    """The mail makes the link anew as it leaves: no row holds its secret."""
    mail_id = mails.add(
        session,
        recipient=row.address,
        template="practice_asked",
        language=row.language,
        now=row.asked_at,
        force_id=force_id,
        context={"request_id": str(row.id), "until": row.expires_at.isoformat()},
    )
    outbox.defer(session, JobName.DELIVER_MAIL, mail_id=mail_id)
    audit.record(
        session,
        Event.PRACTICE_ASKED,
        force_id=force_id,
        contact_id=row.contact_id,
        at=row.asked_at,
        request_id=row.id,
        expires_at=row.expires_at,
    )


def note_gmc_check(
    session: Session, *, request_id: UUID, actor: Actor, standing: GmcStanding, now: dt.datetime
) -> None:
    """What the officer found in the public register under the number given.

    Raises NotFound, Forbidden, MoveNotAllowed (the practice has given none yet).
    """
    row = medical.lock(session, request_id=request_id)
    contact = contacts.get(session, contact_id=row.contact_id)
    agent_id = _ensure(actor, contact.force_id)
    if not row.gmc_number:
        raise MoveNotAllowed(state="no_number", move="check")
    row.gmc_standing, row.gmc_checked_by, row.gmc_checked_at = standing.value, agent_id, now
    session.flush()
    audit.record(
        session,
        Event.GMC_CHECKED,
        force_id=contact.force_id,
        contact_id=row.contact_id,
        at=now,
        request_id=request_id,
        standing=standing,
    )


def for_officer(session: Session, *, contact_id: UUID) -> MedicalView:
    """How the report of an application stands; nothing but NONE for whoever may not see it."""
    files = evidence.list_for_contact(session, contact_id=contact_id)
    arrived = {each.question_id for each in files if State(each.state) in ARRIVED}
    reports = tuple(each for each in files if each.question_id == PRACTICE and State(each.state) in ARRIVED)
    requests = tuple(_view(each) for each in medical.list_for_contact(session, contact_id=contact_id))
    told = next((each.report_given for each in requests if each.report_given is not None), None)
    standing = report_standing(from_applicant=FROM_APPLICANT in arrived, from_practice=PRACTICE in arrived, told=told)
    return MedicalView(standing, requests, reports, tuple(medical.list_concerns(session, contact_id=contact_id)))


def of_link(session: Session, *, link_id: UUID, now: dt.datetime) -> Practice:
    """What an opened link asks of its practice; the session speaks for nobody afterwards. Raises LinkExpired."""
    if evidence_links.contact_of(session, link_id=link_id, now=now) is None:
        raise LinkExpired
    found = medical.find_by_link(session, link_id=link_id)
    if found is None:
        raise LinkExpired
    return found


def answer(
    session: Session, *, link_id: UUID, doctor: str, gmc_number: str, given: ReportGiven, now: dt.datetime
) -> None:
    """Keep what the practice says about its report and who wrote it. Raises LinkExpired, also once it is decided."""
    found = of_link(session, link_id=link_id, now=now)
    if found.over:
        raise LinkExpired
    medical.answer(session, link_id=link_id, doctor=doctor, gmc_number=gmc_number, report_given=given.value, now=now)
    act_as(session, Actor(ActorKind.CITIZEN, contact_id=found.contact_id))
    audit.record(
        session,
        Event.PRACTICE_ANSWERED,
        force_id=found.force_id,
        contact_id=found.contact_id,
        at=now,
        request_id=found.request_id,
        given=given,
    )
    audit.write_now(session)
    act_as(session, Actor(ActorKind.CITIZEN))


def of_token(session: Session, *, token: str) -> Linked:
    """The practice that a mail's link was sent to; looking uses nothing up. Raises LinkExpired."""
    found = medical.find_by_token(session, token_hash=evidence_links.token_hash(token[:200]))
    if found is None:
        raise LinkExpired
    return found


def add_concern(session: Session, *, token: str, body: str, keys: Keys, now: dt.datetime) -> bool:
    """Keep what a practice is worried about, also after the decision; answers whether to advise 999 now.

    By whoever holds the link of our mail, opened or not. It goes to the control room at once whatever the words, at
    priority at least (practice 2, 9). Raises LinkExpired.
    """
    found = of_token(session, token=token)
    kept = medical.add_concern(
        session, token_hash=evidence_links.token_hash(token[:200]), concern_id=new_id(), body=body, now=now
    )
    if not kept:
        raise LinkExpired
    heard = screen.screen_all([body])
    act_as(session, Actor(ActorKind.CITIZEN, contact_id=found.contact_id))
    audit.record(
        session,
        Event.PRACTICE_CONCERNED,
        force_id=found.force_id,
        contact_id=found.contact_id,
        at=now,
        request_id=found.request_id,
        advise_999=heard.advise_999,
    )
    audit.write_now(session)
    act_as(session, Actor(ActorKind.CITIZEN))
    danger.tell_of_practice(
        session, contact_id=found.contact_id, practice=found.practice, body=body, heard=heard, keys=keys, now=now
    )
    return heard.advise_999


def _ensure(actor: Actor, force_id: str) -> UUID:
    if actor.agent_id is None or not may(actor, Permission.LICENSING, force_id):
        raise Forbidden(permission=Permission.LICENSING.value)
    return actor.agent_id


def _view(row: MedicalRequest) -> RequestView:
    return RequestView(
        id=row.id,
        practice=row.practice,
        address=row.address,
        found_where=row.found_where,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        doctor=row.doctor or "",
        gmc_number=row.gmc_number or "",
        report_given=ReportGiven(row.report_given) if row.report_given else None,
        told_at=row.told_at,
        gmc_standing=GmcStanding(row.gmc_standing) if row.gmc_standing else None,
        gmc_checked_at=row.gmc_checked_at,
    )
