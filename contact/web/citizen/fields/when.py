"""When it happened: known exactly, between two times, still going on, or not sure; the choice reveals its boxes."""

from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField

from contact.web.citizen.fields.asking import Asking, Choice, Fields, FormOf, Part, Row, row_of
from contact.web.citizen.fields.date import date_fields, date_part
from contact.web.shared.language import gettext

# The three kinds share the same first boxes in what is stored, but a page cannot have a name twice without mixing them
# up when JavaScript is off: each kind has boxes of its own here, and `gathered` brings the chosen kind's together.
_KINDS = ("exact", "between", "ongoing")


def _before(kind: str) -> str:
    return f"{kind}-"


def fields(asking: Asking) -> Fields:
    """The kind, and each kind's own day and time."""
    found: Fields = {asking.name("kind"): StringField()}
    for kind in _KINDS:
        ends = ("", "end-") if kind == "between" else ("",)
        for end in ends:
            found |= date_fields(asking, f"{_before(kind)}{end}")
            time = StringField(
                gettext("Time, if you know it"), description=gettext("For example 2:30pm"), widget=GovTextInput()
            )
            found[asking.name(f"{_before(kind)}{end}time")] = time
    return found


def row(asking: Asking, form: FormOf) -> Row:
    """Four radios; three of them reveal days and times."""
    chosen = asking.first(asking.name("kind"))
    day, first, last = gettext("Date"), gettext("Earliest it can have been"), gettext("Latest it can have been")
    parts = {
        "exact": _moment(asking, form, "exact", "", day),
        "between": (*_moment(asking, form, "between", "", first), *_moment(asking, form, "between", "end-", last)),
        "ongoing": _moment(asking, form, "ongoing", "", gettext("When it began, if you know")),
        "not_sure": (),
    }
    labels = {
        "exact": gettext("I know the day, or the day and time"),
        "between": gettext("It was some time between two dates or times"),
        "ongoing": gettext("It is still going on"),
        "not_sure": gettext("I am not sure"),
    }
    name = asking.name("kind")
    choices = tuple(
        Choice(
            id=name if code == "exact" else f"{name}-{code}",
            code=code,
            label=label,
            checked=chosen == code,
            parts=parts[code],
        )
        for code, label in labels.items()
    )
    return row_of(asking, "revealing", whole_error=asking.error(name), name=name, choices=choices)


def _moment(asking: Asking, form: FormOf, kind: str, end: str, legend: str) -> tuple[Part, ...]:
    before = f"{_before(kind)}{end}"
    day = date_part(
        asking,
        form,
        before=before,
        legend=legend,
        hint=gettext("For example 27 3 2026"),
        legend_class="govuk-fieldset__legend--s",
        heading=False,
    )
    return day, Part(form[asking.name(f"{before}time")], {"classes": "govuk-input--width-5"})


def gathered(question_id: str, raw: dict[str, list[str]]) -> dict[str, list[str]]:
    """The chosen kind's boxes under the names that validation reads."""
    kind = (raw.get(f"{question_id}-kind") or [""])[0]
    prefix = f"{question_id}-{kind}-"
    found = {f"{question_id}-kind": [kind]}
    found |= {
        f"{question_id}-{name.removeprefix(prefix)}": sent for name, sent in raw.items() if name.startswith(prefix)
    }
    return found


def spread(question_id: str, stored: dict[str, list[str]]) -> dict[str, list[str]]:
    """The stored fields under the page's names: the way back from `gathered`."""
    kind = (stored.get(f"{question_id}-kind") or [""])[0]
    return {
        name if name == f"{question_id}-kind" else placed(question_id, kind, name): sent
        for name, sent in stored.items()
    }


def placed(question_id: str, kind: str, name: str) -> str:
    """Where on the page a field that validation names stands."""
    part = name.removeprefix(f"{question_id}-")
    return name if part == "kind" or kind not in _KINDS else f"{question_id}-{kind}-{part}"
