"""The boxes of a form as they were typed, to be shown again."""

from __future__ import annotations

from flask import request

from contact.web.shared.typed import showable

__all__ = ["showable", "typed", "typed_boxes"]


def typed(name: str, longest: int) -> str:
    """One box of this form, showable, at most so long."""
    return showable(request.form.get(name, ""))[:longest].strip()


def typed_boxes() -> dict[str, list[str]]:
    """Every box of this form by name, showable."""
    return {name: [showable(value) for value in values] for name, values in request.form.lists()}
