"""The queue page: emergencies first, then by due time, live where JavaScript runs and the same without it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain import queueing
from contact.domain.access import Permission
from contact.domain.queueing import Band
from contact.domain.taxonomy import Category, Flag, FlagKind, Grade, in_order
from contact.services import breaks, control_room
from contact.store import audit, queue
from contact.store.queue import Cursor, Row, View
from contact.web.controlroom.alarms import open_alarms
from contact.web.controlroom.blueprint import room
from contact.web.controlroom.live import write_cursor
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.filters import span_in_words
from contact.web.shared.language import gettext as _
from contact.web.shared.request_actor import SignedInAgent, current_agent

SOON = dt.timedelta(minutes=15)
_NAMES = {
    View.WAITING: "Waiting",
    View.WITH_BOT: "With the assistant",
    View.MINE: "Mine",
    View.UNREAD: "New messages",
    View.SNOOZED: "Snoozed",
}
_CHANNELS = {
    "web": "Online form",
    "chat": "Web chat",
    "sms": "Text message",
    "telephone": "Telephone",
    "counter": "Front counter",
    "letter": "Letter",
    "email": "Email",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row in words. `urgency`: late, soon, running, done; `due_at` None once both clocks are done."""

    key: str
    href: str
    contact_id: UUID
    reference: str
    category: str
    grade: Grade
    warnings: list[str]
    flags: list[str]
    due_name: str
    due_at: dt.datetime | None
    due_words: str
    urgency: str
    received_at: dt.datetime
    force: str
    channel: str
    holder: str | None
    mine: bool
    unread: bool
    restricted: bool
    offered_by: str | None
    snoozed_until: dt.datetime | None
    claimable: bool
    with_bot: bool


@room.get("/", endpoint="queue")
@requires(Permission.SEE_QUEUE)
def show_queue() -> ResponseReturnValue:
    """A page of one of the lists; `part=rows` answers only what the live page swaps in."""
    if request.args.get("part") == "rows":
        return render_template("controlroom/_queue_rows.html", **context())
    rests_until = breaks.ends_at(database.session()(), agent_id=current_agent().id, now=clock.utcnow())
    shown = context()
    if rests_until is not None:
        shown["next_offer"] = None
    return render_template("controlroom/queue.html", **shown, break_until=rests_until)


def context() -> dict[str, Any]:
    """The page's context. The cursor is read before the rows, so that nothing falls between the two."""
    agent, session, now = current_agent(), database.session()(), clock.utcnow()
    forces = agent.actor.contact_forces
    chosen = _chosen(request.args.get("view", ""))
    after = Cursor.read(request.args.get("after", ""))
    cursor = audit.cursors(session, force_ids=forces)
    page = queue.page(session, view=chosen, force_ids=forces, agent_id=agent.id, after=after)
    desk = Desk.of(agent, now)
    lines = [desk.line(row) for row in page.rows]
    urgent = [each for row, each in zip(page.rows, lines, strict=True) if row.band == Band.EMERGENCY]
    others = [each for row, each in zip(page.rows, lines, strict=True) if row.band != Band.EMERGENCY]
    whole = chosen is View.WAITING and after is None and (bool(others) or not urgent)  # every emergency is on this page
    return {
        "view": chosen.value,
        "view_name": _NAMES[chosen],
        "places": [_place(view, chosen) for view in View],
        "emergencies": urgent,
        "others": others,
        "emergencies_waiting": len(urgent) if whole else queue.emergencies_waiting(session, force_ids=forces),
        "first": after is None,
        "here_url": _url(chosen, request.args.get("after")),
        "first_url": _url(chosen),
        "next_url": _url(chosen, str(page.after)) if page.after else None,
        "cursor": write_cursor(cursor),
        "forces_shown": len(forces) > 1,
        "now": now,
        "alarms": open_alarms(),
        "next_offer": _offer(desk) if request.args.get("let_go") else None,
        "full": queue.count_held(session, agent_id=agent.id) >= queueing.CAPACITY,
        "capacity": queueing.CAPACITY,
    }


def _chosen(text: str) -> View:
    return View(text) if text in {view.value for view in View} else View.WAITING


def _url(view: View, after: str | None = None) -> str:
    return url_for("controlroom.queue", view=None if view is View.WAITING else view.value, after=after or None)


def _place(view: View, chosen: View) -> dict[str, Any]:
    return {"name": _(_NAMES[view]), "href": _url(view), "here": view is chosen}


def _offer(desk: Desk) -> Line | None:
    """Who has let one go is shown the next at once (scenario 11)."""
    row = control_room.find_offer(database.session()(), agent=desk.agent.actor)
    return desk.line(row) if row else None


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose page it is and when, with what every row asks for worked out once."""

    agent: SignedInAgent
    now: dt.datetime
    works_for: frozenset[str]
    contacts_url: str

    @classmethod
    def of(cls, agent: SignedInAgent, now: dt.datetime) -> Desk:
        """The desk of an agent."""
        works_for = frozenset(agent.actor.forces_with(Permission.WORK_CONTACTS))
        return cls(agent, now, works_for, url_for("controlroom.queue") + "contacts/")

    def line(self, row: Row) -> Line:
        """A row in words."""
        now = self.now
        flags = in_order(Flag(flag) for flag in row.flags)
        name, due_at = _due(row)
        late = due_at is not None and due_at < now
        free = row.holder_id is None or row.offered_by is not None
        return Line(
            key=str(row.id),
            href=f"{self.contacts_url}{row.contact_id}",
            contact_id=row.contact_id,
            reference=row.reference,
            category=Category(row.category).label,
            grade=Grade(row.grade),
            warnings=[flag.label for flag in flags if flag.kind is FlagKind.WARNING],
            flags=[flag.label for flag in flags if flag.kind is FlagKind.VULNERABILITY],
            due_name=name,
            due_at=due_at,
            due_words=_due_words(due_at, now),
            urgency="done" if due_at is None else "late" if late else "soon" if due_at - now < SOON else "running",
            received_at=row.received_at,
            force=row.force_name,
            channel=_CHANNELS.get(row.channel, row.channel),
            holder=row.holder_name,
            mine=row.holder_id == self.agent.id,
            unread=row.unread,
            restricted=row.restricted,
            offered_by=row.offered_by,
            snoozed_until=row.snoozed_until,
            claimable=free and row.state != "closed" and row.force_id in self.works_for,
            with_bot=row.state == "with_bot",
        )


def _due(row: Row) -> tuple[str, dt.datetime | None]:
    if row.looked_at is None:
        return _("Look"), row.look_by
    if row.answered_at is None:
        return _("Answer"), row.answer_by
    return _("Answered"), None


def _due_words(due_at: dt.datetime | None, now: dt.datetime) -> str:
    if due_at is None:
        return ""
    if due_at < now:
        return _("%(span)s late") % {"span": span_in_words(now - due_at)}
    return _("in %(span)s") % {"span": span_in_words(due_at - now)}
