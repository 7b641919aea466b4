"""How it is safe to reach a person, and when: asked before anything leaves (practice 13). "Do not" is an answer."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from wtforms import StringField, TextAreaField

from contact.web.citizen.fields.asking import Asking, Choice, Fields, FormOf, Part, Row, row_of
from contact.web.shared.language import gettext
from forms.messages import PHRASES
from forms.parts import SafeWay

_REACHED = (SafeWay.EMAIL, SafeWay.PHONE, SafeWay.TEXT, SafeWay.POST)
_LOOKS: dict[SafeWay, dict[str, Any]] = {
    SafeWay.EMAIL: {"type": "email", "autocomplete": "email", "spellcheck": "false"},
    SafeWay.PHONE: {"type": "tel", "autocomplete": "tel"},
    SafeWay.TEXT: {"type": "tel", "autocomplete": "tel"},
    SafeWay.POST: {"autocomplete": "street-address"},
}


def fields(asking: Asking) -> Fields:
    """The way, its address or number, when it is safe, and the safe word where the form has one."""
    labels = {
        SafeWay.EMAIL: gettext("Email address"),
        SafeWay.PHONE: gettext("Phone number"),
        SafeWay.TEXT: gettext("Mobile number"),
        SafeWay.POST: gettext("Address"),
    }
    found: Fields = {asking.name("how"): StringField()}
    for way in asking.question.ways:
        if way is SafeWay.POST:
            found[asking.name(way)] = TextAreaField(labels[way], widget=GovTextArea())
        elif way in _REACHED:
            found[asking.name(way)] = StringField(labels[way], widget=GovTextInput())
    found[asking.name("when")] = StringField(
        gettext("When is it safe? You can leave this empty"),
        description=gettext("For example: weekdays before 3pm, never in the evening"),
        widget=GovTextInput(),
    )
    if asking.question.safe_word:
        found[asking.name("safe_word")] = StringField(
            gettext("A safe word, if you want one"),
            description=gettext(
                "We ask for it before we say anything, so that we know it is you. Choose a word that is easy to say."
            ),
            widget=GovTextInput(),
        )
    return found


def row(asking: Asking, form: FormOf) -> Row:
    """A radio for each way the form offers, then when and the safe word."""
    name = asking.name("how")
    chosen = asking.first(name)
    choices = tuple(
        Choice(
            id=name if position == 0 else f"{name}-{way}",
            code=str(way),
            label=PHRASES[f"way_{way}"].in_(asking.language),
            checked=chosen == way,
            parts=_parts(asking, form, way),
        )
        for position, way in enumerate(asking.question.ways)
    )
    after = [Part(form[asking.name("when")], {"label": {"classes": "govuk-label--s"}})]
    if asking.question.safe_word:
        look = {"label": {"classes": "govuk-label--s"}, "classes": "govuk-input--width-20"}
        after.append(Part(form[asking.name("safe_word")], look, {"autocomplete": "off", "spellcheck": "false"}))
    return row_of(asking, "revealing", whole_error=asking.error(name), name=name, choices=choices, after=tuple(after))


def _parts(asking: Asking, form: FormOf, way: SafeWay) -> tuple[Part, ...]:
    if way not in _REACHED:
        return ()
    params = {"rows": "3"} if way is SafeWay.POST else {"classes": "govuk-input--width-20"}
    return (Part(form[asking.name(way)], params, dict(_LOOKS[way])),)
