"""A list of things, a few boxes each; one more row at the press of a button, without JavaScript."""

from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField

from contact.web.citizen.fields.asking import Asking, Fields, FormOf, Group, Part, Row, row_of
from contact.web.shared.language import gettext


def fields(asking: Asking) -> Fields:
    """What it was, what it was worth, its number: for each row."""
    found: Fields = {}
    for number in range(asking.rows):
        found |= {
            asking.name(f"{number}-what"): StringField(
                gettext("What it was"),
                description=gettext("Include the make, model and colour, if you know"),
                widget=GovTextInput(),
            ),
            asking.name(f"{number}-value"): StringField(
                gettext("About how much it was worth, if you know"), widget=GovTextInput()
            ),
            asking.name(f"{number}-serial"): StringField(
                gettext("Serial, frame or IMEI number, if you have it"), widget=GovTextInput()
            ),
        }
    return found


def row(asking: Asking, form: FormOf) -> Row:
    """A box of three fields for each thing."""
    groups = tuple(
        Group(
            label=gettext("Thing %(number)s") % {"number": number + 1},
            parts=(
                Part(form[asking.name(f"{number}-what")], {}, {}),
                Part(
                    form[asking.name(f"{number}-value")],
                    {"prefix": {"text": "£"}, "classes": "govuk-input--width-5"},
                    {"inputmode": "decimal"},
                ),
                Part(
                    form[asking.name(f"{number}-serial")], {"classes": "govuk-input--width-20"}, {"spellcheck": "false"}
                ),
            ),
        )
        for number in range(asking.rows)
    )
    whole = asking.error(asking.question.id)
    return row_of(
        asking, "items", whole_error=whole, groups=groups, can_add=asking.rows < (asking.question.limit or 10)
    )
