"""Asking for the holders of a force as a file, releasing it as another officer, taking it (practice 27)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import Forbidden, MoveNotAllowed, NotFound, ReasonNeeded
from contact.domain.licensing.holder_exports import LONGEST_REASON, TAKE_WITHIN, ExportState, What, may_take
from contact.services.licensing import exporting
from contact.services.licensing.exporting import Own
from contact.store import forces, holder_exports, triage
from contact.store.holder_exports import HolderExport
from contact.web.licensing.application_page import Typed
from contact.web.licensing.blueprint import room
from contact.web.licensing.opening import refused
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent

_SHOWN = dt.timedelta(days=30)
_DONE = {
    "asked": "Asked for. Another licensing officer of the force has to release it.",
    "release": "Released. Whoever asked can take it for 24 hours.",
    "decline": "Not released.",
}


@room.get("/certificates/exports")
@requires(Permission.LICENSING, step_up=True)
def exports() -> ResponseReturnValue:
    """What was asked for in the last month, and what waits for a second person."""
    return _listed(done=_DONE.get(request.args.get("done", ""), ""))


@room.post("/certificates/exports")
@requires(Permission.LICENSING, step_up=True)
def ask_export() -> ResponseReturnValue:
    """Ask for holders, with the reason; nothing leaves before another officer has released it."""
    mine, force_id, what = current_agent().actor.licensing_forces, request.form.get("force", ""), _what()
    if force_id not in mine:
        return _again("force", "Choose the force")
    if what is None:
        return _again("what", "Choose what you need")
    reason = request.form.get("reason", "")
    if len(reason) > LONGEST_REASON:
        return _again("reason", f"Use {LONGEST_REASON:,} characters at most")
    try:
        exporting.ask(
            database.session()(), force_id=force_id, what=what, reason=reason, actor=current_agent().actor,
            now=clock.utcnow(),
        )  # fmt: skip
    except ReasonNeeded:
        return _again("reason", "Write what it is for")
    return redirect(url_for("licensing.exports", done="asked"), 303)


@room.post("/certificates/exports/<uuid:export_id>/<any(release, decline):verdict>")
@requires(Permission.LICENSING, step_up=True)
def decide_export(export_id: UUID, verdict: str) -> ResponseReturnValue:
    """The second person's verdict; whoever asked never decides (the service and the database refuse it)."""
    actor, now = current_agent().actor, clock.utcnow()
    try:
        exporting.decide(database.session()(), export_id=export_id, release=verdict == "release", actor=actor, now=now)
    except NotFound:
        raise refused(export_id, why="not_found_or_not_theirs", kind="export") from None
    except Forbidden:
        refused(export_id, why="same_person", kind="export")  # that it was tried is written down
        raise
    except MoveNotAllowed:
        return _listed(error="Somebody else has decided that already"), 409
    return redirect(url_for("licensing.exports", done=verdict), 303)


@room.get("/certificates/exports/<uuid:export_id>/holders.csv")
@requires(Permission.LICENSING, step_up=True)
def export_file(export_id: UUID) -> ResponseReturnValue:
    """The file, for who asked, within a day of its release; that it was taken is written down each time."""
    agent = current_agent()
    try:
        text = exporting.take(
            database.session()(), export_id=export_id, own=Own(agent.name, agent.email), actor=agent.actor,
            now=clock.utcnow(),
        )  # fmt: skip
    except NotFound:
        raise refused(export_id, why="not_found_or_not_theirs", kind="export") from None
    except (MoveNotAllowed, Forbidden):
        return _listed(error="Only who asked can take it, for 24 hours after its release"), 409
    headers = {"Content-Disposition": 'attachment; filename="register.csv"', "Cache-Control": "no-store"}
    return Response(text, mimetype="text/csv", headers=headers)


def _what() -> What | None:
    code = request.form.get("what", "")
    return What(code) if code in {each.value for each in What} else None


def _again(field: str, said: str) -> ResponseReturnValue:
    return _listed(typed=Typed("export", request.form.to_dict(), {}, {field: said})), 400


def _listed(*, typed: Typed | None = None, done: str = "", error: str = "") -> str:
    orm, now, mine = database.session()(), clock.utcnow(), current_agent().actor.licensing_forces
    rows = holder_exports.list_since(orm, force_ids=mine, since=now - _SHOWN)
    people = {each for row in rows for each in (row.asked_by_id, row.decided_by_id) if each is not None}
    names = triage.names_of(orm, agent_ids=people)
    force_names = {each.id: each.name for each in forces.list_all(orm)}
    return render_template(
        "licensing/exports.html",
        exports=[_line(row, names, force_names, now) for row in rows],
        forces=[(each, force_names[each]) for each in mine],
        whats=[(each.value, each.label) for each in What],
        typed=typed or Typed(),
        done=done,
        error=error,
    )


def _line(row: HolderExport, names: dict[UUID, str], force_names: dict[str, str], now: dt.datetime) -> dict[str, Any]:
    mine, state = row.asked_by_id == current_agent().id, ExportState(row.state)
    return {
        "id": row.id,
        "what": What(row.what).label,
        "force": force_names.get(row.force_id, row.force_id),
        "reason": row.reason,
        "by": names.get(row.asked_by_id, "A colleague"),
        "at": row.asked_at,
        "mine": mine,
        "waits": state is ExportState.ASKED,
        "verdict": "Released" if state is ExportState.RELEASED else "Not released",
        "decided_by": names.get(row.decided_by_id, "a colleague") if row.decided_by_id else "",
        "decided_at": row.decided_at,
        "until": row.decided_at + TAKE_WITHIN if mine and row.decided_at and may_take(state, row.decided_at, now=now)
        else None,
    }  # fmt: skip
