"""Progress by reference and four words: a timeline in plain words, both sides' messages, and the way to end it all."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from wtforms import Form, StringField, TextAreaField

from contact.services import progress as progresses
from contact.services.keys import Keys
from contact.store.identifiers import new_id
from contact.web.citizen.blueprint import room, settings, wear
from contact.web.citizen.progress_words import timeline
from contact.web.citizen.wording import said
from contact.web.shared import clock, database
from contact.web.shared.access import proven, public
from contact.web.shared.frame import show_exit
from contact.web.shared.language import gettext
from contact.web.shared.limits import limit
from contact.web.shared.proofs import forget_contact, prove_contact, proven_contact
from contact.web.shared.request_actor import act_for_contact

ANSWER = "Those two do not go together. Check the reference and the four words"


class SignIn(Form):
    """Reference and four words."""

    reference = StringField(widget=GovTextInput())
    words = StringField(widget=GovTextInput())


class MessageForm(Form):
    """One message."""

    body = TextAreaField(widget=GovTextArea())


class SafeWordForm(Form):
    """The word agreed when the report was made."""

    safe_word = StringField(widget=GovTextInput())


def proven_id(reference: str) -> UUID:
    """The contact that the guard has let this browser in for."""
    contact_id = proven_contact(reference)
    assert contact_id is not None  # noqa: S101 - the guard has just seen it
    return contact_id


def keys() -> Keys:
    """The service's keys."""
    return Keys.from_settings(settings())


@room.get("/progress")
@public
def progress_sign_in() -> ResponseReturnValue:
    """Ask for both."""
    return "x"


@room.get("/progress/<reference>")
@proven
def progress(reference: str) -> ResponseReturnValue:
    return "x"


@room.get("/progress/<reference>/stop")
@proven
def stop_access(reference: str) -> ResponseReturnValue:
    return "x"


def progress_page(reference: str, *, typed: str, errors: list[str]) -> ResponseReturnValue:
    return "x"
