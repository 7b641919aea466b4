"""The forms of the contact page and the search, one class each; words of errors stand here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from contact.domain.clocks import LONDON
from contact.domain.recording import NotRecorded
from contact.domain.taxonomy import Category, Flag, Grade, Response
from contact.services import restriction, transfers
from contact.services.letting_go import CloseReason, ReleaseReason, SnoozeReason
from contact.services.typed import LONGEST

LOCAL_TIME = "%Y-%m-%dT%H:%M"


def _codes(codes: Iterable[StrEnum]) -> list[Any]:
    """Bare values, as WTForms 3.3 wants them; its published types still ask for pairs."""
    return [code.value for code in codes]


def codes(values: Iterable[str]) -> list[Any]:
    """Choices that a view fills in."""
    return [str(value) for value in values]


def words_field(message: str) -> TextAreaField:
    long = Length(max=LONGEST, message=f"It must be {LONGEST:,} characters or fewer")
    return TextAreaField(validators=[InputRequired(message), long])


def _line(message: str) -> StringField:
    short = Length(max=120, message="It must be 120 characters or fewer")
    return StringField(validators=[InputRequired(message), short])


def _time(message: str) -> DateTimeLocalField:
    return DateTimeLocalField(format=[LOCAL_TIME, "%Y-%m-%d %H:%M"], validators=[InputRequired(message)])


def said(field: Field) -> str:
    """What a field that was validated holds."""
    return str(field.data or "")


def in_utc(field: DateTimeLocalField) -> dt.datetime:
    """A time typed on a London clock, in UTC; the field was validated."""
    local = field.data
    assert local is not None  # noqa: S101 - InputRequired stands on every such field
    return local.replace(tzinfo=LONDON).astimezone(dt.UTC)


class Form(FlaskForm):  # type: ignore[misc]
    """The token is checked by the guard before any view runs."""

    class Meta:
        """No second check."""

        csrf = False

    def first_errors(self) -> dict[str, str]:
        """The first error of each field that has one, by field name."""
        return {name: str(found[0]) for name, found in self.errors.items() if name and found}


class ReplyForm(Form):
    """A reply by the way the person chose."""

    body = words_field("Write the reply")
    once = StringField(validators=[Optional(), Length(max=64)])
    aware = BooleanField()


class NoteForm(Form):
    """An internal note."""

    note = words_field("Write the note")
    once = StringField(validators=[Optional(), Length(max=64)])


class DecisionForm(Form):
    """Category, grade, response and flags, with a reason where it differs from what stood."""

    category = SelectField(choices=_codes(Category), validators=[InputRequired("Choose a category")])
    grade = SelectField(choices=_codes(Grade), validators=[InputRequired("Choose a grade")])
    response = SelectField(choices=codes(["", *Response]), validators=[Optional()])
    flags = SelectMultipleField(choices=_codes(Flag))
    reason = StringField(validators=[Optional(), Length(max=2000, message="It must be 2,000 characters or fewer")])


class IncidentForm(Form):
    """Number, time and person told (practice 3)."""

    number = _line("Enter the incident log number")
    logged_at = _time("Enter when it was logged")
    told_who = _line("Enter who was told")


class CrimeForm(Form):
    """A crime number with the time it was recorded (practice 18)."""

    crime_number = _line("Enter the crime number")
    recorded_at = _time("Enter when it was recorded")


class NotRecordedForm(Form):
    """Why none is recorded, and who decided."""

    not_recorded = SelectField(choices=_codes(NotRecorded), validators=[InputRequired("Choose why")])
    decided_by = _line("Enter the name of who decided")


class TransferForm(Form):
    """To which force, and why; the list of forces is filled in by the view."""

    to_force = SelectField(choices=[], validators=[InputRequired("Choose a force")])
    why = SelectField(choices=_codes(transfers.Why), validators=[InputRequired("Choose why")])


class ReleaseForm(Form):
    """Why it goes back to the queue."""

    release_reason = SelectField(choices=_codes(ReleaseReason), validators=[InputRequired("Choose why")])


class SnoozeForm(Form):
    """Until when, and what it waits for."""

    until = _time("Enter when it should come back")
    snooze_reason = SelectField(choices=_codes(SnoozeReason), validators=[InputRequired("Choose what it waits for")])


class CloseForm(Form):
    """How it ended."""

    close_reason = SelectField(choices=_codes(CloseReason), validators=[InputRequired("Choose how it ended")])


class RestrictForm(Form):
    """Why, and who else may open it; the list of people is filled in by the view."""

    restrict_reason = SelectField(choices=_codes(restriction.Why), validators=[InputRequired("Choose why")])
    people = SelectMultipleField(choices=[])


class Justification(StrEnum):
    """Why an agent opens what no work of theirs leads to (practice 16)."""

    PERSON_ON_THE_LINE = "person_on_the_line"
    RELATED_MATTER = "related_matter"
    ASKED_BY_COLLEAGUE = "asked_by_colleague"
    QUALITY_CHECK = "quality_check"
    COMPLAINT = "complaint"

    @property
    def label(self) -> str:
        """What people see, in English."""
        return _WHY_OPEN[self]


_WHY_OPEN = {
    Justification.PERSON_ON_THE_LINE: "The person is on the telephone or at the counter",
    Justification.RELATED_MATTER: "It bears on a contact I am working on",
    Justification.ASKED_BY_COLLEAGUE: "A colleague asked me to look",
    Justification.QUALITY_CHECK: "I am checking the quality of our work",
    Justification.COMPLAINT: "I am looking into a complaint",
}


class OpenForm(Form):
    """The justification for opening."""

    justification = SelectField(choices=_codes(Justification), validators=[InputRequired("Choose why you open it")])


class SearchForm(Form):
    """One box: what was typed says what it is."""

    q = StringField(validators=[InputRequired("Type what to look for"), Length(max=200, message="Type less")])
