"""How a force licenses: the approval of its online form (practice 24), when it collects, and who signs a refund."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.licensing.kinds import CollectAt
from contact.domain.money import pence_of, plain
from contact.services.licensing import force_settings
from contact.services.licensing.force_settings import Approval, ForceSettings
from contact.store import forces
from contact.web.admin.blueprint import room
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.filters import london
from contact.web.shared.request_actor import current_actor

COLLECT = {
    CollectAt.SUBMISSION: "When it is sent",
    CollectAt.REQUEST: "When an officer asks",
    CollectAt.DECISION: "When it is granted",
}
_FIELDS = ("instrument", "reference", "on", "by", "collect_at", "two_person", "other_way", "other_way_cy")
_LONGEST = 400


@room.get("/forces/<force_id>/licensing")
@requires(Permission.ADMINISTER_FORCE)
def force_licensing(force_id: str) -> ResponseReturnValue:
    """What stands, and the form to change it."""
    stands = force_settings.read(database.session()(), actor=current_actor(), force_id=force_id)
    approval = stands.approval
    values = {
        "instrument": approval.instrument if approval else "",
        "reference": approval.reference if approval else "",
        "on": approval.on.isoformat() if approval else "",
        "by": approval.by if approval else "",
        "collect_at": stands.collect_at.value,
        "two_person": plain(stands.two_person_above_pence),
        "other_way": stands.other_way_to_pay,
        "other_way_cy": stands.other_way_to_pay_cy,
    }
    return _page(force_id, values, {})


@room.post("/forces/<force_id>/licensing")
@requires(Permission.ADMINISTER_FORCE, step_up=True)
def set_force_licensing(force_id: str) -> ResponseReturnValue:
    """Set it all at once."""
    values = {name: " ".join(request.form.get(name, "").split())[:_LONGEST] for name in _FIELDS}
    wrong: dict[str, str] = {}
    approval = _approval(values, wrong)
    pence = pence_of(values["two_person"])
    if pence is None:
        wrong["two_person"] = "Enter a sum in pounds, like 200 or 200.00"
    if values["collect_at"] not in set(CollectAt):
        wrong["collect_at"] = "Choose when the fee is collected"
    if wrong or pence is None:
        return _page(force_id, values, wrong), 400
    to = ForceSettings(approval, CollectAt(values["collect_at"]), pence, values["other_way"], values["other_way_cy"])
    force_settings.change(database.session()(), actor=current_actor(), force_id=force_id, to=to, now=clock.utcnow())
    return redirect(url_for("admin.force_licensing", force_id=force_id, saved=1), 303)


def _approval(values: dict[str, str], wrong: dict[str, str]) -> Approval | None:
    """All four boxes, or none of them."""
    if not any(values[name] for name in ("instrument", "reference", "on", "by")):
        return None
    said = {
        "instrument": "Enter the instrument that approves it",
        "reference": "Enter the reference of the approval",
        "on": "Enter the date of the approval",
        "by": "Enter who approved it",
    }
    wrong |= {name: words for name, words in said.items() if not values[name]}
    day: dt.date | None = None
    with suppress(ValueError):
        day = dt.date.fromisoformat(values["on"])
    if day is None or day > london(clock.utcnow()).date():
        wrong["on"] = "Enter the date of the approval, which is not in the future"
        return None
    return Approval(values["instrument"], values["reference"], day, values["by"])


def _page(force_id: str, values: dict[str, str], wrong: dict[str, str]) -> str:
    return render_template(
        "admin/licensing.html",
        force=forces.get(database.session()(), force_id=force_id),
        values=values,
        wrong=wrong,
        errors=[{"text": words, "href": f"#{name}"} for name, words in wrong.items()],
        collect=[(each.value, words) for each, words in COLLECT.items()],
        saved="saved" in request.args and not wrong,
    )
