"""Danger that an applicant writes of reaches the control room at once; the application does not (practice 29)."""

from __future__ import annotations

import datetime as dt
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
from contact.store.engine import act_as, actor_of
from contact.store.identifiers import new_id

_WORDS = {
    "en": "Written to the firearms licensing team about application {reference}:",
    "cy": "Ysgrifennwyd at y tîm trwyddedu arfau tanio am gais {reference}:",
}


def tell_control_room(
    session: Session, *, contact_id: UUID, body: str, heard: Screening, keys: Keys, now: dt.datetime
) -> UUID | None:
    """Open a contact with the control room for words in which the screen heard danger; None where it heard none.

    It carries the message, the application's reference and who wrote it. The session goes on speaking for the
    applicant. Works with worker and chatbot down: all of it in the request (architecture, decision 4).
    """
    application = contacts.get(session, contact_id=contact_id)
    if application.desk != Desk.LICENSING or heard.grade not in (Grade.EMERGENCY, Grade.PRIORITY):
        return None
    beside, speaker = new_id(), actor_of(session)
    opening = _WORDS.get(application.language, _WORDS["en"]).format(reference=application.reference)
    proposal = propose(category=Category.GENERAL_ENQUIRY, hints=[], screening=heard)
    arrival = Arrival(
        contact_id=beside,
        force_id=application.force_id,
        channel=Channel.WEB,
        category=proposal.category,
        language=application.language,
        proposal=proposal,
        now=now,
        safe_contact=application.safe_contact,
        message=f"{opening}\n{body}",
        located_by="said",
    )
    audit.write_now(session)  # what was noted so far is about the application
    act_as(session, Actor(kind=ActorKind.CITIZEN, contact_id=beside))
    arrivals.store(session, arrival, keys)
    applications.copy_applicant(session, application_id=contact_id, contact_id=beside)
    audit.write_now(session)
    act_as(session, speaker)
    return beside
