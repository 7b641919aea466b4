"""The home visit from the officer's side: times offered, called off, and what was found, written down on a phone."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.clocks import LONDON
from contact.domain.errors import ReasonNeeded, UnsafeToReply
from contact.domain.licensing.visits import LASTS, Found, LookedAt, Slot, SlotsNotPossible, VisitState
from contact.services.evidence import VISIT
from contact.services.licensing import file as files
from contact.services.licensing import visits
from contact.store import licensing_work
from contact.web.licensing.adding import added
from contact.web.licensing.application import ONE, back, shown_again
from contact.web.licensing.application_page import SLOTS, head
from contact.web.licensing.blueprint import room
from contact.web.licensing.opening import open_application, still_theirs
from contact.web.licensing.telling import UNSAFE, told
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.evidence.listing import listed
from contact.web.shared.filters import when_in_words
from contact.web.shared.request_actor import current_agent
from contact.web.shared.transaction import commit_anyway

_SLOTS = {
    "none": "Enter at least one date and time",
    "too_many": "Offer six times at most",
    "too_soon": "Each time must be more than a day away",
    "too_long": "A visit lasts up to four hours",
    "overlap": "Two of the times overlap: a visit is said to take two hours",
    "one_agreed": "Enter the one time that was agreed",
}


@room.post(f"{ONE}/visit/offer")
@requires(Permission.LICENSING)
def offer_visit(contact_id: UUID) -> ResponseReturnValue:
    """Offer times; the applicant chooses on their own page."""
    now = still_theirs(contact_id)
    slots, whole = _slots()
    if not whole:
        return shown_again(contact_id, "offer", **{"day-1": "Enter a date and a time on each line that you use"})
    try:
        visits.offer(
            database.session()(),
            contact_id=contact_id,
            agent_id=current_agent().id,
            slots=slots,
            words=request.form.get("words", ""),
            now=now,
            told=told(),
            agreed="agreed" in request.form,
        )
    except SlotsNotPossible as wrong:
        return shown_again(contact_id, "offer", **{"day-1": _SLOTS[wrong.reason]})
    except ReasonNeeded:
        return shown_again(contact_id, "offer", words="Write the message that goes with it")
    except UnsafeToReply:
        return shown_again(contact_id, "offer", told=UNSAFE)
    return back(contact_id, "offered", anchor="visit")


def _slots(rows: int = SLOTS) -> tuple[list[Slot], bool]:
    """The times on the lines that were used, in UTC; False where a line is half filled."""
    found: list[Slot] = []
    for row in range(1, rows + 1):
        day, at = request.form.get(f"day-{row}", "").strip(), request.form.get(f"time-{row}", "").strip()
        if not day and not at:
            continue
        try:
            local = dt.datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=LONDON)
        except ValueError:
            return [], False
        starts_at = local.astimezone(dt.UTC)
        found.append(Slot(starts_at, starts_at + LASTS))
    return found, True


@room.post(f"{ONE}/visit/move")
@requires(Permission.LICENSING)
def move_visit(contact_id: UUID) -> ResponseReturnValue:
    """Another time for the visit that is booked, agreed with the applicant; they are told and reminded of it."""
    now = still_theirs(contact_id)
    slots, whole = _slots(rows=1)
    if not whole or not slots:
        return shown_again(contact_id, "move", **{"day-1": "Enter the day and the time that were agreed"})
    try:
        visits.move_to(
            database.session()(),
            contact_id=contact_id,
            agent_id=current_agent().id,
            slot=slots[0],
            words=request.form.get("words", ""),
            now=now,
            told=told(),
        )
    except SlotsNotPossible as wrong:
        return shown_again(contact_id, "move", **{"day-1": _SLOTS[wrong.reason]})
    except ReasonNeeded:
        return shown_again(contact_id, "move", words="Write the message that goes with it")
    except UnsafeToReply:
        return shown_again(contact_id, "move", told=UNSAFE)
    return back(contact_id, "moved", anchor="visit")


@room.post(f"{ONE}/visit/cancel")
@requires(Permission.LICENSING)
def cancel_visit(contact_id: UUID) -> ResponseReturnValue:
    """Take back the offer or the appointment, and say so."""
    now = still_theirs(contact_id)
    try:
        visits.cancel(
            database.session()(),
            contact_id=contact_id,
            agent_id=current_agent().id,
            words=request.form.get("words", ""),
            now=now,
            told=told(),
        )
    except ReasonNeeded:
        return shown_again(contact_id, "cancel", words="Write what the applicant is told")
    except UnsafeToReply:
        return shown_again(contact_id, "cancel", told=UNSAFE)
    return back(contact_id, "cancelled", anchor="visit")


@room.post(f"{ONE}/visit/missed")
@requires(Permission.LICENSING)
def missed_visit(contact_id: UUID) -> ResponseReturnValue:
    """Nobody was there; the applicant is told where the officer writes something."""
    now = still_theirs(contact_id)
    try:
        visits.missed(
            database.session()(),
            contact_id=contact_id,
            agent_id=current_agent().id,
            words=request.form.get("words", ""),
            now=now,
            told=told(),
        )
    except UnsafeToReply:
        return shown_again(contact_id, "missed", told=UNSAFE)
    return back(contact_id, "missed", anchor="visit")


@room.get(f"{ONE}/visit")
@requires(Permission.LICENSING)
def visit(contact_id: UUID) -> ResponseReturnValue:
    """The checklist, made for a phone held in one hand."""
    if not open_application(contact_id, kind="visit"):
        return redirect(url_for("licensing.application", contact_id=contact_id))
    return _page(contact_id, {})


def _page(contact_id: UUID, errors: dict[str, str]) -> ResponseReturnValue:
    orm = database.session()()
    file = files.load(orm, contact_id=contact_id, agent_id=current_agent().id)
    booked = file.open_visit
    if booked is None or booked.state != VisitState.BOOKED:
        return redirect(url_for("licensing.application", contact_id=contact_id, _anchor="visit"))
    kept = licensing_work.find_visit_draft(orm, visit_id=booked.id)
    said = (
        request.form
        if request.method == "POST"
        else {**(kept.checklist if kept else {}), "notes": kept.notes if kept else ""}
    )
    return render_template(
        "licensing/visit.html",
        at=when_in_words(booked.starts_at) if booked.starts_at else "",
        points=[(each.value, each.label, said.get(each.value, "")) for each in LookedAt],
        found=[(each.value, each.label) for each in Found],
        notes=said.get("notes", ""),
        kept="kept" in request.args,
        added=added(contact_id, VISIT),
        errors=errors,
        **listed(contact_id, file.history),
        **head(file),
    )


@room.post(f"{ONE}/visit")
@requires(Permission.LICENSING)
def report_visit(contact_id: UUID) -> ResponseReturnValue:
    """What was found; every point says something. Half filled in, it is kept: on the way to the photos, or to go on."""
    now = still_theirs(contact_id)
    checklist = {each.value: request.form.get(each.value, "") for each in LookedAt}
    if request.form.get("act") in ("photos", "keep"):
        visits.keep_notes(
            database.session()(),
            contact_id=contact_id,
            agent_id=current_agent().id,
            checklist=checklist,
            notes=request.form.get("notes", ""),
            now=now,
        )
        if request.form["act"] == "photos":
            return redirect(url_for("licensing.visit_photos", contact_id=contact_id), 303)
        return redirect(url_for("licensing.visit", contact_id=contact_id, kept=1), 303)
    try:
        visits.report(
            database.session()(),
            contact_id=contact_id,
            agent_id=current_agent().id,
            checklist=checklist,
            notes=request.form.get("notes", ""),
            now=now,
        )
    except ReasonNeeded as needed:
        database.session().rollback()
        known = {each.value for each in Found}
        empty = {name: "Choose what you found" for name, said in checklist.items() if said not in known}
        errors = empty if needed.what == "checklist" else {"notes": "Write what is not in order"}
        open_application(contact_id, kind="visit")
        commit_anyway()
        answer = _page(contact_id, errors)
        return (answer, 400) if isinstance(answer, str) else answer
    return back(contact_id, "reported", anchor="visit")
