"""A recommendation by one officer, the decision by another; NFLMS is copied to first (practice 27)."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import ReasonNeeded
from contact.domain.licensing.decisions import NflmsNeeded, Outcome, SamePerson, nflms
from contact.services.licensing import decisions, nflms_order
from contact.services.licensing import file as files
from contact.web.licensing.application import ONE, back, shown_again
from contact.web.licensing.application_page import context, head
from contact.web.licensing.blueprint import room
from contact.web.licensing.opening import open_application, still_theirs
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.filters import london
from contact.web.shared.request_actor import current_agent
from contact.web.shared.transaction import commit_now

_NFLMS = {
    ("person", "empty"): "Enter the person's number in NFLMS",
    ("person", "shape"): "Enter the number as NFLMS shows it: it has at least one figure",
    ("certificates", "empty"): "Enter the certificate number that NFLMS gave",
    ("certificates", "shape"): "Enter the certificate number as NFLMS shows it",
    ("certificates", "count"): "Enter one certificate number for each certificate granted, the firearm one first",
    ("certificates", "taken"): "That number stands in our register for another certificate. Check it in NFLMS",
    ("certificates", "state"): "Our register has a certificate of this application in a state in which that cannot be"
    " recorded. Put the register right first, or take that certificate off this application",
    ("on", "empty"): "Enter the date in NFLMS",
    ("on", "future"): "The date is in the future",
}
OPEN_CHECKS = "End every check first, or say why it is not needed"
NO_FIGURE = (
    "The fee for this has no figure, so it cannot be granted yet. Ask your administrator to fill it in, below Forces, "
    "Own fees"
)
NO_PARENT = "The applicant is under 18: record first, among the checks, that a parent or guardian agrees"
SAME_PERSON = "You recommended it, so another officer decides. That you tried is recorded."
_NOT_WHOLE = {"checks": OPEN_CHECKS, "parent": NO_PARENT}


@room.post(f"{ONE}/recommend")
@requires(Permission.LICENSING)
def recommend(contact_id: UUID) -> ResponseReturnValue:
    """What should be decided, with the reasons."""
    now, outcome = still_theirs(contact_id), _outcome()
    if outcome is None:
        return shown_again(contact_id, "recommend", outcome="Choose what you recommend")
    try:
        decisions.recommend(
            database.session()(),
            contact_id=contact_id,
            agent_id=current_agent().id,
            outcome=outcome,
            reasons=request.form.get("reasons", ""),
            now=now,
        )
    except ReasonNeeded as needed:
        if needed.what in _NOT_WHOLE:
            return shown_again(contact_id, "recommend", outcome=_NOT_WHOLE[needed.what])
        return shown_again(contact_id, "recommend", reasons="Write the reasons")
    return back(contact_id, "recommended", anchor="decision")


@room.post(f"{ONE}/decide")
@requires(Permission.LICENSING)
def decide(contact_id: UUID) -> ResponseReturnValue:
    """Grant, refuse or send back; never by whoever recommended it, and never before NFLMS has it."""
    now, actor, orm = still_theirs(contact_id), current_agent().actor, database.session()()
    reasons = request.form.get("reasons", "")
    try:
        if request.form.get("outcome") == "send_back":
            decisions.send_back(orm, contact_id=contact_id, agent_id=current_agent().id, reasons=reasons, now=now)
            return back(contact_id, "sent_back", anchor="decision")
        outcome = _outcome()
        if outcome is None:
            return shown_again(contact_id, "decide", outcome="Choose the decision")
        numbers = tuple(request.form.get("certificates", "").replace(";", ",").split(","))
        read = nflms(request.form.get("person", ""), numbers, _day(), outcome=outcome, today=london(now).date())
        decisions.decide(
            orm,
            contact_id=contact_id,
            actor=actor,
            outcome=outcome,
            reasons=reasons,
            nflms=read,
            now=now,
        )
    except SamePerson:
        return _own_recommendation(contact_id)
    except NflmsNeeded as needed:
        return shown_again(contact_id, "decide", **{needed.field: _NFLMS[needed.field, needed.reason]})
    except ReasonNeeded as needed:
        if needed.what in _NOT_WHOLE:
            return shown_again(contact_id, "decide", outcome=_NOT_WHOLE[needed.what])
        if needed.what == "fee":
            return shown_again(contact_id, "decide", outcome=NO_FIGURE)
        return shown_again(contact_id, "decide", reasons="Write the reasons")
    return back(contact_id, "decided", anchor="decision")


def _own_recommendation(contact_id: UUID) -> ResponseReturnValue:
    """Refused; that it was tried is written down by itself, since nothing else was changed."""
    commit_now()
    return shown_again(contact_id, "decide", outcome=SAME_PERSON)


def _outcome() -> Outcome | None:
    code = request.form.get("outcome", "")
    return Outcome(code) if code in set(Outcome) else None


def _day() -> dt.date | None:
    with suppress(ValueError):
        return dt.date.fromisoformat(request.form.get("on", ""))
    return None


@room.get(f"{ONE}/nflms")
@requires(Permission.LICENSING)
def nflms_fields(contact_id: UUID) -> ResponseReturnValue:
    """What was answered, laid out for copying into the master register."""
    if not open_application(contact_id, kind="nflms"):
        return redirect(url_for("licensing.application", contact_id=contact_id))
    file = files.load(database.session()(), contact_id=contact_id, agent_id=current_agent().id)
    return render_template("licensing/nflms.html", sections=nflms_order.sections(file), **head(file))


@room.get(f"{ONE}/sheet")
@requires(Permission.LICENSING)
def decision_sheet(contact_id: UUID) -> ResponseReturnValue:
    """One page for whoever decides (practice 30)."""
    if not open_application(contact_id, kind="sheet"):
        return redirect(url_for("licensing.application", contact_id=contact_id))
    return render_template("licensing/sheet.html", **context(contact_id))
