"""One box: a line, a longer account with a count, a phone number, an email address, a number, three words."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCharacterCount, GovTextInput
from wtforms import StringField, TextAreaField

from contact.web.citizen.fields.asking import Asking, Fields, FormOf, Row, row_of
from forms.parts import QuestionType

_KEYBOARDS: dict[QuestionType, dict[str, Any]] = {
    QuestionType.PHONE: {"type": "tel", "autocomplete": "tel"},
    QuestionType.EMAIL: {"type": "email", "autocomplete": "email", "spellcheck": "false"},
    QuestionType.NUMBER: {"inputmode": "numeric"},
    QuestionType.WHAT3WORDS: {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"},
}
_WIDTHS = {QuestionType.PHONE: "govuk-input--width-20", QuestionType.NUMBER: "govuk-input--width-5"}

_PLURALS = ("zero", "one", "two", "few", "many", "other")
# Unreviewed, as all Welsh here.
_WELSH_COUNT: dict[str, Any] = {
    "textareaDescriptionText": "Gallwch roi hyd at %{count} nod",
    "charactersUnderLimitText": dict.fromkeys(_PLURALS, "Mae gennych %{count} nod ar ôl"),
    "charactersAtLimitText": "Nid oes nodau ar ôl",
    "charactersOverLimitText": dict.fromkeys(_PLURALS, "Mae gennych %{count} nod yn ormod"),
}


def fields(asking: Asking) -> Fields:
    """The one field."""
    name = asking.question.id
    if asking.question.type is not QuestionType.LONG_TEXT:
        return {name: StringField(asking.label, description=asking.hint, widget=GovTextInput())}
    # A count in sight from the first letter hurries people; it appears when three quarters are used.
    return {name: TextAreaField(asking.label, description=asking.hint, widget=GovCharacterCount())}


def row(asking: Asking, form: FormOf) -> Row:
    """Label, hint, box."""
    question = asking.question
    params: dict[str, Any] = {"label": asking.label_params()}
    attributes = dict(_KEYBOARDS.get(question.type, {}))
    if question.type is QuestionType.LONG_TEXT:
        params |= {"maxlength": str(question.limit), "threshold": "75", "rows": "8"}
        if asking.language == "cy":
            params |= _WELSH_COUNT
    else:
        params["classes"] = _WIDTHS.get(question.type, "")
        if question.type is QuestionType.WHAT3WORDS:
            params["prefix"] = {"text": "///"}
    if question.autocomplete:
        attributes["autocomplete"] = question.autocomplete
    return row_of(asking, "simple", field=form[question.id], params=params, attributes=attributes)
