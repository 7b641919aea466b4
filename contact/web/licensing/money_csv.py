"""A month of a force's books as a file for a spreadsheet. Finance officers only, with a fresh second factor."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.events import Event
from contact.services.payments import export
from contact.store import audit
from contact.web.licensing.blueprint import room
from contact.web.licensing.money import Month, this_force
from contact.web.shared import clock, database
from contact.web.shared.access import requires


@room.get("/money/takings.csv")
@requires(Permission.FINANCE, step_up=True)
def money_csv() -> ResponseReturnValue:
    """A month of the books as a file for a spreadsheet: references and sums, and nobody's name."""
    force_id, month = this_force(), Month.read(request.args.get("month", ""))
    session = database.session()()
    lines = list(export.lines(session, since=month.since, until=month.until, force_id=force_id))
    audit.record(
        session, Event.BOOKS_EXPORTED, force_id=force_id, at=clock.utcnow(), since=month.since, until=month.until,
        lines=len(lines) - 1,
    )  # fmt: skip
    name = f"licence-fees-{force_id}-{month.code}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("".join(lines), mimetype="text/csv", headers=headers)
