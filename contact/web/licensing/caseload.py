"""The caseload: lists of this officer's forces, a page at a time, and the search; neither shows a word of an answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.services.licensing import reviews, searching
from contact.store import caseload, forces
from contact.store.caseload import Cursor, Row, View
from contact.web.licensing import words
from contact.web.licensing.blueprint import room
from contact.web.licensing.opening import own, remember_found
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.filters import london
from contact.web.shared.request_actor import SignedInAgent, current_agent

_NAMES = {
    View.NEW: "New",
    View.IN_HAND: "Being checked",
    View.AWAITING: "Awaiting",
    View.VISITS: "Visit due",
    View.DECIDE: "Ready to decide",
    View.EXPIRING: "Expiring",
    View.UNPAID: "Granted, fee not paid",
    View.MESSAGES: "Unread",
    View.MINE: "Mine",
}
_EMPTY = {
    View.NEW: "Nothing new.",
    View.AWAITING: "Nobody is awaited.",
    View.VISITS: "No visit is booked.",
    View.DECIDE: "Nothing waits for a decision.",
    View.EXPIRING: "Nothing here expires.",
    View.UNPAID: "Every fee of what was granted is paid.",
    View.MESSAGES: "Nothing is unread.",
    View.MINE: "You have no case.",
}
_SOON = dt.timedelta(days=28)
_LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One application in words. `when` says what the list is ordered by; `urgency`: late, soon or running."""

    key: UUID
    href: str
    reference: str
    person: str
    what: str
    state: str
    when: str
    at: dt.datetime | None
    urgency: str
    awaited: str
    waited: str
    officer: str
    mine: bool
    force: str
    payment: str
    marks: tuple[str, ...]


@room.get("/", endpoint="caseload")
@requires(Permission.LICENSING)
def show_caseload() -> ResponseReturnValue:
    """A page of one list."""
    agent, orm = current_agent(), database.session()()
    mine = agent.actor.licensing_forces
    chosen = _chosen(request.args.get("view", ""))
    after = Cursor.read(request.args.get("after", ""))
    page = caseload.page(orm, view=chosen, force_ids=mine, agent_id=agent.id, after=after)
    return render_template(
        "licensing/caseload.html",
        view_name=_NAMES[chosen],
        places=[{"name": _NAMES[view], "href": _url(view), "here": view is chosen} for view in View],
        lines=_lines(page.rows, agent, chosen),
        empty="There is nothing further on." if after else _EMPTY.get(chosen, "Nothing is being checked."),
        first_url=_url(chosen) if after else None,
        next_url=_url(chosen, str(page.after)) if page.after else None,
        forces_shown=len(mine) > 1,
        reviews=reviews.open_reviews(orm, force_ids=mine, but_of=own()),
        now=clock.utcnow(),
    )


@room.get("/search")
@requires(Permission.LICENSING)
def search() -> ResponseReturnValue:
    """An empty box."""
    return _results("", None)


@room.post("/search")
@requires(Permission.LICENSING)
def search_results() -> ResponseReturnValue:
    """What was found, by any reading of what was typed; what was typed stands in no address and no log."""
    typed = " ".join(request.form.get("q", "").replace("\x00", "").split())
    if not typed or len(typed) > _LONGEST_SEARCH:
        return _results(typed[:_LONGEST_SEARCH], None, error="Type less" if typed else "Type what to look for"), 400
    found = searching.find(database.session()(), typed=typed, now=clock.utcnow())
    remember_found(row.contact_id for row in found.found)
    return _results(typed, found)


def _results(typed: str, found: searching.Results | None, *, error: str = "") -> str:
    agent = current_agent()
    return render_template(
        "licensing/search.html",
        typed=typed,
        found=found,
        lines=_lines(found.found, agent, View.NEW) if found else [],
        read_as=" or ".join(kind.label for kind in found.kinds) if found else "",
        forces_shown=len(agent.actor.licensing_forces) > 1,
        error=error,
    )


def _chosen(text: str) -> View:
    return View(text) if text in {view.value for view in View} else View.NEW


def _url(view: View, after: str | None = None) -> str:
    return url_for("licensing.caseload", view=None if view is View.NEW else view.value, after=after or None)


def _lines(rows: tuple[Row, ...], agent: SignedInAgent, view: View) -> list[Line]:
    names = {force.id: force.name for force in forces.list_all(database.session()())}
    now = clock.utcnow()
    return [_line(row, agent, view, names, now) for row in rows]


def _line(row: Row, agent: SignedInAgent, view: View, names: dict[str, str], now: dt.datetime) -> Line:
    when, at = _ordered_by(row, view)
    left = row.next_due - london(now).date() if row.next_due else None
    urgency = "running" if left is None else "late" if left < dt.timedelta(0) else "soon" if left < _SOON else "running"
    return Line(
        key=row.contact_id,
        href=url_for("licensing.application", contact_id=row.contact_id),
        reference=row.reference,
        person=" ".join(part for part in (row.given_name, row.surname) if part) or "Name not given",
        what=words.title(row.kind, row.licence),
        state=words.state(row.state),
        when=when,
        at=at,
        urgency=urgency,
        awaited=words.waiting(row.waiting_for) if row.waiting_for else "",
        waited=_days(now - row.waiting_since) if row.waiting_for and row.waiting_since else "",
        officer=row.officer or "",
        mine=row.officer_id == agent.id,
        force=names.get(row.force_id, row.force_id),
        payment=words.payment(row.payment),
        marks=tuple(_marks(row)),
    )


def _days(since: dt.timedelta) -> str:
    """`6 days`; nothing before the first has gone by."""
    return "" if since.days < 1 else "1 day" if since.days == 1 else f"{since.days} days"


def _ordered_by(row: Row, view: View) -> tuple[str, dt.datetime | None]:
    if view is View.AWAITING:
        return "Since", row.waiting_since
    if view is View.VISITS:
        return "Visit", row.visit_at
    if view is View.EXPIRING and row.next_due is not None:
        return f"By {row.next_due.day} {row.next_due:%b %Y}", None
    return "Declared", row.declared_at


def _marks(row: Row) -> list[str]:
    found: list[str] = []
    if row.unread:
        found.append("Unread")
    if row.in_time is False:
        found.append("Not in time")
    return found
