"""Danger that an applicant, a referee or a practice writes of reaches the control room at once, the application not.

What an outsider writes says whom it is about, since the control room cannot open the application; every such contact
is flagged for guns and opens the review of the certificates that the application is about (practice 2, 9).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor, ActorKind
from contact.domain.jobs import JobName
from contact.domain.licensing.outsiders import Role
from contact.domain.proposal import propose
from contact.domain.screen import Screening
from contact.domain.taxonomy import Category, Channel, Desk, Flag, Grade
from contact.services import arrival as arrivals
from contact.services.arrival import Arrival
from contact.services.keys import Keys
from contact.store import applications, audit, contacts, outbox
from contact.store.applications import Applicant
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
        "Written to the firearms licensing team by a referee about application {reference}."
        " Do not reveal to the applicant that the referee wrote:"
    ),
    "cy": (
        "Ysgrifennwyd at y tîm trwyddedu arfau tanio gan ganolwr am gais {reference}."
        " Peidiwch â datgelu i'r ymgeisydd fod y canolwr wedi ysgrifennu:"
    ),
}


_PARENT_WORDS = {
    "en": (
        "Written to the firearms licensing team by a parent or guardian about application {reference}."
        " Do not reveal to the applicant that they wrote:"
    ),
    "cy": (
        "Ysgrifennwyd at y tîm trwyddedu arfau tanio gan riant neu warcheidwad am gais {reference}."
        " Peidiwch â datgelu i'r ymgeisydd eu bod wedi ysgrifennu:"
    ),
}


_ABOUT = {
    "en": ("About the applicant", "born", "lives at"),
    "cy": ("Am yr ymgeisydd", "ganed", "yn byw yn"),
}


@dataclass(frozen=True, slots=True)
class _Hint:
    """Whoever it is about has guns or asks for them: that is flagged whatever the words say."""

    code: str = ""
    grade: str | None = None
    flags: tuple[str, ...] = (Flag.FIREARMS_ACCESS.value,)
    advise_999: bool = False
    reason_code: str = "firearms_applicant"


_HINT = _Hint()
_WORRY = _Hint(grade=Grade.PRIORITY.value, reason_code="worry_about_applicant")
"""What a doctor writes, or a referee after the decision, is looked at by a person even where no rule hears danger."""


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
    referee: str,
    role: Role,
    body: str,
    heard: Screening,
    keys: Keys,
    now: dt.datetime,
    always: bool = False,
) -> UUID | None:
    """The same for what a referee or parent writes, in their name: nothing leads to the applicant (practice 15).

    `always`: at priority at least, whatever the screen heard. No message leaves for them: how to reach them
    safely was never asked. The session ends speaking for nobody.
    """
    if not always and not _is_danger(heard):
        return None
    hint = _WORRY if always else _HINT
    words = _PARENT_WORDS if role is Role.PARENT else _REFEREE_WORDS
    return _open_for_outsider(session, contact_id, words, body, referee, heard, hint, keys, now)


def tell_of_practice(
    session: Session, *, contact_id: UUID, practice: str, body: str, heard: Screening, keys: Keys, now: dt.datetime
) -> UUID:
    """The same for what a doctor's practice writes, in the practice's name, at priority at least.

    A doctor's worry about somebody with guns is never left to a list of words. The session ends speaking for nobody.
    """
    return _open_for_outsider(session, contact_id, _PRACTICE_WORDS, body, practice, heard, _WORRY, keys, now)


def _open_for_outsider(
    session: Session,
    contact_id: UUID,
    words: Mapping[str, str],
    body: str,
    who: str,
    heard: Screening,
    hint: _Hint,
    keys: Keys,
    now: dt.datetime,
) -> UUID:
    act_as(session, Actor(kind=ActorKind.CITIZEN, contact_id=contact_id))
    application = contacts.get(session, contact_id=contact_id)
    applicant = applications.find_applicant(session, contact_id=contact_id)
    opening = _in(words, application).format(reference=application.reference)
    message = "\n".join(line for line in (opening, _about(applicant, application), body) if line)
    reporter = {"given_name": "", "surname": who, "phone_e164": "", "email": "", "postcode": "", "address": ""}
    place = applicant.postcode if applicant else ""
    beside = _open(
        session, application, message, {"how": "none"}, reporter, heard, keys, now, hint=hint, postcode=place or None
    )
    act_as(session, Actor(kind=ActorKind.CITIZEN))
    return beside


def _about(applicant: Applicant | None, application: Contact) -> str:
    """Whom it is about, in one line; empty where the application no longer says."""
    if applicant is None:
        return ""
    about, born, lives = _ABOUT.get(application.language, _ABOUT["en"])
    name = f"{applicant.given_name} {applicant.surname}".strip()
    home = ", ".join(part for part in (applicant.address.replace("\n", ", "), applicant.postcode) if part)
    said = [name, f"{born} {_day(applicant.born)}" if applicant.born else "", f"{lives} {home}" if home else ""]
    told = ", ".join(part for part in said if part)
    return f"{about}: {told}." if told else ""


def _day(born: str) -> str:
    """`02/05/1974`, as one says it in any language of ours; as it was typed where it is no date."""
    try:
        return f"{dt.date.fromisoformat(born):%d/%m/%Y}"
    except ValueError:
        return born


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
    *,
    hint: _Hint = _HINT,
    postcode: str | None = None,
) -> UUID:
    """Store the contact beside the application, and go on speaking as before. No reporter: the applicant's row."""
    beside, speaker = new_id(), actor_of(session)
    proposal = propose(category=Category.GENERAL_ENQUIRY, hints=[hint], screening=heard)
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
        place_postcode=postcode,
        located_by="said",
    )
    application_id = application.id
    audit.write_now(session)  # what was noted so far is about the application
    act_as(session, Actor(kind=ActorKind.CITIZEN, contact_id=beside))
    arrivals.store(session, arrival, keys)
    if reporter is None:
        applications.copy_applicant(session, application_id=application_id, contact_id=beside)
    outbox.defer(session, JobName.MATCH_CERTIFICATES, contact_id=beside, application_id=application_id)
    audit.write_now(session)
    act_as(session, speaker)
    return beside
