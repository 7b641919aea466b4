"""Deciding beside the proposal; the incident log number; the crime number, or why there is none."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import ReasonNeeded
from contact.domain.recording import MalformedNumber, NotRecorded, TimeNotPossible
from contact.domain.taxonomy import Category, Flag, Grade, Response
from contact.services import decisions, records
from contact.web.controlroom.blueprint import room
from contact.web.controlroom.contact import back, shown_again
from contact.web.controlroom.forms import CrimeForm, DecisionForm, Form, IncidentForm, NotRecordedForm, in_utc, said
from contact.web.controlroom.opening import still_theirs
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent

_NUMBER = {
    ("crime", "empty"): "Enter the crime number",
    ("crime", "shape"): "Enter the crime number as the records system shows it, such as 42/12345/26",
    ("incident", "empty"): "Enter the incident log number",
    ("incident", "shape"): "Enter the log number as command and control shows it, such as 0412 of 21 NOV",
}
_TIME = {"future": "The time is in the future", "too_early": "The time is long before this contact began"}


@room.post("/contacts/<uuid:contact_id>/decision")
@requires(Permission.WORK_CONTACTS)
def decide(contact_id: UUID) -> ResponseReturnValue:
    """Category, grade, response and flags; a reason where they differ from what stood."""
    now, form = still_theirs(contact_id), DecisionForm()
    if not form.validate():
        return shown_again(contact_id, "decision", form)
    choice = decisions.Choice(
        category=Category(form.category.data),
        grade=Grade(form.grade.data),
        response=Response(form.response.data) if form.response.data else None,
        flags=tuple(Flag(code) for code in form.flags.data or ()),
        reason=form.reason.data or "",
    )
    try:
        decisions.decide(
            database.session()(), contact_id=contact_id, agent_id=current_agent().id, choice=choice, now=now
        )
    except ReasonNeeded:
        return _refused(contact_id, "decision", form, "reason", "Give the reason: this differs from what stands")
    return back(contact_id, "decided", anchor="decision")


@room.post("/contacts/<uuid:contact_id>/incident")
@requires(Permission.WORK_CONTACTS)
def incident(contact_id: UUID) -> ResponseReturnValue:
    """The number of command and control, when, and who was told (practice 3)."""
    now, form = still_theirs(contact_id), IncidentForm()
    if not form.validate():
        return shown_again(contact_id, "incident", form)
    try:
        records.log_incident(
            database.session()(),
            contact_id=contact_id,
            agent_id=current_agent().id,
            number=said(form.number),
            logged_at=in_utc(form.logged_at),
            told_who=said(form.told_who),
            now=now,
        )
    except MalformedNumber as wrong:
        return _refused(contact_id, "incident", form, "number", _NUMBER[wrong.kind, wrong.reason])
    except TimeNotPossible as wrong:
        return _refused(contact_id, "incident", form, "logged_at", _TIME[wrong.reason])
    except ReasonNeeded:
        return _refused(contact_id, "incident", form, "told_who", "Enter who was told")
    return back(contact_id, "logged", anchor="incident")


@room.post("/contacts/<uuid:contact_id>/crime")
@requires(Permission.WORK_CONTACTS)
def crime(contact_id: UUID) -> ResponseReturnValue:
    """A number of the force's records system; we mint none (practice 18)."""
    now, form = still_theirs(contact_id), CrimeForm()
    if not form.validate():
        return shown_again(contact_id, "crime", form)
    try:
        records.record_crime(
            database.session()(),
            contact_id=contact_id,
            agent_id=current_agent().id,
            number=said(form.crime_number),
            recorded_at=in_utc(form.recorded_at),
            now=now,
        )
    except MalformedNumber as wrong:
        return _refused(contact_id, "crime", form, "crime_number", _NUMBER[wrong.kind, wrong.reason])
    except TimeNotPossible as wrong:
        return _refused(contact_id, "crime", form, "recorded_at", _TIME[wrong.reason])
    return back(contact_id, "crime", anchor="crime")


@room.post("/contacts/<uuid:contact_id>/no-crime")
@requires(Permission.WORK_CONTACTS)
def no_crime(contact_id: UUID) -> ResponseReturnValue:
    """Not recorded, with a reason and a named decider (practice 18)."""
    now, form = still_theirs(contact_id), NotRecordedForm()
    if not form.validate():
        return shown_again(contact_id, "no_crime", form)
    records.decide_not_to_record(
        database.session()(),
        contact_id=contact_id,
        agent_id=current_agent().id,
        reason=NotRecorded(form.not_recorded.data),
        decided_by=said(form.decided_by),
        now=now,
    )
    return back(contact_id, "not_recorded", anchor="crime")


def _refused(contact_id: UUID, name: str, form: Form, field: str, words: str) -> ResponseReturnValue:
    """The page again with the service's refusal beside its field."""
    form[field].errors = [*form[field].errors, words]
    return shown_again(contact_id, name, form)
