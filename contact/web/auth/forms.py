"""The forms of this room, one for each page."""

from __future__ import annotations

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSubmitInput, GovTextInput
from wtforms import EmailField, PasswordField, StringField, SubmitField
from wtforms.validators import EqualTo, InputRequired, Length

from contact.domain.sign_in import LONGEST_PASSWORD, SHORTEST_PASSWORD
from contact.web.shared.language import gettext as _

_TOO_LONG = Length(max=LONGEST_PASSWORD, message=f"It must be {LONGEST_PASSWORD} characters or fewer")


class SignInForm(FlaskForm):  # type: ignore[misc]
    """All three at once, so that no answer says which was wrong."""

    email = EmailField(
        _("Work email address"),
        widget=GovTextInput(),
        validators=[InputRequired("Enter your work email address"), _TOO_LONG],
    )
    password = PasswordField(
        _("Password"), widget=GovPasswordInput(), validators=[InputRequired("Enter your password")]
    )
    code = StringField(
        _("Code"),
        widget=GovTextInput(),
        validators=[InputRequired("Enter the code your authenticator shows"), _TOO_LONG],
    )
    submit = SubmitField(_("Sign in"), widget=GovSubmitInput())


class SetUpForm(FlaskForm):  # type: ignore[misc]
    """A password of one's own and the first code."""

    password = PasswordField(
        _("Choose a password"),
        widget=GovPasswordInput(),
        validators=[
            InputRequired("Choose a password"),
            Length(min=SHORTEST_PASSWORD, message=f"The password must be {SHORTEST_PASSWORD} characters or more"),
            _TOO_LONG,
        ],
    )
    again = PasswordField(
        _("Type the password again"),
        widget=GovPasswordInput(),
        validators=[EqualTo("password", "The two passwords are not the same")],
    )
    code = StringField(
        _("The code your authenticator shows now"),
        widget=GovTextInput(),
        validators=[InputRequired("Enter the code your authenticator shows"), _TOO_LONG],
    )
    submit = SubmitField(_("Save and sign in"), widget=GovSubmitInput())


class CodeForm(FlaskForm):  # type: ignore[misc]
    """A fresh code."""

    code = StringField(
        _("Code"),
        widget=GovTextInput(),
        validators=[InputRequired("Enter the code your authenticator shows"), _TOO_LONG],
    )
    submit = SubmitField(_("Go on"), widget=GovSubmitInput())
