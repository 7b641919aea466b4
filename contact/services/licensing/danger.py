"""Danger that an applicant or a referee writes of reaches the control room at once, the application not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor, ActorKind
from contact.domain.proposal import propose
from contact.domain.screen import Screening
from contact.domain.taxonomy import Category, Channel, Desk, Grade
from contact.services import arrival as arrivals
from contact.services.arrival import Arrival
from contact.services.keys import Keys
from contact.store import applications, audit, contacts
from contact.store.contacts import Contact
from contact.store.engine import act_as, actor_of
from contact.store.identifiers import new_id

_WORDS = {
    "en": "Written to the firearms licensing team about application {reference}:",
    "cy": "Ysgrifennwyd at y tîm trwyddedu arfau tanio am gais {reference}:",
}
_PRACTICE_WORDS = {
    "en": (
        "Written to the firearms licensing team by a doctor's practice about application {reference}."
        " Do not reveal to the applicant that the practice wrote:"
    ),
    "cy": (
        "Ysgrifennwyd at y tîm trwyddedu arfau tanio gan feddygfa am gais {reference}."
        " Peidiwch â datgelu i'r ymgeisydd fod y feddygfa wedi ysgrifennu:"
    ),
}
_REFEREE_WORDS = {
    "en": (
        "Written to the firearms licensing team by a referee about {applicant}, application {reference}."
        " Do not reveal to the applicant that the referee wrote:"
    ),
    "cy": (
        "Ysgrifennwyd at y tîm trwyddedu arfau tanio gan ganolwr am {applicant}, cais {reference}."
        " Peidiwch â datgelu i'r ymgeisydd fod y canolwr wedi ysgrifennu:"
    ),
}


def tell_control_room(
    session: Session, *, contact_id: UUID, body: str, heard: Screening, keys: Keys, now: dt.datetime
) -> UUID | None:
    """Open a contact with the control room for words in which the screen heard danger; None where it heard none.

    It carries the message, the application's reference and who wrote it. The session goes on speaking for the
    applicant. Works with worker and chatbot down: all of it in the request (architecture, decision 4).
    """
    application = contacts.get(session, contact_id=contact_id)
    if application.desk != Desk.LICENSING or not _is_danger(heard):
        return None
    opening = _in(_WORDS, application).format(reference=application.reference)
    return _open(session, application, f"{opening}\n{body}", application.safe_contact, None, heard, keys, now)


def tell_of_referee(
    session: Session,
    *,
    contact_id: UUID,
    applicant: str,
    referee: str,
    body: str,
    heard: Screening,
    keys: Keys,
    now: dt.datetime,
) -> UUID | None:
    """The same for what a referee writes, in the referee's name: nothing leads to the applicant (practice 15).

    No message leaves for the referee: how they can be reached safely was never asked. The session ends speaking for
    nobody.
    """
    if not _is_danger(heard):
        return None
    act_as(session, Actor(kind=ActorKind.CITIZEN, contact_id=contact_id))
    application = contacts.get(session, contact_id=contact_id)
    opening = _in(_REFEREE_WORDS, application).format(reference=application.reference, applicant=applicant)
    return _open_for_outsider(session, application, f"{opening}\n{body}", referee, heard, keys, now)


def tell_of_practice(
    session: Session, *, contact_id: UUID, practice: str, body: str, heard: Screening, keys: Keys, now: dt.datetime
) -> UUID | None:
    """The same for what a doctor's practice writes, in the practice's name. The session ends speaking for nobody."""
    if not _is_danger(heard):
        return None
    act_as(session, Actor(kind=ActorKind.CITIZEN, contact_id=contact_id))
    application = contacts.get(session, contact_id=contact_id)
    opening = _in(_PRACTICE_WORDS, application).format(reference=application.reference)
    return _open_for_outsider(session, application, f"{opening}\n{body}", practice, heard, keys, now)


def _open_for_outsider(
    session: Session, application: Contact, message: str, who: str, heard: Screening, keys: Keys, now: dt.datetime
) -> UUID:
    reporter = {"given_name": "", "surname": who, "phone_e164": "", "email": "", "postcode": "", "address": ""}
    beside = _open(session, application, message, {"how": "none"}, reporter, heard, keys, now)
    act_as(session, Actor(kind=ActorKind.CITIZEN))
    return beside


def _is_danger(heard: Screening) -> bool:
    return heard.grade in (Grade.EMERGENCY, Grade.PRIORITY)


def _in(words: Mapping[str, str], application: Contact) -> str:
    return words.get(application.language, words["en"])


def _open(
    session: Session,
    application: Contact,
    message: str,
    safe_contact: Mapping[str, Any],
    reporter: Mapping[str, str] | None,
    heard: Screening,
    keys: Keys,
    now: dt.datetime,
) -> UUID:
    """Store the contact beside the application, and go on speaking as before. No reporter: the applicant's row."""
    beside, speaker = new_id(), actor_of(session)
    proposal = propose(category=Category.GENERAL_ENQUIRY, hints=[], screening=heard)
    arrival = Arrival(
        contact_id=beside,
        force_id=application.force_id,
        channel=Channel.WEB,
        category=proposal.category,
        language=application.language,
        proposal=proposal,
        now=now,
        sensitive=reporter is not None,
        safe_contact=safe_contact,
        reporter=reporter,
        message=message,
        located_by="said",
    )
    application_id = application.id
    audit.write_now(session)  # what was noted so far is about the application
    act_as(session, Actor(kind=ActorKind.CITIZEN, contact_id=beside))
    arrivals.store(session, arrival, keys)
    if reporter is None:
        applications.copy_applicant(session, application_id=application_id, contact_id=beside)
    audit.write_now(session)
    act_as(session, speaker)
    return beside
