"""Certificates of the working register: what an officer sees, and what happens to one after its grant (practice 29).

NFLMS is the master: nothing is revoked or restored here before its number and date stand there (practice 27).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor
from contact.domain.errors import MoveNotAllowed, ReasonNeeded
from contact.domain.events import Event
from contact.domain.licensing import certificate_states, decisions, renewal_clock
from contact.domain.licensing.application_states import OPEN_STATES, ApplicationState
from contact.domain.licensing.certificate_states import NFLMS_FIRST, CertificateEvent, CertificateState
from contact.domain.licensing.decisions import Nflms, NflmsNeeded, Outcome
from contact.domain.licensing.gun_states import GunState
from contact.domain.licensing.letter_kinds import LetterKind, LetterState
from contact.services.licensing import letters, markers, other_letters
from contact.store import (
    application_certificates,
    applications,
    audit,
    certificate_clock,
    certificates,
    licensing_letters,
    licensing_reviews,
    licensing_work,
)
from contact.store.application_certificates import About, OpenRenewal
from contact.store.certificate_clock import CertificateNotice
from contact.store.certificates import Certificate, CertificateHistory, Firearm
from contact.store.licensing_letters import LicensingLetter
from contact.store.licensing_reviews import LicensingReview

BY_OFFICER = (
    CertificateEvent.PERMIT,
    CertificateEvent.VARY,
    CertificateEvent.REISSUE,
    CertificateEvent.REVOKE,
    CertificateEvent.PART_REVOKE,
    CertificateEvent.RESTORE,
    CertificateEvent.SURRENDER,
    CertificateEvent.DEATH,
    CertificateEvent.CANCEL,
    CertificateEvent.TRANSFER,
)
"""Moves an officer records on the certificate's page; the clock and a granted renewal make the others."""
_ANSWERS_ALARM = frozenset(CertificateEvent) - {CertificateEvent.EXTEND, CertificateEvent.EXPIRE, CertificateEvent.VARY}
"""After these nobody waits for a section 7 permit any more; a certificate that just expires still does."""
_LETTER_OF = {
    CertificateEvent.REVOKE: LetterKind.REVOCATION,
    CertificateEvent.PART_REVOKE: LetterKind.PART_REVOCATION,
    CertificateEvent.PERMIT: LetterKind.PERMIT,
    CertificateEvent.SURRENDER: LetterKind.SURRENDER_RECORDED,
    CertificateEvent.RESTORE: LetterKind.RESTORED,
    CertificateEvent.DEATH: LetterKind.HOLDER_DIED,
    CertificateEvent.TRANSFER: LetterKind.MOVED_AWAY,
}
_AGAINST = frozenset({CertificateEvent.REVOKE, CertificateEvent.PART_REVOKE})
"""The letter of these gives the holder reasons, in words of its own: what officers note may not be theirs to read."""


@dataclass(frozen=True, slots=True)
class CertificateView:
    """One certificate with all that hangs on it. `still_held`: guns held although nothing allows it any more."""

    certificate: Certificate
    firearms: tuple[Firearm, ...]
    history: tuple[CertificateHistory, ...]
    notices: tuple[CertificateNotice, ...]
    letters: tuple[LicensingLetter, ...]
    reviews: tuple[LicensingReview, ...]
    pair: tuple[Certificate, ...]
    others: tuple[Certificate, ...]
    renewal: OpenRenewal | None
    applications: tuple[About, ...]
    last_safe_day: dt.date

    @property
    def held(self) -> int:
        """How many guns are held on it."""
        return sum(each.state == GunState.HELD.value for each in self.firearms)

    @property
    def still_held(self) -> bool:
        """Guns are held, and the certificate is over: somebody must arrange to collect them."""
        return self.held > 0 and CertificateState(self.certificate.state) not in certificate_states.IN_FORCE

    @property
    def moves(self) -> tuple[CertificateEvent, ...]:
        """What an officer may record now."""
        state = CertificateState(self.certificate.state)
        return tuple(each for each in BY_OFFICER if (state, each) in certificate_states.MOVES)


def view(session: Session, *, certificate_id: UUID) -> CertificateView:
    """The certificate as its page shows it. Raises NotFound."""
    certificate = certificates.get(session, certificate_id=certificate_id)
    pair = certificates.list_pair(session, certificate=certificate)
    return CertificateView(
        certificate=certificate,
        firearms=tuple(certificates.list_firearms(session, certificate_id=certificate_id)),
        history=tuple(certificates.list_history(session, certificate_id=certificate_id)),
        notices=tuple(certificate_clock.list_notices(session, certificate_id=certificate_id)),
        letters=tuple(licensing_letters.list_for_certificate(session, certificate_id=certificate_id)),
        reviews=tuple(licensing_reviews.list_for_certificate(session, certificate_id=certificate_id)),
        pair=tuple(each for each in pair if each.id != certificate_id),
        others=tuple(
            each
            for each in certificates.list_others_held(session, certificate=certificate)
            if each.id not in {one.id for one in pair}
        ),
        renewal=application_certificates.find_open_renewal(session, certificate=certificate),
        applications=tuple(application_certificates.list_about(session, certificate_id=certificate_id)),
        last_safe_day=renewal_clock.last_safe_day(certificate.expires),
    )


def open_page(session: Session, *, certificate_id: UUID, justification: str, now: dt.datetime) -> CertificateView:
    """The same, written down as a look at somebody's record, with why: a code of `reason_to_open` or of the page."""
    found = view(session, certificate_id=certificate_id)
    audit.record(
        session, Event.CERTIFICATE_OPENED, force_id=found.certificate.force_id, at=now, certificate_id=certificate_id,
        justification=justification,
    )  # fmt: skip
    return found


def reason_to_open(
    session: Session, *, certificate: Certificate, agent_id: UUID, now: dt.datetime, opened: Container[str] = ()
) -> str | None:
    """The work that leads this officer to a certificate (practice 16); None where they have to say so first.

    `opened`: ids of applications that they found or gave a reason for. What belongs to the same holder goes together.
    """
    history = certificates.list_history(session, certificate_id=certificate.id)
    if any(each.agent_id == agent_id for each in history):
        return "own_work"
    if any(
        each.decided_at is None
        for each in licensing_reviews.list_for_certificate(session, certificate_id=certificate.id)
    ):
        return "review"
    if any(
        each.state == LetterState.WAITING
        for each in licensing_letters.list_for_certificate(session, certificate_id=certificate.id)
    ):
        return "letter_to_send"
    if _is_on_the_clock(session, certificate, now):
        return "on_the_clock"
    theirs = {each.id for each in certificates.list_pair(session, certificate=certificate)}
    theirs |= {each.id for each in certificates.list_others_held(session, certificate=certificate)}
    for each in sorted(theirs | {certificate.id}):
        for about in application_certificates.list_about(session, certificate_id=each):
            if _is_theirs(session, about, agent_id) or str(about.contact_id) in opened:
                return "application"
    return None


def _is_on_the_clock(session: Session, certificate: Certificate, now: dt.datetime) -> bool:
    """Whether it ends soon, runs on past its day, or is over with guns still held: each is the whole team's work."""
    if certificate.clock_runs:
        return certificate.expires <= renewal_clock.london_day(now) + renewal_clock.FIRST_NOTICE
    held = certificates.list_firearms(session, certificate_id=certificate.id)
    return any(each.state == GunState.HELD.value for each in held)


def _is_theirs(session: Session, about: About, agent_id: UUID) -> bool:
    """Whether an application waits in the caseload, or was this officer's."""
    if ApplicationState(about.state) in OPEN_STATES:
        return True
    application = applications.get(session, contact_id=about.contact_id)
    decided = licensing_work.list_decisions(session, contact_id=about.contact_id)
    return application.officer_id == agent_id or any(each.agent_id == agent_id for each in decided)


def search(session: Session, *, typed: str, force_ids: Sequence[str], now: dt.datetime) -> list[Certificate]:
    """By number, name, postcode or serial; that somebody searched is recorded, never for what."""
    found = certificates.search(session, typed=typed, force_ids=force_ids)
    for force_id in force_ids:
        here = sum(each.force_id == force_id for each in found)
        audit.record(session, Event.CERTIFICATES_SEARCHED, force_id=force_id, at=now, results=here)
    return found


def change_state(
    session: Session,
    *,
    certificate_id: UUID,
    event: CertificateEvent,
    actor: Actor,
    reason: str,
    now: dt.datetime,
    nflms_number: str = "",
    nflms_on: dt.date | None = None,
    until: dt.date | None = None,
    words: str = "",
    to_force: str | None = None,
) -> Certificate:
    """Record what an officer decided, with its letters.

    `until`: the last day of a section 7 permit, which is a person's decision. `words`: the reasons that a letter of
    revocation gives. `to_force`: whose the holder is now, who are told as well. Raises NotFound, MoveNotAllowed,
    ReasonNeeded, NflmsNeeded.
    """
    if event not in BY_OFFICER:
        raise MoveNotAllowed(state="", move=event.value)
    if not reason.strip():
        raise ReasonNeeded(what=event.value)
    if event in _AGAINST and not words.strip():
        raise ReasonNeeded(what="words")
    certificate = certificates.lock(session, certificate_id=certificate_id)
    if event is CertificateEvent.TRANSFER and to_force in (None, "", certificate.force_id):
        raise ReasonNeeded(what="to_force")
    today = renewal_clock.london_day(now)
    nflms = None
    if event in NFLMS_FIRST or nflms_number.strip():
        nflms = decisions.nflms(nflms_number, (), nflms_on, outcome=Outcome.REFUSE, today=today)
    if event is CertificateEvent.PERMIT:
        if until is None or until <= today:
            raise ReasonNeeded(what="until")
        certificate.permit_until = until
    if event is CertificateEvent.REISSUE:
        certificate.copy_no, certificate.copy_on = certificate.copy_no + 1, today
        reason = f"Copy {certificate.copy_no} given out, copy {certificate.copy_no - 1} is void. {reason.strip()}"
    move(session, certificate=certificate, event=event, now=now, actor=actor, reason=reason.strip(), nflms=nflms)
    _write(session, certificate, event, actor, words=words.strip(), to_force=to_force, now=now)
    return certificate


def _write(
    session: Session,
    certificate: Certificate,
    event: CertificateEvent,
    actor: Actor,
    *,
    words: str,
    to_force: str | None,
    now: dt.datetime,
) -> None:
    """The letters of what an officer recorded."""
    kind = _LETTER_OF.get(event)
    if kind is None:
        return
    extra: dict[str, object] = {"over": event is CertificateEvent.SURRENDER}
    if event in _AGAINST:
        extra["words"] = words
    if event is CertificateEvent.DEATH:
        extra |= other_letters.after_a_death(certificate)
    if event is CertificateEvent.TRANSFER and to_force:
        extra |= other_letters.new_force(session, to_force)
        other_letters.of_a_move(session, certificate=certificate, to_force=to_force, made_by=actor.agent_id, now=now)
    letters.about_certificate(session, certificate=certificate, kind=kind, made_by=actor.agent_id, now=now, extra=extra)


def move(
    session: Session,
    *,
    certificate: Certificate,
    event: CertificateEvent,
    now: dt.datetime,
    actor: Actor | None = None,
    reason: str = "",
    nflms: Nflms | None = None,
) -> None:
    """Move a locked certificate by its table, with history and event. Raises MoveNotAllowed, NflmsNeeded."""
    was = CertificateState(certificate.state)
    state = certificate_states.next_state(was, event)
    if event in NFLMS_FIRST and nflms is None:
        raise NflmsNeeded(field="person", reason="empty")
    if state is not was:
        certificate.state, certificate.state_since = state.value, now
    if nflms is not None:
        certificate.nflms_number, certificate.nflms_date = nflms.person, nflms.on
    certificates.set_keys(certificate)
    if event in _ANSWERS_ALARM:
        agent_id = actor.agent_id if actor else None
        certificate_clock.see_alarms(session, certificate_id=certificate.id, agent_id=agent_id, now=now)
    note(session, certificate=certificate, event=event, now=now, actor=actor, was=was, reason=reason, nflms=nflms)
    audit.record(
        session,
        Event.CERTIFICATE_MOVED,
        force_id=certificate.force_id,
        at=now,
        certificate_id=certificate.id,
        move=event,
        was=was.value.lower(),
        state=state.value.lower(),
    )
    markers.after_move(session, certificate=certificate, event=event, was=was, actor=actor, now=now)


def note(
    session: Session,
    *,
    certificate: Certificate,
    event: str,
    now: dt.datetime,
    actor: Actor | None = None,
    was: str | None = None,
    to: str | None = None,
    firearm_id: UUID | None = None,
    reason: str = "",
    nflms: Nflms | None = None,
) -> None:
    """A line of the certificate's own history, where words may stand."""
    row = CertificateHistory(
        certificate_id=certificate.id,
        force_id=certificate.force_id,
        firearm_id=firearm_id,
        at=now,
        agent_id=actor.agent_id if actor else None,
        event=str(event),
        from_state=was,
        to_state=to if firearm_id else certificate.state,
        reason=reason,
        nflms_number=nflms.person if nflms else None,
        nflms_date=nflms.on if nflms else None,
    )
    certificates.add(session, row)


def set_conditions(
    session: Session,
    *,
    certificate_id: UUID,
    conditions: Sequence[str],
    actor: Actor,
    reason: str,
    now: dt.datetime,
) -> Certificate:
    """Write the conditions anew; what they were stays in the history. Raises NotFound, MoveNotAllowed, ReasonNeeded."""
    if not reason.strip():
        raise ReasonNeeded(what="conditions")
    certificate = certificates.lock(session, certificate_id=certificate_id)
    before = "; ".join(certificate.conditions) or "none"
    certificate.conditions = [line.strip() for line in conditions if line.strip()]
    told = f"{reason.strip()} (before: {before})"
    move(session, certificate=certificate, event=CertificateEvent.VARY, now=now, actor=actor, reason=told)
    extra = {"conditions": certificate.conditions}
    letters.about_certificate(
        session, certificate=certificate, kind=LetterKind.CONDITIONS, made_by=actor.agent_id, now=now, extra=extra
    )
    return certificate
