"""Moves before a decision: on by one step, back as incomplete, a check recorded, withdrawn since they asked."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import MoveNotAllowed, NotFound, ReasonNeeded, UnsafeToReply
from contact.domain.licensing.application_states import ApplicationEvent
from contact.domain.licensing.checks import Check, CheckState, needs_words
from contact.domain.licensing.decisions import Missing
from contact.services.licensing import casework
from contact.web.licensing.application import ONE, back, shown_again
from contact.web.licensing.blueprint import room
from contact.web.licensing.opening import still_theirs
from contact.web.licensing.telling import UNSAFE, told
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent

_WORDS_FOR = {
    CheckState.CONCERN: "Write what the concern is",
    CheckState.NOT_NEEDED: "Write why it is not needed",
    CheckState.NO_CONCERN: "Write who agrees, who they are to the applicant, and how you saw it",
}


@room.post(f"{ONE}/step")
@requires(Permission.LICENSING)
def step(contact_id: UUID) -> ResponseReturnValue:
    """One of the moves that need no words."""
    now, code = still_theirs(contact_id), request.form.get("event", "")
    if code not in {each.value for each in casework.STEPS}:
        raise NotFound(kind="step", key=code)
    casework.step(database.session()(), contact_id=contact_id, event=ApplicationEvent(code), now=now)
    return back(contact_id, "stepped")


@room.post(f"{ONE}/return")
@requires(Permission.LICENSING)
def send_back_incomplete(contact_id: UUID) -> ResponseReturnValue:
    """Ask for what is missing."""
    now = still_theirs(contact_id)
    known = {each.value for each in Missing}
    missing = tuple(Missing(code) for code in dict.fromkeys(request.form.getlist("missing")) if code in known)
    what = casework.Return(missing, request.form.get("words", ""), told())
    try:
        asked = casework.send_back_incomplete(
            database.session()(), contact_id=contact_id, agent_id=current_agent().id, what=what, now=now
        )
    except ReasonNeeded as needed:
        if needed.what == "missing":
            return shown_again(contact_id, "return", missing="Choose what is missing")
        return shown_again(contact_id, "return", words="Write what the applicant should do")
    except UnsafeToReply:
        return shown_again(contact_id, "return", told=UNSAFE)
    return back(contact_id, f"returned_{asked}")


@room.post(f"{ONE}/checks/<kind>")
@requires(Permission.LICENSING)
def check(contact_id: UUID, kind: str) -> ResponseReturnValue:
    """How one check stands now."""
    now, to = still_theirs(contact_id), request.form.get("state", "")
    if kind not in set(Check):
        raise NotFound(kind="check", key=kind)
    form, result = f"check-{kind}", request.form.get("result", "")
    if to not in set(CheckState) or to == CheckState.NOT_STARTED:
        return shown_again(contact_id, form, state="Choose how it stands")
    if needs_words(Check(kind), CheckState(to)) and not result.strip():
        return shown_again(contact_id, form, result=_WORDS_FOR[CheckState(to)])
    casework.record_check(
        database.session()(),
        contact_id=contact_id,
        agent_id=current_agent().id,
        kind=Check(kind),
        to=CheckState(to),
        result=result,
        now=now,
    )
    return back(contact_id, "checked", anchor="checks")


@room.post(f"{ONE}/withdraw")
@requires(Permission.LICENSING)
def withdraw(contact_id: UUID) -> ResponseReturnValue:
    """The applicant asked to withdraw: a person records it and says what follows."""
    now = still_theirs(contact_id)
    try:
        casework.withdraw(
            database.session()(),
            contact_id=contact_id,
            actor=current_agent().actor,
            words=request.form.get("words", ""),
            now=now,
            told=told(),
        )
    except ReasonNeeded:
        return shown_again(contact_id, "withdraw", words="Write what the applicant is told")
    except UnsafeToReply:
        return shown_again(contact_id, "withdraw", told=UNSAFE)
    except MoveNotAllowed:
        return back(contact_id, "")
    return back(contact_id, "withdrawn")
