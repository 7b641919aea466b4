"""What a kind of question is given to draw itself, and what it hands to the template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

import wtforms
from markupsafe import Markup

from forms.parts import Question
from forms.validation import Raw

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asking:
    """One question as this person sees it now. `errors` maps a form field's name to its message."""

    question: Question
    language: str
    label: str
    hint: str
    why: str
    is_heading: bool
    raw: Raw
    errors: Mapping[str, str]
    rows: int = 1
    is_said_above: bool = False

    @property
    def legend_class(self) -> str:
        """The look of its label or legend: large as the heading, unseen where the heading above says the same."""
        if self.is_said_above:
            return " govuk-visually-hidden"
        return "--l" if self.is_heading else "--m"

    def name(self, part: str) -> str:
        """The form field's name of one part."""
        return f"{self.question.id}-{part}"

    def first(self, name: str) -> str:
        """What was typed or kept under a field's name."""
        return (self.raw.get(name) or [""])[0]

    def error(self, name: str) -> str | None:
        """The message for one field."""
        return self.errors.get(name)

    def label_params(self) -> Params:
        """For a widget with a label of its own."""
        return {"text": self.label, "classes": f"govuk-label{self.legend_class}", "isPageHeading": self.is_heading}

    def legend_params(self) -> Params:
        """For a widget with a legend. The text goes with the classes, else the legend is lost."""
        return {
            "text": self.label,
            "classes": f"govuk-fieldset__legend{self.legend_class}",
            "isPageHeading": self.is_heading,
        }


@dataclass(frozen=True, slots=True)
class Part:
    """A drawable field: a WTForms field, or anything that answers with Markup when called in the same way."""

    field: Callable[..., Markup]
    params: Params = made(default_factory=dict)
    attributes: Params = made(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio of a question whose choice reveals more."""

    id: str
    code: str
    label: str
    checked: bool
    hint: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """One repeated row. ``remove`` is what its button sends to take it away; "" for a row that stays."""

    label: str
    parts: tuple[Part, ...]
    id: str = ""
    remove: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What templates/citizen/answers/<template>.html draws."""

    template: str
    id: str
    label: str
    hint: str
    why: str
    is_heading: bool
    legend_class: str
    errors: tuple[str, ...] = ()
    field: Callable[..., Markup] | None = None
    params: Params = made(default_factory=dict)
    attributes: Params = made(default_factory=dict)
    name: str = ""
    parts: tuple[Part, ...] = ()
    after: tuple[Part, ...] = ()
    choices: tuple[Choice, ...] = ()
    groups: tuple[Group, ...] = ()
    can_add: bool = False

    @property
    def described_by(self) -> str:
        """The ids that describe the fieldset."""
        ids = ([f"{self.id}-hint"] if self.hint else []) + ([f"{self.id}-error"] if self.errors else [])
        return " ".join(ids)


def row_of(asking: Asking, template: str, *, whole_error: str | None = None, **more: Any) -> Row:  # noqa: ANN401 - what a template takes
    """A row with the question's own words in it; `whole_error` is the message for the question as a whole."""
    return Row(
        template=template,
        id=asking.question.id,
        label=asking.label,
        hint=asking.hint,
        why=asking.why,
        is_heading=asking.is_heading,
        legend_class=f"govuk-fieldset__legend{asking.legend_class}",
        errors=(whole_error,) if whole_error else (),
        **more,
    )


Fields = dict[str, Any]
"""Field name to unbound WTForms field."""
FormOf = wtforms.Form
