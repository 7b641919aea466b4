"""Letters of licensing: to print, under a file name that says nothing, and how far each got (practice 26)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import MoveNotAllowed, ReasonNeeded
from contact.domain.licensing.letter_kinds import LetterKind, LetterState, Way
from contact.domain.licensing.renewal_clock import london_day
from contact.gateways.papers import licensing_letter
from contact.services.apart import apart
from contact.services.licensing import letters as letter_service
from contact.store import forces, licensing_letters
from contact.store.licensing_letters import LicensingLetter
from contact.web.licensing import certificate_words as words
from contact.web.licensing.blueprint import room
from contact.web.licensing.letter_opening import open_letter, their_letter
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent


@room.get("/letters")
@requires(Permission.LICENSING)
def letters() -> ResponseReturnValue:
    """Letters that wait to be sent, and those whose day of receipt starts an appeal's clock."""
    return _listed()


@room.get("/letters/<uuid:letter_id>/letter.pdf")
@requires(Permission.LICENSING)
def letter_file(letter_id: UUID) -> ResponseReturnValue:
    """The letter itself; that it was opened is written down, as for the file it belongs to."""
    orm, letter = database.session()(), their_letter(letter_id)
    if not open_letter(letter):
        return redirect(url_for("licensing.application", contact_id=letter.contact_id), 303)
    force = forces.get(orm, force_id=letter.force_id)
    names = {"en": force.name, "cy": force.name_cy or force.name}
    drawn = licensing_letter.Drawn(
        LetterKind(letter.kind), letter.language, london_day(letter.made_at), names, letter.facts, live=force.live
    )
    answer = make_response(apart(lambda: licensing_letter.render_letter(drawn)))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = 'attachment; filename="letter.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@room.post("/letters/<uuid:letter_id>")
@requires(Permission.LICENSING)
def letter_served(letter_id: UUID) -> ResponseReturnValue:
    """The day a letter was sent, or received."""
    orm, now, actor = database.session()(), clock.utcnow(), current_agent().actor
    their_letter(letter_id)
    try:
        day = dt.date.fromisoformat(request.form.get("day", ""))
        if request.form.get("step") == "received":
            letter_service.received(orm, letter_id=letter_id, received_on=day, now=now)
        else:
            letter_service.serve(orm, letter_id=letter_id, actor=actor, sent_on=day, now=now)
    except (ValueError, ReasonNeeded):
        database.session().rollback()
        return _listed("Enter the day, not after today and not before it was sent", str(letter_id)), 400
    except MoveNotAllowed:
        database.session().rollback()
    return redirect(url_for("licensing.letters"), 303)


def _listed(error: str = "", wrong_id: str = "") -> str:
    orm, mine = database.session()(), current_agent().actor.licensing_forces
    today = london_day(clock.utcnow()).isoformat()
    rows = [
        *licensing_letters.list_waiting(orm, force_ids=mine),
        *licensing_letters.list_unreceived(orm, force_ids=mine),
    ]
    shown = [_line(each, today) for each in rows]
    return render_template("licensing/certificate_letters.html", letters=shown, error=error, wrong_id=wrong_id)


def _line(letter: LicensingLetter, today: str) -> dict[str, object]:
    return {
        "id": letter.id,
        "kind": LetterKind(letter.kind).label,
        "to": letter.facts.get("to") or "no name",
        "way": words.WAYS[Way(letter.way)],
        "made_at": letter.made_at,
        "step": "sent" if letter.state == LetterState.WAITING.value else "received",
        "day": today,
    }
