"""A point on a map: two boxes for its numbers, which a map fills where there is JavaScript."""

from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField

from contact.web.citizen.fields.asking import Asking, Fields, FormOf, Part, Row, row_of
from contact.web.shared.language import gettext

_LOOK = {"classes": "govuk-input--width-10"}
_TYPING = {"autocomplete": "off", "spellcheck": "false"}


def fields(asking: Asking) -> Fields:
    """Latitude and longitude."""
    return {
        asking.name("lat"): StringField(
            gettext("Latitude"), description=gettext("For example 51.50740"), widget=GovTextInput()
        ),
        asking.name("lon"): StringField(
            gettext("Longitude"), description=gettext("For example -0.12780"), widget=GovTextInput()
        ),
    }


def row(asking: Asking, form: FormOf) -> Row:
    """The map's place, and the two boxes."""
    parts = tuple(Part(form[asking.name(name)], dict(_LOOK), dict(_TYPING)) for name in ("lat", "lon"))
    return row_of(asking, "point", parts=parts)
