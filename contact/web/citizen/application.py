"""The applicant's own page, asking to withdraw, and choosing a time for the visit; proven as every progress page is."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from datetime import timedelta

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from wtforms import Form, TextAreaField

from contact.domain.errors import MoveNotAllowed, NotFound
from contact.domain.licensing.visits import Slot, VisitState, calendar_file
from contact.domain.taxonomy import Desk
from contact.services.licensing import danger, status, visits
from contact.services.progress import Progress
from contact.services.typed import LONGEST, one_time_key
from contact.store.identifiers import new_id
from contact.web.citizen.blueprint import room, wear
from contact.web.citizen.progress import keys, opened_report, progress_page
from contact.web.citizen.typed import showable
from contact.web.citizen.wording import told_when
from contact.web.shared import clock, database
from contact.web.shared.access import proven
from contact.web.shared.language import gettext
from contact.web.shared.limits import limit

_ONE = "/application/<reference>"


class WithdrawForm(Form):
    """Why, if they want to say."""

    reason = TextAreaField(widget=GovTextArea())


@room.get(_ONE)
@proven
def application(reference: str) -> ResponseReturnValue:
    """The application as its applicant may see it; a report of another kind has its own page."""
    theirs(reference)
    notice = {
        "message": gettext("Your message is sent."),
        "withdraw": gettext("We have your request to withdraw. A person will answer you."),
        "others": gettext("We know that none of the times suits you. We will offer others."),
        "visit": gettext("Your visit is arranged."),
        "moved": gettext("The time of our visit is changed."),
        "off": gettext("You have called our visit off. A person will answer you."),
    }.get(request.args.get("sent", ""), "")
    return progress_page(reference, notice=notice)


def theirs(reference: str) -> Progress:
    """The proven application. Raises NotFound for a report that is none."""
    report = opened_report(reference)
    if report.desk is not Desk.LICENSING:
        raise NotFound(kind="application", key=reference)
    wear(report.force_id)
    return report


@room.get(f"{_ONE}/withdraw")
@proven
def withdraw_application(reference: str) -> ResponseReturnValue:
    """What it means, before it is asked for."""
    theirs(reference)
    return _withdraw_page(reference, "", [])


def _withdraw_page(reference: str, reason: str, errors: list[str]) -> ResponseReturnValue:
    form = WithdrawForm(data={"reason": reason})
    form.reason.label.text = gettext("Why do you want to withdraw? You do not have to say")
    form.reason.errors = errors
    return render_template(
        "citizen/application/withdraw.html",
        reference=reference,
        key=str(new_id()),
        form=form,
        errors=[{"text": each, "href": "#reason"} for each in errors],
    )


@room.post(f"{_ONE}/withdraw")
@proven
def withdraw_application_send(reference: str) -> ResponseReturnValue:
    """A request to a person: it closes nothing by itself (practice 5)."""
    report, reason = theirs(reference), showable(request.form.get("reason", ""))
    if len(reason) > LONGEST - 200:
        return _withdraw_page(reference, reason, [gettext("Write less")])
    limit("message", at_most=60, window=timedelta(hours=1), subject=reference)
    session = database.session()()
    received = status.ask_to_withdraw(
        session,
        contact_id=report.contact_id,
        words=gettext("I want to withdraw my application."),
        reason=reason,
        now=clock.utcnow(),
        once_key=one_time_key(reference, request.form.get("key", "")[:40], words="withdraw" + reason),
    )
    if received.advise_999:
        if not received.again:
            danger.tell_control_room(
                session,
                contact_id=report.contact_id,
                body=reason,
                heard=received.screening,
                keys=keys(),
                now=clock.utcnow(),
            )
        return redirect(url_for("citizen.message_danger", reference=reference), 303)
    return redirect(url_for("citizen.application", reference=reference, sent="withdraw"), 303)


@room.get(f"{_ONE}/visit")
@proven
def application_visit(reference: str) -> ResponseReturnValue:
    """The times that are offered, or the one that was chosen."""
    return _visit_page(theirs(reference), reference, "")


def _visit_page(report: Progress, reference: str, error: str) -> ResponseReturnValue:
    whole = status.of_application(database.session()(), contact_id=report.contact_id, now=clock.utcnow())
    found, off = whole.visit, whole.called_off
    return render_template(
        "citizen/application/visit.html",
        reference=reference,
        booked=told_when(found.slot.starts_at) if found and found.slot else "",
        until=told_when(found.slot.ends_at) if found and found.slot else "",
        called_off=told_when(off.slot.starts_at) if off and off.slot else "",
        slots=_choices(found.slots) if found and found.state is VisitState.OFFERED else [],
        may_change=bool(found and found.may_change),
        errors=[{"text": error, "href": "#slot-1"}] if error else [],
        error=error,
    )


def _choices(slots: tuple[Slot, ...]) -> list[tuple[str, str]]:
    return [(each.starts_at.isoformat(), told_when(each.starts_at)) for each in slots]


@room.post(f"{_ONE}/visit")
@proven
def application_visit_choose(reference: str) -> ResponseReturnValue:
    """Take one of the times, or say that none suits."""
    report, session, now = theirs(reference), database.session()(), clock.utcnow()
    chosen = request.form.get("slot", "")
    try:
        if chosen == "none":
            visits.ask_for_others(session, contact_id=report.contact_id, now=now)
            return redirect(url_for("citizen.application", reference=reference, sent="others"), 303)
        starts_at: dt.datetime | None = None
        with suppress(ValueError):
            starts_at = dt.datetime.fromisoformat(chosen)
        if starts_at is None or starts_at.tzinfo is None:
            return _visit_page(report, reference, gettext("Choose a time, or say that none suits you"))
        visits.choose(session, contact_id=report.contact_id, starts_at=starts_at, now=now)
    except (NotFound, MoveNotAllowed):
        session.rollback()
        return _visit_page(report, reference, gettext("That time is not free any more. Choose another"))
    return redirect(url_for("citizen.application_visit", reference=reference), 303)


@room.get(f"{_ONE}/visit/appointment.ics")
@proven
def application_calendar(reference: str) -> ResponseReturnValue:
    """The appointment for a calendar, which others may read: no word of police, guns or the reference.

    With `off`, the file that takes an appointment away again which was called off.
    """
    report, now, off = theirs(reference), clock.utcnow(), "off" in request.args
    visit = status.visit_with_time(database.session()(), contact_id=report.contact_id, off=off, now=now)
    assert visit.slot is not None  # noqa: S101 - a visit of this kind has a time
    text = calendar_file(
        uid=str(visit.visit_id),
        slot=visit.slot,
        summary=gettext("Appointment"),
        description="" if off else gettext("Be at home, please. Have your papers ready."),
        made_at=now,
        sequence=visit.sequence,
        called_off=off,
    )
    headers = {"Content-Disposition": 'attachment; filename="appointment.ics"', "Cache-Control": "no-store"}
    return Response(text, mimetype="text/calendar", headers=headers)
