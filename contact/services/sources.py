"""Informants by accident: who told us is kept apart from the matter, and the intelligence unit alone reads it.

Practice 17. A second report by the same source on the same subject is an alarm for that unit: somebody who comes again
may be finding things out for us.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import forms
from contact.domain.access import Actor, Permission, may
from contact.domain.alarms import AlarmKind
from contact.domain.errors import Forbidden
from contact.services import alarms, drafts
from contact.services.keys import Keys
from contact.store import contacts, sources
from contact.store.contacts import Contact
from contact.store.engine import actor_of
from contact.store.sources import Source
from forms.source import source_questions, split


@dataclass(frozen=True, slots=True)
class Apart:
    """What is kept apart: the answers that are left for the matter, and the row of who told us."""

    matter: Mapping[str, Any]
    row: Mapping[str, Any]


def take_apart(form: forms.Form, answers: Mapping[str, Any], keys: Keys, now: dt.datetime) -> Apart:
    """Part who told us from what they told. An anonymous report has no digest: nobody can tell that one came again."""
    matter, apart = split(form, answers)
    person = form.reporter(answers, now)
    return Apart(
        matter=matter,
        row={
            **{name: value or None for name, value in person.items()},
            "safe_contact": form.safe_contact(answers, now),
            "answers": apart,
            "source_digests": [keys.source_digest(each) for each in _who(person)],
            "subject_digests": [keys.source_digest(each) for each in _subject(form, answers, now)],
        },
    )


def caller(
    person: Mapping[str, str], *, safe_contact: Mapping[str, Any], place_postcode: str, keys: Keys
) -> Mapping[str, Any]:
    """The row of somebody who told an agent and must not be named. `person` as a form's reporter has it."""
    return {
        **{name: value or None for name, value in person.items()},
        "safe_contact": dict(safe_contact),
        "answers": {},
        "source_digests": [keys.source_digest(each) for each in _who(person)],
        "subject_digests": [keys.source_digest(f"place {_plain(place_postcode)}")] if place_postcode else [],
    }


def _who(person: Mapping[str, str]) -> Iterator[str]:
    """A telephone, an address of email, or a name with a postcode: a name alone is many people's."""
    if person["phone_e164"]:
        yield f"telephone {person['phone_e164']}"
    if person["email"]:
        yield f"email {person['email'].casefold()}"
    name = _plain(f"{person['given_name']} {person['surname']}")
    if name and person["postcode"]:
        yield f"name {name} {_plain(person['postcode'])}"


def _subject(form: forms.Form, answers: Mapping[str, Any], now: dt.datetime) -> Iterator[str]:
    """Persons by whole name, vehicles by registration and the place by postcode, as the matter names them."""
    counting = form.submitted(answers, now)
    for question in form.questions:
        rows = counting.get(question.id)
        if question.role is forms.Role.PLACE and rows and rows.get("postcode"):
            yield f"place {_plain(rows['postcode'])}"
        for row in rows if isinstance(rows, list) else ():
            if question.type is forms.QuestionType.VEHICLES and row.get("registration"):
                yield f"vehicle {_plain(row['registration']).replace(' ', '')}"
            if question.type is forms.QuestionType.PEOPLE and row.get("given") and row.get("surname"):
                yield "person " + _plain(f"{row['given']} {row['surname']}")


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def warn_of_repeat(session: Session, *, contact_id: UUID, force_id: str, now: dt.datetime) -> None:
    """Tell the intelligence unit where this source told us of this subject before; no other role sees the alarm."""
    if sources.repeated(session, contact_id=contact_id):
        alarms.raise_alarm(session, kind=AlarmKind.SOURCE_REPEATED, force_id=force_id, contact_id=contact_id, now=now)


def may_read(actor: Actor | None, contact: Contact) -> bool:
    """Whether this actor may know who told us, and reply to them."""
    return actor is not None and may(actor, Permission.READ_SOURCES, contact.force_id)


def ensure_may_approach(session: Session, contact: Contact) -> None:
    """Raises Forbidden where the source stands apart and the session's actor is no officer who may approach it."""
    if contact.source_apart and not may_read(actor_of(session), contact):
        raise Forbidden(permission=Permission.READ_SOURCES.value, force_id=contact.force_id)


def repeats(session: Session, contact: Contact) -> int:
    """How many other reports this source made on this subject, for the officer who may know; 0 for everybody else."""
    known = contact.source_apart and may_read(actor_of(session), contact)
    return sources.repeated(session, contact_id=contact.id) if known else 0


@dataclass(frozen=True, slots=True)
class Told:
    """Who told us, for the officer who may know: (label, words) of each answer, and how often they came before."""

    source: Source
    answers: tuple[tuple[str, str], ...]
    again: int

    @property
    def known(self) -> bool:
        """Whether anything says who it was."""
        found = self.source
        return any((found.given_name, found.surname, found.phone_e164, found.email, found.address, found.postcode))


def read(session: Session, *, contact_id: UUID) -> Told:
    """Who told us. Raises NotFound (no such contact for this actor), Forbidden for every other role.

    The caller writes the reading down, with its reason, before it shows anything.
    """
    contact = contacts.get(session, contact_id=contact_id)
    found = sources.find(session, contact_id=contact_id)
    if found is None or not may_read(actor_of(session), contact):
        raise Forbidden(permission=Permission.READ_SOURCES.value, force_id=contact.force_id)
    again = sources.repeated(session, contact_id=contact_id)
    return Told(found, tuple(_answered(session, contact_id, found)), again)


def _answered(session: Session, contact_id: UUID, found: Source) -> Iterator[tuple[str, str]]:
    for sent in contacts.list_submissions(session, contact_id=contact_id):
        for question in source_questions(drafts.form_version(session, sha256=sent.form_sha256)):
            if found.answers.get(question.id):
                yield question.label.in_("en"), forms.worded(question, found.answers[question.id])
