"""A day as three boxes, on its own or inside another question."""

from __future__ import annotations

from flask import render_template
from markupsafe import Markup
from wtforms import StringField

from contact.web.citizen.fields.asking import Asking, Fields, FormOf, Part, Row, row_of
from contact.web.shared.language import gettext

_PARTS = (("day", 2), ("month", 2), ("year", 4))


def date_fields(asking: Asking, before: str = "") -> Fields:
    """Day, month and year; `before` goes between the question's id and the part, as in `end-`."""
    return {asking.name(f"{before}{part}"): StringField(part) for part, _ in _PARTS}


def date_part(
    asking: Asking, form: FormOf, *, before: str, legend: str, hint: str, legend_class: str, heading: bool
) -> Part:
    """Three boxes under one legend, with the first message that concerns any of them."""
    names = [asking.name(f"{before}{part}") for part, _ in _PARTS]
    message = next((found for name in names if (found := asking.error(name))), None)
    labels = {"day": gettext("Day"), "month": gettext("Month"), "year": gettext("Year")}
    params = {
        "id": asking.name(f"{before}date"),
        "fieldset": {"legend": {"text": legend, "classes": legend_class, "isPageHeading": heading}},
        "hint": {"text": hint} if hint else None,
        "errorMessage": {"text": message} if message else None,
        "items": [
            {
                "label": labels[part],
                "id": name,
                "name": name,
                "value": form[name].data or "",
                "classes": f"govuk-input--width-{width}" + (" govuk-input--error" if message else ""),
            }
            for (part, width), name in zip(_PARTS, names, strict=True)
        ],
    }

    def draw(params: dict[str, object], **_: object) -> Markup:
        return Markup(render_template("components/date_input.html", params=params))  # noqa: S704 - our own template

    return Part(draw, params)


def fields(asking: Asking) -> Fields:
    """The three boxes."""
    return date_fields(asking)


def row(asking: Asking, form: FormOf) -> Row:
    """The three boxes under the question."""
    part = date_part(
        asking,
        form,
        before="",
        legend=asking.label,
        hint=asking.hint,
        legend_class=f"govuk-fieldset__legend{asking.legend_class}",
        heading=asking.is_heading,
    )
    return row_of(asking, "simple", field=part.field, params=part.params)
