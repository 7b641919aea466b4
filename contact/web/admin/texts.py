"""The numbers at which people text a force: added and taken away below Forces."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.services import sms_numbers
from contact.services.text_ways import e164
from contact.web.admin.blueprint import room
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_actor


@room.get("/forces/<force_id>/texts")
@requires(Permission.ADMINISTER_FORCE)
def texts(force_id: str) -> ResponseReturnValue:
    """Where people text this force, and what must be set at the telephone company."""
    return _page(force_id)


@room.post("/forces/<force_id>/texts")
@requires(Permission.ADMINISTER_FORCE, step_up=True)
def set_text_number(force_id: str) -> ResponseReturnValue:
    """Add a number, or give one another messaging service; `act=remove` takes it away."""
    session, actor, now = database.session()(), current_actor(), clock.utcnow()
    typed = {name: request.form.get(name, "").strip()[:60] for name in ("number", "service")}
    if request.form.get("act") == "remove":
        sms_numbers.remove_number(session, actor=actor, force_id=force_id, number=typed["number"], now=now)
        return redirect(url_for("admin.texts", force_id=force_id), 303)
    number, wrong = e164(typed["number"]), {}
    if number is None:
        wrong["number"] = "Enter a telephone number, like 01632 960201"
    elif sms_numbers.is_taken(session, number=number, force_id=force_id):
        wrong["number"] = "Another force answers at this number"
    if typed["service"] and not sms_numbers.is_service(typed["service"]):
        wrong["service"] = "A messaging service begins with MG, then 32 digits or letters from a to f"
    if wrong or number is None:
        return _page(force_id, typed, wrong), 400
    service = typed["service"] or None
    sms_numbers.set_number(session, actor=actor, force_id=force_id, number=number, service_sid=service, now=now)
    return redirect(url_for("admin.texts", force_id=force_id), 303)


def _page(force_id: str, typed: dict[str, str] | None = None, wrong: dict[str, str] | None = None) -> str:
    force, numbers = sms_numbers.of_force(database.session()(), actor=current_actor(), force_id=force_id)
    return render_template(
        "admin/texts.html",
        force=force,
        numbers=numbers,
        typed=typed or {"number": "", "service": ""},
        wrong=wrong or {},
        errors=[{"text": text, "href": f"#{name}"} for name, text in (wrong or {}).items()],
    )
