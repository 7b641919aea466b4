"""Recommended by one officer, decided by another, final only with what NFLMS says; reasons are kept (practice 27)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor
from contact.domain.errors import MoveNotAllowed, ReasonNeeded
from contact.domain.events import Event
from contact.domain.licensing.application_states import ApplicationEvent, ApplicationState
from contact.domain.licensing.checks import Check, CheckState, open_checks, parent_agrees
from contact.domain.licensing.decisions import Nflms, Outcome, SamePerson, ensure_another
from contact.domain.payments import RefundReason
from contact.services.licensing import age, decision_letters, granting, renewals
from contact.services.licensing.applications import move
from contact.services.licensing.casework import officer_of
from contact.services.payments import refunding, standing
from contact.services.typed import typed_words
from contact.store import applications, audit, contacts, licensing_work
from contact.store.licensing_work import ApplicationDecision

_FINAL = {Outcome.GRANT: ApplicationEvent.GRANT, Outcome.REFUSE: ApplicationEvent.REFUSE}


def recommend(
    session: Session, *, contact_id: UUID, agent_id: UUID, outcome: Outcome, reasons: str, now: dt.datetime
) -> ApplicationDecision:
    """Say what should be decided, and why. Raises NotFound, MoveNotAllowed, ReasonNeeded.

    ReasonNeeded names `checks` where a grant is recommended while a check is open: the file would not be whole; and
    `parent` where the applicant is under 18 and nobody has seen that a parent agrees.
    """
    words = typed_words(reasons, "reasons")
    contacts.lock(session, contact_id=contact_id)
    _ensure_whole(session, contact_id, outcome, now)
    application = move(session, contact_id=contact_id, event=ApplicationEvent.RECOMMEND, now=now)
    made = licensing_work.add_decision(
        session, contact_id=contact_id, kind="recommendation", outcome=outcome, reasons=words, agent_id=agent_id,
        recommended_by=None, nflms=None, now=now,
    )  # fmt: skip
    _note(session, application.force_id, made, now=now)
    return made


def _ensure_whole(session: Session, contact_id: UUID, outcome: Outcome, now: dt.datetime) -> None:
    """A grant is neither recommended nor decided while a check is open, nor without the parent of who is under 18.

    Raises ReasonNeeded.
    """
    if outcome is not Outcome.GRANT:
        return
    checks = licensing_work.list_checks(session, contact_id=contact_id)
    states = {Check(each.kind): CheckState(each.state) for each in checks}
    if age.is_under_18(session, contact_id=contact_id, now=now) and not parent_agrees(states):
        raise ReasonNeeded(what="parent")
    if open_checks(states):
        raise ReasonNeeded(what="checks")


def standing_recommendation(session: Session, *, contact_id: UUID) -> ApplicationDecision | None:
    """The recommendation that waits for a decision; None where there is none, or it was sent back or decided."""
    made = licensing_work.list_decisions(session, contact_id=contact_id)
    return made[-1] if made and made[-1].kind == "recommendation" else None


def send_back(session: Session, *, contact_id: UUID, agent_id: UUID, reasons: str, now: dt.datetime) -> None:
    """The decider wants more before deciding. Raises NotFound, MoveNotAllowed, SamePerson, ReasonNeeded."""
    words = typed_words(reasons, "reasons")
    recommended = _lock_recommendation(session, contact_id, agent_id)
    application = move(session, contact_id=contact_id, event=ApplicationEvent.SEND_BACK, now=now)
    made = licensing_work.add_decision(
        session, contact_id=contact_id, kind="sent_back", outcome=None, reasons=words, agent_id=agent_id,
        recommended_by=recommended.agent_id, nflms=None, now=now,
    )  # fmt: skip
    _note(session, application.force_id, made, now=now)


def decide(
    session: Session,
    *,
    contact_id: UUID,
    actor: Actor,
    outcome: Outcome,
    reasons: str,
    nflms: Nflms,
    now: dt.datetime,
) -> ApplicationDecision:
    """Decide, as another officer than the one who recommended; it may differ from what was recommended.

    `nflms` was read off the master register: nothing is granted or refused here before it stands there. A grant writes
    the working register and makes the fee the force's; a refusal gives all money back unasked and writes its letter
    (practice 26, 28). Raises NotFound, Forbidden, MoveNotAllowed, SamePerson, NflmsNeeded, ReasonNeeded:
    `fee` where its figure is not known, which blocks a grant.
    """
    words = typed_words(reasons, "reasons")
    agent_id = officer_of(session, contact_id, actor)
    recommended = _lock_recommendation(session, contact_id, agent_id)
    _ensure_whole(session, contact_id, outcome, now)  # what was recommended to be refused may have checks open
    if outcome is Outcome.GRANT:
        standing.ensure_priced(session, contact_id=contact_id, now=now)
    application = move(session, contact_id=contact_id, event=_FINAL[outcome], now=now)
    application.waiting_for = application.waiting_since = application.next_due = None
    made = licensing_work.add_decision(
        session, contact_id=contact_id, kind="decision", outcome=outcome, reasons=words, agent_id=agent_id,
        recommended_by=recommended.agent_id, nflms=nflms, now=now,
    )  # fmt: skip
    _note(session, application.force_id, made, now=now)
    if outcome is Outcome.GRANT:
        made_ids = granting.grant(session, contact_id=contact_id, actor=actor, nflms=nflms, now=now)
        decision_letters.granted(
            session,
            contact_id=contact_id,
            certificate_ids=made_ids,
            numbers=nflms.certificates,
            made_by=agent_id,
            now=now,
        )
        standing.on_grant(session, contact_id=contact_id, now=now)
    else:
        renewals.application_over(session, contact_id=contact_id, actor=actor, now=now)
        refunding.refund_in_full(session, contact_id=contact_id, actor=actor, reason=RefundReason.REFUSED, now=now)
        decision_letters.refused(session, contact_id=contact_id, words=words, made_by=agent_id, now=now)
    return made


def _lock_recommendation(session: Session, contact_id: UUID, agent_id: UUID) -> ApplicationDecision:
    contacts.lock(session, contact_id=contact_id)
    application = applications.lock(session, contact_id=contact_id)
    recommended = standing_recommendation(session, contact_id=contact_id)
    if recommended is None or application.state != ApplicationState.RECOMMENDATION:
        raise MoveNotAllowed(state=application.state, move="decide")
    try:
        ensure_another(recommended.agent_id, agent_id)
    except SamePerson:
        audit.record(
            session, Event.DECISION_REFUSED, force_id=application.force_id, contact_id=contact_id, why="same_person"
        )
        raise
    return recommended


def _note(session: Session, force_id: str, made: ApplicationDecision, *, now: dt.datetime) -> None:
    where: dict[str, Any] = {"force_id": force_id, "contact_id": made.contact_id, "at": now, "decision_id": made.id}
    if made.kind == "recommendation":
        audit.record(session, Event.APPLICATION_RECOMMENDED, **where, outcome=made.outcome)
    elif made.kind == "decision":
        audit.record(session, Event.APPLICATION_DECIDED, **where, outcome=made.outcome)
    else:
        audit.record(session, Event.APPLICATION_SENT_BACK, **where)
