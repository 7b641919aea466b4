"""The applicant changes a visit that is booked: another of the times offered, or none, with a word why if they like."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from wtforms import Form, TextAreaField

from contact.domain.errors import MoveNotAllowed, NotFound
from contact.services import incoming
from contact.services.licensing import danger, status, visits
from contact.services.licensing.status import VisitStatus
from contact.services.progress import Progress
from contact.services.typed import LONGEST, one_time_key
from contact.store.identifiers import new_id
from contact.web.citizen.application import theirs
from contact.web.citizen.blueprint import room
from contact.web.citizen.progress import keys
from contact.web.citizen.typed import showable
from contact.web.citizen.wording import told_when
from contact.web.shared import clock, database
from contact.web.shared.access import proven
from contact.web.shared.language import gettext
from contact.web.shared.limits import limit

_OFF = "off"


class ChangeForm(Form):
    """Why, and what would suit, if they want to say."""

    reason = TextAreaField(widget=GovTextArea())


@room.get("/application/<reference>/visit/change")
@proven
def change_visit(reference: str) -> ResponseReturnValue:
    """The other times, and calling it off; a visit that is not booked, or has begun, is on its own page."""
    report = theirs(reference)
    found = _booked(report)
    if found is None:
        return redirect(url_for("citizen.application_visit", reference=reference), 303)
    return _page(reference, found, reason="", error="", too_long="")


@room.post("/application/<reference>/visit/change")
@proven
def change_visit_send(reference: str) -> ResponseReturnValue:
    """Move it or call it off. Both stand in the messages, so that a person sees them."""
    report, chosen = theirs(reference), request.form.get("slot", "")
    reason = showable(request.form.get("reason", ""))
    found = _booked(report)
    if found is None or found.slot is None:
        return redirect(url_for("citizen.application_visit", reference=reference), 303)
    if len(reason) > LONGEST - 200:
        return _page(reference, found, reason=reason, error="", too_long=gettext("Write less"))
    starts_at = _time(chosen)
    if chosen != _OFF and starts_at is None:
        return _page(reference, found, reason=reason, error=gettext("Choose what we should do"), too_long="")
    limit("message", at_most=60, window=timedelta(hours=1), subject=reference)
    session, now = database.session()(), clock.utcnow()
    try:
        if starts_at is None:
            visits.call_off(session, contact_id=report.contact_id, now=now)
            words = gettext("I call off the visit on %(day)s.") % {"day": told_when(found.slot.starts_at)}
        else:
            visits.move_to_another(session, contact_id=report.contact_id, starts_at=starts_at, now=now)
            words = gettext("I choose %(day)s for the visit instead.") % {"day": told_when(starts_at)}
    except (NotFound, MoveNotAllowed):
        session.rollback()
        taken = gettext("That time is not free any more. Choose another")
        return _page(reference, found, reason=reason, error=taken, too_long="")
    return _say(report, reference, words, reason, sent=_OFF if starts_at is None else "moved")


def _say(report: Progress, reference: str, words: str, reason: str, *, sent: str) -> ResponseReturnValue:
    session, now = database.session()(), clock.utcnow()
    received = incoming.receive(
        session,
        contact_id=report.contact_id,
        body=f"{words}\n\n{reason}".strip(),
        now=now,
        once_key=one_time_key(reference, request.form.get("key", "")[:40], words="visit" + words + reason),
    )
    if not received.advise_999:
        return redirect(url_for("citizen.application", reference=reference, sent=sent), 303)
    if not received.again:
        danger.tell_control_room(
            session, contact_id=report.contact_id, body=reason, heard=received.screening, keys=keys(), now=now
        )
    return redirect(url_for("citizen.message_danger", reference=reference), 303)


def _booked(report: Progress) -> VisitStatus | None:
    whole = status.of_application(database.session()(), contact_id=report.contact_id, now=clock.utcnow())
    return whole.visit if whole.visit is not None and whole.visit.may_change else None


def _time(chosen: str) -> dt.datetime | None:
    with suppress(ValueError):
        starts_at = dt.datetime.fromisoformat(chosen)
        return starts_at if starts_at.tzinfo is not None else None
    return None


def _page(reference: str, found: VisitStatus, *, reason: str, error: str, too_long: str) -> ResponseReturnValue:
    form = ChangeForm(data={"reason": reason})
    form.reason.label.text = gettext("Do you want to tell us more? You do not have to")
    form.reason.errors = [too_long] if too_long else []
    errors = [{"text": error, "href": "#slot-1"}] if error else []
    errors += [{"text": too_long, "href": "#reason"}] if too_long else []
    return render_template(
        "citizen/application/visit_change.html",
        reference=reference,
        key=str(new_id()),
        form=form,
        booked=told_when(found.slot.starts_at) if found.slot else "",
        slots=[(each.starts_at.isoformat(), told_when(each.starts_at)) for each in found.others],
        error=error,
        errors=errors,
    )
