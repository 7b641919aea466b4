"""A holder who appears in any contact is looked at by licensing within 24 hours, with reasons (practice 9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor
from contact.domain.errors import MoveNotAllowed, ReasonNeeded
from contact.domain.events import Event
from contact.domain.licensing.matching import MatchedBy
from contact.domain.taxonomy import Category, Desk, Grade
from contact.services import contact_view, conversations, own_name
from contact.services.licensing import applying, holders, linking
from contact.services.licensing import certificates as register
from contact.services.licensing.applying import Met
from contact.store import applications, audit, certificates, contacts, licensing_reviews
from contact.store.certificates import Certificate
from contact.store.contacts import Contact
from contact.store.licensing_reviews import LicensingReview

WITHIN = dt.timedelta(hours=24)
GRADE = Grade.PRIORITY
_NOBODY = UUID(int=0)
_MOST_APPLICANTS = 20


class Decision(StrEnum):
    """What came of a review."""

    NO_ACTION = "no_action"
    SPOKEN_TO = "spoken_to"
    GUNS_REMOVED = "guns_removed"
    REVOCATION_BEGUN = "revocation_begun"
    NOT_THE_HOLDER = "not_the_holder"

    @property
    def label(self) -> str:
        """What officers see, in English."""
        return _LABELS[self]


_LABELS = {
    Decision.NO_ACTION: "No action, for the reasons below",
    Decision.SPOKEN_TO: "Holder spoken to",
    Decision.GUNS_REMOVED: "Guns removed",
    Decision.REVOCATION_BEGUN: "Revocation begun",
    Decision.NOT_THE_HOLDER: "Not the holder, nor the household",
}


OF_APPLICATION = {
    Decision.NO_ACTION: "No action, for the reasons below",
    Decision.SPOKEN_TO: "Applicant spoken to",
    Decision.NOT_THE_HOLDER: "Not the applicant, nor the household",
}
"""What can come of a review of an application: who holds nothing yet has no guns to remove."""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One open review as the caseload shows it. `about` is None where the contact is restricted.

    Of a certificate by its `number`, or of an application by its reference.
    """

    id: UUID
    certificate_id: UUID | None
    application_id: UUID | None
    number: str
    holder: str
    guns: int
    about: str | None
    reference: str | None
    grade: Grade
    how: str
    opened_at: dt.datetime
    due_at: dt.datetime


def open_for_contact(session: Session, *, contact_id: UUID, now: dt.datetime) -> list[UUID]:
    """Open the reviews that a contact asks for, each once; for the worker, who sees both sides. Raises NotFound.

    An applicant is no match of their own application. The same postcode alone opens none. Who applies now is looked
    at as an applicant, unless a certificate of theirs is.
    """
    view = contact_view.load(session, contact_id=contact_id, agent_id=_NOBODY, now=now)
    contact = view.contact
    if contact.desk == Desk.LICENSING.value:
        return []
    lost = holders.reported_lost(session, view)
    known = {each.certificate_id for each in lost}
    others = (each for each in view.holders if holders.is_sure(each) and each.certificate_id not in known)
    matches = (*lost, *others)
    opened = [_open(session, contact, each, now) for each in matches]
    looked_at = {each.certificate_id for each in matches}
    met = applying.match(session, contact_id=contact_id, force_id=contact.force_id, probes=holders.probes(view))
    for one in met[:_MOST_APPLICANTS]:
        about = linking.certificates_of(session, contact_id=one.application_id)
        if not looked_at & {each.id for each in about}:
            opened.append(_open_application(session, contact, one, now))
    return [each for each in opened if each is not None]


def open_for_application(session: Session, *, contact_id: UUID, application_id: UUID, now: dt.datetime) -> list[UUID]:
    """Open a review of each certificate an application is about, for danger told about it; each once, for the worker.

    Of the application itself where it is about none: a first grant is asked for by somebody who holds nothing yet.
    `contact_id` is the control room's contact that tells of it. Raises NotFound.
    """
    contact = contacts.get(session, contact_id=contact_id)
    by = (MatchedBy.APPLICATION.value,)
    found = linking.certificates_of(session, contact_id=application_id)
    matches = (certificates.Match(each.id, each.force_id, each.kind, each.state, 0, by) for each in found)
    opened = [_open(session, contact, each, now) for each in matches]
    if not found:
        force_id = applications.get(session, contact_id=application_id).force_id
        opened.append(_open_application(session, contact, Met(application_id, force_id, by), now))
    return [each for each in opened if each is not None]


def _open_application(session: Session, contact: Contact, met: Met, now: dt.datetime) -> UUID | None:
    """Open one of an application; None where this contact has one of it already."""
    return _add(
        session, contact, now, force_id=met.force_id, matched_by=met.matched_by, application_id=met.application_id
    )


def _open(session: Session, contact: Contact, found: certificates.Match, now: dt.datetime) -> UUID | None:
    """Open one of a certificate; None where this contact has one of it already."""
    return _add(
        session, contact, now, force_id=found.force_id, matched_by=found.matched_by, certificate_id=found.certificate_id
    )


def _add(
    session: Session,
    contact: Contact,
    now: dt.datetime,
    *,
    force_id: str,
    matched_by: Sequence[str],
    certificate_id: UUID | None = None,
    application_id: UUID | None = None,
) -> UUID | None:
    review_id = licensing_reviews.add(
        session,
        certificate_id=certificate_id,
        application_id=application_id,
        contact_id=contact.id,
        force_id=force_id,
        from_force_id=contact.force_id,
        reference=None if contact.restricted else contact.reference,
        category=None if contact.restricted else contact.category,
        grade=GRADE.value,
        matched_by=matched_by,
        now=now,
        due_at=now + WITHIN,
    )
    if review_id is None:
        return None
    audit.record(
        session,
        Event.LICENSING_REVIEW_OPENED,
        force_id=force_id,
        contact_id=contact.id,
        at=now,
        review_id=review_id,
        certificate_id=certificate_id,
        application_id=application_id,
        matched_by=list(matched_by),
        due_at=now + WITHIN,
    )
    return review_id


@dataclass(frozen=True, slots=True)
class Own:
    """The name and address of the officer who looks: what is about them is another officer's (practice 8)."""

    name: str
    email: str


def open_reviews(
    session: Session, *, force_ids: Sequence[str], but_of: Own | None = None, limit: int = 50
) -> list[ReviewRow]:
    """Reviews nobody has decided, the first due first; none of those about `but_of`, who would be told of it."""
    found = licensing_reviews.list_open(session, force_ids=force_ids, limit=limit)
    return [_row(session, each) for each in found if but_of is None or not _is_about(session, each, but_of)]


def _is_about(session: Session, review: LicensingReview, own: Own) -> bool:
    """Whether the holder or applicant has this name or address; a namesake counts, since nobody can tell."""
    if review.application_id is not None:
        return own_name.is_named(session, contact_id=review.application_id, name=own.name, email=own.email)
    if review.certificate_id is None:
        return False
    held = certificates.get(session, certificate_id=review.certificate_id)
    same_name = name_of(held).casefold() == own.name.casefold()
    return same_name or (held.email or "") == own.email.casefold()


def decide(
    session: Session, *, review_id: UUID, decision: Decision, reasons: str, actor: Actor, now: dt.datetime
) -> LicensingReview:
    """Decide a review, once and with reasons. Raises NotFound, ReasonNeeded, MoveNotAllowed when it was decided."""
    if not reasons.strip():
        raise ReasonNeeded(what="review")
    of = licensing_reviews.get(session, review_id=review_id).application_id
    if of is not None:
        contacts.lock(session, contact_id=of)
    review = licensing_reviews.lock(session, review_id=review_id)
    if review.decided_at is not None:
        raise MoveNotAllowed(state="decided", move="decide")
    review.decided_at, review.decided_by = now, actor.agent_id
    review.decision, review.reasons = decision.value, reasons.strip()
    told = f"{decision.label}. {review.reasons}"
    if review.certificate_id is not None:
        certificate = certificates.get(session, certificate_id=review.certificate_id)
        register.note(session, certificate=certificate, event="review", now=now, actor=actor, reason=told)
    elif review.application_id is not None and actor.agent_id is not None:
        told = f"{OF_APPLICATION.get(decision, decision.label)}. {review.reasons}"
        conversations.note(
            session, contact_id=review.application_id, agent_id=actor.agent_id, body=f"Review: {told}", now=now,
            once_key=f"review:{review_id}",
        )  # fmt: skip
    audit.record(
        session,
        Event.LICENSING_REVIEW_DECIDED,
        force_id=review.force_id,
        contact_id=review.application_id,
        at=now,
        review_id=review_id,
        certificate_id=review.certificate_id,
        application_id=review.application_id,
        decision=decision,
        late=now > review.due_at,
    )
    return review


def _row(session: Session, review: LicensingReview) -> ReviewRow:
    held = certificates.get(session, certificate_id=review.certificate_id) if review.certificate_id else None
    guns = certificates.list_firearms(session, certificate_id=held.id) if held else []
    number, holder = (held.number, name_of(held)) if held else _applicant(session, review)
    return ReviewRow(
        id=review.id,
        certificate_id=review.certificate_id,
        application_id=review.application_id,
        number=number,
        holder=holder,
        guns=sum(each.state == "held" for each in guns),
        about=Category(review.category).label if review.category else None,
        reference=review.reference,
        grade=Grade(review.grade),
        how=holders.met_by(review.matched_by),
        opened_at=review.opened_at,
        due_at=review.due_at,
    )


def _applicant(session: Session, review: LicensingReview) -> tuple[str, str]:
    """The reference of the application that a review is of, and its applicant's name."""
    if review.application_id is None:
        return "", ""
    contact = contacts.get(session, contact_id=review.application_id)
    person = contacts.find_reporter(session, contact_id=review.application_id)
    name = f"{person.given_name or ''} {person.surname or ''}".strip() if person else ""
    return contact.reference, name or "Name not given"


def name_of(certificate: Certificate) -> str:
    """The holder as one reads a name."""
    return f"{certificate.given_name} {certificate.surname}"
