"""A postal address in the boxes of the design system; a whole one pasted into the first box is kept."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField

from contact.web.citizen.fields.asking import Asking, Fields, FormOf, Part, Row, row_of
from contact.web.shared.language import gettext
from forms.parts import Role
from forms.validation.places import ADDRESS_PARTS

_WIDTHS = {"town": "govuk-!-width-two-thirds", "postcode": "govuk-input--width-10"}
# Browsers may fill in the address of whoever types; never another person's.
_OWN: dict[str, str] = {
    "line1": "address-line1",
    "line2": "address-line2",
    "town": "address-level2",
    "postcode": "postal-code",
}


def fields(asking: Asking) -> Fields:
    """Two lines, a town, a postcode."""
    labels = {
        "line1": gettext("Address line 1"),
        "line2": gettext("Address line 2 (optional)"),
        "town": gettext("Town or city"),
        "postcode": gettext("Postcode"),
    }
    hints = {"postcode": gettext("Leave this empty for an address outside the UK")}
    return {
        asking.name(part): StringField(labels[part], description=hints.get(part, ""), widget=GovTextInput())
        for part in ADDRESS_PARTS
    }


def row(asking: Asking, form: FormOf) -> Row:
    """The boxes under the question."""
    own = asking.question.role in (Role.ADDRESS, Role.PLACE)
    parts = tuple(
        Part(form[asking.name(part)], {"classes": _WIDTHS.get(part, "")}, _attributes(part, own=own))
        for part in ADDRESS_PARTS
    )
    return row_of(asking, "parts", parts=parts)


def _attributes(part: str, *, own: bool) -> dict[str, Any]:
    return {"autocomplete": _OWN[part] if own else "off"}
