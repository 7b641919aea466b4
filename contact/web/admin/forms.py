"""The administrators' forms, one for each page."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSelect, GovSubmitInput, GovTextInput
from wtforms import EmailField, SelectField, SelectMultipleField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Email, InputRequired, Length

from contact.domain.access import Role

ROLE_NAMES = {role: role.value.replace("_", " ").capitalize() for role in Role}
GRANT_HOURS = {"4": "4 hours", "12": "12 hours", "24": "1 day", "72": "3 days", "168": "1 week", "744": "31 days"}


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """(value, label) pairs as WTForms wants them."""
    return [SelectChoice(value, label) for value, label in pairs]


class InviteForm(FlaskForm):  # type: ignore[misc]
    """Who, with which force, in which roles."""

    name = StringField(
        "Full name", widget=GovTextInput(), validators=[InputRequired("Enter their full name"), Length(max=200)]
    )
    email = EmailField(
        "Work email address",
        widget=GovTextInput(),
        validators=[
            InputRequired("Enter their work email address"),
            Email("Enter an email address, like name@police.example"),
        ],
    )
    force = SelectField("Force", widget=GovSelect(), validators=[InputRequired("Choose a force")])
    roles = SelectMultipleField(
        "Roles", widget=GovCheckboxesInput(), validators=[InputRequired("Choose at least one role")]
    )
    submit = SubmitField("Make a link", widget=GovSubmitInput())


class MutualAidForm(FlaskForm):  # type: ignore[misc]
    """Whose help, for which force, why, and for how long."""

    email = EmailField(
        "Their work email address", widget=GovTextInput(), validators=[InputRequired("Enter their work email address")]
    )
    force = SelectField("Force that they will help", widget=GovSelect(), validators=[InputRequired("Choose a force")])
    reason = StringField("Reason", widget=GovTextInput(), validators=[InputRequired("Give a reason"), Length(max=500)])
    hours = SelectField("For", widget=GovSelect(), choices=choices(GRANT_HOURS.items()), default="12")
    submit = SubmitField("Grant", widget=GovSubmitInput())
