"""Questions of several boxes under one legend: a name, a place."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from wtforms import StringField, TextAreaField

from contact.web.citizen.fields.asking import Asking, Fields, FormOf, Part, Row, row_of
from contact.web.shared.language import gettext
from forms.parts import QuestionType


def fields(asking: Asking) -> Fields:
    """The boxes of a name or a place."""
    if asking.question.type is QuestionType.NAME:
        return {
            asking.name("given"): StringField(gettext("First name"), widget=GovTextInput()),
            asking.name("surname"): StringField(gettext("Last name"), widget=GovTextInput()),
        }
    in_words = gettext("Or say where in your own words")
    example = gettext("For example: the bus stop opposite the library, or the path by the river")
    return {
        asking.name("postcode"): StringField(
            gettext("Postcode, if you know it"), description=gettext("For example SW1A 2AA"), widget=GovTextInput()
        ),
        asking.name("address"): TextAreaField(gettext("Address or name of the place"), widget=GovTextArea()),
        asking.name("description"): TextAreaField(in_words, description=example, widget=GovTextArea()),
    }


_LOOKS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "given": ({"classes": "govuk-input--width-20"}, {"autocomplete": "given-name", "spellcheck": "false"}),
    "surname": ({"classes": "govuk-input--width-20"}, {"autocomplete": "family-name", "spellcheck": "false"}),
    "postcode": ({"classes": "govuk-input--width-10"}, {"autocomplete": "off", "autocapitalize": "characters"}),
    "address": ({"rows": "2"}, {}),
    "description": ({"rows": "3"}, {}),
}


def row(asking: Asking, form: FormOf) -> Row:
    """The boxes under the question."""
    names = (
        ("given", "surname") if asking.question.type is QuestionType.NAME else ("postcode", "address", "description")
    )
    parts = tuple(Part(form[asking.name(name)], dict(_LOOKS[name][0]), dict(_LOOKS[name][1])) for name in names)
    return row_of(asking, "parts", parts=parts)
