"""Letters of licensing: to print, under a file name that says nothing, and how far each got (practice 26)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import MoveNotAllowed, ReasonNeeded
from contact.domain.licensing.letter_kinds import LetterKind, LetterState, Way
from contact.domain.licensing.renewal_clock import london_day
from contact.gateways.papers import licensing_letter
from contact.services.apart import apart
from contact.services.keys import Keys
from contact.services.licensing import letters as letter_service
from contact.services.licensing import renewal_start
from contact.settings import Settings
from contact.store import forces, licensing_letters
from contact.web.licensing import letter_words
from contact.web.licensing.application_page import Typed
from contact.web.licensing.blueprint import room
from contact.web.licensing.letter_opening import open_letter, their_letter
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent

_DAY = "Enter the day, not after today and not before it was sent"
_NEEDED = {
    "address": ("address", "Enter the address you found, before it is sent"),
    "practice": ("practice", "Enter the practice's name"),
    "found_where": ("found_where", "Write where you found the address"),
    "cancel": ("reason", "Write why it is cancelled"),
}
_DONE = {
    "sent": "Recorded as sent.",
    "received": "Recorded as received.",
    "cancel": "Cancelled. It stays in the record, with your reason.",
    "address": "The address is on the letter.",
}


@room.get("/letters")
@requires(Permission.LICENSING)
def letters() -> ResponseReturnValue:
    """Letters that wait to be sent, and those whose day of receipt starts an appeal's clock."""
    return _listed(done=_DONE.get(request.args.get("done", ""), ""))


@room.get("/letters/<uuid:letter_id>/letter.pdf")
@requires(Permission.LICENSING)
def letter_file(letter_id: UUID) -> ResponseReturnValue:
    """The letter itself; that it was opened is written down, as for the file it belongs to."""
    orm, letter = database.session()(), their_letter(letter_id)
    if not letter_service.is_addressed(letter):
        return redirect(url_for("licensing.letters", _anchor=f"letter-{letter_id}"), 303)
    if not open_letter(letter):
        return redirect(url_for("licensing.application", contact_id=letter.contact_id), 303)
    force = forces.get(orm, force_id=letter.force_id)
    names, kind, facts = {"en": force.name, "cy": force.name_cy or force.name}, LetterKind(letter.kind), letter.facts
    if kind is LetterKind.RENEWAL_CODE:
        facts = {**facts, **_secret(letter)}
    if kind is LetterKind.CERTIFICATE and letter.certificate_id is not None:
        facts = {**facts, **letter_service.certificate_facts(orm, certificate_id=letter.certificate_id)}
    drawn = licensing_letter.Drawn(kind, letter.language, london_day(letter.made_at), names, facts, live=force.live)
    answer = make_response(apart(lambda: licensing_letter.render_letter(drawn)))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = 'attachment; filename="letter.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _secret(letter: licensing_letters.LicensingLetter) -> dict[str, str]:
    """The words that begin a renewal, made as they are printed; once the letter has left, nobody reads them here."""
    settings: Settings = current_app.config["CONTACT_SETTINGS"]
    words = renewal_start.letter_code(Keys.from_settings(settings), UUID(letter.facts["code_id"])).replace("-", " ")
    if letter.state != LetterState.WAITING:
        words = "* * * *"
    return {"words": words, "site": f"{settings.public_url}/firearms/renew/letter"}


@room.post("/letters/<uuid:letter_id>")
@requires(Permission.LICENSING)
def letter_served(letter_id: UUID) -> ResponseReturnValue:
    """The day a letter was sent or received, the address it goes to, or why it is taken back."""
    their_letter(letter_id)
    step = request.form.get("step", "")
    try:
        _take(letter_id, step if step in _DONE else "sent")
    except ReasonNeeded as needed:
        field, said = _NEEDED.get(needed.what, ("day", _DAY))
        return _again(letter_id, field, said)
    except ValueError:
        return _again(letter_id, "day", _DAY)
    except MoveNotAllowed:
        database.session().rollback()
        return redirect(url_for("licensing.letters"), 303)
    return redirect(url_for("licensing.letters", done=step), 303)


def _take(letter_id: UUID, step: str) -> None:
    orm, now, agent = database.session()(), clock.utcnow(), current_agent()
    if step == "cancel":
        reason = request.form.get("reason", "")
        letter_service.cancel(orm, letter_id=letter_id, actor_id=agent.id, reason=reason, now=now)
    elif step == "address":
        typed = {name: request.form.get(name, "")[:500] for name in ("practice", "address", "found_where")}
        letter_service.address_to(orm, letter_id=letter_id, now=now, **typed)
    elif step == "received":
        letter_service.received(orm, letter_id=letter_id, received_on=_day(), now=now)
    else:
        by_hand = Way.BY_HAND if request.form.get("by_hand") else None
        letter_service.serve(orm, letter_id=letter_id, actor=agent.actor, sent_on=_day(), now=now, way=by_hand)


def _day() -> dt.date:
    return dt.date.fromisoformat(request.form.get("day", ""))


def _again(letter_id: UUID, field: str, said: str) -> ResponseReturnValue:
    database.session().rollback()
    return _listed(typed=Typed(f"letter-{letter_id}", request.form.to_dict(), {}, {field: said})), 400


def _listed(*, typed: Typed | None = None, done: str = "") -> str:
    orm, mine = database.session()(), current_agent().actor.licensing_forces
    waiting = licensing_letters.list_waiting(orm, force_ids=mine)
    unreceived = licensing_letters.list_unreceived(orm, force_ids=mine)
    return render_template(
        "licensing/certificate_letters.html",
        waiting=_lines(waiting),
        unreceived=_lines(unreceived),
        more=len(waiting) == licensing_letters.PAGE_SIZE,
        today=london_day(clock.utcnow()).isoformat(),
        typed=typed or Typed(),
        done=done,
    )


def _lines(rows: Sequence[licensing_letters.LicensingLetter]) -> list[dict[str, object]]:
    """In words; a letter to or about somebody of the officer's own name is another officer's to send (practice 8)."""
    own = current_agent().name.casefold()
    shown = [each for each in rows if own not in {str(each.facts.get(who)).casefold() for who in ("to", "patient")}]
    return [letter_words.line(database.session()(), each) for each in shown]
