"""One answer of several, or any number of them."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovRadioInput
from wtforms import RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from contact.web.citizen.fields.asking import Asking, Fields, FormOf, Row, row_of
from forms.parts import QuestionType


def fields(asking: Asking) -> Fields:
    """Radios or checkboxes."""
    choices = [SelectChoice(option.code, option.label.in_(asking.language)) for option in asking.question.options]
    if asking.question.type is QuestionType.CHOICES:
        many = SelectMultipleField(asking.label, description=asking.hint, choices=choices, widget=GovCheckboxesInput())
        return {asking.question.id: many}
    one = RadioField(asking.label, description=asking.hint, choices=choices, widget=GovRadioInput())
    return {asking.question.id: one}


def row(asking: Asking, form: FormOf) -> Row:
    """Legend, hint, options; a short yes or no stands on one line."""
    question = asking.question
    items: list[dict[str, Any]] = []
    for option in question.options:
        item: dict[str, Any] = {"hint": {"text": option.hint.in_(asking.language)}} if option.hint else {}
        if option.exclusive and question.type is QuestionType.CHOICES:
            item["behaviour"] = "exclusive"
        items.append(item)
    params: dict[str, Any] = {"fieldset": {"legend": asking.legend_params()}, "items": items}
    if not asking.hint:
        params["hint"] = None
    if question.type is QuestionType.YES_NO and not any(items):
        params["classes"] = "govuk-radios--inline"
    return row_of(asking, "simple", field=form[question.id], params=params)
