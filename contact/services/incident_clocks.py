"""The clocks of a contact that its incident's date sets, with the words a handler reads (practice 22)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import forms
from contact.domain import incident_clocks
from contact.domain.clocks import LONDON
from contact.domain.incident_clocks import Counted, IncidentClock
from contact.services.contact_view import ContactView

_NAMES = {
    IncidentClock.NOTICE: "Notice of intended prosecution",
    IncidentClock.CAMERA: "Pictures from cameras",
}
_NO_DAY = {
    IncidentClock.NOTICE: "No day was given: ask for it. The notice must go within 14 days of it",
    IncidentClock.CAMERA: "No day was given: ask for the pictures at once",
}
_OVER = {
    IncidentClock.NOTICE: "over",
    IncidentClock.CAMERA: "over, and still worth asking",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One clock as a row beside the others. `by` is a day in words, empty where nobody said when it happened."""

    name: str
    by: str
    words: str
    state: str


def rows(view: ContactView, *, now: dt.datetime) -> list[Row]:
    """The rows to draw; a closed contact's clocks stand where they stood."""
    return [_row(each) for each in _counted(view, view.contact.closed_at or now)]


def last_days(view: ContactView) -> str:
    """The same for the block that is copied: days, and no count that is wrong tomorrow. Empty where none runs."""
    found = _counted(view, view.contact.received_at)
    return "; ".join(f"{_NAMES[each.clock]} by {_day(each) or 'a day not known: none was given'}" for each in found)


def _counted(view: ContactView, at: dt.datetime) -> list[Counted]:
    reasons = {str(reason.get("code")) for proposal in view.proposals for reason in proposal.reasons}
    days = [
        day
        for sent in view.sent
        if (day := incident_clocks.first_day(sent.form.by_role(forms.Role.WHEN, sent.answers, sent.received_at)))
    ]
    return incident_clocks.count(reasons=reasons, happened=min(days, default=None), today=at.astimezone(LONDON).date())


def _day(counted: Counted) -> str:
    return forms.worded_date(counted.last_day.isoformat()) if counted.last_day else ""


def _row(counted: Counted) -> Row:
    name = _NAMES[counted.clock]
    if counted.days_left is None:
        return Row(name, "", _NO_DAY[counted.clock], counted.state)
    if counted.days_left < 0:
        words = f"{_days(-counted.days_left)} {_OVER[counted.clock]}"
    else:
        words = f"{_days(counted.days_left)} left" if counted.days_left else "Today is the last day"
    if counted.clock is IncidentClock.CAMERA and counted.days_left >= 0:
        words += ", often less"
    return Row(name, _day(counted), words, counted.state)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
