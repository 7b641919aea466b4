"""The search page: what is looked for stands in no address and no log; results carry no words of anybody."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.states import ContactState
from contact.domain.taxonomy import Category, Grade
from contact.services import search as finding
from contact.store import forces
from contact.web.controlroom.blueprint import room
from contact.web.controlroom.forms import SearchForm, said
from contact.web.controlroom.opening import remember_found
from contact.web.shared import clock, database
from contact.web.shared.access import requires

_STATES = {
    ContactState.WITH_BOT: "with the assistant",
    ContactState.WAITING: "waiting",
    ContactState.WITH_AGENT: "with an agent",
    ContactState.SNOOZED: "snoozed",
    ContactState.CLOSED: "closed",
}


@room.get("/search")
@requires(Permission.SEE_QUEUE)
def search() -> ResponseReturnValue:
    """An empty box."""
    return render_template("controlroom/search.html", results=None, rows=[], error="", typed="")


@room.post("/search")
@requires(Permission.SEE_QUEUE)
def search_results() -> ResponseReturnValue:
    """What was found, newest first, by any reading of what was typed; only the agent's own forces (scenario 22)."""
    form, orm = SearchForm(), database.session()()
    if not form.validate():
        error = form.first_errors()["q"]
        shown = render_template("controlroom/search.html", results=None, rows=[], error=error, typed=form.q.data or "")
        return shown, 400
    results = finding.find(orm, typed=said(form.q), now=clock.utcnow())
    names = {force.id: force.name for force in forces.list_all(orm)}
    rows = [
        {
            "id": each.contact_id,
            "reference": each.reference,
            "category": Category(each.category).label,
            "grade": Grade(each.grade),
            "state": _STATES[ContactState(each.state)],
            "force": names.get(each.force_id, each.force_id),
            "received_at": each.received_at,
            "restricted": each.restricted,
        }
        for each in results.found
    ]
    remember_found([each.contact_id for each in results.found], [kind.value for kind in results.kinds])
    return render_template("controlroom/search.html", results=results, rows=rows, error="", typed=form.q.data)
