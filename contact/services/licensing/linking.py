"""Which certificates an application is about: each one it names and its applicant holds, and those an officer joins.

Only what is named is renewed or extended: the other half of a pair is a certificate of its own. Anybody can type a
number, so a machine joins none but those that the applicant holds, by birthday, else by surname.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor
from contact.domain.errors import MoveNotAllowed, NotFound, ReasonNeeded
from contact.domain.events import Event
from contact.domain.licensing import renewal_clock
from contact.domain.licensing.certificate_states import CertificateState
from contact.domain.licensing.kinds import Kind, Licence
from contact.store import application_certificates as links
from contact.store import applications, audit, certificates, contacts
from contact.store.applications import Application
from contact.store.certificates import Certificate, CertificateHistory

Answers = Mapping[str, Any]
_HALVES = ("firearm", "shotgun")
_KINDS: Mapping[Licence, tuple[str, ...]] = {
    Licence.COTERMINOUS: _HALVES,
    Licence.NONE: (*_HALVES, "air_weapon"),
    Licence.VISITOR_BOTH: ("visitor_firearm", "visitor_shotgun"),
}


class Standing(StrEnum):
    """How a number that an application names stands to the register."""

    LINKED = "linked"  # by a machine or an officer, or it will be: the applicant holds it
    NOT_THEIRS = "not_theirs"  # it stands there with another birthday or surname
    TAKEN_OFF = "taken_off"  # an officer said that it is not meant
    UNKNOWN = "unknown"  # not in our copy


@dataclass(frozen=True, slots=True)
class Named:
    """A number as it was typed. `differs`: `born` or `surname`, what keeps it from being joined."""

    number: str
    kind: str
    standing: Standing
    differs: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What an application is about: its certificates, the firearm one first, and each number it names."""

    certificates: tuple[Certificate, ...]
    named: tuple[Named, ...]


def kinds_of(application: Application) -> tuple[str, ...]:
    """Kinds of certificate that an application of such a licence can be about."""
    return _KINDS.get(Licence(application.licence), (application.licence,))


def about(session: Session, *, application: Application, answers: Answers) -> About:
    """The certificates of an application as far as this actor may see. Changes nothing."""
    held = links.list_links(session, contact_id=application.contact_id)
    off = {each.certificate_id for each in held if each.off}
    found = {each.id: each for each in links.list_linked(session, contact_id=application.contact_id)}
    named: list[Named] = []
    for number, kinds in numbers(application, answers):
        there = links.list_at_number(
            session, force_id=application.force_id, number_key=certificates.number_key(number), kinds=kinds
        )
        there = there or [each for each in found.values() if each.kind in kinds]  # the number it has by now
        named += [_named(number, each, found, off, answers) for each in there]
        if not there:
            named.append(Named(number, kinds[0] if len(kinds) == 1 else "", Standing.UNKNOWN))
        theirs = [each for each in there if each.id not in off and holds(each, answers)]
        if application.kind == Kind.CHANGE and application.licence == Licence.COTERMINOUS:
            theirs += [each for one in theirs for each in certificates.list_pair(session, certificate=one)]
        found |= {each.id: each for each in theirs if each.id not in off}
    return About(tuple(sorted(found.values(), key=lambda each: (each.kind, each.id))), tuple(named))


def numbers(application: Application, answers: Answers) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each number of a certificate that the answers name, and the kinds it may be of; of a half only if renewed."""
    said = {half: str(answers.get(f"{half}CertificateNumber") or "").strip() for half in _HALVES}
    if any(f"{half}Kind" in answers for half in _HALVES):
        for half, number in said.items():
            if number and answers.get(f"{half}Kind") == Kind.RENEWAL.value and half in kinds_of(application):
                yield number, (half,)
        return
    number = str(answers.get("dealerNumber") or answers.get("certificateNumber") or "").strip()
    if number:
        yield number, kinds_of(application)


def holds(certificate: Certificate, answers: Answers) -> bool:
    """Whether the applicant is its holder, by birthday, else by surname: a typed number may be anybody's."""
    return not differs(certificate, answers)


def differs(certificate: Certificate, answers: Answers) -> str:
    """What keeps the applicant from being its holder: `born`, else `surname`; empty where nothing does."""
    born = str(answers.get("dateOfBirth") or "")
    if certificate.born is not None and born:
        return "" if certificate.born.isoformat() == born else "born"
    name = answers.get("reporterName") or {}
    same = certificate.surname_key == certificates.surname_key(str(name.get("surname") or ""))
    return "" if same else "surname"


def certificates_of(session: Session, *, contact_id: UUID) -> tuple[Certificate, ...]:
    """The certificates an application is joined to, or names and its applicant holds. Raises NotFound."""
    application = applications.get(session, contact_id=contact_id)
    return about(session, application=application, answers=_answers(session, contact_id)).certificates


def link_named(session: Session, *, contact_id: UUID, now: dt.datetime) -> None:
    """Join an application to every certificate it names and its applicant holds. Raises NotFound."""
    application = applications.get(session, contact_id=contact_id)
    found = about(session, application=application, answers=_answers(session, contact_id))
    for each in found.certificates:
        if links.link(session, application=application, certificate_id=each.id, now=now):
            _written(session, application, each, Event.CERTIFICATE_LINKED, now)


def link(
    session: Session, *, contact_id: UUID, number: str, kind: str, actor: Actor, reason: str, now: dt.datetime
) -> Certificate:
    """Join a certificate of the same force by hand, whoever the machine takes for its holder.

    Raises NotFound (also for a number we do not know), ReasonNeeded, MoveNotAllowed where it is joined already.
    """
    if not reason.strip():
        raise ReasonNeeded(what="link")
    contacts.lock(session, contact_id=contact_id)
    application = applications.lock(session, contact_id=contact_id)
    key = certificates.number_key(number)
    kinds = [each for each in kinds_of(application) if kind in ("", each)]
    there = links.list_at_number(session, force_id=application.force_id, number_key=key, kinds=kinds) if key else []
    if len(there) != 1:
        raise NotFound(kind="certificate", key=number)
    (found,) = there
    if not links.link(session, application=application, certificate_id=found.id, now=now, agent_id=actor.agent_id):
        raise MoveNotAllowed(state="linked", move="link")
    _written(session, application, found, Event.CERTIFICATE_LINKED, now, actor, reason)
    judge(session, application=application)
    return found


def unlink(
    session: Session, *, contact_id: UUID, certificate_id: UUID, actor: Actor, reason: str, now: dt.datetime
) -> None:
    """Take a certificate off; no machine joins it again. Raises NotFound, ReasonNeeded, MoveNotAllowed."""
    if not reason.strip():
        raise ReasonNeeded(what="unlink")
    contacts.lock(session, contact_id=contact_id)
    application = applications.lock(session, contact_id=contact_id)
    found = certificates.get(session, certificate_id=certificate_id)
    if found.force_id != application.force_id:
        raise NotFound(kind="certificate", key=str(certificate_id))
    if not links.unlink(session, application=application, certificate_id=certificate_id, now=now):
        raise MoveNotAllowed(state="unlinked", move="unlink")
    _written(session, application, found, Event.CERTIFICATE_UNLINKED, now, actor, reason)
    judge(session, application=application)


def judge(session: Session, *, application: Application) -> None:
    """Write down whether it came in time, and what expires next, by the register's own day where it is known.

    Only once an officer has looked: before, the applicant's page would tell whether a certificate exists.
    """
    answers = _answers(session, application.contact_id)
    found = about(session, application=application, answers=answers)
    application.in_time = in_time(application, found, answers)
    ends = [day for _kind, day in _expiries(application, found, answers, running=True)]
    application.next_due = min(ends, default=application.next_due)
    session.flush()


def in_time(application: Application, found: About, answers: Answers) -> bool | None:
    """Whether it was declared eight weeks before what expires, by the register where it is joined, else as typed.

    None where time does not matter (practice 28).
    """
    if application.in_time is None:
        return None
    days = [day for kind, day in _expiries(application, found, answers) if kind in _HALVES]
    return all(renewal_clock.is_in_time(application.declared_at, day) for day in days) if days else application.in_time


def _expiries(
    application: Application, found: About, answers: Answers, *, running: bool = False
) -> list[tuple[str, dt.date]]:
    """Kind and day of each certificate that is renewed."""
    days: list[tuple[str, dt.date]] = []
    for kind in kinds_of(application):
        if not _renews(application, kind):
            continue
        mine = [each for each in found.certificates if each.kind == kind]
        days += [(kind, runs_until(each) if running else each.expires) for each in mine]
        typed = answers.get(f"{kind}Expiry")
        if not mine and typed:
            days.append((kind, dt.date.fromisoformat(str(typed))))
    return days


def runs_until(certificate: Certificate) -> dt.date:
    """The last day on which it carries its guns as it stands."""
    return renewal_clock.Standing(
        state=CertificateState(certificate.state),
        expires=certificate.expires,
        extended_until=certificate.extended_until,
        permit_until=certificate.permit_until,
    ).last_day


def _renews(application: Application, kind: str) -> bool:
    half = application.shotgun_kind if kind == "shotgun" and application.shotgun_kind else application.kind
    return half in (Kind.RENEWAL, Kind.DEALER)


def _named(
    number: str, held: Certificate, found: Mapping[UUID, Certificate], off: set[UUID], answers: Answers
) -> Named:
    if held.id in off:
        return Named(number, held.kind, Standing.TAKEN_OFF)
    apart = differs(held, answers)
    if held.id in found or not apart:
        return Named(number, held.kind, Standing.LINKED)
    return Named(number, held.kind, Standing.NOT_THEIRS, apart)


def _answers(session: Session, contact_id: UUID) -> Answers:
    sent = contacts.list_submissions(session, contact_id=contact_id)
    return sent[-1].answers if sent else {}


def _written(
    session: Session,
    application: Application,
    certificate: Certificate,
    event: Event,
    now: dt.datetime,
    actor: Actor | None = None,
    reason: str = "",
) -> None:
    """In the chain by ids; why, in words, in the certificate's own history."""
    contact = contacts.get(session, contact_id=application.contact_id)
    row = CertificateHistory(
        certificate_id=certificate.id,
        force_id=certificate.force_id,
        at=now,
        agent_id=actor.agent_id if actor else None,
        event="link" if event is Event.CERTIFICATE_LINKED else "unlink",
        to_state=certificate.state,
        reason=" ".join(part for part in (f"{contact.reference}.", reason.strip()) if part),
    )
    certificates.add(session, row)
    audit.record(
        session,
        event,
        force_id=application.force_id,
        contact_id=application.contact_id,
        at=now,
        certificate_id=certificate.id,
        by_hand=actor is not None,
    )
