"""Repeated rows: things, people, vehicles, what a form describes; they come and go by buttons, without JavaScript."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea, GovTextInput
from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from contact.web.citizen.fields.asking import Asking, Fields, FormOf, Group, Part, Row, row_of
from contact.web.citizen.fields.date import date_fields, date_part
from forms.parts import Column, ColumnType

C = ColumnType
_LOOKS: dict[ColumnType, tuple[dict[str, Any], dict[str, Any]]] = {
    C.TEXT: ({"classes": "govuk-input--width-20"}, {"autocomplete": "off"}),
    C.LONG_TEXT: ({"rows": "3"}, {}),
    C.NUMBER: ({"classes": "govuk-input--width-5"}, {"inputmode": "numeric"}),
    C.MONEY: ({"prefix": {"text": "£"}, "classes": "govuk-input--width-5"}, {"inputmode": "decimal"}),
    C.IMEI: ({"classes": "govuk-input--width-20"}, {"inputmode": "numeric", "autocomplete": "off"}),
    C.REGISTRATION: (
        {"classes": "govuk-input--width-10"},
        {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    ),
    C.PHONE: ({"classes": "govuk-input--width-20"}, {"type": "tel", "autocomplete": "off"}),
    C.EMAIL: ({}, {"type": "email", "autocomplete": "off", "spellcheck": "false"}),
    C.POSTCODE: ({"classes": "govuk-input--width-10"}, {"autocomplete": "off", "autocapitalize": "characters"}),
    C.CHOICE: ({"classes": "govuk-radios--small"}, {}),
}
_WIDE = 100


def fields(asking: Asking) -> Fields:
    """The boxes of every row."""
    found: Fields = {}
    for number in range(asking.rows):
        for column in asking.question.columns:
            if column.type is C.DATE:
                found |= date_fields(asking, f"{number}-{column.id}-")
            else:
                found[asking.name(f"{number}-{column.id}")] = _box(asking, column)
    return found


def _box(asking: Asking, column: Column) -> Field:
    label = column.label.in_(asking.language)
    hint = column.hint.in_(asking.language) if column.hint else ""
    match column.type:
        case C.CHOICE:
            choices = [SelectChoice(option.code, option.label.in_(asking.language)) for option in column.options]
            return RadioField(label, description=hint, choices=choices, widget=GovRadioInput())
        case C.LONG_TEXT:
            return TextAreaField(label, description=hint, widget=GovTextArea())
        case _:
            return StringField(label, description=hint, widget=GovTextInput())


def row(asking: Asking, form: FormOf) -> Row:
    """A fieldset for each row, named and numbered; the last row that may be added has no button after it."""
    question = asking.question
    called = question.each.in_(asking.language) if question.each else ""
    groups = tuple(
        Group(
            label=f"{called} {number + 1}",
            parts=tuple(_part(asking, form, number, column) for column in question.columns),
            id=asking.name(str(number)),
            remove=f"remove:{question.id}:{number}" if asking.rows > max(question.at_least, 1) else "",
        )
        for number in range(asking.rows)
    )
    return row_of(
        asking,
        "rows",
        whole_error=asking.error(question.id),
        groups=groups,
        can_add=asking.rows < question.limit,
        name=called,
    )


def _part(asking: Asking, form: FormOf, number: int, column: Column) -> Part:
    name = f"{number}-{column.id}"
    if column.type is C.DATE:
        return date_part(
            asking,
            form,
            before=f"{name}-",
            legend=column.label.in_(asking.language),
            hint=column.hint.in_(asking.language) if column.hint else "",
            legend_class="govuk-fieldset__legend--s",
            heading=False,
        )
    params, attributes = _LOOKS[column.type]
    params = dict(params)
    if column.type is C.TEXT and column.limit > _WIDE:
        params = {}
    if column.type is C.CHOICE:
        legend = {"text": column.label.in_(asking.language), "classes": "govuk-fieldset__legend--s"}
        params |= {
            "fieldset": {"legend": legend},
            "hint": {"text": column.hint.in_(asking.language)} if column.hint else None,
        }
        params["items"] = [
            {"hint": {"text": option.hint.in_(asking.language)}} if option.hint else {} for option in column.options
        ]
    return Part(form[asking.name(name)], params, dict(attributes))
