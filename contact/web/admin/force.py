"""One force on its way to going live: hours, telephones, papers, the test, the approval, the switch (practice 10)."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from contact.domain.access import Permission
from contact.domain.errors import Forbidden, ForceNotLive
from contact.services import go_live
from contact.settings import Settings
from contact.web.admin.blueprint import room
from contact.web.admin.force_fields import HoursTyped, NumbersTyped, PapersTyped
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_actor

MISSING = {
    "service_mode": "This is a demonstration. A force goes live in a service",
    "hours": "The staffed hours",
    "alarm_numbers": "A telephone number to ring when an emergency waits",
    "emergency_route": "A test of that telephone, answered by a person",
    "privacy_notice": "The address of the privacy notice",
    "dpia_reference": "The reference of the data protection impact assessment",
    "page_facts": "What only the force can say on its privacy notice and accessibility statement (Drafts and pages)",
    "reviewed_texts": "Every text read by a named person (contact screen check lists them)",
    "approval": "The approval of a second administrator",
}
"""What a force still owes, in words, by code."""


@room.get("/forces/<force_id>")
@requires(Permission.ADMINISTER_FORCE)
def force(force_id: str) -> ResponseReturnValue:
    """What stands, what is missing, and the forms to put it right."""
    return _page(force_id)


@room.post("/forces/<force_id>/hours")
@requires(Permission.ADMINISTER_FORCE, step_up=True)
def set_hours(force_id: str) -> ResponseReturnValue:
    """When its control room answers the public."""
    typed = HoursTyped.of(request.form)
    if typed.hours is None:
        return _page(force_id, hours=typed), 400
    go_live.set_hours(_orm(), actor=current_actor(), force_id=force_id, hours=typed.hours, now=clock.utcnow())
    return _back(force_id)


@room.post("/forces/<force_id>/numbers")
@requires(Permission.ADMINISTER_FORCE, step_up=True)
def set_numbers(force_id: str) -> ResponseReturnValue:
    """Whom to ring, in order, when an emergency waits."""
    typed = NumbersTyped.of(request.form)
    if typed.error:
        return _page(force_id, numbers=typed), 400
    go_live.set_numbers(_orm(), actor=current_actor(), force_id=force_id, numbers=typed.numbers, now=clock.utcnow())
    return _back(force_id)


@room.post("/forces/<force_id>/papers")
@requires(Permission.ADMINISTER_FORCE, step_up=True)
def set_papers(force_id: str) -> ResponseReturnValue:
    """Privacy notice and impact assessment."""
    typed = PapersTyped.of(request.form)
    if typed.error:
        return _page(force_id, papers=typed), 400
    go_live.set_papers(
        _orm(),
        actor=current_actor(),
        force_id=force_id,
        privacy_notice_url=typed.privacy_notice_url,
        dpia_reference=typed.dpia_reference,
        now=clock.utcnow(),
    )
    return _back(force_id)


@room.post("/forces/<force_id>/test")
@requires(Permission.ADMINISTER_FORCE, step_up=True)
def try_route(force_id: str) -> ResponseReturnValue:
    """Ring the numbers now."""
    go_live.try_route(_orm(), actor=current_actor(), force_id=force_id, now=clock.utcnow())
    return _back(force_id, ringing=True)


@room.post("/forces/<force_id>/live")
@requires(Permission.ADMINISTER_FORCE, step_up=True)
def switch(force_id: str) -> ResponseReturnValue:
    """Approve, go live, or go back to a demonstration; what is missing is said instead."""
    orm, actor, now = _orm(), current_actor(), clock.utcnow()
    act = request.form.get("act", "")
    try:
        if act == "approve":
            go_live.approve(orm, actor=actor, force_id=force_id, service_mode=_service_mode(), now=now)
        elif act == "stop":
            go_live.stop(orm, actor=actor, force_id=force_id, now=now)
        else:
            go_live.start(orm, actor=actor, force_id=force_id, service_mode=_service_mode(), now=now)
    except ForceNotLive:
        return _page(force_id, refused="Something is still missing"), 409
    except Forbidden as refused:
        if refused.permission != "own_approval":
            raise
        return _page(force_id, refused="You approved it, so somebody else takes the force live"), 409
    return _back(force_id)


def _orm() -> Session:
    return database.session()()


def _service_mode() -> bool:
    settings: Settings = current_app.config["CONTACT_SETTINGS"]
    return not settings.demo


def _back(force_id: str, *, ringing: bool = False) -> ResponseReturnValue:
    return redirect(url_for("admin.force", force_id=force_id, ringing=1 if ringing else None), 303)


def _page(
    force_id: str,
    *,
    hours: HoursTyped | None = None,
    numbers: NumbersTyped | None = None,
    papers: PapersTyped | None = None,
    refused: str = "",
) -> str:
    stands = go_live.readiness(_orm(), actor=current_actor(), force_id=force_id, service_mode=_service_mode())
    hours = hours or HoursTyped.stored(stands.force.hours if stands.shown and stands.shown.hours_set_at else None)
    numbers = numbers or NumbersTyped.stored(stands.numbers)
    papers = papers or PapersTyped.stored(stands.shown)
    errors = [error for typed in (hours, numbers, papers) for error in typed.errors]
    return render_template(
        "admin/force.html",
        force=stands.force,
        shown=stands.shown,
        missing=[(each.value, MISSING[each.value]) for each in stands.missing],
        unreviewed=stands.unreviewed,
        hours=hours,
        numbers=numbers,
        papers=papers,
        errors=errors,
        wrong={error["href"].removeprefix("#"): error["text"] for error in errors},
        refused=refused,
        ringing="ringing" in request.args,
    )
