"""The moves of an application that an officer makes before a decision, each with its words to the applicant."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor, Permission, may
from contact.domain.errors import Forbidden, NotFound, ReasonNeeded
from contact.domain.events import Event
from contact.domain.licensing.application_states import ApplicationEvent
from contact.domain.licensing.checks import Check, CheckState, checks_of, record
from contact.domain.licensing.decisions import Missing
from contact.domain.licensing.kinds import Kind
from contact.domain.licensing.telling import ToldBy
from contact.domain.payments import RefundReason
from contact.services.licensing import age, decision_letters, renewals, writing
from contact.services.licensing.applications import WAITS_FOR_APPLICANT, move
from contact.services.payments import refunding
from contact.services.typed import typed_words
from contact.store import applications, audit, contacts, licensing_work
from contact.store.applications import Application

_WAITS = {
    Check.RECORDS: "records",
    Check.SOCIAL_MEDIA: "research",
    Check.GP: "gp",
    Check.REFEREE_1: "referee",
    Check.REFEREE_2: "referee",
    Check.PARTNER: "partner",
    Check.HOUSEHOLD: "household",
    Check.PHOTO: WAITS_FOR_APPLICANT,
    Check.PARENT: "parent",
}
"""Who is awaited while a check waits, as the caseload says it."""


class Asked(StrEnum):
    """How what is missing was asked for."""

    MAIL = "mail"  # on their page, and a mail says that an answer is there
    PAGE = "page"  # on their page alone
    LETTER = "letter"  # a letter waits to be printed
    NOTE = "note"  # nothing left: the officer told them, or nobody could


@dataclass(frozen=True, slots=True)
class Return:
    """What goes back: what is missing, the words to the applicant, and how they were told if not online."""

    missing: tuple[Missing, ...]
    words: str
    told: ToldBy | None = None


def take(session: Session, *, contact_id: UUID, agent_id: UUID, now: dt.datetime) -> None:
    """Make it this officer's case; another's is taken over, which the log says. Twice does no harm. Raises NotFound."""
    contacts.lock(session, contact_id=contact_id)
    application = applications.lock(session, contact_id=contact_id)
    if application.officer_id == agent_id:
        return
    was, application.officer_id = application.officer_id, agent_id
    session.flush()
    audit.record(
        session,
        Event.APPLICATION_TAKEN,
        force_id=application.force_id,
        contact_id=contact_id,
        at=now,
        from_agent_id=was,
    )


def send_back_incomplete(
    session: Session, *, contact_id: UUID, agent_id: UUID, what: Return, now: dt.datetime
) -> Asked:
    """Back to the applicant with what is missing; the words leave by the safe way alone (practice 13), which is said.

    Its date stays that of the declaration (practice 28). Raises NotFound, MoveNotAllowed, ReasonNeeded (nothing named
    or nothing said), UnsafeToReply.
    """
    if not what.missing:
        raise ReasonNeeded(what="missing")
    words = typed_words(what.words, "return")
    application = move(session, contact_id=contact_id, event=ApplicationEvent.RETURN, now=now)
    application.waiting_for, application.waiting_since = WAITS_FOR_APPLICANT, now
    said = writing.write(session, contact_id=contact_id, agent_id=agent_id, body=words, now=now, told=what.told)
    told = what.told if said.channel == "note" else None  # who reads their page was told there, whatever was chosen
    letter = not said.mailed and decision_letters.more_needed(
        session, contact_id=contact_id, missing=what.missing, words=words, told=told, made_by=agent_id, now=now
    )
    audit.record(
        session, Event.APPLICATION_RETURNED, force_id=application.force_id, contact_id=contact_id, at=now,
        missing=[each.value for each in what.missing],
    )  # fmt: skip
    if letter:
        return Asked.LETTER
    return Asked.NOTE if said.channel == "note" else Asked.MAIL if said.mailed else Asked.PAGE


def step(session: Session, *, contact_id: UUID, event: ApplicationEvent, now: dt.datetime) -> Application:
    """The moves that need no words: complete again, validated, checks begun, taken on without payment.

    Raises NotFound, MoveNotAllowed.
    """
    application = move(session, contact_id=contact_id, event=event, now=now)
    if application.waiting_for == WAITS_FOR_APPLICANT:
        application.waiting_for = application.waiting_since = None
    if event is ApplicationEvent.BEGIN_CHECKS:
        kinds = checks_of(Kind(application.kind), under_age=age.is_under_18(session, contact_id=contact_id, now=now))
        licensing_work.begin_checks(session, contact_id=contact_id, kinds=kinds, now=now)
    session.flush()
    return application


STEPS = frozenset(
    {
        ApplicationEvent.SKIP_PAYMENT,
        ApplicationEvent.COMPLETED,
        ApplicationEvent.VALIDATE,
        ApplicationEvent.BEGIN_CHECKS,
    }
)


def record_check(
    session: Session,
    *,
    contact_id: UUID,
    agent_id: UUID,
    kind: Check,
    to: CheckState,
    result: str,
    now: dt.datetime,
) -> None:
    """Write down how one check stands, with who and when. Raises NotFound, MoveNotAllowed (words are missing)."""
    contacts.lock(session, contact_id=contact_id)
    application = applications.lock(session, contact_id=contact_id)
    check = licensing_work.find_check(session, contact_id=contact_id, kind=kind)
    if check is None:
        raise NotFound(kind="check", key=kind.value)
    was = CheckState(check.state)
    check.state = record(kind, was, to, words=result).value
    check.result = " ".join(result.split())[:2000]
    check.agent_id, check.changed_at = agent_id, now
    if to is CheckState.WAITING and was is not CheckState.WAITING:
        check.asked_at = now
    session.flush()
    _await(session, application)
    audit.record(
        session, Event.CHECK_RECORDED, force_id=application.force_id, contact_id=contact_id, at=now, check=kind,
        was=was, state=to,
    )  # fmt: skip


def _await(session: Session, application: Application) -> None:
    """Whom the caseload names: the one who was asked first and has not answered."""
    if application.waiting_for == WAITS_FOR_APPLICANT:
        return
    waiting = [
        each
        for each in licensing_work.list_checks(session, contact_id=application.contact_id)
        if each.state == CheckState.WAITING
    ]
    first = min(waiting, key=lambda each: each.asked_at or each.changed_at, default=None)
    application.waiting_for = _WAITS[Check(first.kind)] if first else None
    application.waiting_since = (first.asked_at or first.changed_at) if first else None
    session.flush()


def withdraw(
    session: Session, *, contact_id: UUID, actor: Actor, words: str, now: dt.datetime, told: ToldBy | None = None
) -> None:
    """Record that the applicant withdrew, after they asked: a person does it, with what the applicant is told.

    What was paid goes back: the fee falls due on a grant alone (practice 28). Raises NotFound, Forbidden,
    MoveNotAllowed, ReasonNeeded, UnsafeToReply.
    """
    said = typed_words(words, "withdraw")
    agent_id = officer_of(session, contact_id, actor)
    wrote = writing.write(session, contact_id=contact_id, agent_id=agent_id, body=said, now=now, told=told)
    application = move(session, contact_id=contact_id, event=ApplicationEvent.WITHDRAW, now=now)
    application.waiting_for = application.waiting_since = application.next_due = None
    session.flush()
    renewals.application_over(session, contact_id=contact_id, actor=actor, now=now)
    refunding.refund_in_full(session, contact_id=contact_id, actor=actor, reason=RefundReason.WITHDRAWN, now=now)
    told_by = told if wrote.channel == "note" else None
    decision_letters.withdrawn(session, contact_id=contact_id, words=said, told=told_by, made_by=agent_id, now=now)


def officer_of(session: Session, contact_id: UUID, actor: Actor) -> UUID:
    """The officer who acts. Raises NotFound, Forbidden."""
    force_id = applications.get(session, contact_id=contact_id).force_id
    if actor.agent_id is None or not may(actor, Permission.LICENSING, force_id):
        raise Forbidden(permission=Permission.LICENSING.value, force_id=force_id)
    return actor.agent_id
